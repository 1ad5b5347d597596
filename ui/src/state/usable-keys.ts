import type { ApiKeyView } from '../ipc';

/** Keys whose plaintext this computer can hand out, and that still work as far as is known. */
export const usableKeys = (keys: readonly ApiKeyView[]): ApiKeyView[] =>
  keys.filter((key) => key.presence !== 'not_here' && key.status !== 'revoked' && key.status !== 'expired' && !key.belongs_to);

/** The one that is used unless another is chosen. */
export const preferredKey = (keys: readonly ApiKeyView[], wanted: string | null): ApiKeyView | null =>
  keys.find((key) => key.id === wanted) ?? keys.find((key) => key.is_default) ?? keys[0] ?? null;
