import type { Finding, Remedy } from '../../ipc';

/** What this window can do itself about a remedy. */
export type RemedyActions = Partial<Record<Remedy, () => void>> & {
  /** Puts a new key in the place of the one that was checked. */
  replace?: () => void;
};

/** Findings about the key's age, which a new key in its place ends. */
export const OF_AGE: readonly Finding[] = ['key_ends_soon', 'key_never_ends', 'key_old'];
