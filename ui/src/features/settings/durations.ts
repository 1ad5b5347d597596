// How long, or how many, to choose from.
import type { Setting, SettingView } from '../../ipc';
import { settings as words } from '../../messages/settings';

const offered: Record<Setting, readonly number[]> = {
  'lock-after-minutes': [0, 1, 5, 10, 15, 30, 60],
  'lock-on-suspend': [0, 1],
  'lock-with-screen': [0, 1],
  'bridges-when-locked': [0, 1],
  'clipboard-seconds': [10, 20, 30, 60, 120, 300, 600],
  'connect-timeout': [2, 5, 10, 20, 60],
  'call-timeout': [10, 30, 60, 120, 300],
  'audit-quiet-days': [30, 60, 90, 180, 365],
  'audit-ends-soon-days': [7, 14, 30, 60],
  'audit-many-keys': [3, 5, 10, 20],
  'keep-activity': [0, 1],
  'notify-of-ends': [0, 1],
};

/** The usual ones within the bounds, and the one that holds now, whoever set it. */
export function durations({ name, unit, value, least, most }: SettingView): { value: number; label: string }[] {
  const fitting = offered[name].filter((number) => number >= least && number <= most && number !== value);
  return [...fitting, value].sort((a, b) => a - b).map((number) => ({ value: number, label: words.counted[unit](number) }));
}
