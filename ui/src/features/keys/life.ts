// A key's life as a line: created, last used, expires.
import type { TimelinePoint } from '../../components/Timeline.svelte';
import { relative } from '../../lib/dates';
import type { ApiKeyView } from '../../ipc';
import { keys as words } from '../../messages/keys';
import { lastUseTime } from '../../state/last-use';
import { at } from './rows';

export interface Life {
  label: string;
  points: TimelinePoint[];
  done: number;
}

/** None where the beginning is not known. */
export function lifeOf(key: ApiKeyView, now: Date): Life | null {
  const begin = at(key.created);
  if (begin === null) return null;
  const stop = at(key.revoked) ?? at(key.expires);
  const used = at(lastUseTime(key));
  // A key without an end: the line runs to today.
  const end = Math.max(stop ?? now.getTime(), begin + 1);
  const share = (moment: number) => Math.min(1, Math.max(0, (moment - begin) / (end - begin)));
  const done = share(now.getTime());
  const endLabel = key.revoked ? words.panel.revoked : done >= 1 ? words.panel.expired : words.panel.expires;

  const points: TimelinePoint[] = [{ label: words.panel.created, at: 0 }];
  if (used !== null) points.push({ label: words.panel.lastUsed, at: share(used) });
  if (stop !== null) points.push({ label: endLabel, at: 1, ahead: done < 1 });

  const said = [`${words.panel.created} ${relative(new Date(begin), now)}`];
  if (used !== null) said.push(`${words.panel.lastUsed.toLowerCase()} ${relative(new Date(used), now)}`);
  if (stop !== null) said.push(`${endLabel.toLowerCase()} ${relative(new Date(stop), now)}`);
  const passed = stop === null ? '' : ` ${words.panel.lifePassed(Math.round(done * 100))}`;
  return { label: `${said.join(', ')}.${passed}`, points, done };
}
