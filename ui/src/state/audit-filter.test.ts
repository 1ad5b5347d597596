import { beforeEach, describe, expect, it } from 'vitest';
import { ALL, dropFilter, isAll, keepFilter, keptFilters, turned } from './audit-filter';

beforeEach(() => localStorage.clear());

it('turns a finding on and off, which is not any finding any more', () => {
  const one = turned({ ...ALL, any: true }, 'quiet');
  expect(one).toMatchObject({ any: false, findings: ['quiet'] });
  expect(isAll(turned(one, 'quiet'))).toBe(true);
});

describe('kept filters', () => {
  it('are kept once each, by instance, the newest first, and dropped again', () => {
    keepFilter('a', { ...ALL, text: 'etl ' });
    keepFilter('a', { ...ALL, findings: ['quiet', 'no_end'] });
    keepFilter('a', { ...ALL, text: 'etl' });
    expect(keptFilters('a').map(({ text, findings }) => text || findings.join())).toEqual(['etl', 'quiet,no_end']);
    expect(keptFilters('b')).toEqual([]);
    dropFilter('a', { ...ALL, findings: ['no_end', 'quiet'] });
    expect(keptFilters('a')).toHaveLength(1);
  });

  it('are no more than a menu holds', () => {
    for (let n = 0; n < 20; n += 1) keepFilter('a', { ...ALL, text: `t${n}` });
    expect(keptFilters('a').map(({ text }) => text)).toEqual(Array.from({ length: 12 }, (_, n) => `t${19 - n}`));
  });

  it('survive whatever lies there', () => {
    for (const text of ['{', '7', '[null, 3, {}]', '[{"findings": "quiet"}]']) {
      localStorage.setItem('audit-filters:a', text);
      expect(keptFilters('a')).toEqual([]);
    }
    localStorage.setItem('audit-filters:a', '[{"text": 5, "any": true, "findings": ["toString", "quiet", 7], "since": "never"}]');
    expect(keptFilters('a')).toEqual([{ text: '', any: true, findings: ['quiet'], since: null }]);
  });
});
