import { acknowledgeUse, asCallError, showActivity, type ActivityView, type CallError, type InstanceId, type UnexplainedUseView } from '../ipc';
import { Query } from '../lib/query.svelte';

export type ActivityChip = 'all' | 'unexplained' | 'refused' | 'failed';
export type ActivityBy = 'time' | 'client' | 'tool';

const MONTH = 24 * 30;

/** What AI clients did, as this computer noted it; how a person looks at it is kept while they are elsewhere. */
export class Activity {
  readonly query = new Query<ActivityView, CallError>();
  hours = $state(24 * 7);
  instance = $state<InstanceId | null>(null);
  client = $state<string | null>(null);
  chip = $state<ActivityChip>('all');
  by = $state<ActivityBy>('time');
  /** The row in the details panel. */
  open = $state<string | null>(null);
  /** Uses that nothing here explains, of a month, wherever. */
  uses = $state.raw<readonly UnexplainedUseView[]>([]);
  /** Whoever was seen, also while only one of them is looked at. */
  clients = $state.raw<readonly string[]>([]);

  async look(): Promise<void> {
    const { hours, instance, client } = this;
    const taken = await this.query.run(async () => {
      try {
        return await showActivity({ hours, instance, client });
      } catch (reason) {
        throw asCallError(reason);
      }
    });
    if (taken && client === null) this.clients = (this.query.data?.by_client ?? []).map((one) => one.client);
  }

  /** For what is said in passing. Asks no server. */
  async count(): Promise<void> {
    try {
      this.uses = (await showActivity({ hours: MONTH })).unexplained;
    } catch {
      // The place itself says what is wrong.
    }
  }

  /** "It was me", of one use. */
  async mine(id: string): Promise<void> {
    await acknowledgeUse(id);
    this.uses = this.uses.filter((use) => use.id !== id);
    await this.look();
  }

  /** Everything of a month by one client. */
  only(instance: InstanceId, client: string): void {
    Object.assign(this, { hours: MONTH, instance, client, chip: 'all', by: 'time', open: null });
  }

  /** One use, whatever was filtered before. */
  show(use: string): void {
    Object.assign(this, { hours: MONTH, instance: null, client: null, chip: 'all', by: 'time', open: use });
  }
}
