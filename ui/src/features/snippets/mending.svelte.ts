import { asCallError, mendClients, type CallError, type MendedView } from '../../ipc';

/** Entries whose program is gone, written anew. */
export class Mending {
  busy = $state(false);
  /** What became of them. */
  mended = $state.raw<readonly MendedView[] | null>(null);
  problem = $state.raw<CallError | null>(null);

  readonly done = $derived.by(() => this.mended?.filter((one) => one.written !== null) ?? []);
  readonly left = $derived.by(() => this.mended?.filter((one) => one.written === null) ?? []);

  constructor(private readonly ended: () => Promise<unknown>) {}

  /** All that can be found, also in this project's folder. */
  async run(project: string | null): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      this.mended = await mendClients(project);
    } catch (reason) {
      this.mended = null;
      this.problem = asCallError(reason);
    }
    await this.ended();
    this.busy = false;
  }

  leave(): void {
    this.mended = null;
    this.problem = null;
  }
}
