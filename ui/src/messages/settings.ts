// What can be set for the program as a whole: one line each, saying the effect.
import type { Setting, SettingUnit } from '../ipc';

const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

const each: Record<Setting, { label: string; hint: string }> = {
  'lock-after-minutes': { label: 'Lock after', hint: 'So long without a key press or a move of the mouse in this window.' },
  'lock-on-suspend': { label: 'Lock when the computer sleeps', hint: 'Keys and sign-ins leave this app’s memory before it does.' },
  'lock-with-screen': { label: 'Lock when the screen locks', hint: 'Also when you lock your whole session.' },
  'bridges-when-locked': { label: 'AI clients go on while locked', hint: 'Bridges that read a keychain by themselves always do.' },
  'clipboard-seconds': { label: 'Clear the clipboard after', hint: 'Only if it still holds the key. Copies are marked as secret for clipboard managers.' },
  'connect-timeout': { label: 'Wait for a connection', hint: 'Longer where a VPN or a proxy is slow to answer.' },
  'call-timeout': { label: 'Wait for an answer', hint: 'Longer where your Superset is slow or has thousands of keys.' },
  'audit-quiet-days': { label: 'Call a key quiet', hint: 'In an audit, when nobody used it for so long.' },
  'audit-ends-soon-days': { label: 'Tell of a coming end', hint: 'In an audit, so long before a key ends.' },
  'keep-activity': { label: 'Keep a record of what AI clients do', hint: 'Which client used which tool, when, and how it ended. Never what was asked or answered.' },
  'notify-of-ends': { label: 'Notify me of keys that end', hint: 'On your desktop, 14, 7 and 1 days before, while Superset Keys is open.' },
  'audit-many-keys': { label: 'Call it many keys', hint: 'In an audit, from so many keys of one person on.' },
};

const duration = (seconds: number): string => (seconds >= 60 && seconds % 60 === 0 ? counted(seconds / 60, 'minute') : counted(seconds, 'second'));
const units: Record<SettingUnit, (n: number) => string> = { seconds: duration, minutes: (n) => (n === 0 ? 'Never' : counted(n, 'minute')), days: (n) => counted(n, 'day'), keys: (n) => counted(n, 'key'), switch: (n) => (n === 1 ? 'On' : 'Off') };

export const settings = {
  title: 'Settings',
  each,
  sections: { security: 'Security', appearance: 'Appearance', kept: 'Where keys are kept', network: 'Network', ends: 'Keys that end', activity: 'Activity', audit: 'Audit' },
  counted: units,
  notTold: 'This system does not tell when, so it cannot be followed here.',
  theme: { label: 'Theme', hint: { system: 'Follows your desktop', light: 'Light, whatever your desktop is', dark: 'Dark, whatever your desktop is' }, system: 'System', light: 'Light', dark: 'Dark' },
  kept: {
    locked: 'Locked',
    beside: 'What was kept in it before is still found.',
    unlocking: 'Unlocking…',
    look: 'Look again',
  },
  activity: {
    forget: { label: 'Delete the record', hint: 'Everything kept so far, on this computer only. A new record begins.', button: 'Delete…' },
    ask: { title: 'Delete the record of activity?', text: 'What AI clients did so far cannot be looked up any more, and earlier uses of keys stay unexplained.', confirm: 'Delete record', keep: 'Keep record', busy: 'Deleting…' },
    done: 'The record of activity is deleted.',
  },
  notify: { title: 'Notifications are on', text: 'Superset Keys tells you here before a key ends.' },
  reading: 'Reading your settings…',
  tryAgain: 'Try again',
};
