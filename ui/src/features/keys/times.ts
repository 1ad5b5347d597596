// The words for a key's times.
import { day, dayShort, exact, relative, since, utc, type Form } from '../../lib/dates';
import type { ApiKeyView, TimeView } from '../../ipc';
import { keys as words } from '../../messages/keys';
import { lastUse } from '../../state/last-use';

const date = (time: TimeView): Date => new Date(time.utc);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The server's wall time, as people write it: "2026-08-22 09:14". */
export const serverTime = (time: TimeView): string => time.server.replace('T', ' ').slice(0, 16);

/** For a tool tip: here, there, and beyond doubt. */
export const allOf = (time: TimeView): string =>
  `${exact(date(time))} · ${words.panel.server(serverTime(time))} · ${utc(date(time))}`;

export function ago(time: TimeView, now: Date, form: Form = 'long'): string {
  return relative(date(time), now, form);
}

/** Of what has happened. */
export const past = (time: TimeView, now: Date, form: Form = 'long'): string => since(date(time), now, form);

export function lastUsed(key: ApiKeyView, now: Date, form: Form): string {
  const last = lastUse(key);
  if (last.kind === 'at') return capital(past(last.time, now, form));
  return last.kind === 'never' ? words.notUsed[form] : words.none;
}

/** Where the last use was our own. */
export const ownUse = (key: ApiKeyView, now: Date): string | null =>
  key.before_own_use && key.last_used ? words.ownUse(past(key.last_used, now)) : null;

export function expires(key: ApiKeyView, now: Date, form: Form): string {
  if (key.status === 'revoked' || (key.status === null && !key.expires)) return words.none;
  return key.expires ? ago(key.expires, now, form) : words.never;
}

export function created(key: ApiKeyView, now: Date, form: Form): string {
  if (!key.created) return words.none;
  return form === 'long' ? day(date(key.created)) : dayShort(date(key.created), now);
}

export const exactly = (time: TimeView, now: Date): string => exact(date(time), now);
