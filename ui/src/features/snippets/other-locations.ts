// A client's files beside the one that a setup goes to: other folders, profiles, installations.
import type { ApiKeyId, ConnectRequest, Delivery, FoundEntry, FoundFile, InstanceId, UndoView } from '../../ipc';
import { countsEverywhere, troubleOf, type Trouble } from '../../parts/client-state';
import type { Outcome } from './writing.svelte';

export const entryFor = (file: FoundFile, instance: InstanceId): FoundEntry | undefined => file.entries.find((entry) => entry.instance === instance);

/** Those with an entry for this instance, and those of other profiles and installations, which could have one. */
export function otherLocations(files: readonly FoundFile[], chosen: FoundFile | undefined, instance: InstanceId): FoundFile[] {
  const couldHave = (file: FoundFile) => file.is_read && file.exists && !file.problem && file.folder === null && !countsEverywhere(file);
  return files.filter((file) => file !== chosen && (entryFor(file, instance) !== undefined || couldHave(file)));
}

export function stateAt(file: FoundFile, instance: InstanceId): 'works' | 'none' | Trouble {
  const entry = entryFor(file, instance);
  return entry ? (troubleOf(file, entry) ?? 'works') : 'none';
}

/** What is asked for to change the entry in just this file. */
export function requestAt(file: FoundFile, client: string, key: ApiKeyId | null, delivery: Delivery | null): ConnectRequest {
  const where = file.folder === null ? { scope: 'user' as const, file: file.path } : { scope: file.scope, project: file.folder };
  return { client, key, delivery, ...where };
}

/** Whether the newest change of ours, which can be undone, is the one to this file. */
export function undoableAt(file: FoundFile, chosen: FoundFile | undefined, instance: InstanceId, undo: UndoView | null, outcome: Outcome | undefined): boolean {
  if (undo?.path !== file.path) return false;
  if (outcome) return outcome.kind !== 'undone';
  // Entries for several folders may be in one file.
  return file.path !== chosen?.path && entryFor(file, instance)?.entry === undo.entry;
}
