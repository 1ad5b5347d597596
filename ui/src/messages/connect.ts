// Writing our entry into an AI client's own file, and taking it out again.

const lines = (n: number): string => (n === 1 ? '1 line' : `${n} lines`);
const others = (n: number): string => (n === 1 ? 'your other server as it is' : `your ${n} other servers as they are`);
const base = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

export const connect = {
  /** On the list: short, whole words. */
  short: {
    thisKey: 'Connected with this key',
    otherKey: 'Uses another key',
    ended: 'Its key has ended',
    connected: 'Connected',
    elsewhere: (instance: string) => `Connected to ${instance}`,
    uneditable: 'File cannot be edited',
    installed: 'Not set up',
  },
  /** In the panel, under the client's name. */
  long: {
    thisKey: (instance: string) => `Connected to ${instance} with this key`,
    otherKey: (key: string) => `Connected with the key "${key}"`,
    ended: (key: string) => `Connected with "${key}", which has ended`,
    connected: (instance: string) => `Connected to ${instance}`,
    elsewhere: (other: string, instance: string) => `Connected to ${other}, not to ${instance}`,
    uneditable: 'Its settings file cannot be edited',
    installed: (instance: string) => `Not set up for ${instance}`,
    notInProject: 'Not set up in this project',
    noProject: 'Name the project’s folder below',
    absent: 'Not found on this computer. Copy the setup anyway.',
    unknown: (instance: string) => `Connects to ${instance}`,
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
      title: (entry: string) => `"${entry}" is taken`,
      text: (client: string, entry: string) => `${client} has an entry called "${entry}" that is not ours. Replace it, or keep both under different names.`,
      replace: 'Replace',
      beside: 'Keep both',
    },
  },

  done: {
    connected: (client: string) => `${client} is connected.`,
    ask: 'Ask it: “list my dashboards”.',
    disconnected: (client: string) => `${client} is disconnected.`,
    undone: (client: string) => `${client}’s settings are back as they were.`,
    unchanged: (client: string) => `${client} was connected like this already.`,
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
    uses: (key: string) => `uses "${key}"`,
    connected: 'connected',
    elsewhere: (instance: string) => `connected to ${instance}`,
  },
};
