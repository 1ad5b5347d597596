import { Query } from '../../lib/query.svelte';
import { asCallError, auditSetUp, makeAuditDataset, makeAuditRole, type AuditDatasetView, type AuditRoleView, type AuditSetUpView, type CallError, type InstanceId } from '../../ipc';

/** What it takes to read everybody's keys on one instance, and what was made of it here. */
export class SetUp {
  readonly query = new Query<AuditSetUpView, CallError>();
  making = $state<'dataset' | 'role' | null>(null);
  dataset = $state.raw<AuditDatasetView | null>(null);
  role = $state.raw<AuditRoleView | null>(null);
  /** Why the last was not made. */
  problem = $state.raw<CallError | null>(null);

  constructor(readonly instance: InstanceId) {}

  async look(): Promise<void> {
    await this.query.run(async () => {
      try {
        return await auditSetUp(this.instance);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }

  async makeDataset(database: number): Promise<boolean> {
    return this.#make('dataset', async () => { this.dataset = await makeAuditDataset(this.instance, database); });
  }

  async makeRole(name: string): Promise<boolean> {
    return this.#make('role', async () => { this.role = await makeAuditRole(this.instance, name); });
  }

  /** What was made, or was not, shows in another look. */
  async #make(what: 'dataset' | 'role', make: () => Promise<void>): Promise<boolean> {
    this.making = what;
    this.problem = null;
    try {
      await make();
      return true;
    } catch (reason) {
      this.problem = asCallError(reason);
      return false;
    } finally {
      this.making = null;
      void this.look();
    }
  }
}
