import { asCallError, findClients, type CallError, type FoundClient } from '../ipc';
import { Query } from '../lib/query.svelte';

/** Which AI clients are on this computer and what each is connected to, as their own files said when last looked at. */
export class Found {
  readonly query = new Query<FoundClient[], CallError>();

  readonly all: readonly FoundClient[] = $derived.by(() => this.query.data ?? []);
  /** An answer came, whichever. */
  readonly known = $derived.by(() => this.query.data !== undefined || this.query.error !== undefined);
  /** A client's file has an entry of ours: somebody here knows what one looks like. */
  readonly anyConnected = $derived.by(() => this.all.some((client) => client.files.some((file) => file.entries.length > 0)));

  of(client: string): FoundClient | undefined {
    return this.all.find((found) => found.client === client);
  }

  /** How many are connected to an instance. */
  connectedTo(instance: string): number {
    return this.all.filter((client) => client.files.some((file) => file.entries.some((entry) => entry.instance === instance))).length;
  }

  async look(): Promise<void> {
    await this.query.run(async () => {
      try {
        return await findClients(null);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }
}
