// What a client's own file says of it, seen from one instance and the key that is chosen.
import type { ApiKeyView, CallError, FileProblem, FoundClient, FoundEntry, FoundFile, InstanceView } from '../ipc';

export type ClientState =
  /** To this instance. `key`: the one it uses, where that is known. */
  | { kind: 'connected'; entry: FoundEntry; file: FoundFile; key: ApiKeyView | null; ended: boolean }
  /** To another one, by its name. */
  | { kind: 'elsewhere'; instance: string }
  | { kind: 'uneditable'; problem: Pick<CallError, 'code' | 'params'> }
  | { kind: 'installed' }
  | { kind: 'absent' }
  /** Nobody can tell whether it is here: a web app, a library, a file of no known place. */
  | { kind: 'unknown' };

interface Seen {
  instance: InstanceView;
  instances: readonly InstanceView[];
  keys: readonly ApiKeyView[];
}

function reasonOf(path: string, problem: FileProblem): Pick<CallError, 'code' | 'params'> {
  if (problem.kind === 'unreadable') return { code: 'client_file_unreadable', params: { path } };
  const { line, column, kind } = problem.problem;
  return { code: 'client_file_not_understood', params: { path, problem: kind, line: String(line), column: String(column) } };
}

export function clientState(found: FoundClient | undefined, { instance, instances, keys }: Seen): ClientState {
  const entries = (found?.files ?? []).flatMap((file) => file.entries.map((entry) => ({ entry, file })));
  const here = entries.find(({ entry }) => entry.instance === instance.id);
  if (here) {
    const key = keys.find((one) => one.id === here.entry.key) ?? null;
    return { kind: 'connected', ...here, key, ended: key?.status === 'revoked' || key?.status === 'expired' };
  }
  const bad = found?.files.find((file) => file.problem);
  if (bad?.problem) return { kind: 'uneditable', problem: reasonOf(bad.path, bad.problem) };
  const other = instances.find((one) => entries.some(({ entry }) => entry.instance === one.id));
  if (other) return { kind: 'elsewhere', instance: other.name };
  if (found?.installed) return { kind: 'installed' };
  return { kind: found && found.files.length > 0 ? 'absent' : 'unknown' };
}

const ranks: Record<ClientState['kind'], number> = { connected: 0, elsewhere: 1, installed: 1, uneditable: 1, absent: 2, unknown: 2 };

/** Connected ones first, then what is installed; otherwise as they were. */
export const rankOf = (state: ClientState): number => ranks[state.kind];

/** It is on this computer. */
export const isHere = (state: ClientState): boolean => rankOf(state) < ranks.absent;

/** What to connect next is first: installed and not set up, then with another key or instance. */
export const nextRank = (state: ClientState): number => ({ installed: 0, elsewhere: 1, connected: 2, absent: 3, unknown: 3, uneditable: 4 })[state.kind];
