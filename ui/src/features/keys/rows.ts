// What the list shows of the keys: which, in what order, with what status. Pure.
import type { GridSort } from '../../components/grid';
import type { ApiKeyView, TimeView } from '../../ipc';
import type { Chip } from '../../state/key-list.svelte';
import { lastUseTime } from '../../state/last-use';

export type RowStatus = 'active' | 'soon' | 'expired' | 'revoked' | 'unlisted';

const DAY = 24 * 60 * 60_000;
const SOON = 7 * DAY;

export const at = (time: TimeView | null): number | null => (time ? Date.parse(time.utc) : null);

export function rowStatus(key: ApiKeyView, now: Date): RowStatus {
  if (key.status !== 'active') return key.status ?? 'unlisted';
  const ends = at(key.expires);
  if (ends === null) return 'active';
  const left = ends - now.getTime();
  // The list may be older than the end of a key.
  if (left <= 0) return 'expired';
  return left <= SOON ? 'soon' : 'active';
}

/** Whether the server would still take it, as far as we know. */
export const usable = (status: RowStatus): boolean => status === 'active' || status === 'soon' || status === 'unlisted';

export const isHere = (key: ApiKeyView): boolean => key.presence !== 'not_here';

/** Keys the server lists for the signed-in person; the others can be copied, not revoked. */
export const revocable = (key: ApiKeyView, status: RowStatus): boolean =>
  !key.pasted && key.belongs_to === null && (status === 'active' || status === 'soon');

/** Whether it can be picked to be revoked with others: ended keys too, they are still there. */
export const pickable = (key: ApiKeyView): boolean =>
  !key.pasted && key.belongs_to === null && key.status !== null && key.status !== 'revoked';

/** Keys that the server lists for the signed-in person and that were not revoked: another can take the place of any of them. */
export const replaceable = (key: ApiKeyView, status: RowStatus): boolean =>
  !key.pasted && key.belongs_to === null && status !== 'revoked' && status !== 'unlisted';

const inChip = (key: ApiKeyView, status: RowStatus, chip: Chip): boolean =>
  chip === 'all' || (chip === 'here' ? isHere(key) : status === chip);

export function chipCounts(keys: readonly ApiKeyView[], now: Date): Record<Chip, number> {
  const counts: Record<Chip, number> = { all: keys.length, active: 0, soon: 0, expired: 0, revoked: 0, here: 0 };
  for (const key of keys) {
    const status = rowStatus(key, now);
    if (status !== 'unlisted') counts[status] += 1;
    if (isHere(key)) counts.here += 1;
  }
  return counts;
}

function matches(key: ApiKeyView, text: string): boolean {
  return [key.name, key.alias, key.hint, key.belongs_to].some((field) => field?.toLowerCase().includes(text));
}

const rank: Record<RowStatus, number> = { active: 0, soon: 1, expired: 2, revoked: 3, unlisted: 4 };
const letters = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

type Value = string | number | null;

function sortValue(key: ApiKeyView, column: string, now: Date): Value {
  switch (column) {
    case 'name': return key.name;
    case 'key': return isHere(key) ? (key.hint ?? '') : null;
    case 'status': return rank[rowStatus(key, now)];
    case 'last_used': return at(lastUseTime(key));
    // A key without an end outlives all others; of a revoked one the end means nothing.
    case 'expires': return key.status === 'revoked' ? null : (at(key.expires) ?? Infinity);
    default: return at(key.created);
  }
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return letters.compare(a, b);
  return a === b ? 0 : Number(a) - Number(b);
}

/** Our own first, then pasted keys, then other people's: they stay apart in any order. */
const group = (key: ApiKeyView): number => (key.belongs_to !== null ? 2 : key.pasted ? 1 : 0);

export function rowsOf(keys: readonly ApiKeyView[], chip: Chip, text: string, sort: GridSort, now: Date): ApiKeyView[] {
  const wanted = text.trim().toLowerCase();
  const sign = sort.direction === 'ascending' ? 1 : -1;
  return keys
    .filter((key) => inChip(key, rowStatus(key, now), chip) && (wanted === '' || matches(key, wanted)))
    .map((key) => ({ key, value: sortValue(key, sort.column, now), group: group(key) }))
    .sort((a, b) => {
      if (a.group !== b.group) return a.group - b.group;
      // What has no value comes last, whichever way round.
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null) || letters.compare(a.key.name, b.key.name);
      return sign * compare(a.value, b.value) || letters.compare(a.key.name, b.key.name);
    })
    .map(({ key }) => key);
}

/** "9fQ2" of "sst_…9fQ2" */
export const lastFour = (key: ApiKeyView): string => key.hint?.slice(-4) ?? '';
