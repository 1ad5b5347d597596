import { describe, expect, it } from 'vitest';
import { clock, day, dayShort, daysBetween, exact, exactSeconds, exactWithWeekday, relative, utc } from './dates';

const now = new Date('2026-11-20T14:05:00Z');
const at = (text: string) => new Date(text);
const zone = 'UTC';
const MINUTE = 60_000;
const DAY = 86_400_000;

describe('relative', () => {
  it.each([
    ['2026-11-20T14:04:30Z', 'just now', 'just now'],
    ['2026-11-20T13:53:00Z', '12 minutes ago', '12 min ago'],
    ['2026-11-20T12:05:00Z', '2 hours ago', '2 h ago'],
    ['2026-11-20T13:04:00Z', '1 hour ago', '1 h ago'],
    ['2026-11-19T08:00:00Z', 'yesterday', 'yesterday'],
    ['2026-11-17T14:05:00Z', '3 days ago', '3 d ago'],
    ['2026-11-20T14:05:20Z', 'in a moment', 'in a moment'],
    ['2027-02-18T14:05:00Z', 'in 90 days', 'in 90 d'],
    ['2026-11-21T15:05:00Z', 'in 1 day', 'in 1 d'],
  ])('%s', (when, long, short) => {
    expect(relative(at(when), now, 'long', zone)).toBe(long);
    expect(relative(at(when), now, 'short', zone)).toBe(short);
  });

  it('holds for many distances: says the direction, and at most half an hour more than is left', () => {
    for (let n = 1; n < 4000; n += 1) {
      const distance = n * 37 * MINUTE + n * n * 1000;
      const ahead = relative(new Date(now.getTime() + distance), now, 'long', zone);
      const behind = relative(new Date(now.getTime() - distance), now, 'long', zone);
      expect(ahead).toMatch(/^in \d+ (minute|hour|day)s?$/);
      expect(behind).toMatch(/^(yesterday|\d+ (minute|hour|day)s? ago)$/);
      const days = /^in (\d+) days?$/.exec(ahead);
      if (days) expect(Number(days[1]) * DAY).toBeLessThanOrEqual(distance + 30 * MINUTE);
      expect(behind).not.toMatch(/^1 (minutes|hours|days)/);
    }
  });
});

describe('days and clocks', () => {
  it('counts midnights, not hours', () => {
    expect(daysBetween(at('2026-11-19T23:59:00Z'), at('2026-11-20T00:01:00Z'), zone)).toBe(-1);
    expect(daysBetween(at('2026-11-20T00:00:00Z'), at('2026-11-20T23:59:00Z'), zone)).toBe(0);
  });

  it('counts across a change of the clock', () => {
    const berlin = 'Europe/Berlin';
    for (let n = -400; n < 400; n += 1) {
      const noon = Date.parse('2026-11-20T11:00:00Z');
      expect(daysBetween(new Date(noon + n * DAY), new Date(noon), berlin)).toBe(n);
    }
  });

  it('keeps to the given zone', () => {
    const late = at('2026-08-22T23:30:00Z');
    expect(day(late, 'UTC')).toBe('22 Aug 2026');
    expect(day(late, 'Europe/Berlin')).toBe('23 Aug 2026');
    expect(clock(late, 'Europe/Berlin')).toBe('01:30');
    expect(clock(late, 'America/New_York')).toBe('19:30');
  });

  it('writes short days with the year only where it differs', () => {
    expect(dayShort(at('2026-09-02T10:00:00Z'), now, zone)).toBe('2 Sep');
    expect(dayShort(at('2025-10-03T10:00:00Z'), now, zone)).toBe('Oct ’25');
  });

  it('writes exact times', () => {
    expect(exact(at('2026-08-22T09:14:00Z'), undefined, zone)).toBe('22 Aug 2026, 09:14');
    expect(exact(at('2026-11-20T12:05:00Z'), now, zone)).toBe('Today, 12:05');
    expect(exactSeconds(at('2026-11-20T12:05:07Z'), now, zone)).toBe('Today, 12:05:07');
    expect(exact(at('2026-11-19T12:05:00Z'), now, zone)).toBe('Yesterday, 12:05');
    expect(exactWithWeekday(at('2027-02-18T14:05:00Z'), zone)).toBe('Thu 18 Feb 2027, 14:05');
    expect(exact(at('2026-08-22T00:00:00Z'), undefined, zone)).toBe('22 Aug 2026, 00:00');
    expect(utc(at('2026-08-22T09:14:00.123Z'))).toBe('2026-08-22T09:14:00Z');
  });
});
