// Replacing a key, and keys that end soon.
import type { BlindSpot, Reminder, ReminderView, RotationView } from '../ipc';
import { isolated } from '../lib/plain';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const counted = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`;

/** "4 h", "20 min": how much of a wait is over, or is left. */
export function span(seconds: number): string {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  return seconds < 2 * DAY ? `${Math.floor(seconds / HOUR)} h` : `${Math.floor(seconds / DAY)} days`;
}

/** "24 hours", "8 days": a wait as it was set. */
export function waitOf(seconds: number): string {
  if (seconds % DAY === 0 && seconds > DAY) return counted(seconds / DAY, 'day');
  if (seconds % HOUR === 0) return counted(seconds / HOUR, 'hour');
  return seconds % MINUTE === 0 ? counted(seconds / MINUTE, 'minute') : counted(seconds, 'second');
}

const blind: Record<BlindSpot, string> = {
  public_role: 'The Public role has permissions on this server. Where they reach, Superset looks at no key and notes no use.',
  mcp: 'This MCP server answers without noting a use. An AI client that still uses the old key stays unseen.',
  mcp_unclear: 'It could not be seen yet whether the MCP server notes uses of a key. It is asked again with each look.',
};

const ends = (reminder: Reminder): string => (reminder === 'ended' ? 'expired' : 'expires');

/** The key that is to go: the old one, or the new one on the way back. */
const leaving = ({ back }: Pick<RotationView, 'back'>): string => (back ? 'new key' : 'old key');

export const rotation = {
  replace: 'Replace this key',
  replaceMenu: 'Replace…',
  replaceShort: 'Replace',
  showMenu: 'Show replacement',
  mark: 'Being replaced',
  markShort: 'Replacing',
  instead: { lead: 'Want to keep them working?', text: 'Replace puts a new key in its place first, then revokes this one.', action: 'Replace instead' },
  title: {
    ask: (name: string) => `Replace “${isolated(name)}”?`,
    running: (name: string) => `Replacing “${isolated(name)}”`,
    back: (name: string) => `Going back to the old “${isolated(name)}”`,
    revoked: (name: string) => `“${isolated(name)}” is replaced`,
    revoked_elsewhere: (name: string) => `“${isolated(name)}” is replaced`,
    kept_both: (name: string) => `Both keys called “${isolated(name)}” stay`,
    went_back: (name: string) => `“${isolated(name)}” is the old key again`,
  },
  subtitle: {
    both: 'Both keys work until the last step.',
    ended: {
      revoked: 'The new key has its place, and the old one works no more.',
      revoked_elsewhere: 'Somebody else revoked the old key: another computer, or a person.',
      kept_both: 'The new key has the place, and the old one still works.',
      went_back: 'The new key is gone, and nothing else has changed.',
    },
  },
  close: 'Close',
  steps: {
    label: 'Steps',
    created: { todo: 'Create a new key', done: 'New key created' },
    stored: { todo: (ring: string) => `Store it in ${ring}`, done: (ring: string) => `Stored in ${ring}` },
    works: { todo: 'See that the new key works', done: 'New key works' },
    place: { todo: 'Switch AI clients', done: 'AI clients switched' },
    quiet: { now: (view: Pick<RotationView, 'back'>) => `Waiting until the ${leaving(view)} is quiet`, todo: 'Wait until the old key is quiet', done: (view: Pick<RotationView, 'back'>) => `The ${leaving(view)} was quiet` },
    revoke: { todo: (view: Pick<RotationView, 'back'>) => `Revoke the ${leaving(view)}`, done: (view: Pick<RotationView, 'back'>) => `The ${leaving(view)} is revoked` },
    both: { todo: 'Keep both keys', done: 'Both keys stay' },
    back: { todo: 'Give the old key its place back', done: 'The old key has its place again' },
    state: { done: 'done', now: 'under way', later: 'to come', stopped: 'paused' },
    takes: 'The server takes it, so it has the place of the old one.',
    onBridge: 'Those on the bridge use it by themselves, without a restart.',
    expires: (date: string) => `expires ${date}`,
    never: 'never expires',
  },
  clients: {
    title: (n: number) => (n === 1 ? 'One AI client still has the old key in its file' : `${n} entries of AI clients still have the old key in their files`),
    write: 'Write the new key',
    writing: 'Writing…',
    show: (client: string) => `Show ${client}`,
    written: 'has the new key',
    stays: (why: string) => `Not written. ${why}`,
    unread: 'We could not look at the files of AI clients',
    look: 'Look again',
  },
  wait: {
    quietFor: (view: Pick<RotationView, 'back'>) => (view.back ? 'New key quiet for' : 'Old key quiet for'),
    left: (seconds: number) => (seconds > 0 ? `${span(seconds)} to go` : 'Quiet'),
    progress: (view: Pick<RotationView, 'back'>) => `How long the ${leaving(view)} has been quiet`,
    progressText: (quiet: number, of: number) => `${span(quiet)} of ${waitOf(of)}`,
    rule: (seconds: number) => `It is revoked after ${waitOf(seconds)} without use by others. You can close this window.`,
    first: 'The first look at its last use comes within minutes. You can close this window.',
    looked: (time: string) => `Looked at ${time}.`,
    lastUse: (ago: string) => `Last used by others ${ago}.`,
    neverUsed: 'Not used by others so far.',
    changes: (n: number) => (n === 0 ? '' : n === 1 ? 'It was used once more meanwhile.' : `It was used ${n} times more meanwhile.`),
    choose: 'Wait for',
    short: (seconds: number) => `It was once left alone for ${span(seconds)} and then used again. A shorter wait would not notice whoever comes that rarely.`,
    options: [HOUR, DAY, 2 * DAY, 8 * DAY, 32 * DAY] as readonly number[],
    usual: DAY,
  },
  blind: {
    title: (view: Pick<RotationView, 'back'>) => `Not every use of the ${leaving(view)} can be seen here.`,
    of: blind,
    asks: 'So it is not revoked by itself until you say so.',
    accept: 'Revoke it when it looks quiet',
    accepted: 'You said that what can be seen is enough.',
  },
  lateUse: 'It was used once more just before it was revoked. Whoever that was gets no answer now.',
  stopped: {
    title: (step: number) => `Paused at step ${step}`,
    works: 'Both keys work.',
    oldWorks: 'The old key works.',
    again: 'It is tried again by itself.',
  },
  ask: {
    plan: 'What happens',
    expires: 'New key expires',
    days: (n: number) => `In ${counted(n, 'day')}`,
    never: 'Never',
    dayOptions: [7, 30, 90, 365] as readonly number[],
    usualDays: 90,
    when: 'The old key is revoked',
    quiet: { title: 'When nobody uses it any more', text: 'Nothing stops. It is watched, and revoked when it was quiet for long enough.' },
    now: { title: 'At once', text: 'For a key that leaked. Whatever still uses it stops.' },
    never_: { title: 'Never', text: 'Both work. You revoke the old one yourself.' },
    quietFor: 'Quiet for',
    quietHint: 'Longer than the longest pause of whatever uses it: a job that runs each week needs 8 days.',
    rewrite: 'Also write the new key into files of AI clients',
    rewriteHint: 'Those on this computer whose files hold the old key. A backup of each is kept.',
    confirm: 'Replace key',
    confirmNow: 'Replace and revoke now',
    busy: 'Replacing…',
    keep: 'Keep key',
    signIn: 'Sign in',
    unlock: 'Unlock',
  },
  actions: {
    background: 'Continue in background',
    keepBoth: 'Keep both keys',
    goBack: 'Go back',
    revokeNow: (view: Pick<RotationView, 'back'>) => `Revoke ${leaving(view)} now`,
    tryAgain: 'Try again',
    trying: 'Trying…',
    done: 'Done',
  },
  now: {
    title: (view: Pick<RotationView, 'back'>) => `Revoke the ${leaving(view)} now?`,
    text: 'Whatever still uses it stops at once. This cannot be undone.',
    confirm: 'Revoke key',
    busy: 'Revoking…',
    keep: 'Keep waiting',
  },
  ended: {
    revoked: (name: string) => `“${isolated(name)}” is replaced, and the old key is revoked.`,
    revoked_elsewhere: (name: string) => `“${isolated(name)}” is replaced. Somebody else revoked the old key.`,
    kept_both: (name: string) => `Both keys called “${isolated(name)}” stay.`,
    went_back: (name: string) => `“${isolated(name)}” is the old key again.`,
  },
  panel: {
    title: 'Being replaced',
    old: 'This is the old key. It still works.',
    new: 'This is the new key. It has the place of the old one.',
    waits: (quiet: number, left_: number) => `Quiet for ${span(quiet)}, ${span(left_)} to go.`,
    stopped: (why: string) => `Paused: ${why}.`,
    show: 'Show',
  },
  inTime: {
    label: 'Replace in time',
    hint: 'By itself, two weeks before it expires, by one that lives as long.',
    on: (name: string) => `“${isolated(name)}” is replaced by itself before it expires.`,
    off: (name: string) => `“${isolated(name)}” is no longer replaced by itself.`,
  },
  reminder: {
    of: (reminder: Reminder, name: string, when: string) => `“${isolated(name)}” ${ends(reminder)} ${when}.`,
    text: 'Replacing it loses no call.',
    ended: 'Whatever uses it gets no answer.',
    more: (n: number) => (n === 0 ? '' : n === 1 ? 'Another key ends soon too.' : `${n} other keys end soon too.`),
    later: 'Later',
    onDesktop: (one: ReminderView, when: string) => `“${one.name}” on ${one.instance_name} ${ends(one.reminder)} ${when}`,
    open: 'Open Superset Keys to replace it without losing a call.',
  },
};
