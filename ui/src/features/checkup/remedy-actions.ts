import type { Remedy } from '../../ipc';

/** What this window can do itself about a remedy. */
export type RemedyActions = Partial<Record<Remedy, () => void>>;
