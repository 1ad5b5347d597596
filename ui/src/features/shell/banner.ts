// Which one thing the banner speaks of: the keychain before the session before the network.
import type { CallError, InstanceView, KeychainView, KeyListView } from '../../ipc';
import { checkup } from '../../messages/checkup';
import { errorWords } from '../../messages/errors';
import { states } from '../../messages/states';
import { asOf } from '../../state/as-of';
import type { Obstacle } from '../../state/key-list.svelte';

export interface BannerState {
  kind: 'keychain' | Obstacle;
  title: string;
  text: string;
  waiting?: string;
}

interface Given {
  instance: InstanceView;
  keychain: KeychainView | null;
  obstacle: Obstacle | null;
  error: CallError | undefined;
  view: KeyListView | undefined;
  now: Date;
  /** On the check-up, where there is no list. */
  checking?: boolean;
}

/** None where nothing is in the way, or where the whole page says it because there is no list to show. */
export function bannerOf({ instance, keychain, obstacle, error, view, now, checking = false }: Given): BannerState | null {
  if (keychain?.locked) {
    const { title, text } = states.lockedBanner;
    return { kind: 'keychain', title: title(keychain.name), text: checking ? checkup.lockedBanner : text, waiting: states.unlocking(keychain.name) };
  }
  if (!view || !obstacle) return null;
  if (obstacle === 'session') {
    const code = instance.session === 'over' ? 'session_over' : (error?.code ?? 'signed_out');
    const { title, body } = errorWords({ code, params: {} }, { instance: instance.name });
    return { kind: 'session', title: `${title}.`, text: code === 'signed_out' ? states.signedOut.keptText : body };
  }
  if (!error) return null;
  const { title, body } = errorWords(error, { instance: instance.name });
  if (obstacle !== 'network') return { kind: obstacle, title: `${title}.`, text: body };
  // Two sentences at most: what happened, and how old the list is.
  const [first] = body.split(/(?<=[.])\s/);
  return { kind: obstacle, title: `${title}.`, text: `${first ?? ''} ${states.shownAsOf(asOf(view.fetched, now))}.` };
}
