import { describe, expect, it } from 'vitest';
import { among, back, lastInstance, onTo, type Place, type Trail } from './place';

const keys = (id: string): Place => ({ at: 'instance', id, tab: 'keys' });
const clients = (id: string): Place => ({ at: 'instance', id, tab: 'clients' });
const through = (...places: Place[]): Trail => places.reduce(onTo, [] as Trail);

describe('the way a person came', () => {
  it('leads back step by step, tabs too, and no further than where they began', () => {
    const trail = through(keys('a'), clients('a'), { at: 'scan' }, keys('b'));
    expect(back(trail).at(-1)).toEqual({ at: 'scan' });
    expect(back(back(trail)).at(-1)).toEqual(clients('a'));
    expect(back(back(back(back(trail)))).at(-1)).toEqual(keys('a'));
  });

  it('leads back from one dashboard to another', () => {
    const page = (dashboard: number): Place => ({ at: 'instance', id: 'a', tab: 'embedding', page: 'embedded-dashboard', dashboard });
    const trail = through(page(7), page(9), page(9));
    expect(back(trail).at(-1)).toEqual(page(7));
  });

  it('has each stop once, however often it is asked for', () => {
    expect(through(keys('a'), keys('a'), { at: 'scan' }, { at: 'scan' })).toEqual([keys('a'), { at: 'scan' }]);
  });

  it('does not lead back into what ended with one act', () => {
    expect(through({ at: 'first-run' }, keys('a'))).toEqual([keys('a')]);
    expect(through(keys('a'), { at: 'adding' }, keys('b'))).toEqual([keys('a'), keys('b')]);
    expect(through(keys('a'), { at: 'adding' }, keys('a'))).toEqual([keys('a')]);
    expect(back(through({ at: 'scan' }, { at: 'adding' }))).toEqual([{ at: 'scan' }]);
  });

  it('passes by what is gone', () => {
    const trail = through(keys('a'), clients('b'), keys('a'), { at: 'scan' });
    expect(among(trail, ['a'])).toEqual([keys('a'), { at: 'scan' }]);
    expect(among(trail, [])).toEqual([{ at: 'scan' }]);
  });

  it('knows the instance they were at last', () => {
    expect(lastInstance(through(keys('a'), clients('b'), { at: 'scan' }))).toEqual(clients('b'));
    expect(lastInstance(through({ at: 'first-run' }))).toBeUndefined();
  });

  it('forgets what is long past', () => {
    const many = Array.from({ length: 200 }, (_, n) => keys(String(n)));
    expect(through(...many).length).toBe(50);
    expect(through(...many).at(-1)).toEqual(keys('199'));
  });
});
