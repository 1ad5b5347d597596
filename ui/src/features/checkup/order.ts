// What a check-up goes through, and how what it found is laid out. Pure.
import type { ApiKeyView, CheckupItem, CheckupItemView, CheckupView, PastCheckup } from '../../ipc';

/** What every check-up ends up with, in the order it is found. A few more items come where they apply. */
const EXPECTED: readonly CheckupItem[] = [
  'reachable', 'connection', 'version', 'api_keys', 'sign_in', 'permissions', 'clock', 'key_expiry', 'mcp_endpoint', 'oauth_metadata',
  'no_key', 'made_up_key', 'made_up_token', 'handshake', 'tools', 'tool_call', 'identity',
];

type Items = readonly CheckupItemView[];

export const isBad = ({ verdict }: CheckupItemView): boolean => verdict === 'warning' || verdict === 'critical';
const isGood = ({ verdict }: CheckupItemView): boolean => verdict === 'passed' || verdict === 'noted';

/** The items that are still to come, the one under way first. */
export const toCome = (found: Items): CheckupItem[] => EXPECTED.filter((item) => !found.some((other) => other.item === item));

export const countPassed = (items: Items): number => items.filter(isGood).length;
export const countSkipped = (items: Items): number => items.filter((item) => item.verdict === 'skipped').length;
export const countBad = (items: Items): number => items.filter(isBad).length;
export const countExamined = (items: Items): number => items.length - countSkipped(items);

/** The critical item to show first. */
export const firstCritical = (items: Items): CheckupItemView | undefined => items.find((item) => item.verdict === 'critical');

/** A key was chosen, and what its owner sees was still not looked at: the key could not be read here. */
export function keyUntried(view: CheckupView): boolean {
  const handshake = view.items.find((item) => item.item === 'handshake');
  return view.key !== null && view.mcp_url !== null && view.requests_with_key === 0 && handshake?.finding === 'not_examined';
}

/** The key works there, in its owner's name. */
export const works = (items: Items): boolean => items.some((item) => item.finding === 'same_person');

export interface Row {
  item: CheckupItemView;
  /** Its remedy stands further up. */
  repeats: boolean;
}

/** The rows in their order; `above` is what stands over them. */
export function rowsOf(items: Items, above?: CheckupItemView): Row[] {
  const seen = above?.remedy ? [above.remedy] : [];
  return items.map((item) => {
    const repeats = isBad(item) && item.remedy !== null && seen.includes(item.remedy);
    if (isBad(item) && item.remedy) seen.push(item.remedy);
    return { item, repeats };
  });
}

/** How an earlier one ended: all, some, or the worst of it. */
export const allPassed = (past: PastCheckup): boolean => past.worst === null;

/** The name and hint of the key a check-up runs with. */
export function keyNamed(view: CheckupView | null, keys: readonly ApiKeyView[], asked: string | null): { name: string; hint: string | null } | null {
  if (view) return view.key;
  return keys.find((key) => key.id === asked) ?? null;
}
