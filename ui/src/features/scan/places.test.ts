import { describe, expect, it } from 'vitest';
import { scanned, scannedKey, spot } from '../../test/fixtures';
import { byHand, groupsOf } from './places';

const envFile = (over = {}) => spot({ path: '/home/jane/.env', shown: '~/.env', line: 1, kind: 'env_file', movable: false, ...over });

describe('the order', () => {
  it('has first what others can have, and keeps the numbers that Rust knows', () => {
    const view = scanned([
      scannedKey(),
      scannedKey({ hint: 'sst_…aaaa', spots: [spot(), envFile({ exposed: true })] }),
    ]);
    const groups = groupsOf(view);
    expect(groups.map((group) => group.key.hint)).toEqual(['sst_…aaaa', 'sst_…9fQ2']);
    expect(groups[0]?.places.map((place) => [place.at, place.view.exposed])).toEqual([[{ key: 1, spot: 1 }, true], [{ key: 1, spot: 0 }, false]]);
  });
});

it('says once what is to be done by hand', () => {
  const elsewhere = scannedKey({ instance: null, match: 'unknown', key: null, spots: [envFile(), spot({ kind: 'shell_history' })] });
  const view = scanned([scannedKey({ spots: [spot(), envFile(), envFile(), spot({ kind: 'shell_history' })] }), elsewhere]);
  expect(byHand(view)).toEqual([
    { kind: 'env_file', instance: 'production' }, { kind: 'shell_history', instance: 'production' }, { kind: 'env_file', instance: 'INSTANCE' },
  ]);
});
