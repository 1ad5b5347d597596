// Which dashboards are in view, and what stands in their rows.
import { CircleCheck, CircleQuestionMark, CircleX, ShieldAlert, TriangleAlert, type IconType } from '../../components/icons';
import type { DashboardView, EmbeddingCheckView, SwitchState } from '../../ipc';
import { plain } from '../../lib/plain';
import { checklist, embedding as words } from '../../messages/embedding';
import { isOpen, isUntold, sitesOf, type DashboardChip } from '../../state/embedding.svelte';

export function shownOf(dashboards: readonly DashboardView[], chip: DashboardChip, text: string): DashboardView[] {
  const looked = text.trim().toLowerCase();
  return dashboards.filter((one) => {
    if (chip === 'embedded' ? one.embedding === null : chip === 'any_site' && !isOpen(one)) return false;
    if (looked === '') return true;
    return [one.title, one.embedding?.uuid ?? '', ...(one.embedding?.sites ?? [])].some((name) => name.toLowerCase().includes(looked));
  });
}

/** Without the scheme, which nearly all have alike. */
export const host = (site: string): string => plain(site).replace(/^https:\/\//, '');

export interface SitesCell {
  kind: 'none' | 'untold' | 'any' | 'nobody' | 'sites';
  /** Of `sites` and `nobody`. */
  first: string;
  more: number;
  inWords: string;
}

export function sitesCell(dashboard: DashboardView): SitesCell {
  const { embedding } = dashboard;
  const plainly = (kind: SitesCell['kind'], inWords: string): SitesCell => ({ kind, first: '', more: 0, inWords });
  if (isUntold(dashboard)) return plainly('untold', words.untold);
  if (!embedding) return plainly('none', words.notEmbedded);
  if (isOpen(dashboard)) return plainly('any', words.anySite);
  const good = sitesOf(dashboard);
  const [first = embedding.sites[0] ?? ''] = good;
  const more = embedding.sites.length - 1;
  return good.length === 0
    ? { kind: 'nobody', first: host(first), more, inWords: `${words.nobody}: ${embedding.sites.map(plain).join(', ')}` }
    : { kind: 'sites', first: host(first), more, inWords: words.sitesInWords(embedding.sites.map(plain)) };
}

const count = (check: EmbeddingCheckView, ...states: SwitchState[]): number => check.switches.filter(({ state }) => states.includes(state)).length;

export interface Verdict {
  tone: 'bad' | 'warn' | 'ok';
  icon: IconType;
  /** In a row of the list. */
  short: string;
  /** Above the checklist. */
  title: string;
}

export function verdictOf(check: EmbeddingCheckView): Verdict {
  const critical = count(check, 'critical');
  const wrong = count(check, 'critical', 'wrong');
  const doubtful = count(check, 'doubtful');
  const all = check.switches.length;
  if (wrong > 0) {
    const only = critical === wrong;
    return { tone: 'bad', icon: critical > 0 ? ShieldAlert : CircleX, short: only ? words.result.critical(critical) : words.result.wrong(wrong, all), title: checklist.title.wrong(wrong, all) };
  }
  if (doubtful > 0) return { tone: 'warn', icon: TriangleAlert, short: words.result.doubtful(doubtful), title: checklist.title.doubtful(doubtful) };
  // What matters, and could not be asked.
  const untold = count(check, 'cannot_tell');
  if (check.verdict === 'doubtful' && untold > 0) return { tone: 'warn', icon: CircleQuestionMark, short: words.result.untold(untold), title: checklist.title.untold(untold) };
  return { tone: 'ok', icon: CircleCheck, short: words.result.right, title: checklist.title.right };
}
