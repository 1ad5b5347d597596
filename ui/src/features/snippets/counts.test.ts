import { expect, it } from 'vitest';
import { connect } from '../../messages/connect';
import { countLines } from './counts';

const line = (kind: 'kept' | 'added' | 'removed', text: string) => ({ kind, number: 1, text });
const said = (...lines: ReturnType<typeof line>[]) => connect.dialog.counts(true, countLines(lines));

it('counts what is added and taken away, and a comma as a comma', () => {
  expect(said(line('kept', '{'), line('added', 'a'), line('added', 'b'))).toBe('2 lines added');
  expect(said(line('removed', 'x'), line('added', 'y'))).toBe('1 line added, 1 line removed');
  expect(said(line('removed', ' "a"'), line('added', ' "a",'), line('added', ' "b"'))).toBe('1 line added, 1 line gets a comma');
  expect(said(line('removed', ' "a",'), line('removed', ' "b"'), line('added', ' "a"'))).toBe('1 line removed, 1 line loses its comma');
  expect(connect.dialog.counts(false, countLines([line('added', 'a')]))).toBe('new file, 1 line added');
});
