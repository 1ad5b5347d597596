import { asCallError, lookAtMcp, type CallError, type InstanceId, type McpDetectionView } from '../../ipc';
import { Query } from '../../lib/query.svelte';

const PAUSE = 400;

/** An MCP address that is being typed, and what is there. */
export class McpAddress {
  typed = $state('');
  readonly query = new Query<McpDetectionView, CallError>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly instance: InstanceId, known: string) {
    this.typed = known;
  }

  readonly seen = $derived(this.query.state === 'ok' ? this.query.data : undefined);
  readonly problem = $derived(this.query.state === 'error' ? this.query.error : undefined);
  readonly looking = $derived(this.query.busy || this.query.state === 'loading');
  /** It has been looked at, and no MCP server is known to be there. Keeping it is still a person's right. */
  readonly doubtful = $derived(this.problem !== undefined || (this.seen !== undefined && this.seen.found !== 'server'));

  /** The address changed: what was found belongs to another one. */
  changed(): void {
    clearTimeout(this.#timer);
    this.query.reset();
    const typed = this.typed.trim();
    if (!typed) return;
    // Busy from the first letter on, so that nothing flickers between two letters.
    this.query.busy = true;
    this.#timer = setTimeout(() => void this.#look(typed), PAUSE);
  }

  use(address: string): void {
    this.typed = address;
    this.changed();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.query.cancel();
  }

  async #look(typed: string): Promise<void> {
    await this.query.run(async () => {
      try {
        return await lookAtMcp(this.instance, typed);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }
}
