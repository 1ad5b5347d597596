import type { ApiKeyView, TimeView } from '../ipc';

/** The last use by anybody but this app's own checks, as far as is known. */
export type LastUse = { kind: 'never' } | { kind: 'at'; time: TimeView } | { kind: 'unknown' };

export function lastUse(key: ApiKeyView): LastUse {
  if (key.before_own_use) return key.before_own_use;
  if (key.last_used) return { kind: 'at', time: key.last_used };
  // Of a key the server does not list, nothing is known.
  return { kind: key.status === null ? 'unknown' : 'never' };
}

/** When it was, if it was and is known. */
export function lastUseTime(key: ApiKeyView): TimeView | null {
  const last = lastUse(key);
  return last.kind === 'at' ? last.time : null;
}
