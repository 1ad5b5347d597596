import { asCallError, copyToken, dropToken, type CallError, type InstanceId } from '../ipc';
import { Clipboard } from './clipboard.svelte';

type Shared = 'mint' | 'copy' | 'inspect';

/** What is known of the one token that Rust holds while a person looks at it. The token itself never comes here. */
export abstract class HeldToken<Minted, Read, More extends string = never> {
  /** The one made here, as long as it is the one that is held. */
  minted = $state.raw<Minted | null>(null);
  inspected = $state.raw<Read | null>(null);
  /** When that was read; its times were those of then. */
  readAt = 0;
  busy = $state<Shared | More | null>(null);
  problem = $state.raw<{ of: Shared | More; error: CallError } | null>(null);
  /** What was asked for is not held any more. */
  gone = $state(false);
  readonly clipboard = new Clipboard();
  #left = false;

  constructor(readonly instance: InstanceId) {}

  /** Hands a pasted one over; with none, reads the one that is held. Nothing where none is. */
  protected abstract read(token: string | null): Promise<Read | null>;

  async copy(): Promise<boolean> {
    return this.run('copy', async () => {
      const seconds = await copyToken(this.instance);
      if (seconds === null) this.#lost();
      else if (seconds > 0) this.clipboard.start(seconds);
    });
  }

  /** A pasted one is held in place of the one made here. */
  async inspect(token: string | null): Promise<boolean> {
    return this.run('inspect', async () => {
      this.inspected = null;
      const read = await this.read(token);
      if (!read) return this.#lost();
      this.readAt = Date.now();
      this.inspected = read;
      if (token !== null) this.minted = null;
    });
  }

  /** Lets go of it, here and in Rust. */
  drop(): void {
    this.minted = null;
    this.inspected = null;
    this.problem = null;
    this.gone = false;
    this.letGo();
  }

  /** Nobody looks at it any more. */
  leave(): void {
    this.#left = true;
    this.drop();
  }

  /** Makes another one; what was held is let go of. */
  protected async making(ask: () => Promise<Minted>): Promise<boolean> {
    return this.run('mint', async () => {
      this.minted = null;
      this.inspected = null;
      this.minted = await ask();
    });
  }

  protected letGo(): void {
    void dropToken().catch(() => undefined);
  }

  #lost(): void {
    this.minted = null;
    this.inspected = null;
    this.gone = true;
  }

  protected async run(what: Shared | More, ask: () => Promise<void>): Promise<boolean> {
    if (this.busy) return false;
    this.busy = what;
    this.problem = null;
    this.gone = false;
    try {
      await ask();
      return !this.gone;
    } catch (reason) {
      this.problem = { of: what, error: asCallError(reason) };
      return false;
    } finally {
      this.busy = null;
      // What was under way then is held since.
      if (this.#left) this.drop();
    }
  }
}
