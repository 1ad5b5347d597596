import { asCallError, findClients, type CallError, type FoundClient } from '../../ipc';
import { Query } from '../../lib/query.svelte';

const PAUSE = 400;

/** One project's folder, and what the AI clients' files in it say. */
export class ProjectFolder {
  on = $state(false);
  typed = $state('');
  readonly query = new Query<FoundClient[], CallError>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** As it was found; nothing until then. */
  readonly path: string | null = $derived.by(() => (this.query.data && !this.query.error ? this.typed : null));

  /** A client with its file in this project alone. */
  of(client: string): FoundClient | undefined {
    if (this.path === null) return undefined;
    const found = this.query.data?.find((one) => one.client === client);
    return found && { ...found, files: found.files.filter((file) => file.scope === 'project') };
  }

  /** Another folder, or no folder any more: what was found belongs to the one before. */
  changed(): void {
    this.#lookIn(PAUSE);
  }

  lookNow(): void {
    this.#lookIn(0);
  }

  /** The same folder once more, with what was found in view until then. */
  async look(): Promise<void> {
    const typed = this.typed;
    if (!this.on || !typed.trim()) return;
    await this.query.run(async () => {
      try {
        return await findClients(typed);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }

  #lookIn(pause: number): void {
    clearTimeout(this.#timer);
    this.query.reset();
    if (!this.on || !this.typed.trim()) return;
    // Busy from the first letter on, so that nothing flickers between two letters.
    this.query.busy = true;
    this.#timer = setTimeout(() => void this.look(), pause);
  }
}
