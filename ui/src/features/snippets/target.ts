// What can be done to one client's file from here.
import type { ApiKeyId, Delivery, FoundClient, FoundEntry, FoundFile, Guard, UndoView } from '../../ipc';
import type { ClientState } from '../../parts/client-state';
import { sameGuard } from './guard';
import type { Outcome } from './writing.svelte';

export interface Target {
  client: string;
  /** Its own file; none where we write none. */
  path: string | null;
  writable: boolean;
  absent: boolean;
  connected: boolean;
  /** It is connected with the chosen key, in the chosen way. */
  asChosen: boolean;
  /** The change of ours that can be undone. */
  undo: UndoView | null;
  /** What this window wrote has been edited since. */
  edited: boolean;
}

/** Their entries name no key. */
const KEYLESS: readonly (Delivery | null)[] = ['variable', 'prompt'];

/** A key stands in its text beside another way to get one. */
export const holdsLeftKey = (entry: FoundEntry): boolean => entry.holds_key && entry.delivery !== 'plaintext';

interface Chosen {
  key: ApiKeyId | null;
  delivery: Delivery | null;
  guard?: Guard | null;
}

export function targetOf(client: string, found: FoundClient | undefined, file: FoundFile | undefined, state: ClientState, chosen: Chosen, outcome: Outcome | undefined): Target {
  const path = file?.path ?? null;
  const entry = state.kind === 'connected' ? state.entry : null;
  const sameKey = entry !== null && (entry.key === chosen.key || (entry.key === null && KEYLESS.includes(entry.delivery)));
  const asGuarded = entry !== null && !entry.guard_is_broken && (!chosen.guard || sameGuard(entry.guard, chosen.guard));
  // The newest change may be that of another file of the client's.
  const undo = found?.undo?.path === path ? found.undo : null;
  const wrote = outcome !== undefined && outcome.kind !== 'undone';
  const ours = undo !== null && (wrote || (outcome === undefined && undo.entry === entry?.entry));
  return {
    client,
    path,
    writable: path !== null && state.kind !== 'uneditable' && state.kind !== 'managed',
    absent: state.kind === 'absent' || state.kind === 'unknown',
    connected: entry !== null,
    asChosen: sameKey && asGuarded && entry.delivery === chosen.delivery && !entry.program_is_gone && !holdsLeftKey(entry),
    undo: ours ? undo : null,
    edited: wrote && outcome.written.changed && found !== undefined && found.undo === null,
  };
}

/** What was last done, as long as the client's file bears it out. */
export function visible(outcome: Outcome | undefined, state: ClientState): Outcome | undefined {
  if (!outcome || outcome.kind === 'undone') return outcome;
  // What has been of no use since is no success any more.
  if (state.kind === 'connected' && state.trouble) return undefined;
  return (outcome.kind === 'connected') === (state.kind === 'connected') ? outcome : undefined;
}
