import { describe, expect, it } from 'vitest';
import type { BeforeOwnUse } from '../../ipc';
import { DAY, HOUR, key, keyElsewhere, NOW, time } from '../../test/fixtures';
import { lifeOf } from './life';
import { chipCounts, revocable, rowsOf, rowStatus } from './rows';
import { ownUse, created, expires, lastUsed } from './times';

const down = { column: 'last_used', direction: 'descending' } as const;

describe('the status of a row', () => {
  it.each([
    [{ expires: time(7 * DAY) }, 'soon'],
    [{ expires: time(7 * DAY + HOUR) }, 'active'],
    [{ expires: time(-HOUR) }, 'expired'],
    [{ expires: null }, 'active'],
    [{ status: 'revoked' as const }, 'revoked'],
    [{ status: null }, 'unlisted'],
  ])('%j is %s', (over, status) => expect(rowStatus(key(over), NOW)).toBe(status));

  it('decides what can be revoked', () => {
    expect(revocable(key(), 'active')).toBe(true);
    expect(revocable(key({ pasted: true }), 'unlisted')).toBe(false);
    expect(revocable(key({ belongs_to: 'max' }), 'active')).toBe(false);
    expect(revocable(key(), 'expired')).toBe(false);
  });
});

const rows = [
  key({ id: 'a', name: 'beta', last_used: time(-DAY), expires: time(2 * DAY) }),
  keyElsewhere({ id: 'b', name: 'Alpha 10', last_used: null, expires: null }),
  keyElsewhere({ id: 'c', name: 'Alpha 9', last_used: time(-HOUR), status: 'revoked', revoked: time(-1) }),
  key({ id: 'd', name: 'Zed', hint: 'sst_…AbCd', last_used: time(-1), belongs_to: 'max', status: null }),
  key({ id: 'e', name: 'Pasted', last_used: time(-1), pasted: true, status: null }),
];
const ids = (...args: Parameters<typeof rowsOf>) => rowsOf(...args).map((row) => row.id).join('');

describe('the rows', () => {
  it('come last used first, with the unused and the foreign at the end', () => {
    expect(ids(rows, 'all', '', down, NOW)).toBe('cabed');
  });

  it('are not moved up by our own check-up', () => {
    const checked = (id: string, before: BeforeOwnUse) => key({ id, last_used: time(-1), before_own_use: before });
    const some = [checked('n', { kind: 'never' }), checked('o', { kind: 'at', time: time(-2 * DAY) }), ...rows];
    expect(ids(some, 'all', '', down, NOW)).toBe('caobned');
  });

  it('sort by each column, keeping what has no value last', () => {
    expect(ids(rows, 'all', '', { column: 'name', direction: 'ascending' }, NOW)).toBe('cbaed');
    expect(ids(rows, 'all', '', { column: 'last_used', direction: 'ascending' }, NOW)).toBe('acbed');
    expect(ids(rows, 'all', '', { column: 'expires', direction: 'ascending' }, NOW)).toBe('abced');
    expect(ids(rows, 'all', '', { column: 'status', direction: 'ascending' }, NOW)).toBe('baced');
    expect(ids(rows, 'all', '', { column: 'key', direction: 'ascending' }, NOW)[0]).toBe('a');
    expect(ids(rows, 'all', '', { column: 'created', direction: 'ascending' }, NOW)).toHaveLength(5);
  });

  it('are filtered by chip and text', () => {
    expect(ids(rows, 'revoked', '', down, NOW)).toBe('c');
    expect(ids(rows, 'here', '', down, NOW)).toBe('aed');
    expect(ids(rows, 'all', ' ALPHA ', down, NOW)).toBe('cb');
    expect(ids(rows, 'all', 'abcd', down, NOW)).toBe('d');
    expect(ids(rows, 'all', 'max', down, NOW)).toBe('d');
  });

  it('are counted', () => {
    expect(chipCounts(rows, NOW)).toEqual({ all: 5, active: 1, soon: 1, expired: 0, revoked: 1, here: 3 });
  });

  it('are quick for ten thousand keys', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => key({ id: `k${n}`, name: `Key ${n}`, last_used: time(-n * 1000) }));
    const start = performance.now();
    expect(rowsOf(many, 'active', 'key', { column: 'name', direction: 'ascending' }, NOW)).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe('the words for times', () => {
  it('say what is known', () => {
    expect(lastUsed(key({ last_used: time(-DAY) }), NOW, 'long')).toBe('Yesterday');
    expect(lastUsed(key({ last_used: null }), NOW, 'short')).toBe('Not used');
    expect(lastUsed(key({ last_used: null, status: null }), NOW, 'long')).toBe('–');
    expect(expires(key({ expires: null }), NOW, 'long')).toBe('Never');
    expect(expires(key({ status: 'revoked' }), NOW, 'long')).toBe('–');
    expect(created(key({ created: null }), NOW, 'long')).toBe('–');
  });

  it('leave out our own check-up', () => {
    const checked = (before: BeforeOwnUse) => key({ last_used: time(-HOUR), before_own_use: before });
    expect(lastUsed(checked({ kind: 'never' }), NOW, 'long')).toBe('Not used yet');
    expect(lastUsed(checked({ kind: 'at', time: time(-3 * DAY) }), NOW, 'short')).toBe('3 d ago');
    expect(lastUsed(checked({ kind: 'unknown' }), NOW, 'long')).toBe('–');
    expect(ownUse(checked({ kind: 'never' }), NOW)).toBe('This app used it 1 hour ago, to check it.');
    expect(ownUse(key(), NOW)).toBeNull();
    expect(lifeOf(checked({ kind: 'never' }), NOW)?.points.map((p) => p.label)).toEqual(['Created', 'Expires']);
  });

  it('draw a life', () => {
    expect(lifeOf(key({ created: null }), NOW)).toBeNull();
    const life = lifeOf(key({ created: time(-90 * DAY), expires: time(90 * DAY), last_used: time(-2 * HOUR) }), NOW);
    expect(life?.done).toBeCloseTo(0.5);
    expect(life?.points.map((p) => p.label)).toEqual(['Created', 'Last used', 'Expires']);
    expect(life?.label).toContain('50 % of its life has passed');
    const over = lifeOf(key({ created: time(-9 * DAY), expires: time(-DAY), last_used: null }), NOW);
    expect(over?.points.map((p) => p.label)).toEqual(['Created', 'Expired']);
    expect(lifeOf(key({ expires: null }), NOW)?.points).toHaveLength(2);
  });
});
