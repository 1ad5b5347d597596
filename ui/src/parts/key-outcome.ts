// What a check-up says of the key it was run with, in one line.
import type { CheckupItemView, CheckupView, Finding, InstanceView, KeychainView, Verdict } from '../ipc';
import { checkup, criticalTitle, itemWords } from '../messages/checkup';
import { errorWords } from '../messages/errors';
import type { Checkup } from '../state/checkup.svelte';

export interface KeyOutcome {
  verdict: Verdict;
  text: string;
}

const words = checkup.works;

/** What keeps a key from working, the first cause first. */
const obstacles: readonly (readonly [Finding, string])[] = [
  ['key_rejected', words.rejected],
  ['endpoint_unknown', words.noServer],
  ['endpoint_absent', words.noServer],
  ['endpoint_unreachable', words.noAnswer],
  ['keys_not_understood', words.noKeys],
  ['takes_other_tokens', words.noKeys],
];

function ofItems(view: CheckupView, instance: InstanceView, keychain: KeychainView | null): KeyOutcome {
  const place = { instance, mcpUrl: view.mcp_url };
  const has = (finding: Finding): CheckupItemView | undefined => view.items.find((item) => item.finding === finding);
  const critical = view.items.find((item) => item.verdict === 'critical');
  if (critical) return { verdict: 'critical', text: `${criticalTitle(critical, place)}.` };
  const same = has('same_person');
  if (same) return { verdict: 'passed', text: words.as(same.params.mcp_user ?? '') };
  const obstacle = obstacles.find(([finding]) => has(finding));
  if (obstacle) return { verdict: 'warning', text: obstacle[1] };
  const worst = view.items.find((item) => item.verdict === 'warning' && item.item !== 'key_owner');
  if (view.requests_with_key > 0 && worst) {
    const { title, seen } = itemWords(worst, place);
    return { verdict: 'warning', text: `${title}: ${seen}.` };
  }
  return { verdict: 'warning', text: keychain?.locked ? words.untriedLocked(keychain.name) : words.untried };
}

/** What keeps every client from getting an answer, whoever asks. */
const stops: readonly Finding[] = [
  ...obstacles.map(([finding]) => finding), 'certificate_untrusted', 'proxy_in_the_way', 'endpoint_behind_sign_in', 'handshake_refused', 'no_tools', 'scope_missing',
  'token_refused', 'token_without_user',
];

/** Whether the key has been seen to work, or not to; or that something else was found. Nothing where it was not tried. */
export type Proof = 'works' | 'fails' | 'found' | null;

export function proofOf(view: CheckupView | undefined): Proof {
  if (!view) return null;
  const has = (finding: Finding): boolean => view.items.some((item) => item.finding === finding);
  if (stops.some(has)) return 'fails';
  if (view.verdict === 'critical') return 'found';
  if (has('same_person')) return 'works';
  const failed = view.requests_with_key > 0 && view.items.some((item) => item.verdict === 'warning' && item.item !== 'key_owner');
  return failed ? 'found' : null;
}

/** What a check-up that has ended says of its key. */
export const resultWords = ofItems;

export function outcomeOf({ phase, view, problem }: Checkup, instance: InstanceView, keychain: KeychainView | null): KeyOutcome | null {
  if (phase === 'refused' && problem) {
    const { title, body } = errorWords(problem, { instance: instance.name });
    return { verdict: 'warning', text: `${title}. ${body}` };
  }
  if (phase === 'stopped') return { verdict: 'skipped', text: words.stopped };
  return view ? ofItems(view, instance, keychain) : null;
}
