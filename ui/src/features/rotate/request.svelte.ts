import type { RevokeWhen, RotateRequest } from '../../ipc';
import { rotation as words } from '../../messages/rotation';

/** How a key is to be replaced, as a person fills it in. */
export class Wanted {
  /** For how long the new key lives; 0 for ever. */
  days = $state(words.ask.usualDays);
  revoke = $state<RevokeWhen>('when_quiet');
  quietFor = $state(words.wait.usual);
  rewrite = $state(true);

  readonly request: RotateRequest = $derived.by(() => ({
    expiry: this.days === 0 ? { kind: 'never' } : { kind: 'in_days', days: this.days },
    revoke: this.revoke,
    quiet_for: this.quietFor,
    // Where there is time, each file is written on a click of its own.
    rewrite_clients: this.revoke === 'now' && this.rewrite,
  }));
}
