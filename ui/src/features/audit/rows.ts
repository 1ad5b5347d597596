// What the audit shows: which keys, in what order, how warm their last use is. Pure.
import type { GridSort } from '../../components/grid';
import type { ApiKeyId, AuditFinding, AuditKeyView, AuditPersonView, AuditView, TimeView } from '../../ipc';
import type { AuditFilter } from '../../state/audit-filter';

const DAY = 24 * 60 * 60_000;

export const at = (time: TimeView | null): number | null => (time ? Date.parse(time.utc) : null);

export const ownerOf = (view: AuditView, key: AuditKeyView): AuditPersonView | undefined => view.people[key.owner];

/** What a text is looked for in, once for all keys. */
export function haystacks(view: AuditView): Map<AuditKeyView, string> {
  const people = view.people.map(({ username, name, roles }) => [username, name, ...roles].join('\n').toLowerCase());
  return new Map(view.keys.map((key) => [key, `${key.name.toLowerCase()}\n${key.id.toLowerCase()}\n${people[key.owner] ?? ''}`]));
}

const letters = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

type Value = string | number | null;

function valueOf(view: AuditView, key: AuditKeyView, column: string): Value {
  switch (column) {
    case 'name': return key.name;
    case 'owner': return ownerOf(view, key)?.username ?? '';
    // Never used is longest ago.
    case 'last_used': return at(key.last_used) ?? 0;
    case 'expires': return key.status === 'revoked' ? null : (at(key.expires) ?? Infinity);
    default: return at(key.created);
  }
}

function compare(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return letters.compare(a, b);
  return a === b ? 0 : Number(a) - Number(b);
}

/** All keys in order, so that typing only filters. The view's own order is by how grave the findings are; among equals it stays. */
export function ordered(view: AuditView, { column, direction }: GridSort): readonly AuditKeyView[] {
  if (column === 'findings') return direction === 'descending' ? view.keys : [...view.keys].reverse();
  const sign = direction === 'ascending' ? 1 : -1;
  return view.keys
    .map((key, place) => ({ key, place, value: valueOf(view, key, column) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null) || a.place - b.place;
      return sign * compare(a.value, b.value) || a.place - b.place;
    })
    .map(({ key }) => key);
}

export function rowsOf(view: AuditView, keys: readonly AuditKeyView[], hay: ReadonlyMap<AuditKeyView, string>, filter: AuditFilter): AuditKeyView[] {
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter((word) => word !== '');
  const since: ReadonlySet<ApiKeyId> | null = filter.since ? new Set(view.since?.[filter.since]) : null;
  const wanted = (key: AuditKeyView): boolean =>
    (!filter.any || key.findings.length > 0) &&
    (filter.findings.length === 0 || key.findings.some((finding) => filter.findings.includes(finding))) &&
    (since === null || since.has(key.id)) && words.every((word) => hay.get(key)?.includes(word));
  return keys.filter(wanted);
}

export type Heat = 0 | 1 | 2 | 3;

/** How long ago is long is what is set for "quiet"; of a key that is revoked it does not matter. */
export function heatOf(key: AuditKeyView, now: Date, quietDays: number): Heat {
  if (key.status === 'revoked') return 0;
  const used = at(key.last_used);
  if (used === null) return key.findings.includes('never_used') ? 3 : 0;
  const days = (now.getTime() - used) / DAY;
  if (days >= 2 * quietDays) return 3;
  return days >= quietDays ? 2 : days >= 30 ? 1 : 0;
}

const EDGES = [7, 30, 91, 182, 365, Infinity];

/** How many keys that work were last used within a week, a month, 3, 6, a year, longer ago, and never. */
export function bars(view: AuditView): number[] {
  const counts = Array.from({ length: EDGES.length + 1 }, () => 0);
  const now = Date.parse(view.fetched);
  for (const key of view.keys) {
    if (key.status !== 'active') continue;
    const used = at(key.last_used);
    const bar = used === null ? EDGES.length : EDGES.findIndex((edge) => (now - used) / DAY <= edge);
    counts[bar] = (counts[bar] ?? 0) + 1;
  }
  return counts;
}

/** What works: it is of use to revoke it, by whoever may. */
export const isRevocable = (key: AuditKeyView): boolean => key.status !== 'revoked';

/** By person, in the order in which they come. */
export function byOwner(view: AuditView, keys: readonly AuditKeyView[]): { person: AuditPersonView; keys: AuditKeyView[] }[] {
  const groups = new Map<number, AuditKeyView[]>();
  for (const key of keys) groups.set(key.owner, [...(groups.get(key.owner) ?? []), key]);
  return [...groups].flatMap(([place, theirs]) => {
    const person = view.people[place];
    return person ? [{ person, keys: theirs }] : [];
  });
}

const GRAVE: readonly AuditFinding[] = ['owner_inactive', 'owner_admin'];
const WARM: readonly AuditFinding[] = ['never_used', 'quiet'];

export const toneOf = (finding: AuditFinding): 'bad' | 'warn' | 'neutral' => (GRAVE.includes(finding) ? 'bad' : WARM.includes(finding) ? 'warn' : 'neutral');
