// What one client may do, as a person ticks it. Core says which tools a guard lets through.
import type { Guard, GuardChoice, GuardView } from '../../ipc';

const NO_RULES: Guard = { allow: [], deny: [] };
/** Nothing at all: an empty list of what is allowed would be everything. */
const NOTHING: Guard = { allow: [], deny: ['*'] };
const isPattern = (rule: string): boolean => /[*?]/.test(rule);

export const hasRules = (guard: Guard | null | undefined): boolean => (guard?.allow?.length ?? 0) + (guard?.deny?.length ?? 0) > 0;

const sorted = (rules: readonly string[] | undefined): string => JSON.stringify([...(rules ?? [])].sort());
export const sameGuard = (a: Guard | null, b: Guard | null): boolean => sorted(a?.allow) === sorted(b?.allow) && sorted(a?.deny) === sorted(b?.deny);

/** Names that stand in an entry and are no tools of Superset's own: a server may have more. */
export const others = ({ guard, tools }: GuardView): string[] =>
  (guard.allow ?? []).filter((rule) => rule !== 'read' && !isPattern(rule) && !tools.some(({ name }) => name === rule));

export const patterns = ({ guard }: GuardView): string[] => (guard.allow ?? []).filter(isPattern);

/** These tools, and what else the entry names. */
export function only(view: GuardView, names: readonly string[]): Guard {
  const allow = [...names, ...others(view)];
  return allow.length > 0 ? { allow, deny: [] } : NOTHING;
}

export const allowed = ({ tools }: GuardView): string[] => tools.filter((tool) => tool.allowed).map(({ name }) => name);

export function chosen(view: GuardView, choice: GuardChoice): Guard {
  switch (choice) {
    case 'everything': return NO_RULES;
    case 'reading': return { allow: ['read'], deny: [] };
    case 'chosen': return only(view, allowed(view));
  }
}

export function turned(view: GuardView, tool: string, on: boolean): Guard {
  const names = allowed(view).filter((name) => name !== tool);
  return only(view, on ? [...names, tool] : names);
}
