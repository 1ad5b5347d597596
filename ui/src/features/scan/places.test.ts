import { describe, expect, it } from 'vitest';
import { scanned, scannedKey, spot } from '../../test/fixtures';
import { byHand, groupsOf, isMovable } from './places';

const envFile = (over = {}) => spot({ path: '/home/jane/.env', shown: '~/.env', line: 1, kind: 'env_file', ...over });

describe('the order', () => {
  it('has first what others can have, and keeps the numbers that Rust knows', () => {
    const view = scanned([
      scannedKey(),
      scannedKey({ hint: 'sst_…aaaa', spots: [spot(), envFile({ git: 'tracked' })] }),
    ]);
    const groups = groupsOf(view);
    expect(groups.map((group) => group.key.hint)).toEqual(['sst_…aaaa', 'sst_…9fQ2']);
    expect(groups[0]?.places.map((place) => [place.at, place.exposed])).toEqual([[{ key: 1, spot: 1 }, true], [{ key: 1, spot: 0 }, false]]);
  });

  it('does not warn of a key that has ended', () => {
    const revoked = { state: 'revoked', told_by: 'list', at: null, problem: null } as const;
    const [group] = groupsOf(scanned([scannedKey({ life: revoked, spots: [envFile({ readers: 'everyone' })] })]));
    expect(group?.places[0]?.exposed).toBe(false);
  });
});

it('moves only keys that are known for sure, out of AI clients’ files', () => {
  expect(isMovable(scannedKey(), spot())).toBe(true);
  expect(isMovable(scannedKey(), envFile())).toBe(false);
  expect(isMovable(scannedKey({ match: 'looks_like' }), spot())).toBe(false);
  expect(isMovable(scannedKey({ match: 'unknown', key: null }), spot())).toBe(false);
});

it('says once what is to be done by hand', () => {
  const elsewhere = scannedKey({ instance: null, match: 'unknown', key: null, spots: [envFile(), spot({ kind: 'shell_history' })] });
  const view = scanned([scannedKey({ spots: [spot(), envFile(), envFile(), spot({ kind: 'shell_history' })] }), elsewhere]);
  expect(byHand(view)).toEqual([
    { kind: 'env_file', instance: 'production' }, { kind: 'shell_history', instance: 'production' }, { kind: 'env_file', instance: 'INSTANCE' },
  ]);
});
