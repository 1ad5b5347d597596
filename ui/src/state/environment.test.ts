import { expect, it } from 'vitest';
import { instance } from '../test/fixtures';
import { tileOf } from './environment';

it('tells instances apart by a second letter where one will not do', () => {
  const all = ['Production', 'Production EU', 'prod-2', 'Staging', 'Éclair'].map((name) => instance({ id: name, name }));
  expect(all.map((one) => tileOf(one, all).letter)).toEqual(['Pr', 'PE', 'P2', 'S', 'É']);
  expect(all.slice(0, 1).map((one) => tileOf(one, [one]).letter)).toEqual(['P']);
});
