// One instant, said in the person's time and in the server's.
import type { ClockView } from '../ipc';

export const personsZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "UTC", "UTC+5:30", or the zone a person gave the server. */
export function serverZone(clock: ClockView): string {
  if (clock.zone) return clock.zone;
  const size = Math.abs(clock.offset_minutes);
  if (size === 0) return 'UTC';
  const minutes = size % 60 ? `:${String(size % 60).padStart(2, '0')}` : '';
  return `UTC${clock.offset_minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${minutes}`;
}

/** The date to format as if in UTC, to read what the server's clock shows. */
export const onServer = (date: Date, clock: ClockView): Date => new Date(date.getTime() + clock.offset_minutes * 60_000);

/** A wall time without a zone, as the server sends it, to be formatted as if in UTC. */
export const wall = (server: string): Date => new Date(`${server.replace(' ', 'T').replace(/(Z|[+-]\d\d:?\d\d)$/, '')}Z`);
