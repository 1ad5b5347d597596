import { clock, exact } from '../lib/dates';

/** "14:05" for the past hours, "22 Aug 2026, 09:14" for longer ago. */
export function asOf(when: string, now: Date): string {
  const then = new Date(when);
  return now.getTime() - then.getTime() < 12 * 60 * 60_000 ? clock(then) : exact(then);
}
