import { describe, expect, it } from 'vitest';
import type { BeforeOwnUse } from '../../ipc';
import { DAY, HOUR, key, keyElsewhere, NOW, time } from '../../test/fixtures';
import { mustType, offline, remedy } from './rules';

describe('typing before a revoke', () => {
  it('is asked for keys used in the past seven days', () => {
    expect(mustType(key({ last_used: time(-7 * DAY) }), NOW)).toEqual({ kind: 'hint', text: '9fQ2' });
    expect(mustType(keyElsewhere({ last_used: time(-HOUR) }), NOW)).toEqual({ kind: 'name', text: 'Airflow export job' });
    expect(mustType(key({ last_used: time(-7 * DAY - HOUR) }), NOW)).toBeNull();
    expect(mustType(key({ last_used: null }), NOW)).toBeNull();
  });

  it('is not asked for because of our own check-up', () => {
    const checked = (before: BeforeOwnUse) => mustType(key({ last_used: time(-HOUR), before_own_use: before }), NOW);
    expect(checked({ kind: 'never' })).toBeNull();
    expect(checked({ kind: 'at', time: time(-8 * DAY) })).toBeNull();
    expect(checked({ kind: 'at', time: time(-2 * DAY) })).not.toBeNull();
    // Somebody may have used it a moment before.
    expect(checked({ kind: 'unknown' })).not.toBeNull();
  });
});

it('says what helps', () => {
  expect(remedy('not_revoked')).toBe('try_again');
  expect(remedy('unreachable')).toBe('try_again');
  expect(remedy('revoke_unclear')).toBe('refresh');
  expect(remedy('session_over')).toBe('sign_in');
  expect(remedy('forbidden')).toBe('none');
  expect(offline('unreachable')).toBe(true);
  expect(offline('not_revoked')).toBe(false);
});
