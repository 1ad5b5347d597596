// Which one thing the banner speaks of: the keychain before the session before the network.
import type { CallError, InstanceView, KeychainView, KeyListView } from '../../ipc';
import { checkup } from '../../messages/checkup';
import { errorWords, type ErrorAction } from '../../messages/errors';
import { states } from '../../messages/states';
import { asOf } from '../../state/as-of';
import { sessionReason, waysOn, type Obstacle } from '../../state/obstacle';
import type { Tab } from '../../state/place';

export interface BannerState {
  kind: 'keychain' | Obstacle;
  title: string;
  text: string;
  waiting?: string;
  /** What helps, best first. */
  actions: readonly ErrorAction[];
}

interface Given {
  instance: InstanceView;
  keychain: KeychainView | null;
  obstacle: Obstacle | null;
  error: CallError | undefined;
  view: KeyListView | undefined;
  now: Date;
  tab: Tab;
  /** Nothing has come for so long that the person must hear of it. */
  late: boolean;
}

/** None where nothing is in the way, or where the whole page says it because there is no list to show. */
export function bannerOf({ instance, keychain, obstacle, error, view, now, tab, late }: Given): BannerState | null {
  if (keychain?.locked) {
    const { title, text } = states.lockedBanner;
    const said = tab === 'checkup' ? checkup.lockedBanner : text;
    return { kind: 'keychain', title: title(keychain.name), text: said, ...(keychain.store === 'keychain' ? { waiting: states.unlocking(keychain.name) } : {}), actions: ['unlock'] };
  }
  if (late && obstacle !== 'session' && (view || tab !== 'keys')) {
    const { title, text } = states.late;
    const kept = view && tab === 'keys' ? ` ${states.shownAsOf(asOf(view.fetched, now))}.` : '';
    return { kind: 'network', title: title(instance.name), text: `${text}${kept}`, actions: ['try_again'] };
  }
  if (!obstacle || (tab === 'keys' && !view)) return null;
  const more = { instance: instance.name, ...(keychain ? { keychain: keychain.name } : {}) };
  if (obstacle === 'session') {
    const reason = sessionReason(instance, error);
    const { title, body } = errorWords(reason, more);
    return { kind: 'session', title: `${title}.`, text: reason.code === 'signed_out' ? states.signedOut.keptText : body, actions: ['sign_in'] };
  }
  if (!error) return null;
  const { title, body } = errorWords(error, more);
  const actions = waysOn(obstacle, error);
  if (obstacle === 'keychain') return { kind: obstacle, title: `${title}.`, text: actions.includes('try_again') ? body : states.withoutKeychain, actions };
  if (obstacle === 'admin') return { kind: obstacle, title: `${title}.`, text: body, actions };
  // Two sentences at most: what happened, and how old the list is.
  const [first] = body.split(/(?<=[.])\s/);
  const text = view && tab === 'keys' ? `${first ?? ''} ${states.shownAsOf(asOf(view.fetched, now))}.` : body;
  return { kind: obstacle, title: `${title}.`, text, actions };
}
