// Keys that lie in this computer's files: where, which, and what to do about them.
import { atStart } from '../lib/plain';
import type { ErrorCode, GitState, KeyLife, KeySpotView, Readers, ScannedKeyView, ScanView } from '../ipc';

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const noKeychain = (ring: string): string => `${atStart(ring)} could not be used. Unlock it and look again.`;

/** Why a key still lies in an AI client's file. */
const left: Partial<Record<ErrorCode, (client: string, ring: string) => string>> = {
  no_such_key: () => 'No instance here knows this key. Sign in to its instance with it first.',
  not_connected: () => 'It stands outside the entry of its instance, where only you know what it is for.',
  scope_unsupported: (client) => `${client} does not use this file now. Take the key out of it by hand.`,
  writing_unsupported: (client) => `${client}’s file is nothing we write. Set it up by hand.`,
  delivery_unsupported: (client) => `${client} cannot use the bridge. Set it up by hand.`,
  secret_not_here: () => 'The file changed meanwhile. Look again.',
  client_file_changed: () => 'The file changed meanwhile. Look again.',
  client_file_read_only: () => 'The file is read-only. Make it writable and try again.',
  keychain_no_bus: (_, ring) => noKeychain(ring),
  keychain_absent: (_, ring) => noKeychain(ring),
  keychain_no_collection: (_, ring) => noKeychain(ring),
  keychain_locked: (_, ring) => noKeychain(ring),
  keychain_dismissed: (_, ring) => noKeychain(ring),
  keychain_waiting: (_, ring) => noKeychain(ring),
  keychain_refused: (_, ring) => noKeychain(ring),
  keychain_other: (_, ring) => noKeychain(ring),
  vault_locked: (_, ring) => noKeychain(ring),
};

const kinds: Record<Exclude<KeySpotView['kind'], 'ai_client'>, string> = {
  shell_startup: 'Shell start-up file',
  shell_history: 'History of what was typed',
  env_file: '.env file',
  request_settings: 'Settings for requests',
  client_data: 'Written by an AI client',
  other: 'Other file',
};

const advice: Record<Exclude<KeySpotView['kind'], 'ai_client'>, (instance: string) => string> = {
  shell_startup: (instance) => `Every program you start gets the key. Take the line out, and run what needs it with "superset-keys exec ${instance} -- COMMAND".`,
  shell_history: () => 'Take the line out while no such program is open, since each writes its own when it ends.',
  env_file: (instance) => `Take the line out, and start the program with "superset-keys exec ${instance} -- COMMAND".`,
  request_settings: () => 'Every request that reads it can carry the key. Take the line out.',
  client_data: () => 'A conversation, a log or a copy of a file: the client’s model may have seen the key. Replace the key and revoke this one; then the file does no harm.',
  other: () => 'Take the key out of the file, and have the program ask for it when it runs.',
};

export const scan = {
  title: 'Keys on this computer',
  start: {
    title: 'Do keys lie in your files?',
    text: 'Looks through the files where keys usually end up: AI clients’ settings and conversations, shell and .env files. It only reads, and nothing is sent.',
    folder: 'Looks through every file in one folder, however deep. It only reads, and nothing is sent.',
    button: 'Look for keys',
  },
  where: { label: 'Where to look', all: 'The usual files', one: 'One folder' },
  again: 'Look again',
  looking: 'Looking…',
  stop: 'Stop',
  tryAgain: 'Try again',
  empty: { title: 'No key lies in the usual files.', inFolder: (folder: string) => `No key lies in ${folder}.`, text: (files: number) => `${counted(files, 'file')} searched.` },
  headline(view: ScanView): string {
    const places = view.keys.reduce((sum, key) => sum + key.spots.length, 0);
    return `${counted(view.keys.length, 'key')} in ${counted(places, 'place')}. ${counted(view.files, 'file')} searched.`;
  },
  ask: {
    button: 'Ask whether they work',
    busy: 'Asking…',
    title: 'Ask whether these keys work?',
    text: (instances: string) => `This asks ${instances}.`,
    used: 'A key that no list shows is used once, which moves its last-used time.',
    confirm: 'Ask',
    keep: 'Do not ask',
  },
  columns: { where: 'Where', readers: 'Who can read it', git: 'Git', action: 'What to do' },
  table: 'Places',
  found: 'What was found',
  place: (path: string, line: number) => `${path}:${line}`,
  which(key: ScannedKeyView): string {
    const instance = key.instance?.name;
    const name = key.key?.name ?? '';
    if (key.match === 'known') return `${name} on ${instance ?? ''}`;
    if (key.match === 'looks_like') return `Looks like ${name} on ${instance ?? ''}`;
    return instance ? `Unknown key, beside the address of ${instance}` : 'Unknown key';
  },
  life(life: KeyLife, asked: boolean): string {
    if (life.problem) return 'No answer';
    const words = { active: 'Active', expired: 'Expired', revoked: 'Revoked', rejected: 'Not taken', unknown: asked ? 'Cannot tell' : 'Not asked' };
    return words[life.state];
  },
  remembered: (word: string, when: string) => `${word}, as of ${when}`,
  readers: { only_owner: 'Only you', group: 'Your group', everyone: 'Everyone here', unknown: 'Cannot tell' } satisfies Record<Readers, string>,
  git: { tracked: 'Tracked', untracked: 'Not tracked', no_repository: 'No', unknown: 'Cannot tell' } satisfies Record<GitState, string>,
  exposed: 'Others can have it:',
  kind: (spot: KeySpotView, client: (id: string) => string): string => (spot.kind === 'ai_client' ? client(spot.client) : kinds[spot.kind]),
  tracked: {
    title: 'Tracked by git.',
    text: 'Whoever has the repository has the key, and taking the line out leaves it in earlier commits. Replace the key and revoke this one.',
  },
  everyone: {
    title: 'Readable by everyone on this computer.',
    text: 'Whoever could read the file may have the key. Close the file with "chmod 600", replace the key and revoke this one.',
  },
  advice: (kind: Exclude<KeySpotView['kind'], 'ai_client'>, instance: string) => advice[kind](instance),
  adviceOn: (kind: Exclude<KeySpotView['kind'], 'ai_client'>) => kinds[kind],
  unknownInClient: { on: 'AI client, unknown key', text: 'Sign in to its instance with this key first. Then it can be moved.' },
  unsureInClient: { on: 'AI client, not sure which key', text: (ring: string) => `Unlock ${ring} and look again. Then it can be moved.` },
  toDo: 'What to do',
  move: {
    button: 'Move to keychain',
    title: 'Move this key to the keychain?',
    text: (client: string, ring: string) => `The key goes into ${ring}; ${client} gets the bridge in its place. A backup is kept, so you can undo.`,
    backup: 'The key goes into the keychain, so that Undo can put it back.',
    confirm: 'Move to keychain',
    keep: 'Leave it there',
    busy: 'Moving…',
  },
  moved: (client: string, ring: string) => `Moved to ${ring}. ${client} gets it through the bridge.`,
  undo: 'Undo',
  undoing: 'Undoing…',
  undone: (client: string) => `${client}’s settings are back as they were, with the key.`,
  left: (why: string) => `Left there. ${why}`,
  why: (code: ErrorCode, client: string, ring: string): string | undefined => left[code]?.(client, ring),
  byLetters: (ring: string) => `${atStart(ring)} cannot be read, so keys were compared by their last letters only. Unlock it and look again to be sure.`,
  /** What a reader must know to judge that nothing else was found. */
  leftOut({ unreadable, unread, skipped: { too_large, large, older } }: ScanView): string[] {
    const said: string[] = [];
    if (unreadable > 0) said.push(`${counted(unreadable, 'file')} could not be read: ${someOf(unread.map((one) => one.path), unreadable)}.`);
    if (too_large > 0) said.push(`${counted(too_large, 'file')} larger than 64 MB not searched: ${someOf(large, too_large)}.`);
    if (older.files > 0) {
      said.push(
        `${counted(older.files, 'file')} of ${older.megabytes} MB that AI clients wrote earlier not searched. Look through one folder to have all of it searched: ${older.folders.join(', ')}.`,
      );
    }
    return said;
  },
  more: 'There are more keys than are shown.',
};

/** "a, b and 3 more" */
export function someOf(paths: readonly string[], all: number): string {
  const more = all - paths.length;
  return paths.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
