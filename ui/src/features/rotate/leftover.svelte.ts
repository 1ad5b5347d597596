import { asCallError, clientsOfRotation, listClients, rewriteClients, type CallError, type ClientKind, type ClientUse, type ErrorCode, type InstanceId } from '../../ipc';

export interface LeftRow {
  use: ClientUse;
  name: string;
  kind: ClientKind | null;
  written: boolean;
  /** Why it stands as it was. */
  problem: ErrorCode | null;
}

/** AI clients whose files still hold the key that is to go, and what became of them. */
export class Leftover {
  rows = $state.raw<readonly LeftRow[]>([]);
  problem = $state.raw<CallError | null>(null);
  writing = $state(false);

  constructor(private readonly of: () => { instance: InstanceId; rotation: string }) {}

  async look(): Promise<void> {
    const { instance, rotation } = this.of();
    try {
      const [uses, clients] = await Promise.all([clientsOfRotation(instance, rotation), listClients().catch(() => [])]);
      const written = this.rows.filter((row) => row.written);
      this.rows = [
        ...written,
        ...uses.map((use) => {
          const client = clients.find(({ id }) => id === use.client);
          const before = this.rows.find((row) => row.use.client === use.client && row.use.path === use.path);
          return { use, name: client?.name ?? use.client, kind: client?.kind ?? null, written: false, problem: before?.problem ?? null };
        }),
      ];
      this.problem = null;
    } catch (reason) {
      this.problem = asCallError(reason);
    }
  }

  /** Each gets the new key in the way it has the old one. */
  async write(): Promise<void> {
    if (this.writing) return;
    const { instance, rotation } = this.of();
    this.writing = true;
    try {
      const done = await rewriteClients(instance, rotation);
      this.rows = this.rows.map((row) => {
        const one = done.find((other) => other.client === row.use.client && other.path === row.use.path && other.entry === row.use.entry);
        return one ? { ...row, written: one.written !== null, problem: one.problem } : row;
      });
      this.problem = null;
    } catch (reason) {
      this.problem = asCallError(reason);
    } finally {
      this.writing = false;
    }
  }
}
