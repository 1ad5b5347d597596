// The locked window, and what stands in the way of locking.
import type { LockedView } from '../ipc';
import { isolated } from '../lib/plain';

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

const because = (view: LockedView): string =>
  ({ by_hand: '', idle: `, after ${counted(view.idle_minutes, 'minute')} without you`, suspend: ', when the computer went to sleep', screen: ', when the screen was locked' })[view.reason];

export const lock = {
  title: 'Superset Keys is locked',
  text: (view: LockedView, at: string): string => `Since ${at}${because(view)}. No key is in this app’s memory.`,
  unlock: 'Unlock',
  unlocking: 'Unlocking…',
  waiting: (ring: string): string => `Waiting for ${ring}…`,
  /** What it takes to unlock, and against whom that helps. */
  open: (ring: string): string => `${ring} is open, so a click unlocks. This guards the app’s memory, not against somebody at this keyboard: lock the screen for that.`,
  closed: (ring: string): string => `${ring} is locked and asks for its own password.`,
  vault: 'The vault is locked, and asks for its passphrase.',
  openVault: 'The vault is open for AI clients, so a click unlocks. This guards the app’s memory, not against somebody at this keyboard: lock the screen for that.',
  none: 'No keyring is open here, so a click unlocks.',
  waits: 'What waits',
  clients: { on: 'AI clients go on', off: 'AI clients wait', why: (ring: string): string => `bridges read ${ring}`, asked: 'they ask the vault’s agent', whyNot: (ring: string): string => `${ring} is locked` },
  rotations: (n: number): string => `${counted(n, 'rotation')} wait${n === 1 ? 's' : ''}`,
  bothWork: 'both keys work',
  cleared: 'The clipboard was cleared',
  stillThere: 'A copied key may still be on the clipboard',
  clearIt: 'copy something else',
  signAgain: 'Sign in again after unlocking',
  names: (names: readonly string[]): string => names.map((name) => isolated(name)).join(', '),
  lists: 'Show the lists without keys',
  keys: (shortcut: string): string => `${shortcut} locks`,
  lock: 'Lock',
  locking: 'Locking…',
  waitsForCreate: 'It locks when the key under way is stored.',
  banner: { title: 'Superset Keys is locked.', text: 'The lists are as they were. Unlock it to copy keys or ask the server.' },
  ask: { title: 'Unlock Superset Keys?', text: 'Copying, showing, creating and replacing keys take an unlocked app.', not: 'Not now' },
  unsaved: {
    title: 'Save the new key first',
    text: 'It is kept nowhere else, so locking would lose it.',
    save: 'Save it…',
    discard: 'Lock anyway',
    not: 'Not now',
  },
  capture: 'Pictures of the screen show it too: this system cannot hide it from them.',
};
