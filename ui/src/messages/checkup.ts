// The check-up. What was found and what helps is in checkup.json, which the command line reads too.
import { day } from '../lib/dates';
import { fill, type Values } from '../lib/fill';
import type { CheckupItem, CheckupItemView, Finding, InstanceView, Remedy, Verdict } from '../ipc';
import found from './checkup.json';

interface Found {
  items: Record<CheckupItem, string>;
  findings: Record<Finding, { seen: string; why: string }>;
  remedies: Record<Remedy, { text: string; config: string; admin: string }>;
}
const { items, findings, remedies }: Found = found;

/** What the words for an item cannot know from the item. */
export interface Place {
  instance: Pick<InstanceView, 'url' | 'host' | 'mcp_url' | 'version'>;
  /** As the check-up found it. */
  mcpUrl: string | null;
}

export interface ItemWords {
  title: string;
  seen: string;
  why: string;
  remedy: { text: string; config: string; admin: string } | null;
}

const ABOUT_MCP: ReadonlySet<CheckupItem> = new Set<CheckupItem>([
  'mcp_endpoint', 'mcp_connection', 'oauth_metadata', 'no_key', 'made_up_key', 'made_up_token', 'handshake', 'tools',
  'tool_call', 'identity',
]);

const shownDay = (when: string | undefined): string | undefined => (when ? day(new Date(when)) : undefined);

function valuesOf({ item, params }: CheckupItemView, { instance, mcpUrl }: Place): Values {
  const mcp = ABOUT_MCP.has(item) ? (params.url ?? mcpUrl ?? instance.mcp_url) : null;
  const url = mcp ?? instance.url;
  return {
    url,
    host: mcp && URL.canParse(mcp) ? new URL(mcp).host : instance.host,
    version: instance.version ?? undefined,
    ...params,
    until: shownDay(params.until),
    end: shownDay(params.end),
    at: shownDay(params.at),
  };
}

export function itemWords(view: CheckupItemView, place: Place): ItemWords {
  const values = valuesOf(view, place);
  const { seen, why } = findings[view.finding];
  const remedy = view.remedy && remedies[view.remedy];
  return {
    title: items[view.item],
    seen: fill(seen, values),
    why: fill(why, values),
    remedy: remedy ? { text: fill(remedy.text, values), config: fill(remedy.config, values), admin: fill(remedy.admin, values) } : null,
  };
}

const verdicts: Record<Verdict, string> = {
  skipped: 'Not checked', passed: 'Passed', noted: 'Worth knowing', warning: 'Warning', critical: 'Critical',
};

/** What is being done while its row is under way. */
const doing: Record<CheckupItem, string> = {
  reachable: 'Asking for an answer…',
  connection: 'Looking at the certificate…',
  client_certificate: 'Looking at your certificate…',
  version: 'Reading the version…',
  api_keys: 'Asking whether keys are on…',
  public_role: 'Asking as a stranger…',
  sign_in: 'Asking who is signed in…',
  permissions: 'Reading what you may do…',
  guest_secret: 'Looking at what signs guests’ tokens…',
  clock: 'Comparing clocks…',
  key_expiry: 'Looking at the key…',
  key_owner: 'Asking whose key it is…',
  key_scopes: 'Looking at the key…',
  mcp_endpoint: 'Looking for it…',
  mcp_connection: 'Looking at the certificate…',
  oauth_metadata: 'Asking for an announcement…',
  no_key: 'Asking without a key…',
  made_up_key: 'Asking with a made-up key…',
  made_up_token: 'Asking with a made-up token…',
  handshake: 'Asking with your key…',
  tools: 'Asking for the tools…',
  tool_call: 'Calling a tool…',
  identity: 'Comparing who you are…',
};

const times = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`);
const checks = (n: number): string => `${n} ${n === 1 ? 'check' : 'checks'}`;

/** How a stranger got in, told for the item that found it. */
const intrusions: Partial<Record<CheckupItem, string>> = {
  no_key: 'We asked the MCP server without any key. It answered as if we were {user}.',
  made_up_key: 'We sent the MCP server a key that we made up. It answered as if we were {user}.',
  made_up_token: 'We sent the MCP server a token that we made up. It answered as if we were {user}.',
};

export const checkup = {
  items,
  verdicts,
  doing,
  label: 'Check-up',
  rows: 'Checks',
  found: 'What was found',
  progress: 'Check-up progress',
  checkNow: 'Check now',
  checkAgain: 'Check again',
  stop: 'Stop',
  onlyReads: 'The check only reads and runs no query. All it changes on the server is when your key was last used.',
  keyUsed: (requests: number) => `Your key was sent ${times(requests)}, which moved its last-used time.`,
  title: {
    ready: (instance: string) => `Is ${instance} ready for AI clients?`,
    running: (instance: string) => `Checking ${instance}…`,
    good: (instance: string) => `${instance} is ready`,
    partly: (instance: string) => `Nothing wrong was found on ${instance}`,
    attention: (instance: string) => `${instance} needs attention`,
    stopped: (instance: string) => `The check of ${instance} was stopped`,
    refused: (instance: string) => `${instance} was not checked`,
  },
  never: 'Never checked',
  last: (when: string, result: string) => `Last checked ${when}: ${result}`,
  checked: (when: string) => `Checked ${when}`,
  withKey: 'with key',
  withoutKey: 'without a key',
  runsWithKey: 'With key',
  runsWithoutKey: 'Without a key',
  stoppedText: 'What was found until then is below. Nothing was kept of it.',
  passed: (passed: number, examined: number) => (passed === examined ? `All ${passed} passed` : `${passed} of ${examined} passed`),
  passedSoFar: (passed: number) => `${passed} passed`,
  what: {
    label: 'What is checked',
    server: 'Whether it can be reached over a connection to trust, with API keys on.',
    strangers: 'Whether its MCP server turns strangers away: without a key, with a made-up key, with a made-up token.',
    key: 'Whether your key works there, and in whose name.',
  },
  whatIsSent: 'A made-up key and a made-up token are sent, which its log may show.',
  keyIsSent: 'Your key is sent a few times, which moves its last-used time.',
  noKey: { text: 'There is no key on this computer. The check still tells whether strangers get in.', create: 'Create key' },
  lockedBanner: 'Unlock it to try your key. Everything else can be checked as it is.',
  untried: (locked: string | null) =>
    locked ? `${locked} is locked, so your key was not tried. Unlock it and check again.` : 'Your key could not be read on this computer, so it was not tried.',
  toDo: 'What to do',
  fixTitle: 'How to fix it',
  file: 'superset_config.py',
  copyFix: 'Copy fix',
  copyAdmin: 'Copy message for your admin',
  copyAddress: 'Copy address',
  copyReport: 'Copy report',
  copied: 'Copied',
  reportIsSafe: 'The report never contains a key.',
  byHand: 'Mark the text and copy it yourself.',
  asAbove: 'The remedy is the one above.',
  actions: { make_key: 'Create key', sign_in: 'Sign in', name_endpoint: 'Set the address' } satisfies Partial<Record<Remedy, string>>,
  intrusion: (item: CheckupItem, user: string) => fill(intrusions[item] ?? intrusions.no_key ?? '', { user }),
  letIn: (user: string) => `This server lets anyone in as ${user}`,
  actsAs: (mcpUser: string, user: string) => `The MCP server acts as ${mcpUser}, not as ${user}`,
  paused: 'Connecting new AI clients is paused',
  folded: (passed: number, skipped: number) => (skipped > 0 ? `${checks(passed)} passed, ${skipped} not made` : `${checks(passed)} passed`),
  side: {
    label: 'Result',
    soFar: 'Result so far',
    result: 'Result',
    endpoint: 'MCP endpoint',
    noEndpoint: 'Not known yet',
    last: 'Last check-ups',
    none: 'None yet',
    good: 'Nothing wrong so far',
    ready: 'Ready for AI clients',
    partly: 'Nothing wrong was found',
    wrong: (n: number) => (n === 1 ? '1 thing needs attention' : `${n} things need attention`),
    left: (n: number) => `${checks(n)} still to come.`,
    skipped: (n: number) => `${checks(n)} could not be made.`,
  },
  mark: { checking: 'checking', passed: 'passed', warning: 'needs attention', critical: 'critical' },
  sidebar: { let_in: 'Lets anyone in', another_person: 'Acts as someone else' } satisfies Partial<Record<Finding, string>>,
  sidebarOther: 'Not safe',
  yesterday: 'Yesterday',
  gate: {
    found: (when: string) => `The check-up of ${when} found this. A client you connect now would not be protected by its key.`,
    anyway: 'Show the setup anyway',
    look: 'Look at the check-up',
  },
  works: {
    button: 'Check that it works',
    before: 'Tries the key at the MCP server.',
    busy: 'Trying the key at the MCP server…',
    look: 'See the check-up',
    as: (user: string) => `Works: the MCP server takes this key as ${user}.`,
    noKeys: 'The MCP server does not take API keys.',
    noServer: 'The MCP server was not found.',
    noAnswer: 'The MCP server cannot be reached.',
    rejected: 'Superset does not take this key.',
    untried: 'This key could not be read on this computer.',
    untriedLocked: (ring: string) => `${ring} is locked, so the key was not tried.`,
    stopped: 'Stopped before the end.',
  },
  report: {
    title: (instance: string, url: string) => `Check-up of ${instance}, ${url}`,
    version: (version: string) => `Superset ${version}`,
    unknownVersion: 'Superset, version unknown',
    endpoint: (url: string) => `MCP endpoint: ${url}`,
    noEndpoint: 'MCP endpoint: not known',
    key: (name: string) => `With the key “${name}”`,
    noKey: 'Without a key',
    why: 'Why it matters',
    toDo: 'What to do',
  },
};

/** The heading of a critical finding. */
export function criticalTitle(view: CheckupItemView, place: Place): string {
  const { user = '', mcp_user: mcpUser = '' } = view.params;
  if (view.finding === 'let_in') return checkup.letIn(user);
  return view.finding === 'another_person' ? checkup.actsAs(mcpUser, user) : itemWords(view, place).seen;
}

/** What the sidebar says of a critical finding. */
export function criticalShort(finding: Finding | undefined): string {
  const words: Partial<Record<Finding, string>> = checkup.sidebar;
  return (finding && words[finding]) ?? checkup.sidebarOther;
}

/** "38 ms", "4.2 s" */
export const lasted = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);
