// A guest’s token: who it is for, which rows it shows, what proves that, and the code around it.
import type { EmbeddingCode, GuestSecretState, ProofOutcome, QueryProblem, RuleWarning } from '../ipc';
import { grouped } from '../lib/numbers';
import { isolated } from '../lib/plain';

const list = (names: readonly string[]): string => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`);
const charts = (n: number): string => (n === 1 ? '1 chart' : `${grouped(n)} charts`);
const two = (n: number): string => String(n).padStart(2, '0');

/** "4:31", "2:04:31" */
export function left(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** For how long, in words: "5 minutes". */
export function span(seconds: number): string {
  const of = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'}`;
  if (seconds < 120) return of(seconds, 'second');
  if (seconds < 7200) return of(Math.round(seconds / 60), 'minute');
  if (seconds < 172_800) return of(Math.round(seconds / 3600), 'hour');
  return of(Math.round(seconds / 86_400), 'day');
}

const secrets: Partial<Record<GuestSecretState, { title: string; text: string }>> = {
  shipped: { title: 'Anybody can make such tokens', text: 'The server signs them with the secret that Superset ships. Whoever runs it sets GUEST_TOKEN_JWT_SECRET to one of its own.' },
  published: { title: 'Anybody can make such tokens', text: 'The server signs them with a secret that stands in a public guide. Whoever runs it sets GUEST_TOKEN_JWT_SECRET to one of its own.' },
  secret_key: { title: 'One secret for guests and for Admins', text: 'The guest secret is SECRET_KEY: whoever holds it makes an Admin’s session too. Whoever runs the server gives guests one of their own.' },
};

/** Why no dashboard is in the frame. */
const refused = {
  not_there: 'Superset does not know it: embedding is off, or has ended for this dashboard.',
  site_not_listed: 'The dashboard’s list of sites does not name {site}. Add it to try it here.',
  frame_ancestors: 'frame-ancestors does not name {site}, so the browser shows nothing.',
  frame_options: 'X-Frame-Options keeps it out of every frame.',
  page_missing: 'Superset answered with something else than the dashboard.',
  token_refused: 'Superset does not take the guest’s token.',
  role_missing: 'There is no role of the name in GUEST_ROLE_NAME.',
  role_lacks_user: 'The guests’ role lacks can read on CurrentUserRestApi.',
  role_lacks_dashboard: 'The guests’ role lacks can read on Dashboard.',
  role_lacks_chart: 'The guests’ role lacks can read on Chart.',
};

export const guestToken = {
  form: 'Guest and rules',
  guest: 'Guest',
  guestHint: 'Any name, not checked',
  name: 'Name',
  nameHint: 'Optional',
  rows: 'Rows the guest may see',
  noRules: 'Without a rule a guest sees all rows of this dashboard.',
  sql: 'Write SQL',
  filled: 'Fill in',
  rule: (n: number) => `Rule ${n}`,
  dataset: 'Dataset',
  every: 'Every dataset',
  noDatasets: 'Its datasets could not be read. The rule is for all of them.',
  only: 'Only',
  column: 'Column',
  is: 'is',
  value: 'Value',
  number: 'Number',
  clause: 'SQL',
  clauseHint: 'As it stands after WHERE. Write :name for a value that is put in, quoted.',
  valueOf: (name: string) => `Value of :${name}`,
  isNumber: (name: string) => `:${name} is a number`,
  columnBad: 'Letters, digits and _ only. Write SQL for another name.',
  columnMissing: 'Name the column.',
  clauseMissing: 'Write the rule, or remove it.',
  valueMissing: 'Give a value.',
  numberBad: 'That is no number.',
  removeRule: (n: number) => `Remove rule ${n}`,
  addRule: 'Add a rule',
  addRuleFor: (dataset: string) => `Add a rule for ${isolated(dataset)}`,
  sent: 'Sent as',
  warnings: {
    or_at_top: 'OR at its top: whatever stands beside it opens the rows.',
    constant: 'It compares no column, so it lets all rows through, or none.',
    dataset_elsewhere: 'Its dataset is not on this dashboard, so it applies to nothing.',
    no_such_column: 'The dataset has no such column.',
  } satisfies Record<RuleWarning, string>,
  token: 'Guest token',
  masked: (letters: number) => `Guest token of ${grouped(letters)} letters, hidden`,
  copy: 'Copy',
  only_: 'it stays valid until it ends',
  made: (time: string) => `Made ${time}.`,
  ends: (rest: string) => `Ends in ${rest}, the server decides how long.`,
  over: 'It is over. Make a new one.',
  changed: 'Guest or rules have changed since. Make a new one for them.',
  done: (seconds: number) => `A guest token was made. It ends in ${span(seconds)}.`,
  gone: 'The token is not held any more. Make a new one.',
  final: 'Nothing revokes a guest token. It ends by itself, or all end with a new secret.',
  mint: 'Make a token',
  another: 'Make a new token',
  minting: 'Making…',
  inspectOpen: 'Inspect a token',
  secrets,
  proof: {
    title: {
      not: 'Not proven yet',
      checking: 'Reading the charts…',
      noCharts: 'This dashboard has no charts',
      all: (n: number) => `${charts(n)} ${n === 1 ? 'shows' : 'show'} all rows`,
      broken: (n: number) => `${charts(n)} ${n === 1 ? 'fails' : 'fail'} with these rules`,
      untold: (n: number) => `${charts(n)} could not be read`,
      filtered: 'No chart shows all rows',
    },
    text: 'Superset takes broken and too wide rules without a word. So each chart is read as this guest, without the rules and with them.',
    about: (time: string) => `Read as this guest at ${time}, without and with the rules`,
    prove: 'Prove by rows',
    again: 'Prove again',
    busy: 'Reading…',
    old: 'Guest or rules have changed since. Prove again.',
    table: 'Rows without and with the rules',
    columns: { chart: 'Chart, dataset', without: 'Without', with: 'With', so: 'So' },
    atLeast: (n: number) => `${grouped(n)}+`,
    failed: 'Fails',
    notAsked: '–',
    notAskedLong: 'Not asked',
    noDataset: 'Dataset not told',
    outcomes: { filtered: 'Filtered', not_reached: 'All rows', all_rows: 'As many rows', no_rows: 'No rows at all', broken: 'Fails', not_told: 'Cannot tell' } satisfies Record<ProofOutcome, string>,
    notReached: (names: readonly string[]) => `No rule reaches ${list(names.map((name) => `“${isolated(name)}”`))}.`,
    notReachedText: 'Each guest sees its rows of every customer. Add a rule for it, or take the chart off this dashboard.',
    noRule: 'There is no rule, so each guest sees all rows.',
    allRows: 'A rule reaches it, and as many rows come. It may be too wide, or all rows are this guest’s.',
    why: 'Superset takes broken and too wide rules without a word, so only rows prove one.',
    noRows: '“No rows at all” may be right: look whether there are any for this guest.',
    problems: {
      column_missing: 'No such column', table_missing: 'No such table', denied: 'Not allowed', no_database: 'The database is gone', slow: 'The database took too long',
      gone: 'The database does not answer', other: 'The query fails',
    } satisfies Record<QueryProblem, string>,
  },
  inspect: {
    title: 'Inspect a guest token',
    sub: 'Nothing of it is kept, and it is never shown.',
    field: 'Guest token',
    fieldHint: 'It leaves this field as soon as it is pasted.',
    missing: 'Paste the token first.',
    pasteAgain: 'Paste it once more.',
    confirm: 'Inspect',
    busy: 'Reading…',
    mine: 'Read the one made here',
    another: 'Inspect another',
    close: 'Close',
    who: 'Guest',
    nobody: 'No name',
    dashboards: 'Dashboards',
    noDashboards: 'None, so it shows nothing',
    byNumber: 'by number: it outlives the embedding’s end',
    unknown: 'not one of this server',
    rows: 'Rows',
    allRows: 'All rows: it has no rule',
    of: (dataset: string) => `of ${isolated(dataset)}`,
    issued: 'Made',
    end: 'Ends',
    noEnd: 'Never',
    leftHere: (seconds: number) => `${span(seconds)} left by this computer’s clock`,
    leftThere: (seconds: number) => `${span(seconds)} by the server’s`,
    overSince: (seconds: number) => `Over for ${span(seconds)} by this computer’s clock`,
    overThere: (seconds: number) => `over for ${span(seconds)} by the server’s`,
    audience: 'Audience',
    algorithm: 'Signed with',
    notThere: 'Not named',
    taken: { yes: 'The server takes it', no: 'The server does not take it', unknown: 'The server was not asked' },
    letters: (n: number) => `${grouped(n)} letters`,
    ends: 'What ends it: its own end, or a new secret, which ends all guest tokens at once. Neither revoking the minter’s key nor signing anybody out does.',
  },
};

export const embeddingCode = {
  page: 'Your page',
  backend: 'Your backend',
  codes: { html: 'HTML', react: 'React', python: 'Python', node: 'Node', curl: 'curl', rust: 'Rust' } satisfies Record<EmbeddingCode, string>,
  look: 'How it looks',
  hideTitle: 'Without the title',
  filtersOpen: 'Filters open',
  noSecret: 'no secret inside',
  install: 'First',
  reading: 'Writing the code…',
  copy: 'Copy',
  copyInstall: 'Copy command',
  copied: 'Copied',
  byHand: 'Mark the text and copy it yourself.',
  copyBoth: 'Copy both',
  label: (file: string) => `Code of ${file}`,
  tryAgain: 'Try again',
  note: (variable: string | null) =>
    `The backend reads its key from ${variable ?? 'the environment'}, checks the certificate, and asks for a new token shortly before the old one ends. The referrer policy matters: with “same-origin” Superset answers 403.`,
  writtenFor: (version: string | null) => `Written for SDK 0.4.0 and Superset ${version ?? '6.1'}`,
  preview: {
    title: 'See it in your browser',
    text: 'This computer shows your page at an address only it can reach, with a real guest token, until you close this.',
    open: 'Open preview',
    opening: 'Opening…',
    again: 'Open in browser again',
    close: 'Close preview',
    waiting: 'Waiting for the frame.',
    shown: 'The frame said: dashboard shown.',
    silent: 'The frame said nothing. A browser that keeps storage from frames does that, and so does a proxy.',
    refused,
    /** What the page itself says; {site} is where it is served, {dashboard} the title. */
    page: {
      heading: '{dashboard}',
      note: 'Only this computer can reach this page, until the preview is closed in Superset Keys.',
      waiting: 'Waiting for the dashboard.',
      shown: 'The dashboard is shown.',
      silent: 'The frame says nothing. A browser that keeps storage from frames does that, and so does a proxy.',
      no_token: 'No guest’s token came. Look at Superset Keys, and open the preview again.',
      refused,
    },
  },
};
