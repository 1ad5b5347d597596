// Which of everybody's keys are looked at, and the choices of it that a person has kept.
import type { AuditFinding } from '../ipc';

export interface AuditFilter {
  text: string;
  /** With any finding at all. */
  any: boolean;
  /** With one of these. */
  findings: readonly AuditFinding[];
  /** Only what changed since the audit before. */
  since: 'new' | 'quiet' | null;
}

export const ALL: AuditFilter = { text: '', any: false, findings: [], since: null };

const FINDINGS: Record<AuditFinding, true> = {
  owner_inactive: true, owner_admin: true, never_used: true, quiet: true, ended_not_revoked: true, over_a_year: true, no_end: true, ends_soon: true,
  many_keys: true, same_name: true,
};
const MOST = 12;

export const isAll = (filter: AuditFilter): boolean => filter.text.trim() === '' && !filter.any && filter.findings.length === 0 && filter.since === null;

export function isSame(a: AuditFilter, b: AuditFilter): boolean {
  const findings = [...a.findings].sort().join();
  return a.text.trim() === b.text.trim() && a.any === b.any && a.since === b.since && findings === [...b.findings].sort().join();
}

/** One finding more, or one less. The findings stand together: a key with one of them is meant. */
export function turned(filter: AuditFilter, finding: AuditFinding): AuditFilter {
  const others = filter.findings.filter((one) => one !== finding);
  return { ...filter, any: false, findings: others.length < filter.findings.length ? others : [...others, finding] };
}

const keptAs = (instance: string): string => `audit-filters:${instance}`;

/** Whatever lies there was written by some version of this program, or by a hand. */
function parse(value: unknown): AuditFilter[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { text, any, findings, since } = one as Record<string, unknown>;
    const known = Array.isArray(findings) ? findings.filter((name): name is AuditFinding => typeof name === 'string' && Object.hasOwn(FINDINGS, name)) : [];
    const filter: AuditFilter = {
      text: typeof text === 'string' ? text.slice(0, 200) : '', any: any === true, findings: known, since: since === 'new' || since === 'quiet' ? since : null,
    };
    return isAll(filter) ? [] : [filter];
  });
}

export function keptFilters(instance: string): AuditFilter[] {
  try {
    return parse(JSON.parse(localStorage.getItem(keptAs(instance)) ?? '[]'));
  } catch {
    return [];
  }
}

/** The newest first. Answers what is kept now. */
export function keepFilter(instance: string, filter: AuditFilter): AuditFilter[] {
  return write(instance, [{ ...filter, text: filter.text.trim() }, ...keptFilters(instance).filter((other) => !isSame(other, filter))].slice(0, MOST));
}

export function dropFilter(instance: string, filter: AuditFilter): AuditFilter[] {
  return write(instance, keptFilters(instance).filter((other) => !isSame(other, filter)));
}

function write(instance: string, filters: AuditFilter[]): AuditFilter[] {
  try {
    if (filters.length === 0) localStorage.removeItem(keptAs(instance));
    else localStorage.setItem(keptAs(instance), JSON.stringify(filters));
  } catch {
    // They then hold until the window closes.
  }
  return filters;
}
