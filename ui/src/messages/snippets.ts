// Setting up an AI client: what to paste, where, and what to know about it.
import type { CannotTake, Check, ClientKind, Delivery, Knowledge, NotWritten, SnippetForm, SnippetNote } from '../ipc';

const deliveries: Record<Delivery, { title: string; text: (client: string) => string }> = {
  bridge: { title: 'Bridge', text: (client) => `No secret on disk. The app adds the key when ${client} connects.` },
  helper: { title: 'Header helper', text: (client) => `${client} asks this app for the header each time.` },
  prompt: { title: 'Asked for by the client', text: (client) => `${client} asks you for the key once and keeps it encrypted.` },
  variable: { title: 'Environment variable', text: (client) => `${client} reads SUPERSET_API_KEY. You set it in your shell.` },
  plaintext: { title: 'Plain text in file', text: () => 'Anyone who can read the file has your key.' },
};

const cannot: Record<CannotTake, (client: string) => string> = {
  commands_only: (client) => `${client} starts local programs only and has no place for a header.`,
  no_variables: (client) => `${client} does not put environment variables into headers.`,
  variables_unconfirmed: (client) => `Nobody has shown that ${client} puts environment variables into headers.`,
  no_prompt: (client) => `${client} has no way to ask for a key and keep it.`,
  prompt_unconfirmed: (client) => `Nobody has shown that ${client} asks for a key and keeps it.`,
  no_commands: (client) => `${client} starts no programs.`,
  commands_unconfirmed: (client) => `Nobody has shown how ${client} is told which program to start.`,
  runs_elsewhere: (client) => `${client} may run on another computer, where your keychain is not.`,
  no_key_in_code: () => 'A key in source code ends up in repositories, so we put none there.',
  no_place_for_key: (client) => `${client} signs in with OAuth or not at all. It has no place for a key.`,
  no_helper: (client) => `${client} runs no program to get headers from.`,
  no_key_in_link: () => 'A link would leave the key in histories, so we do not make one.',
};

const forms: Record<SnippetForm, { tab: string; copy: string; where: (path: string) => string; label: (client: string) => string }> = {
  config: { tab: 'Config', copy: 'Copy config', where: (path) => path, label: (client) => `Config for ${client}` },
  command: { tab: 'Command', copy: 'Copy command', where: (path) => `Run in a terminal. It writes ${path}`, label: (client) => `Command for ${client}` },
  link: { tab: 'Link', copy: 'Copy link', where: (path) => `Open it in a browser. It writes ${path}`, label: (client) => `Link for ${client}` },
};

export type NoteGroup = 'before' | 'after' | 'careful';
export interface NoteWords {
  group: NoteGroup;
  text: (client: string, name: string) => string;
}

type Code = SnippetNote['code'];
/** By code. The index lets a newer core say something this window has no words for; it is then left out. */
const notes: Record<Code, NoteWords> & Readonly<Record<string, NoteWords>> = {
  merge_if_file_exists: { group: 'before', text: () => 'If the file exists already, add this entry to it. Do not replace the file.' },
  prefer_command_over_file: { group: 'before', text: (c) => `${c} rewrites this file all the time. Its own command is the safer way in.` },
  path_moved_by: { group: 'before', text: (_, name) => `Where ${name} is set, the file lies in the folder it names.` },
  set_variable: { group: 'before', text: (c, name) => `Set ${name} to your key before ${c} starts.` },
  gui_apps_dont_see_shell_variables: { group: 'before', text: (c) => `A desktop app does not see what a shell exports. Start ${c} from a shell, or use launchctl setenv or setx.` },
  needs_node: { group: 'before', text: () => 'Node.js with npx must be installed.' },
  npx_may_need_cmd: { group: 'before', text: () => 'On Windows, where npx is not found, use "cmd" with "/c npx" in its place.' },
  install: { group: 'before', text: (_, name) => `Install it first: ${name}` },
  also_needs: { group: 'before', text: (_, name) => `If the file does not exist yet, it also needs ${name} at its top.` },
  private_address_listed: { group: 'before', text: (_, name) => `If the server has a private address, name it in ${name}.` },
  public_https_only: { group: 'before', text: () => 'The server must be reachable from the internet, over https.' },
  posix_shell: { group: 'before', text: () => 'The command is for bash or zsh. On Windows, use Git Bash or WSL.' },
  program_not_there: { group: 'careful', text: (c) => `The program that ${c} would start is not there. Install superset-keys, the command line, beside this app first.` },
  program_in_build_folder: { group: 'careful', text: () => 'The program it starts lies in a build folder. Install it for a setup that lasts.' },
  program_in_versioned_folder: { group: 'careful', text: () => 'The program it starts lies in the folder of this version, and no link that stays leads there. After an upgrade, mend the entry here with one click.' },
  program_in_temporary_folder: { group: 'careful', text: () => 'The program it starts lies where it is soon gone. Install it for a setup that lasts.' },
  proxy_password_left_out: { group: 'careful', text: (c) => `Your proxy wants a password, which is written nowhere. The program reaches the server only where ${c} hands the proxy’s variable on.` },
  started_outside_sandbox: { group: 'before', text: (c) => `${c} runs in a sandbox and starts the program outside, by flatpak-spawn. It must be allowed to.` },
  program_by_name: { group: 'before', text: (c) => `The entry names superset-keys without a path, which is right for everybody who has the project. ${c} must find it on the PATH.` },
  path_of_this_computer: { group: 'careful', text: () => 'Git shares this file, and the program’s path in it is this computer’s. With superset-keys on your PATH its name alone is written.' },
  folders_of_this_computer: { group: 'careful', text: () => 'Git shares this file, and folders or a proxy of this computer are in it. Others must change them.' },
  address_of_this_computer: { group: 'careful', text: () => 'Git shares this file, and the address in it is another computer on each. Only the bridge writes none.' },
  config_passes_variables: { group: 'careful', text: (c) => `${c} starts the program with almost none of your environment. If it finds no keychain or no proxy, use the config in place of the command.` },
  space_in_path_on_windows: { group: 'careful', text: (c) => `A path in the setup holds a space. If ${c} cannot start the program, move it to a folder without one.` },
  needs_recent_version: { group: 'before', text: (c) => `Only recent versions of ${c} know this setting. Update it first.` },
  restart_needed: { group: 'after', text: (c) => `Quit ${c} altogether, then start it again.` },
  new_session_needed: { group: 'after', text: (c) => `Start a new session of ${c}. An open one does not see the change.` },
  reload_not_needed: { group: 'after', text: (c) => `${c} sees the change by itself. No restart is needed.` },
  asks_on_first_start: { group: 'after', text: (c) => `${c} asks for the key when it first starts the entry, and keeps it encrypted.` },
  approve_variable: { group: 'after', text: (c, name) => `${c} asks whether it may read ${name}. Say yes.` },
  asks_for_trust: { group: 'after', text: (c) => `${c} asks whether you trust the entry. Say yes.` },
  trust_folder_first: { group: 'after', text: (c) => `Trust the folder in ${c} first. Until then all entries stay off.` },
  plaintext_in_file: { group: 'careful', text: (c) => `The key lies readable in the file of ${c}. Do not share or commit it.` },
  key_in_its_settings: { group: 'careful', text: (c) => `${c} keeps the key in its own settings.` },
  key_goes_to_its_makers: { group: 'careful', text: () => 'The key travels to its makers, whose computers call your server with it.' },
  key_in_arguments_briefly: { group: 'careful', text: () => 'While the command runs, other programs can see the key. Afterwards it lies readable in the file.' },
  not_encrypted: { group: 'careful', text: () => 'The MCP address is plain http on another computer. The key travels unencrypted.' },
  oauth_metadata_may_drop_header: { group: 'careful', text: (c) => `If the server offers OAuth, ${c} may start that and drop the key.` },
  variables_may_fail_on_windows: { group: 'careful', text: () => 'On Windows some versions send the variable’s name in place of its value.' },
  helper_sees_little_environment: { group: 'careful', text: () => 'The helper sees almost none of your environment, such as SUPERSET_KEYS_HOME.' },
  quoted_path_untried_on_windows: { group: 'careful', text: (c) => `The program’s path is quoted for Windows. Nobody has tried that with ${c}.` },
};

const checks: Record<Check['how'], (client: string) => readonly [string, string]> = {
  run: () => ['Run', 'in a terminal.'],
  type: (client) => ['Type', `in ${client}.`],
  open: (client) => ['Open', `in ${client}.`],
};

/** The headings of the list, in its order. */
const kinds: Record<ClientKind, string> = {
  terminal: 'Terminal', editor: 'Editors', app: 'Desktop apps', web: 'Web apps', library: 'Your own code',
};

const byHand: Record<NotWritten, (client: string) => string> = {
  unconfirmed: (client) => `Paste this yourself: nobody has shown exactly what ${client} reads, so this app does not write it.`,
  place_not_known: () => 'Paste this yourself: you decide where this file lies.',
  form: (client) => `Fill this into ${client} yourself. This app cannot write its settings.`,
  code: () => 'Copy this into your program.',
  more_than_an_entry: () => 'Paste this yourself: it needs more than our entry.',
  older_file: (client) => `${client} would not read its older file any more once there is a new one.`,
  administrators: () => 'The administrators of this computer say which servers it may use.',
  not_read: (client) => `${client} reads no such file on this computer.`,
  older_form: () => 'That is an older form of its file, or another client’s.',
  impossible: () => '',
};

export const snippets = {
  clients: 'AI clients',
  kinds,
  here: 'This computer',
  notHere: (count: number) => `Not found on this computer (${count})`,
  filter: 'Filter AI clients',
  filterHint: 'Filter',
  noMatch: (typed: string) => `No AI client is called “${typed}”.`,
  byHand,
  impossible: {
    title: (client: string) => `${client} cannot use an API key`,
    text: 'Any of the other clients can. This one would need a server that offers OAuth.',
  },
  setup: (client: string) => `${client} setup`,
  reading: 'Reading the list of AI clients…',
  key: 'Key',
  defaultKey: (name: string) => `${name} (default)`,
  noKey: { title: 'No key on this computer yet', text: 'Create one, and these setups work at once.', create: 'Create key' },
  how: (client: string) => `How ${client} gets the key`,
  deliveries,
  recommended: 'Recommended',
  notRecommended: 'Not recommended',
  cannot,
  needsKey: 'There is no key on this computer to put in. Create one first.',
  noKeychain: 'This computer has no keyring to take the key from.',
  memoryKey: 'This key is only in this app’s memory, where other programs cannot ask for it.',
  setupTitle: 'Setup',
  form: 'Form',
  forms,
  noSecret: 'No secret inside',
  holdsKey: 'Holds your key',
  rendering: 'Preparing the setup…',
  copy: 'Copy',
  copied: 'Copied',
  copyCode: 'Copy code',
  tryAgain: 'Try again',
  unlock: 'Unlock',
  unlocking: 'Unlocking…',
  groups: { before: 'Before', after: 'Then', careful: 'Good to know' } satisfies Record<NoteGroup, string>,
  notes,
  note(note: SnippetNote, client: string): { group: NoteGroup; text: string } | null {
    const words = notes[note.code];
    return words ? { group: words.group, text: words.text(client, 'name' in note ? note.name : '') } : null;
  },
  checkTitle: 'See whether it works',
  checks,
  knowledge(knowledge: Knowledge, client: string, day: string): string {
    const { evidence } = knowledge;
    switch (evidence.kind) {
      case 'ran':
        return `Tried with ${client} ${evidence.version}, ${day}.`;
      case 'documented':
        return `From its makers’ documentation, read on ${day}.`;
      case 'reported':
        return `From other people’s words, read on ${day}. Nobody we know has tried it.`;
    }
  },
  mcp: {
    is: 'MCP server',
    change: 'Change',
    title: 'Where is the MCP server?',
    text: (instance: string) => `Superset does not tell. Type the address for ${instance}, or ask your admin.`,
    address: 'MCP address',
    placeholder: 'https://superset.example.com/mcp',
    missing: 'Type an address first.',
    save: 'Save',
    saveAnyway: 'Save anyway',
    saving: 'Saving…',
    again: 'Look again',
    looking: 'Looking…',
    message: (url: string) => [
      `Hello, at which address does the MCP server of our Superset, ${url}, answer?`,
      '',
      'It is the one that "superset mcp run" starts: port 5008 unless you changed that, and /mcp at the end. Thank you.',
    ].join('\n'),
    verdict: {
      label: 'What is at this address',
      waiting: 'We look at the address as you type. No key is sent for that.',
      looking: 'Looking for the MCP server…',
      server: { title: 'MCP server', text: 'answers at this address' },
      closed: { title: 'Strangers are not let in there', text: 'so it cannot be told yet whether it is the MCP server' },
      something_else: { title: 'No MCP server', text: 'something else answers at this address' },
      moved: { title: 'It sends us on', text: (to: string) => `to ${to}, where not every client follows` },
      use: (to: string) => `Use ${to}`,
      unencrypted: { title: 'Not encrypted', text: 'keys travel in the open' },
    },
    notFound: 'Still not found at the usual places. Ask your admin for the address.',
    cancel: 'Cancel',
  },
  unchecked: {
    text: 'On Superset 6.1.0 the MCP server itself does not check API keys unless your admin set that up.',
    more: 'What this means',
    details: [
      'No setting of Superset 6.1.0 turns the check on. An admin can add one through the MCP_AUTH_FACTORY hook.',
      'Without it the server ignores the key: tools either refuse everybody, or run as one fixed user for anyone who reaches the address.',
      'Ask your admin which it is before you rely on the key here.',
    ],
  },
};
