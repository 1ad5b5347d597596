// What the list of activity shows: calls and unexplained uses, by day and instance, the newest first. Pure.
import type { ActivityRow, ActivityView, UnexplainedUseView } from '../../ipc';
import { day, daysBetween } from '../../lib/dates';
import { activity as words } from '../../messages/activity';
import type { ActivityChip } from '../../state/activity.svelte';

export type Item =
  | { kind: 'group'; id: string; label: string }
  | { kind: 'call'; id: string; at: string; instance: string; row: ActivityRow }
  | { kind: 'use'; id: string; at: string; instance: string; use: UnexplainedUseView };
export type Entry = Exclude<Item, { kind: 'group' }>;

/** Did not work, for whatever reason but the guard. */
export const isFailure = ({ outcome }: ActivityRow): boolean => outcome === 'failed' || outcome === 'not_allowed' || outcome === 'no_answer';

export function entriesOf({ rows, unexplained }: ActivityView): Entry[] {
  // Two calls may be of one moment: a number tells them apart, from the oldest, so that new ones and a full list move none.
  const seen = new Map<string, number>();
  const calls = [...rows].reverse().map((row): Entry => {
    const nth = (seen.get(row.at) ?? 0) + 1;
    seen.set(row.at, nth);
    return { kind: 'call', id: `${row.at} ${nth}`, at: row.at, instance: row.instance_name ?? words.instance.gone, row };
  }).reverse();
  const uses = unexplained.map((use): Entry => ({ kind: 'use', id: use.id, at: use.used.utc, instance: use.instance_name, use }));
  return [...calls, ...uses].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

export function inChip(entry: Entry, chip: ActivityChip): boolean {
  switch (chip) {
    case 'all': return true;
    case 'unexplained': return entry.kind === 'use';
    case 'refused': return entry.kind === 'call' && entry.row.outcome === 'refused';
    case 'failed': return entry.kind === 'call' && isFailure(entry.row);
  }
}

export function chipCounts(entries: readonly Entry[]): Record<ActivityChip, number> {
  const count = (chip: ActivityChip) => entries.filter((entry) => inChip(entry, chip)).length;
  return { all: entries.length, unexplained: count('unexplained'), refused: count('refused'), failed: count('failed') };
}

const near: Readonly<Record<string, string>> = { '0': 'Today', '-1': 'Yesterday' };
export const dayLabel = (at: Date, now: Date, zone?: string): string => near[String(daysBetween(at, now, zone))] ?? day(at, zone);

/** With a line above each day of each instance. */
export function groupsOf(entries: readonly Entry[], now: Date, zone?: string): Item[] {
  const days = new Map<string, Map<string, Entry[]>>();
  for (const entry of entries) {
    const label = dayLabel(new Date(entry.at), now, zone);
    const of = days.get(label) ?? new Map<string, Entry[]>();
    days.set(label, of);
    const same = of.get(entry.instance);
    if (same) same.push(entry);
    else of.set(entry.instance, [entry]);
  }
  return [...days].flatMap(([label, instances]) =>
    [...instances].flatMap(([instance, of]): Item[] => [{ kind: 'group', id: `${label} ${instance}`, label: words.group(label, instance) }, ...of]),
  );
}

export const clientOf = (row: ActivityRow): string => row.client?.name ?? words.client.none;
export const toolOf = (row: ActivityRow): string => row.tool ?? words.handed(row.method, row.access);
