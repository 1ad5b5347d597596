// What a client's own file says of it, seen from one instance and the key that is chosen.
import type { ApiKeyView, CallError, FileProblem, FoundClient, FoundEntry, FoundFile, InstanceView } from '../ipc';

/** Why an entry is there and the client does not reach the instance by it. */
export type Trouble = 'gone' | 'hidden' | 'unread';

export interface Connected {
  kind: 'connected';
  entry: FoundEntry;
  file: FoundFile;
  /** The key it uses, where that is known. */
  key: ApiKeyView | null;
  ended: boolean;
  trouble: Trouble | null;
}

export type ClientState =
  /** To this instance. */
  | Connected
  /** To another one, by its name. */
  | { kind: 'elsewhere'; instance: string }
  | { kind: 'uneditable'; problem: Pick<CallError, 'code' | 'params'> }
  /** Its administrators say which servers it may use. */
  | { kind: 'managed' }
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

/** What keeps an entry from being of use. */
export function troubleOf(file: FoundFile, entry: FoundEntry): Trouble | null {
  if (!file.is_read) return 'unread';
  if (entry.hidden_by !== null) return 'hidden';
  return entry.program_is_gone ? 'gone' : null;
}

/** It counts wherever its client is started. */
export const countsEverywhere = ({ folder, profile, installation }: Pick<FoundFile, 'folder' | 'profile' | 'installation'>): boolean =>
  folder === null && profile === null && installation === null;

/** Of several entries the one that speaks for the client: one that is used, everywhere rather than somewhere. */
const weight = (file: FoundFile, entry: FoundEntry): number => {
  const trouble = troubleOf(file, entry);
  return (trouble === null ? 0 : trouble === 'gone' ? 1 : 2) + (countsEverywhere(file) ? 0 : 3);
};

export function clientState(found: FoundClient | undefined, { instance, instances, keys }: Seen): ClientState {
  const entries = (found?.files ?? []).flatMap((file) => file.entries.map((entry) => ({ entry, file })));
  const ours = entries.filter(({ entry }) => entry.instance === instance.id);
  const [here] = ours.sort((a, b) => weight(a.file, a.entry) - weight(b.file, b.entry));
  if (here) {
    // Let in with tokens, it does not use the key that its entry goes by.
    const used = here.entry.access === 'api_key' ? here.entry.key : here.entry.held;
    const key = keys.find((one) => one.id === used) ?? null;
    const ended = key?.status === 'revoked' || key?.status === 'expired';
    return { kind: 'connected', ...here, key, ended, trouble: troubleOf(here.file, here.entry) };
  }
  const bad = found?.files.find((file) => file.problem);
  if (bad?.problem) return { kind: 'uneditable', problem: reasonOf(bad.path, bad.problem) };
  const other = instances.find((one) => entries.some(({ entry }) => entry.instance === one.id));
  if (other) return { kind: 'elsewhere', instance: other.name };
  if (found && found.files.length > 0 && found.files.every((file) => !file.is_read)) return { kind: 'managed' };
  if (found?.installed) return { kind: 'installed' };
  return { kind: found && found.files.length > 0 ? 'absent' : 'unknown' };
}

const ranks: Record<ClientState['kind'], number> = { connected: 0, elsewhere: 1, installed: 1, uneditable: 1, managed: 1, absent: 2, unknown: 2 };

/** Connected ones first, then what is installed; otherwise as they were. */
export const rankOf = (state: ClientState): number => ranks[state.kind];

/** It is on this computer. */
export const isHere = (state: ClientState): boolean => rankOf(state) < ranks.absent;

/** What to connect next is first: installed and not set up, then with another key or instance. */
export const nextRank = (state: ClientState): number => ({ installed: 0, elsewhere: 1, connected: 2, absent: 3, unknown: 3, uneditable: 4, managed: 4 })[state.kind];
