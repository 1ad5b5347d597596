import { describe, expect, it } from 'vitest';
import { ALL } from '../../state/audit-filter';
import { auditKey, auditPerson, auditView } from '../../test/audit-fixtures';
import { DAY, NOW, time } from '../../test/fixtures';
import { bars, byOwner, haystacks, heatOf, ordered, rowsOf } from './rows';

const people = [auditPerson(), auditPerson({ id: 9, username: 'm.ortiz', name: 'Mia Ortiz', roles: ['Alpha'], active: false })];
const view = auditView(
  [
    auditKey({ id: 'a', name: 'Tableau', owner: 1, findings: ['owner_inactive', 'quiet'], last_used: time(-412 * DAY) }),
    auditKey({ id: 'b', name: 'etl 10', findings: ['no_end'], last_used: null, expires: null }),
    auditKey({ id: 'c', name: 'etl 9', findings: [], last_used: time(-DAY), expires: time(20 * DAY) }),
    auditKey({ id: 'd', name: 'old', findings: [], status: 'revoked', last_used: time(-30 * DAY), expires: time(10 * DAY), revoked: time(-DAY) }),
  ],
  { people, since: { at: time(-17 * DAY).utc, new: ['c'], gone: [], quiet: ['a'] } },
);
const hay = haystacks(view);
const gravest = { column: 'findings', direction: 'descending' } as const;
const ids = (filter: Partial<typeof ALL>, sort: { column: string; direction: 'ascending' | 'descending' } = gravest) => rowsOf(view, ordered(view, sort), hay, { ...ALL, ...filter }).map(({ id }) => id);

describe('which keys', () => {
  it('are those with one of the findings, what changed, and all of the words, in names, owners and roles', () => {
    expect(ids({})).toEqual(['a', 'b', 'c', 'd']);
    expect(ids({ any: true })).toEqual(['a', 'b']);
    expect(ids({ findings: ['quiet', 'no_end'] })).toEqual(['a', 'b']);
    expect(ids({ findings: ['quiet'] })).toEqual(['a']);
    expect(ids({ since: 'new' })).toEqual(['c']);
    expect(ids({ since: 'quiet' })).toEqual(['a']);
    expect(ids({ text: ' ORTIZ  tab ' })).toEqual(['a']);
    expect(ids({ text: 'alpha' })).toEqual(['a']);
    expect(ids({ text: 'etl ortiz' })).toEqual([]);
  });

  it('come in any order, with what has no value last', () => {
    expect(ids({}, { column: 'findings', direction: 'ascending' })).toEqual(['d', 'c', 'b', 'a']);
    expect(ids({}, { column: 'name', direction: 'ascending' })).toEqual(['c', 'b', 'd', 'a']);
    expect(ids({}, { column: 'owner', direction: 'descending' })).toEqual(['a', 'b', 'c', 'd']);
    // Never used is the longest unused of all.
    expect(ids({}, { column: 'last_used', direction: 'ascending' })).toEqual(['b', 'a', 'd', 'c']);
    // Without an end outlives all others; the end of a revoked one means nothing.
    expect(ids({}, { column: 'expires', direction: 'ascending' })).toEqual(['c', 'a', 'b', 'd']);
    expect(ids({}, { column: 'expires', direction: 'descending' }).at(-1)).toBe('d');
  });

  it('are found among 10,000 within a blink', () => {
    const many = auditView(Array.from({ length: 10_000 }, (_, n) => auditKey({ id: `k${n}`, name: `key${n}`, owner: n % 2, last_used: time(-n * 60_000) })), { people });
    const stacks = haystacks(many);
    const before = performance.now();
    expect(rowsOf(many, ordered(many, { column: 'last_used', direction: 'descending' }), stacks, { ...ALL, text: 'key77' })).toHaveLength(111);
    expect(ordered(many, { column: 'name', direction: 'ascending' })).toHaveLength(10_000);
    // Generous: other work may have the machine.
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

it('is warm by what is set for quiet, and not at all of a revoked key', () => {
  const heat = (over: Parameters<typeof auditKey>[0], quiet = 90) => heatOf(auditKey(over), NOW, quiet);
  expect([29, 30, 89, 90, 179, 180].map((days) => heat({ last_used: time(-days * DAY) }))).toEqual([0, 1, 1, 2, 2, 3]);
  expect(heat({ last_used: time(-40 * DAY) }, 20)).toBe(3);
  expect(heat({ last_used: null, findings: ['never_used'] })).toBe(3);
  expect(heat({ last_used: null, findings: [] })).toBe(0);
  expect(heat({ last_used: time(-400 * DAY), status: 'revoked' })).toBe(0);
});

it('counts those that work by the time since their last use, as of the audit', () => {
  const used = [1, 8, 31, 100, 200, 400];
  const keys = [...used.map((days, n) => auditKey({ id: `u${n}`, last_used: time(-days * DAY) })), auditKey({ id: 'n', last_used: null }), auditKey({ id: 'n2', last_used: null }), auditKey({ id: 'x', last_used: null, status: 'expired' })];
  expect(bars(auditView(keys))).toEqual([1, 1, 1, 1, 1, 1, 2]);
});

it('groups by owner in the order of the keys', () => {
  const keys = [view.keys[0], view.keys[1], view.keys[2]].flatMap((key) => (key ? [key] : []));
  expect(byOwner(view, keys).map(({ person, keys: theirs }) => [person.username, theirs.map(({ id }) => id)])).toEqual([['m.ortiz', ['a']], ['jane', ['b', 'c']]]);
});
