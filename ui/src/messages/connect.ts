// Writing our entry into an AI client's own file, and taking it out again.
import type { ErrorCode, FoundFile, Installation, LocationBeside } from '../ipc';

const lines = (n: number): string => (n === 1 ? '1 line' : `${n} lines`);
const others = (n: number): string => (n === 1 ? 'your other server as it is' : `your ${n} other servers as they are`);
const base = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

const by = (installation: Installation): string =>
  installation.kind === 'flatpak' ? `the Flatpak ${installation.name}` : installation.kind === 'snap' ? `the Snap ${installation.name}` : installation.name;

/** Who reads a file that is not for everything of the client's. */
function reader({ profile, installation }: Pick<LocationBeside, 'profile' | 'installation'>): string | null {
  if (profile === null) return installation && by(installation);
  return installation ? `the profile ${profile} of ${by(installation)}` : `the profile ${profile}`;
}

/** Where alone it counts, as the end of a sentence; nothing where that is everywhere. */
function counts(file: Pick<FoundFile, 'folder' | 'profile' | 'installation'>): string {
  if (file.folder !== null) return `, only in ${file.folder}`;
  const who = reader(file);
  return who ? `, only for ${who}` : '';
}

/** Why an entry whose program is gone stands as it was. */
const unmended: Partial<Record<ErrorCode, string>> = {
  writing_unsupported: 'This app does not write its file.',
  delivery_unsupported: 'This app does not write its file.',
  no_such_key: 'Its key is not known here.',
  secret_not_here: 'Its key is not known here.',
  no_default_key: 'Its instance has no key that can be used.',
  default_key_unusable: 'Its instance has no key that can be used.',
  key_unusable: 'Its instance has no key that can be used.',
  client_file_changed: 'The file changed meanwhile. Try once more.',
  client_file_read_only: 'The file is read-only. Make it writable and try again.',
};

export const connect = {
  counts,
  /** On the list: short, whole words. */
  short: {
    works: 'Works',
    setUp: 'Set up',
    fails: 'Set up, did not pass the check',
    found: 'Set up, see the check-up',
    otherKey: 'Uses another key',
    ended: 'Its key has ended',
    gone: 'Its program is gone',
    hidden: 'Another entry goes first',
    unread: 'Set up where it does not look',
    elsewhere: (instance: string) => `Set up for ${instance}`,
    uneditable: 'File cannot be edited',
    managed: 'Administrators decide',
    installed: 'Not set up',
  },
  /** In the panel, under the client's name. */
  long: {
    works: (instance: string, where: string) => `Set up for ${instance}${where}, and seen to work`,
    setUp: (instance: string, where: string) => `Set up for ${instance}${where}`,
    fails: (instance: string, where: string) => `Set up for ${instance}${where}, but did not pass the check`,
    found: (instance: string, where: string) => `Set up for ${instance}${where}. The check-up found something`,
    otherKey: (key: string, where: string) => `Set up with the key “${key}”${where}`,
    ended: (key: string, where: string) => `Set up with “${key}”, which has ended${where}`,
    gone: 'Set up, but the program it starts is gone',
    hidden: (path: string) => `Set up, but another entry in ${path} goes first`,
    unread: (path: string) => `Set up in ${path}, which it does not read now`,
    elsewhere: (other: string, instance: string) => `Set up for ${other}, not for ${instance}`,
    uneditable: 'Its settings file cannot be edited',
    managed: 'The administrators of this computer say which servers it uses',
    installed: (instance: string) => `Not set up for ${instance}`,
    notInProject: 'Not set up in this project',
    noProject: 'Name the project’s folder below',
    absent: 'Not found on this computer. Copy the setup anyway.',
    unknown: (instance: string) => `Connects to ${instance}`,
  },
  gone: {
    title: (client: string) => `The program that ${client} starts is gone`,
    text: (program: string) => `Its entry names ${program}, which is not there any more. Mending names the one that is here; nothing else changes.`,
    mend: 'Mend',
    mending: 'Mending…',
    mended: (count: number) => (count === 1 ? 'The entry starts the program that is here now.' : `${count} entries start the program that is here now.`),
    left: (client: string, path: string, why: string) => `${client}, ${path}, stands as it was. ${why}`,
    why: (code: ErrorCode) => unmended[code] ?? 'Connect it anew to see why.',
  },
  /** A key in the text of an entry that gets its key another way. */
  heldKey: {
    title: 'A key stands in the text of this entry',
    text: (path: string) => `It is not needed there. Writing the entry anew takes it out of ${path}.`,
  },
  locations: {
    title: 'Other places it reads',
    here: 'Set up here',
    done: {
      connected: (path: string) => `Set up in ${path}. Undo puts the file back exactly as it was.`,
      disconnected: (path: string) => `Disconnected in ${path}. Undo puts the file back exactly as it was.`,
      undone: (path: string) => `${path} is back as it was.`,
      unchanged: (path: string) => `${path} said so already.`,
    },
    states: { works: 'Set up', gone: 'Its program is gone', hidden: 'Another entry goes first', unread: 'Not read now', none: 'Not set up' },
    counts: (file: Pick<FoundFile, 'scope' | 'folder' | 'profile' | 'installation'>): string =>
      file.folder !== null ? `for ${file.folder}` : file.scope === 'system' ? 'for everybody on this computer' : `for ${reader(file) ?? 'all projects'}`,
  },
  beside(place: LocationBeside, entry: string, client: string, instance: string): string {
    const who = reader(place);
    switch (place.what) {
      case 'goes_first':
        if (place.scope === 'system') return `Another “${entry}” in ${place.path}, which administrators write, goes first: ${client} uses that one.`;
        return place.folder !== null
          ? `In ${place.folder}, another “${entry}” in ${place.path} goes first: ${client} uses that one there.`
          : `Another “${entry}” in ${place.path} goes first: ${client} uses that one.`;
      case 'still_connects':
        return `${client} still reaches ${instance} by an entry in ${place.path}${counts(place)}.`;
      case 'read_instead':
        return `${who ? `${who.charAt(0).toUpperCase()}${who.slice(1)}` : client} reads ${place.path} instead, where the entry is not.`;
    }
  },
  scope: { label: 'Where', all: 'For all projects', one: 'For one project' },
  open: 'Open file',
  notLooked: { title: 'We could not look for AI clients on this computer', text: 'Copying a setup still works.', again: 'Look again' },

  promise: (count: number) => `Adds one entry${count > 0 ? ` and leaves ${others(count)}` : ''}. A backup is kept, so you can undo.`,
  promiseNew: 'Adds a new file with one entry. Undo removes it again.',
  write: (path: string) => `Write to ${path}`,
  writeShort: (path: string) => `Write to ${base(path)}`,
  writeAnyway: 'Write anyway',
  writeAgain: 'Write again',
  show: 'Show changes',
  looking: 'Looking…',
  writing: 'Writing…',
  copySetup: 'Copy the setup',
  tryAgain: 'Try again',

  dialog: {
    title: (client: string) => `Write to ${client}’s settings?`,
    removeTitle: (client: string) => `Disconnect ${client}?`,
    counts(exists: boolean, { added, removed, gets, loses }: { added: number; removed: number; gets: number; loses: number }): string {
      const parts = [
        ...(exists ? [] : ['new file']),
        ...(added > 0 ? [`${lines(added)} added`] : []),
        ...(removed > 0 ? [`${lines(removed)} removed`] : []),
        ...(gets > 0 ? [`${lines(gets)} ${gets === 1 ? 'gets' : 'get'} a comma`] : []),
        ...(loses > 0 ? [`${lines(loses)} ${loses === 1 ? 'loses its' : 'lose their'} comma`] : []),
      ];
      return parts.join(', ');
    },
    diff: (path: string) => `Changes to ${path}`,
    added: 'Added:',
    removed: 'Removed:',
    gap: '…',
    noSecret: {
      bridge: (client: string, ring: string) => `No secret is written. ${client} starts the bridge, which reads the key from ${ring}.`,
      helper: (client: string) => `No secret is written. ${client} asks this app for the header each time.`,
      prompt: (client: string) => `No secret is written. ${client} asks you for the key once.`,
      variable: (client: string) => `No secret is written. ${client} reads SUPERSET_API_KEY from its environment.`,
    },
    secret: 'Your key will lie in this file. Afterwards only you may read the file.',
    backup: 'A backup of the file as it is now is kept, so you can undo.',
    newFile: 'There is no such file yet. Undo removes it again.',
    nothing: 'The file already says so. There is nothing to write.',
    confirm: 'Write file',
    remove: 'Disconnect',
    removing: 'Disconnecting…',
    cancel: 'Cancel',
    keep: 'Keep connected',
    close: 'Close',
    changed: { title: 'The file changed while you looked.', text: 'Someone edited it after the preview. Here is the new diff.' },
    review: 'Review again',
    taken: {
      title: (entry: string) => `“${entry}” is taken`,
      text: (client: string, entry: string) => `${client} has an entry called “${entry}” that is not ours. Replace it, or keep both under different names.`,
      replace: 'Replace',
      beside: 'Keep both',
    },
    dropKey: 'Go on without the key',
  },

  done: {
    connected: (client: string) => `${client} is set up.`,
    works: (client: string) => `${client} is set up, and its key works.`,
    fails: (client: string) => `${client} is set up, but will not reach Superset like this.`,
    found: (client: string) => `${client} is set up. The check-up found something.`,
    another: (client: string) => `The entry is written, and ${client} uses another one.`,
    ask: 'Ask it: “list my dashboards”.',
    disconnected: (client: string) => `${client} is disconnected.`,
    undone: (client: string) => `${client}’s settings are back as they were.`,
    unchanged: (client: string) => `${client} was set up like this already.`,
    left: (count: number) => `${count === 1 ? 'Your other server was' : `Your ${count} other servers were`} left as ${count === 1 ? 'it was' : 'they were'}. Undo puts the file back exactly as it was.`,
    leftNone: 'Undo puts the file back exactly as it was.',
    written: (when: string) => `Written ${when}`,
    edited: 'The file was edited after we wrote it.',
    undo: 'Undo',
    undoing: 'Undoing…',
    disconnect: 'Disconnect',
    compare: 'Show what is in the way',
  },

  blocked: {
    title: (client: string) => `${client}’s settings were edited since`,
    text: 'Undo would take that away too, so nothing was changed. This is what it would do:',
    same: 'What differs does not show in the lines.',
    kept: 'The file as it was before is kept here:',
    copy: 'Copy path',
    copied: 'Copied',
    close: 'Close',
  },

  next: {
    notSetUp: 'not set up',
    uses: (key: string) => `uses “${key}”`,
    connected: 'set up',
    elsewhere: (instance: string) => `set up for ${instance}`,
    absent: 'not found on this computer',
  },
};
