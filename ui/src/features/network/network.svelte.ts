import { Query } from '../../lib/query.svelte';
import { asCallError, lookAtNetwork, setNetwork, showNetwork, type CallError, type InstanceId, type NetworkChange, type NetworkView, type WayView } from '../../ipc';

export type Part = 'trusted' | 'certificate' | 'proxy' | 'timeouts';

/** How one instance is reached, and whether the way is open. */
export class Network {
  readonly query = new Query<NetworkView, CallError>();
  readonly way = new Query<WayView, CallError>();
  busy = $state<Part | null>(null);
  /** Why the last change did not come off. */
  refusal = $state.raw<{ part: Part; problem: CallError } | null>(null);

  constructor(readonly instance: InstanceId) {}

  async read(): Promise<void> {
    await this.query.run(() => asked(showNetwork(this.instance)));
  }

  async look(): Promise<void> {
    await this.way.run(() => asked(lookAtNetwork(this.instance)));
    // What failed tells nothing of the way as it is now.
    if (this.way.error) this.way.data = undefined;
  }

  /** Answers why it was not changed. */
  async set(part: Part, change: NetworkChange): Promise<CallError | null> {
    if (this.busy) return null;
    this.busy = part;
    this.refusal = null;
    try {
      this.query.put(await asked(setNetwork(this.instance, change)));
      return null;
    } catch (reason) {
      const problem = asCallError(reason);
      this.refusal = { part, problem };
      return problem;
    } finally {
      this.busy = null;
      if (!this.refusal) void this.look();
    }
  }
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (reason) {
    throw asCallError(reason);
  }
}
