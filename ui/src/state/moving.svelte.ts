import { Query } from '../lib/query.svelte';
import { asCallError, lookAtMovedKeys, mcpMove, moveMcpAccess, type CallError, type InstanceId, type McpAccess, type McpMoveView } from '../ipc';

/** AI clients of one instance that move from their keys to tokens. */
export class Moving {
  readonly query = new Query<McpMoveView | null, CallError>();
  busy = $state<'look' | 'move' | 'back' | null>(null);
  /** Why the last did not come off. */
  problem = $state.raw<CallError | null>(null);

  constructor(readonly instance: InstanceId) {}

  /** What is known here, without asking the server. */
  async read(): Promise<void> {
    await this.#read(() => mcpMove(this.instance));
  }

  /** Something changed this computer's state; what nobody has looked at waits until they do. */
  async follow(): Promise<void> {
    if (this.query.state !== 'idle' && !this.busy) await this.read();
  }

  /** Asks the server whether the keys are still used. */
  async look(): Promise<void> {
    await this.#run('look', async () => {
      this.query.put(await lookAtMovedKeys(this.instance));
    });
  }

  /** Begins, or goes on with another time to wait. */
  async move(access: McpAccess, quietFor: number | null = null): Promise<boolean> {
    return this.#run('move', async () => {
      this.query.put(await moveMcpAccess(this.instance, access, { keys: [], quiet_for: quietFor, unproven: false }));
    });
  }

  async back(): Promise<boolean> {
    return this.#run('back', async () => {
      this.query.put(await moveMcpAccess(this.instance, { kind: 'api_key' }, { keys: [], quiet_for: null, unproven: false }));
    });
  }

  async #read(ask: () => Promise<McpMoveView | null>): Promise<void> {
    await this.query.run(async () => {
      try {
        return await ask();
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }

  async #run(what: 'look' | 'move' | 'back', ask: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = what;
    this.problem = null;
    try {
      await ask();
      return true;
    } catch (reason) {
      this.problem = asCallError(reason);
      return false;
    } finally {
      this.busy = null;
    }
  }
}
