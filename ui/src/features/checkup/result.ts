// How a check-up went, in a line.
import type { CheckupView, PastCheckup, Verdict } from '../../ipc';
import { checkup as words, criticalTitle, itemWords, type Place } from '../../messages/checkup';
import { clock, day, dayShort, daysBetween } from '../../lib/dates';
import type { Checkup } from '../../state/checkup.svelte';
import { allPassed, countBad, countSkipped, toCome, works } from './order';

export function resultTitle(view: CheckupView, instance: string): string {
  if (view.verdict === 'warning' || view.verdict === 'critical') return words.title.attention(instance);
  return works(view.items) ? words.title.good(instance) : words.title.partly(instance);
}

export function titleOf(checkup: Checkup, instance: string): string {
  if (checkup.view) return resultTitle(checkup.view, instance);
  const { phase } = checkup;
  return phase === 'done' ? '' : words.title[phase](instance);
}

/** For the column at the side. */
export function sideResult(checkup: Checkup): { verdict: Verdict; title: string; text: string } | null {
  const { items, phase, view } = checkup;
  if (phase !== 'running' && phase !== 'done') return null;
  const bad = countBad(items);
  const verdict: Verdict = items.some((item) => item.verdict === 'critical') ? 'critical' : bad > 0 ? 'warning' : items.length > 0 ? 'passed' : 'skipped';
  if (!view) {
    return { verdict, title: bad > 0 ? words.side.wrong(bad) : words.side.good, text: words.side.left(toCome(items).length) };
  }
  const skipped = countSkipped(items);
  const title = bad > 0 ? words.side.wrong(bad) : works(items) ? words.side.ready : words.side.partly;
  return { verdict, title, text: skipped > 0 ? words.side.skipped(skipped) : '' };
}

export function pastLine(past: PastCheckup, place: Place): string {
  if (allPassed(past) || !past.worst) return words.passed(past.passed, past.examined);
  return past.verdict === 'critical' ? criticalTitle(past.worst, place) : itemWords(past.worst, place).seen;
}

/** "14:05", "Yesterday", "13 Nov" */
export function pastWhen(past: PastCheckup, now: Date): string {
  const when = new Date(past.checked);
  const days = daysBetween(when, now);
  if (days === 0) return clock(when);
  return days === -1 ? words.yesterday : dayShort(when, now);
}

export const pastWhenExact = (past: PastCheckup): string => `${day(new Date(past.checked))}, ${clock(new Date(past.checked))}`;
