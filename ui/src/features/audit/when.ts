// The words for the times of an audit's keys.
import { day, dayShort, exact, relative, since, utc, type Form } from '../../lib/dates';
import type { AuditKeyView, TimeView } from '../../ipc';
import { audit as words } from '../../messages/audit';

const date = (time: TimeView): Date => new Date(time.utc);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The server's wall time, as people write it: "2026-08-22 09:14". */
export const serverTime = (time: TimeView): string => time.server.replace('T', ' ').slice(0, 16);

/** For a tool tip: here, there, and beyond doubt. */
export const allOf = (time: TimeView): string => `${exact(date(time))} · ${words.panel.server(serverTime(time))} · ${utc(date(time))}`;

/** Of what has happened: "2 h ago". */
export const past = (time: TimeView, now: Date, form: Form = 'long'): string => since(date(time), now, form);

/** Also of what is to come: "in 12 d". */
export const around = (time: TimeView, now: Date, form: Form = 'long'): string => relative(date(time), now, form);

export const exactly = (time: TimeView, now: Date): string => exact(date(time), now);

export const lastUsed = (key: AuditKeyView, now: Date, form: Form): string => (key.last_used ? capital(past(key.last_used, now, form)) : words.never);

export function ends(key: AuditKeyView, now: Date, form: Form): string {
  if (key.status === 'revoked') return words.revoked;
  return key.expires ? around(key.expires, now, form) : words.noEnd;
}

export const created = (key: AuditKeyView, now: Date, form: Form): string =>
  key.created ? (form === 'long' ? day(date(key.created)) : dayShort(date(key.created), now)) : words.none;
