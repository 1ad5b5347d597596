import type { CallError, ErrorCode, InstanceView } from '../ipc';
import { isForAdmin } from '../messages/admin';
import { errorWords, type ErrorAction } from '../messages/errors';

/** What stands between a person and a live list. */
export type Obstacle = 'session' | 'keychain' | 'network' | 'admin';

const SESSION: readonly ErrorCode[] = ['signed_out', 'session_over', 'key_rejected'];

/** Whether signing in is what helps. */
export const isOfSession = (code: ErrorCode): boolean => SESSION.includes(code);

/** Whether the store that secrets are in is what is in the way. */
export const isOfStore = (code: ErrorCode): boolean => code.startsWith('keychain_') || code.startsWith('vault_') || code === 'no_vault';

/** What answers at this address is no Superset. */
const ELSEWHERE: readonly ErrorCode[] = ['not_superset', 'redirected'];

export function obstacleOf(instance: InstanceView, error: CallError | undefined): Obstacle | null {
  if (instance.session !== 'signed_in') return 'session';
  // What is locked is said above everything.
  if (!error || error.code === 'app_locked') return null;
  if (SESSION.includes(error.code)) return 'session';
  // What they stay signed in with lies in a keychain that is not to be had.
  if (isOfStore(error.code)) return 'keychain';
  return isForAdmin(error.code) ? 'admin' : 'network';
}

/** Why somebody has to sign in. An earlier error of another kind is not the reason. */
export function sessionReason(instance: InstanceView, error: CallError | undefined): Pick<CallError, 'code' | 'params'> {
  if (error && error.code !== 'signed_out' && SESSION.includes(error.code)) return error;
  return { code: instance.session === 'over' ? 'session_over' : 'signed_out', params: {} };
}

/** Something answers there, in a way that we cannot go on with. */
const OTHER_PROTOCOL: readonly string[] = ['not_tls', 'tls_failed', 'not_http'];

/** Whether nothing answers, so that looking for the way there helps. */
export const isAway = ({ code, params }: Pick<CallError, 'code' | 'params'>): boolean =>
  code === 'proxy_answered' || (code === 'unreachable' && !OTHER_PROTOCOL.includes(params.kind ?? ''));

/** What helps, best first. */
export function waysOn(obstacle: Obstacle, error: CallError | undefined): readonly ErrorAction[] {
  switch (obstacle) {
    case 'session': return ['sign_in'];
    case 'admin': return ['admin_message', 'try_again'];
    case 'network': {
      if (error?.code === 'certificate_untrusted') return ['try_again', 'details'];
      // Its own address cannot be changed: keys and entries belong to it.
      const elsewhere = error && (ELSEWHERE.includes(error.code) || OTHER_PROTOCOL.includes(error.params.kind ?? ''));
      return elsewhere ? ['try_again', 'add_address'] : ['try_again'];
    }
    case 'keychain': {
      const first = error && errorWords(error).action;
      // Signing in needs no keychain.
      return first ? [first, 'sign_in'] : ['sign_in'];
    }
  }
}
