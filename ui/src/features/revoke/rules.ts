// When a revoke asks for typing, and what it asks for. Pure.
import type { ApiKeyView, ErrorCode } from '../../ipc';
import { plain, typeable } from '../../lib/plain';
import { lastUse } from '../../state/last-use';

const WEEK = 7 * 24 * 60 * 60_000;

/** Used in the past seven days, also where only the check-up is known of: something may still rely on it. */
export function usedRecently(key: ApiKeyView, now: Date): boolean {
  const last = lastUse(key);
  const time = last.kind === 'at' ? last.time : last.kind === 'unknown' ? key.last_used : null;
  return time !== null && now.getTime() - Date.parse(time.utc) <= WEEK;
}

/** What has to be typed: the last four characters, or the name of a key we never held; nothing for one out of use. */
export function mustType(key: ApiKeyView, now: Date): { kind: 'hint' | 'name'; text: string } | null {
  if (!usedRecently(key, now)) return null;
  return key.hint ? { kind: 'hint', text: key.hint.slice(-4) } : { kind: 'name', text: key.name.trim() };
}

/** Whether it was: also as it is shown, and without what nobody sees. */
export function isTyped(typed: string, asked: string): boolean {
  const read = typeable(asked);
  return typed.trim() === asked || typed.trim() === plain(asked) || (read !== '' && typeable(typed) === read);
}

/** What helps after the server did not revoke. */
export function remedy(code: ErrorCode): 'try_again' | 'refresh' | 'sign_in' | 'none' {
  switch (code) {
    case 'revoke_unclear': case 'no_such_key': return 'refresh';
    case 'session_over': case 'signed_out': case 'key_rejected': return 'sign_in';
    case 'forbidden': case 'api_keys_off': case 'cannot_revoke_pasted': return 'none';
    default: return 'try_again';
  }
}

/** Whether the server could not be asked at all. */
export const offline = (code: ErrorCode): boolean =>
  code === 'unreachable' || code === 'proxy_answered' || code === 'certificate_untrusted';
