// Keys that end together: what would stop, how far it is, what came of each.
import {
  asCallError, onRevokesProgress, planRevoke, revokeKeys,
  type ApiKeyId, type CallError, type InstanceId, type KeyRevokedView, type RevokedKeysView, type RevokePlanView, type RevokeProgress,
} from '../../ipc';

const isDone = ({ outcome }: KeyRevokedView): boolean => outcome === 'revoked' || outcome === 'already';

export class RevokeMany {
  plan = $state.raw<RevokePlanView | null>(null);
  progress = $state.raw<RevokeProgress | null>(null);
  done = $state.raw<RevokedKeysView | null>(null);
  /** Why there is no plan, or why nothing was sent. */
  error = $state.raw<CallError | null>(null);
  busy = $state(false);
  #turn = 0;

  constructor(readonly instance: InstanceId, private readonly told: (done: RevokedKeysView) => void) {}

  get count(): number {
    return this.plan?.keys.length ?? 0;
  }

  get revoked(): number {
    return this.done?.keys.filter(isDone).length ?? 0;
  }

  /** Those that another try may end. */
  get left(): ApiKeyId[] {
    return this.done?.keys.filter((key) => !isDone(key)).map(({ id }) => id) ?? [];
  }

  /** Asks the server what there is; what was done before is forgotten. */
  async look(keys: readonly ApiKeyId[]): Promise<void> {
    const turn = (this.#turn += 1);
    this.plan = this.done = this.error = this.progress = null;
    try {
      const plan = await planRevoke(this.instance, [...keys]);
      if (turn === this.#turn) this.plan = plan;
    } catch (reason) {
      if (turn === this.#turn) this.error = asCallError(reason);
    }
  }

  /** Ends them. True if every one has ended. */
  async run(): Promise<boolean> {
    const { plan } = this;
    if (!plan || this.busy) return false;
    this.busy = true;
    this.error = null;
    const stop = await onRevokesProgress(({ instance, progress }) => {
      if (instance === this.instance) this.progress = progress;
    });
    try {
      const done = await revokeKeys(this.instance, plan.keys.map(({ key }) => key.id));
      this.done = done;
      this.told(done);
      return done.keys.every(isDone);
    } catch (reason) {
      this.error = asCallError(reason);
      return false;
    } finally {
      stop();
      this.busy = false;
    }
  }
}
