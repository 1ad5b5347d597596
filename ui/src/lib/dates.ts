// Times as people say them. Pure but for `fromNow`: `now` and the zone are given.

export type Form = 'long' | 'short';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface Parts {
  day: string;
  month: string;
  year: string;
  hour: string;
  minute: string;
  weekday: string;
}

function parts(date: Date, zone?: string): Parts {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const found = Object.fromEntries(format.formatToParts(date).map((p) => [p.type, p.value]));
  // en-GB writes "Sept"; every other month has three letters.
  return { ...found, month: (found.month ?? '').slice(0, 3) } as unknown as Parts;
}

/** The number of midnights between the two, in the given zone: 0 today, -1 yesterday. */
export function daysBetween(date: Date, now: Date, zone?: string): number {
  const midnight = (d: Date) => {
    const p = parts(d, zone);
    return Date.parse(`${p.day} ${p.month} ${p.year} 00:00 UTC`);
  };
  return Math.round((midnight(date) - midnight(now)) / DAY);
}

function amount(n: number, unit: 'minute' | 'hour' | 'day', form: Form): string {
  if (form === 'short') return `${n} ${{ minute: 'min', hour: 'h', day: 'd' }[unit]}`;
  return `${n} ${unit}${n === 1 ? '' : 's'}`;
}

/**
 * "just now", "12 min ago", "2 h ago", "yesterday", "3 days ago", "in 90 days". A time left is not rounded up, but
 * for minutes: a key made a moment ago for 90 days ends in 90 days.
 */
export function relative(date: Date, now: Date, form: Form = 'long', zone?: string): string {
  const difference = date.getTime() - now.getTime();
  const size = Math.abs(difference);
  const said = (words: string) => (difference > 0 ? `in ${words}` : `${words} ago`);
  if (size < MINUTE) return difference > 0 ? 'in a moment' : 'just now';
  if (size < HOUR) return said(amount(Math.floor(size / MINUTE), 'minute', form));
  if (size < DAY) return said(amount(Math.floor(size / HOUR), 'hour', form));
  if (difference < 0 && daysBetween(date, now, zone) === -1) return 'yesterday';
  const whole = difference > 0 ? Math.floor((size + HOUR / 2) / DAY) : Math.floor(size / DAY);
  return said(amount(whole, 'day', form));
}

/** Of a time as core tells it, beside the clock on the wall. */
export const fromNow = (time: string): string => relative(new Date(time), new Date());

/** Of what has happened: where the clocks differ it seems to be to come, and was lately. */
export function since(date: Date, now: Date, form: Form = 'long', zone?: string): string {
  const ahead = date.getTime() - now.getTime();
  if (ahead <= 0) return relative(date, now, form, zone);
  return ahead < MINUTE ? 'just now' : 'lately';
}

/** "22 Aug 2026" */
export function day(date: Date, zone?: string): string {
  const p = parts(date, zone);
  return `${p.day} ${p.month} ${p.year}`;
}

/** "22 Aug" this year, "Oct ’25" in another. */
export function dayShort(date: Date, now: Date, zone?: string): string {
  const p = parts(date, zone);
  return p.year === parts(now, zone).year ? `${p.day} ${p.month}` : `${p.month} ’${p.year.slice(-2)}`;
}

/** "09:14" */
export function clock(date: Date, zone?: string): string {
  const p = parts(date, zone);
  return `${p.hour}:${p.minute}`;
}

/** "09:14:02", of what is told apart by seconds. */
export function clockSeconds(date: Date, zone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(date);
}

/** "22 Aug 2026, 09:14", and "Today, 12:05" where `now` is given. */
export function exact(date: Date, now?: Date, zone?: string): string {
  const near = now ? { '-1': 'Yesterday', '0': 'Today', '1': 'Tomorrow' }[String(daysBetween(date, now, zone))] : undefined;
  return `${near ?? day(date, zone)}, ${clock(date, zone)}`;
}

/** "Today, 12:05:31", of what is compared by seconds. */
export function exactSeconds(date: Date, now?: Date, zone?: string): string {
  return exact(date, now, zone).replace(/\d\d:\d\d$/, clockSeconds(date, zone));
}

/** "Thu 18 Feb 2027, 15:05", for a date that is being chosen. */
export function exactWithWeekday(date: Date, zone?: string): string {
  return `${parts(date, zone).weekday} ${day(date, zone)}, ${clock(date, zone)}`;
}

/** "2026-08-22T09:14:00Z", for what machines read and for tool tips that settle all doubt. */
export function utc(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
