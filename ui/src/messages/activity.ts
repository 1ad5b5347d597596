// What AI clients did through this computer, and uses of keys that nothing here explains.
import type { AccessKind, LastUseBy, Outcome, ToolGroup, WhyNotKnown } from '../ipc';
import { grouped } from '../lib/numbers';
import { isolated } from '../lib/plain';

const counted = (n: number, one: string, many = `${one}s`): string => `${grouped(n)} ${n === 1 ? one : many}`;

const outcomes: Record<Outcome, string> = {
  done: 'Done',
  failed: 'Did not work',
  refused: 'Stopped by the guard',
  not_allowed: 'Server did not allow it',
  no_answer: 'No answer',
  cancelled: 'Called off by the client',
  under_way: 'Under way',
};

const longOutcomes: Record<Outcome, string> = {
  done: 'The tool answered.',
  failed: 'The tool, or the server, said that it did not work.',
  refused: 'The guard on this computer did not let it through. The server was not asked.',
  not_allowed: 'The server said that this key or its owner may not.',
  no_answer: 'No answer came. It may have happened all the same.',
  cancelled: 'The client did not want the answer any more.',
  under_way: 'It was not over when this was noted, or the bridge ended meanwhile.',
};

const why: Record<WhyNotKnown, string> = {
  no_record: 'The record here does not reach back to it.',
  clock_assumed: 'The server’s clock is not known well enough to tell who made it.',
  just_now: 'It is too new to tell who made it.',
};

/** How a key was handed out, where no tool was called. */
const handed: Readonly<Record<string, string>> = { headers: 'Got the key for its header', exec: 'Got the key in its environment' };

/** What it was sent with, where that was no key. */
const tokens: Readonly<Record<AccessKind, string | null>> = { api_key: null, signed: 'A token signed here', oauth: 'An OAuth token' };

export const activity = {
  title: 'Activity',
  subtitle: 'What AI clients did through this computer',
  page: 'Activity of AI clients',
  badge: (n: number) => counted(n, 'use nothing here explains', 'uses nothing here explains'),
  range: { label: 'How far back', options: [{ value: '24', label: '24 h' }, { value: '168', label: '7 days' }, { value: '720', label: '30 days' }] as const },
  client: { label: 'Client', all: 'All clients', none: 'A client that did not say' },
  instance: { label: 'Instance', all: 'All instances', gone: 'An instance that is off the list' },
  by: { label: 'Show', time: 'By time', client: 'By client', tool: 'By tool' },
  counts: {
    calls: (clients: number) => `calls, ${counted(clients, 'client')}`,
    failed: 'did not work',
    refused: 'stopped by the guard',
    unexplained: 'uses not from here',
    perDay: 'Calls a day',
    bars: (days: readonly { day: string; calls: number }[]) => `Calls a day. ${days.map(({ day, calls }) => `${day}: ${grouped(calls)}`).join(', ')}.`,
  },
  chips: { label: 'Filters', all: 'All', unexplained: 'Not from here', refused: 'Stopped', failed: 'Did not work' },
  columns: { time: 'Time', client: 'Client', tool: 'Tool', outcome: 'Outcome', took: 'Took', calls: 'Calls', failed: 'Did not work', refused: 'Stopped' },
  outcomes,
  longOutcomes,
  handed: (method: string, access: AccessKind | null) => (access && method === 'headers' ? 'Got a token for its header' : handed[method] ?? method),
  token: (access: AccessKind | null) => (access ? tokens[access] : null),
  byNothing: 'By nothing on this computer',
  aKey: 'A key',
  took: (ms: number | null) => (ms === null ? '–' : ms < 10_000 ? `${grouped(ms)} ms` : `${Math.round(ms / 1000)} s`),
  size: (bytes: number) => (bytes < 10_000 ? `${grouped(bytes)} bytes` : `${grouped(Math.round(bytes / 1000))} kB`),
  group: (day: string, instance: string) => `${day} · ${instance}`,
  rowInWords: (time: string, client: string, tool: string, outcome: string, took: string) => `${time}, ${client}, ${tool}. ${outcome}. Took ${took}.`,
  useInWords: (time: string, key: string) => `${time}, used by nothing on this computer. Key: ${isolated(key)}.`,
  countsInWords: (name: string, calls: number, failed: number, refused: number) => `${name}: ${counted(calls, 'call')}, ${failed} did not work, ${refused} stopped.`,
  foot: 'Kept here only, without arguments or results. Calls past the bridge are not seen.',
  more: (n: number) => `The newest ${grouped(n)} are shown. Choose a shorter time to see them all.`,
  shown: (n: number) => `${grouped(n)} shown`,
  refresh: 'Refresh',
  reading: 'Reading what was noted…',
  tryAgain: 'Try again',
  empty: {
    title: 'Nothing yet',
    text: 'Each tool that an AI client calls through the bridge shows up here.',
    connect: 'Connect a client',
  },
  none: { title: 'Nothing of this kind', text: 'Choose a longer time, or clear the filters.', clear: 'Clear filters' },
  off: {
    title: 'No record is kept',
    text: 'Turn it on to see which client used which tool, and which uses of your keys nothing here explains.',
    short: 'Nothing new is noted: the record is turned off.',
    turnOn: 'Turn on',
  },
  panel: {
    close: 'Close details (Esc)',
    when: 'When',
    client: 'Client',
    program: 'Started by',
    instance: 'Instance',
    key: 'Key',
    outcome: 'Outcome',
    token: 'Sent with',
    took: 'Took',
    size: 'Answer',
    showKey: 'Show key',
    guard: 'What it may do',
  },
  use: {
    title: (time: string) => `Used at ${time}, by nothing on this computer`,
    known: 'What is known',
    says: 'Superset says',
    lastUsed: (when: string) => `Last used ${when}`,
    here: 'Here',
    between: (before: string, after: string) => `No call between ${before} and ${after}`,
    since: (before: string) => `No call since ${before}`,
    until: (after: string) => `No call before ${after}`,
    never: 'No call with this key',
    noticed: 'Noticed',
    unknown: 'What is not known',
    who: 'Superset does not tell who or where. It may be a copy of the key on another computer, a job you set up, or somebody who has it.',
    latest: 'Superset tells only the latest use whenever keys are listed. Uses before it may be hidden behind it.',
    mine: 'It was me',
    marking: 'Noting…',
    marked: 'Noted. This one use is not shown any more.',
  },
  lastUse: {
    label: 'Made by',
    call: (client: string | null, tool: string) => `Was ${client ?? 'an AI client'}: ${tool}`,
    handed: (client: string | null) => `Perhaps ${client ?? 'a program'}, which was handed the key here`,
    mine: 'You said that it was you',
    nothing: 'Last used by nothing on this computer',
    show: 'Show',
    notKnown: (reason: WhyNotKnown) => why[reason],
    said(by: LastUseBy): string | null {
      switch (by.kind) {
        case 'ourselves': return null;
        case 'call': return activity.lastUse.call(by.client, by.tool ?? by.method);
        case 'handed': return activity.lastUse.handed(by.client);
        case 'not_known': return why[by.why];
        case 'nothing': return by.mine ? activity.lastUse.mine : activity.lastUse.nothing;
      }
    },
  },
  did: {
    title: (client: string) => `What ${client} did`,
    none: (client: string) => `${client} has called no tool of this instance through the bridge in the last 30 days.`,
    all: 'Show all in Activity',
    off: 'The record is turned off, so nothing new is noted.',
  },
};

const groups: Record<ToolGroup, string> = { look_up: 'Look things up', make_a_link: 'Make a link', run_sql: 'Run SQL', make_or_change: 'Make or change' };

export const guard = {
  parts: { label: 'About this client', key: 'How it gets the key', may: 'What it may do', did: 'What it did' },
  title: (client: string) => `What ${client} may do`,
  choices: {
    everything: { title: 'Everything', text: (user: string) => `All that ${user} may do.` },
    reading: { title: 'Reading only', text: 'Looks things up. No SQL, changes nothing.' },
    chosen: { title: 'Choose tools', text: 'You tick them one by one.' },
  },
  you: 'its key’s owner',
  hides: 'Superset hides its tools behind search_tools and call_tool. The guard looks into both, so what you leave out can neither be found nor called.',
  groups,
  filter: 'Filter tools',
  noMatch: (text: string) => `No tool matches “${text}”.`,
  allowed: (n: number, all: number) => `${n} of ${all} allowed`,
  of: (n: number, all: number) => `${n} of ${all}`,
  allRead: 'All that read',
  noneOf: 'None',
  later: (version: string) => `Tools the server adds later stay off until you tick them. The list is that of Superset ${version}.`,
  more: (rules: string) => `Besides these, its entry allows: ${rules}.`,
  denied: (rules: string) => `Its entry denies: ${rules}. Writing this anew leaves that out.`,
  wall: (client: string) => `Holds ${client} on this computer. It is no wall against your own other programs.`,
  onlyBridge: {
    title: (client: string) => `${client} can only be held to less on the bridge`,
    text: 'The way it gets its key now goes past this app, so nothing here could stop a call.',
    use: 'Use the bridge',
    cannot: (client: string) => `${client} cannot use the bridge. Give it the key of a user who may do less: the server decides then.`,
  },
  broken: { title: 'What its entry says is no rule', text: 'Its bridge does not start. Choose what it may do, and write it anew.' },
  notYet: (client: string) => `${client} is not set up here yet. What you choose is written with its entry.`,
  nothing: 'With no tool ticked, it can do nothing at all.',
  /** On the list of clients, after its state. */
  short: { reading: 'reading only', chosen: 'some tools' },
  tryAgain: 'Try again',
  reading: 'Reading what it may do…',
};
