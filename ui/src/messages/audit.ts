// Everybody's keys, what is wrong with each, and what it takes to see them.
import type { AuditFinding, AuditView, Dialect, LoginRight, NotJudged, RoadState, SetUpRoad, TakesPermission } from '../ipc';
import { grouped } from '../lib/numbers';
import { isolated } from '../lib/plain';

const keys = (n: number): string => (n === 1 ? '1 key' : `${grouped(n)} keys`);
const people = (n: number): string => (n === 1 ? '1 person' : `${grouped(n)} people`);
const list = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`);

const may: Record<LoginRight, string> = {
  reads_hashes: 'read hashes of passwords or keys', writes: 'write', files: 'reach files of the database’s computer',
  calls: 'call functions with other rights', creates: 'make tables where Superset’s lie',
};
const unknown: Record<NotJudged, string> = {
  no_logins: 'SQLite has no logins whose rights could be held down.', other_kind: 'Superset does not keep its own data in a database of this kind.',
  not_in_sql_lab: 'It is not open to SQL Lab, which is where it can be asked.', not_allowed: 'Your role may not ask it in SQL Lab.',
  no_answer: 'The database did not answer that question.',
};

export const audit = {
  grid: 'Everybody’s keys',
  columns: { name: 'Name', owner: 'Owner', findings: 'Findings', last_used: 'Last used', expires: 'Ends', created: 'Created' },
  findings: {
    owner_inactive: 'Owner inactive', owner_admin: 'Admin’s', never_used: 'Never used', quiet: 'Quiet', ended_not_revoked: 'Ended, not revoked',
    over_a_year: 'Over a year', no_end: 'No end', ends_soon: 'Ends soon', many_keys: 'Many keys', same_name: 'Same name',
  } satisfies Record<AuditFinding, string>,
  /** On a row, where the number is known. */
  manyKeys: (n: number) => keys(n),
  /** On a chip, with what is set. */
  chip(finding: AuditFinding, { quiet_days, ends_soon_days, many_keys }: Pick<AuditView, 'quiet_days' | 'ends_soon_days' | 'many_keys'>): string {
    if (finding === 'quiet') return `Quiet ${quiet_days} d`;
    if (finding === 'ends_soon') return `Ends in ${ends_soon_days} d`;
    if (finding === 'many_keys') return `${many_keys} keys or more`;
    return audit.findings[finding];
  },
  why: {
    owner_inactive: 'It is refused as long as its owner is inactive, and works again when they are made active.',
    owner_admin: 'It may do whatever its owner may, and that is everything.',
    never_used: 'Nothing has used it yet. What was it made for?',
    quiet: (days: number) => `Nothing has used it for ${days} days or more.`,
    ended_not_revoked: 'Its end has passed, so it is refused. In the list it still looks as if it were of use.',
    over_a_year: 'Made more than a year ago. Whoever saw it since may still have it.',
    no_end: 'It works until somebody revokes it.',
    ends_soon: 'What uses it stops then, unless it is replaced before.',
    many_keys: (n: number) => `Its owner has ${keys(n)} that work.`,
    same_name: 'Its owner has another that works under the same name, so the two cannot be told apart.',
  },
  any: 'Any finding',
  more: (n: number) => `${grouped(n)} more`,
  moreFindings: 'More findings',
  filters: 'Filters',
  filter: 'Filter everybody’s keys',
  filterShort: 'Filter',
  saved: 'Saved filters',
  save: 'Save this filter',
  forget: 'Forget this filter',
  everything: 'Show all keys',
  savedName: (parts: readonly string[]) => parts.join(' · '),
  quoted: (text: string) => `“${isolated(text)}”`,
  sinceName: { new: 'New', quiet: 'Fell quiet' },
  summary: 'In short',
  counts: { keys: (n: number, who: number) => `${n === 1 ? 'key' : 'keys'}, ${people(who)}`, new: (day: string) => `new since ${day}`, quiet: 'fell quiet since', gone: 'gone since' },
  countLabel: (n: number, words: string) => `${grouped(n)} ${words}`,
  bars: { title: 'Time since last use', names: ['1 w', '1 m', '3 m', '6 m', '1 y', '1 y+', 'never'], long: ['within a week', 'within a month', 'within 3 months', 'within 6 months', 'within a year', 'longer ago', 'never used'] },
  barsInWords: (parts: readonly string[]) => `Time since last use, of keys that work: ${parts.join(', ')}`,
  bar: (long: string, n: number) => `${long} ${grouped(n)}`,
  inactive: 'inactive',
  you: 'you',
  never: 'Never',
  none: '–',
  noEnd: 'No end',
  revoked: 'Revoked',
  ended: 'Ended',
  moreFound: (n: number) => `+${n}`,
  nothingFound: 'No findings',
  heat: ['', '', 'Long unused', 'Very long unused'],
  inWords: (name: string, owner: string, inactive: boolean, you: boolean, status: string, found: readonly string[], used: string, ends: string) =>
    `${name}, of ${owner}${inactive ? ', inactive' : ''}${you ? ', you' : ''}, ${status}. ${found.length > 0 ? `${found.join(', ')}.` : 'No findings.'} Last used: ${used}. Ends: ${ends}.`,
  status: { active: 'Active', expired: 'Ended', revoked: 'Revoked' },
  asOf: (time: string, zone: string) => `As of ${time}, server time ${zone}`,
  assumed: 'assumed',
  refresh: 'Read again',
  refreshing: 'Reading',
  export: 'Export',
  exportAs: { csv: 'Table for spreadsheets (CSV)…', json: 'For programs (JSON)…' },
  exportTo: 'Where the file goes',
  exported: (n: number, path: string) => `${keys(n)} written to ${isolated(path)}.`,
  total: keys,
  totalOf: (shown: number, all: number) => `${grouped(shown)} of ${keys(all)}`,
  found: (n: number) => `${keys(n)} found`,
  read: (time: string, road: string) => `Read ${time} ${road}`,
  kept: (time: string) => `Shown as of ${time}`,
  road: { dataset: 'by the dataset', sql_lab: (name: string) => `in SQL Lab by ${isolated(name)}` },
  setUp: 'How it is read',
  setUpLong: 'See how to set it up',
  notes: {
    trusted: 'This was read by a connection that may do more than read, because you said so for this once.',
    not_checked: 'What the login behind the dataset may do was not checked: your role may not ask.',
    by_tables: 'Roles that people have by a group are not known here.',
    assumed: 'The server’s clock is not known, so it is taken for UTC, and findings that hang on it are left out.',
    hide: 'Hide',
  },
  reading: (name: string) => `Reading everybody’s keys from ${name}…`,
  slow: 'Still waiting. The server is slow today.',
  stop: 'Stop',
  stopped: { title: 'Stopped', text: (name: string) => `Everybody’s keys on ${name} were not read.` },
  tryAgain: 'Try again',
  signIn: 'Then everybody’s keys are listed here, as far as you may see them.',
  empty: { title: 'Nobody has a key', text: (name: string) => `${name} has no API keys yet. As soon as somebody makes one it is here.` },
  noMatch: { title: 'No key matches', text: (n: number) => `Clear the filter to see all ${grouped(n)}.`, clear: 'Clear filter' },
  bar_: {
    label: 'Selected keys', count: (n: number) => `${grouped(n)} selected`, clear: 'Clear', yours: (n: number) => (n === 1 ? '1 is yours' : `${grouped(n)} are yours`),
    hidden: (n: number) => `${grouped(n)} not in view`, message: 'Message to owners', messageShort: 'Message', sql: 'SQL for the database’s owner', sqlShort: 'SQL', revoke: (n: number) => `Revoke mine (${grouped(n)})…`,
  },
  select: (name: string) => `Select ${isolated(name)}`,
  selectAll: 'Select all in view',
  panel: {
    close: 'Close', wrong: 'What is wrong', nothing: 'Nothing that the data shows.', times: 'Times', created: 'Created', lastUsed: 'Last used', ends: 'Ends', ended: 'Ended', revoked: 'Revoked',
    server: (time: string) => `Server: ${time}`, serverTimes: 'Server times', owner: 'Owner', about: 'About this key', uuid: 'Id', scopes: 'Scopes', scopesNote: 'stored, and not enforced by 6.1',
    open: (name: string) => `Open ${isolated(name)}`, mine: 'Show it in Keys', revokedNow: 'It is refused for good.', assumed: 'The server’s times are taken for UTC.',
    message: 'Message to its owner', sql: 'SQL that revokes it', again: 'Read the list again afterwards: only that proves it.',
  },
  person: {
    active: 'Active', inactive: 'Inactive', untold: 'Not told whether active', sleep: 'the keys sleep', keys, noRoles: 'no roles', you: 'This is you',
    used: (ago: string) => `Used ${ago}`, neverUsed: 'Never used', noEnd: 'no end', ends: (when: string) => `ends ${when}`, ended: 'ended', revoked: 'revoked',
    known: 'What is known', lastSignIn: 'Signed in', lastSeen: 'Last seen', fromLog: 'from the event log', noSeen: 'The event log has nothing of them', notAllowed: 'Your role may not read the event log', looking: 'Looking…',
    unread: (title: string) => `${title}.`, now: 'Now', refused: 'Every call with these keys is refused', but: 'But', wake: (n: number, who: string) => `${keys(n)} ${n === 1 ? 'wakes' : 'wake'} up if ${isolated(who)} is made active again`,
    did: 'Latest', signInNote: 'in a browser, not by a key', sql: (n: number) => `SQL that revokes ${grouped(n)}`, rest: 'Make inactive…', wakeUp: 'Make active again…', message: 'Message to them', tryAgain: 'Try again',
  },
  rest: {
    rest: (who: string) => `Make ${isolated(who)} inactive?`, wake: (who: string) => `Make ${isolated(who)} active again?`,
    restText: (n: number) => `Every call with their ${keys(n)} is refused at once, and they cannot sign in. Nothing is deleted: made active again, the keys work as before.`,
    wakeText: (n: number) => `They can sign in again, and ${n === 1 ? 'their 1 key works' : `their ${grouped(n)} keys work`} again at once, also where somebody else has one.`,
    confirmRest: 'Make inactive', confirmWake: 'Make active', keep: 'Leave as it is', busy: 'Asking the server…',
    rested: (who: string, agrees: boolean | null) => `${isolated(who)} is inactive${agrees === null ? '; the list could not be read to prove it' : ''}.`,
    woken: (who: string, agrees: boolean | null) => `${isolated(who)} is active${agrees === null ? '; the list could not be read to prove it' : ''}.`,
  },
  gone: { title: (n: number) => `${keys(n)} gone`, text: (day: string) => `They worked on ${day}, and do not any more: revoked, ended, or away with their owner.`, of: (who: string) => `of ${isolated(who)}` },
  text: {
    copy: 'Copy', copied: 'Copied', close: 'Close', byHand: 'Mark it and copy it yourself',
    message: { title: 'Message to owners', sub: (n: number) => `To ${people(n)}. Names and times only, no key.`, copy: 'Copy message' },
    sql: { title: 'SQL for the database’s owner', sub: 'Superset lets nobody revoke other people’s keys. Whoever owns its database can, with this.', copy: 'Copy SQL', dialect: 'Kind of database' },
  },
  /** To the owners of keys, in plain words. */
  message(instance: string, url: string, people_: readonly { username: string; keys: readonly { name: string; found: readonly string[]; used: string }[] }[]): string {
    const lines = people_.flatMap(({ username, keys: theirs }) => [
      '', `${username}:`,
      ...theirs.map(({ name, found, used }) => `- ${name}: ${[...found.map((words) => words.toLowerCase()), used].join(', ')}`),
    ]);
    return [`Hello, these API keys on ${instance} (${url}) need a look:`, ...lines, '', 'Please revoke what you do not use, and replace what has no end. Thank you.'].join('\n');
  },
  lastUsed: (ago: string) => `last used ${ago}`,
};

export const auditSetUp = {
  title: 'See everybody’s keys',
  text: 'Superset shows each person only their own keys, admins too. A read-only view shows the rest; whoever runs the database makes it once.',
  roads: 'Roads',
  looking: 'Looking for a way to everybody’s keys…',
  lookAgain: 'Look again',
  toList: 'Show everybody’s keys',
  open: (n: number) => (n === 1 ? 'A road is open.' : 'Two roads are open. The first is taken.'),
  road: { dataset: 'Dataset superset_key_audit', sql_lab: 'SQL Lab' } satisfies Record<SetUpRoad, string>,
  on: (database: string) => `on “${isolated(database)}”`,
  state: { open: 'Open', not_there: 'Set up below', refused: 'Refused', not_allowed: 'Not allowed', broken: 'Does not work' } satisfies Record<RoadState, string>,
  roadText: {
    dataset: {
      open: 'The better road: a key is enough, and no query is left behind.', not_there: 'Not there yet. The better road: a key is enough, and no query is left behind.',
      refused: 'Its login may do more than read. We do not use it.', not_allowed: 'Your role may not read it.', broken: 'The view is of another form, or did not answer.',
    },
    sql_lab: {
      open: 'A query by you, which Superset notes in your query history.', not_there: 'No connection of Superset shows its own keys.',
      refused: 'Its login may do more than read. We do not use it.', not_allowed: 'Your role may not use SQL Lab.', broken: 'The database did not answer.',
    },
  } satisfies Record<SetUpRoad, Record<RoadState, string>>,
  tooMuch: (rights: readonly LoginRight[]) => `Its login can ${list(rights.map((right) => may[right]))}. We do not use it.`,
  unknown: (reason: NotJudged) => `What its login may is not known. ${unknown[reason]}`,
  unjudgedDataset: 'What its login may was not asked: your role may not.',
  lacks: (permissions: readonly string[]) => `You lack ${list(permissions)}.`,
  missing: (columns: readonly string[]) => `The dataset lacks ${list(columns)}.`,
  permissions: 'Permissions',
  takes: { dataset: 'To read the dataset', sql_lab: 'To read in SQL Lab', make_dataset: 'To make the dataset', make_role: 'To make a role' } satisfies Record<TakesPermission, string>,
  has: 'You have it', hasNot: 'You lack it', hasUnknown: 'The server does not tell',
  trust: {
    open: 'Read anyway, once…', title: 'Read by this connection once?', text: 'Its login may do more than read, or nobody can say what it may. We send one query that reads names, owners and times. Use it for a trial, not for a server that others rely on.',
    confirm: 'Read once', keep: 'Do not read',
  },
  reports: {
    name: 'Reports of each person', text: 'Everybody hands in their own list, signed. Works without any of this.', use: 'Use reports', title: 'Reports of each person',
    sub: 'Nobody sees anybody’s keys but in the lists that people hand in.', make: '1. Everybody runs this, and sends you the file', merge: '2. You put them together', copy: 'Copy command', copied: 'Copied', byHand: 'Mark it and copy it yourself', close: 'Close',
    note: 'A report has names and times, never a key. It is signed, so a change on the way shows.',
    makeCommand: (instance: string) => `superset-keys report make ${instance} --out report-${instance}.json`, mergeCommand: 'superset-keys report merge *.json',
  },
  steps: 'Set-up',
  one: 'The database’s owner runs this',
  two: 'Add that login to Superset as a database',
  twoText: 'In Superset: Settings, Database Connections, + Database. User superset_key_auditor, the password its owner gave it, and the database that Superset keeps its own data in. Then look again here.',
  three: 'We test what the login may, then make the dataset',
  threeNone: 'No connection of Superset shows the view yet.',
  threeHidden: 'Your role does not see databases. Somebody whose role does can do this step.',
  done: 'The dataset is there.',
  dialect: 'Kind of database',
  dialects: { postgresql: 'PostgreSQL', mysql: 'MySQL', sqlite: 'SQLite' } satisfies Record<Dialect, string>,
  columnsOnly: 'Columns only',
  columns: (n: number) => `${n} columns, no hashes`,
  sql: (file: string) => `SQL: ${file}`,
  copySql: 'Copy SQL', copyUndo: 'Copy what takes it back', copied: 'Copied', byHand: 'Mark it and copy it yourself',
  database: { fine: 'Its login reads the view and nothing more.', tables: 'It shows Superset’s own tables, without the view.', neither: 'It does not show keys.', unknown: 'It did not answer.' },
  make: { open: 'Make dataset…', title: 'Make the dataset?', text: (database: string) => `It is made on “${isolated(database)}” and named superset_key_audit. Before that we ask once more what the login may.`, confirm: 'Make dataset', busy: 'Making…', keep: 'Do not make it', done: (already: boolean) => (already ? 'The dataset was there already.' : 'The dataset is there.') },
  role: {
    title: 'A role for auditors', text: 'It reads the dataset and keys of its own, and nothing else. Give it to whoever audits, or to the account of a nightly job.', label: 'Name of the role', name: 'Key auditor', confirm: 'Make role', busy: 'Making…',
    created: (name: string) => `The role “${isolated(name)}” is there. Give it to somebody in Superset: Settings, List Users.`, completed: (name: string, given: number) => (given === 0 ? `The role “${isolated(name)}” had all of it already.` : `The role “${isolated(name)}” was given what it lacked.`),
    beyond: (n: number) => `It may ${n === 1 ? 'one thing' : `${grouped(n)} things`} beyond that; nothing was taken away.`,
  },
  seen: {
    title: 'Who will see it', text: (roles: readonly string[]) => `Everyone with the role ${roles.length < 2 ? roles.join('') : `${roles.slice(0, -1).join(', ')} or ${roles.at(-1) ?? ''}`}, because they may read all datasets: names, owners and times of keys. Never a key.`,
    assumed: 'These are the roles that Superset ships; yours may not look into roles.', none: 'Only whom somebody gives access to it.',
  },
  what: { title: 'What is read', items: [['Of keys', 'Name, scopes, created, ends, revoked, last used'], ['Of people', 'User name, name, active, roles, last sign-in'], ['Never', 'Hashes, passwords, addresses of databases']] },
  before: { title: 'Know before', text: 'Drop the view before you upgrade Superset: a migration that changes these tables stops on it. “Columns only” has no such catch, but no dataset in one click.' },
  message: {
    copy: 'Copy message for the database’s owner', copied: 'Copied',
    text: (url: string, sql: string) => [
      `Hello, could you let one read-only login see who has which API key on our Superset, ${url}?`, '', 'This makes a view without any hash or password, and a login that can read nothing else. It runs in Superset’s metadata database:', '', sql.trimEnd(), '',
      'Please give the login a password, and send it to me by a safe way. Thank you.',
    ].join('\n'),
  },
  back: 'Back to the list',
};
