import { SvelteMap } from 'svelte/reactivity';
import {
  asCallError, connectClient, disconnectClient, openClientFile, previewConnect, previewDisconnect, previewRestore, restoreClient, type CallError, type ConnectRequest,
  type EntryPreview, type EntryWritten, type IfTaken, type InstanceId, type RestorePreview,
} from '../../ipc';

export type Intent = 'connect' | 'disconnect';
/** What was last done to a client's file in this window. */
export type Outcome = { kind: 'connected' | 'disconnected'; written: EntryWritten; others: number } | { kind: 'undone' };

/** What an outcome is kept by: one file may have entries for several folders. */
export const outcomeKey = (at: { path: string; folder?: string | null }): string => `${at.path} ${at.folder ?? ''}`;

/** An edit of one client's file: looked at, made, undone. */
export class Writing {
  /** What the open dialog asks. */
  asked = $state<Intent | null>(null);
  client = $state('');
  preview = $state.raw<EntryPreview | null>(null);
  problem = $state.raw<CallError | null>(null);
  /** The file became another one while its preview was looked at; the new preview waits for another look. */
  changed = $state(false);
  busy = $state<'look' | 'write' | 'undo' | null>(null);
  /** What stands in the way of undoing. */
  blocked = $state.raw<RestorePreview | null>(null);
  undoProblem = $state.raw<CallError | null>(null);
  /** Why a file could not be opened. */
  openProblem = $state.raw<CallError | null>(null);
  readonly outcomes = new SvelteMap<string, Outcome>();
  #request: ConnectRequest | null = null;
  #intent: Intent = 'connect';
  #turn = 0;

  constructor(private readonly instance: () => InstanceId, private readonly ended: (outcome: Outcome, at: string) => void) {}

  /** Another client came into view: a preview under way is for nobody. */
  leave(): void {
    this.#turn += 1;
    this.asked = null;
    this.undoProblem = null;
    this.openProblem = null;
    if (this.busy === 'look') this.busy = null;
  }

  /** Shows what would be written. */
  async review(intent: Intent, request: ConnectRequest): Promise<void> {
    if (this.busy) return;
    this.#begin(intent, request);
    const turn = this.#turn;
    await this.#look();
    if (turn === this.#turn) this.asked = intent;
  }

  /** Writes without showing it first, unless there is something to decide. */
  async write(request: ConnectRequest): Promise<void> {
    if (this.busy) return;
    this.#begin('connect', request);
    const turn = this.#turn;
    await this.#look();
    if (turn !== this.#turn) return;
    if (!this.problem) await this.#write();
    // Another client may have come into view meanwhile; the dialog would be about this one.
    if (turn !== this.#turn) return;
    if (this.problem || this.changed) this.asked = 'connect';
  }

  /** The dialog's own button. */
  async confirm(): Promise<void> {
    if (this.busy || this.problem || !this.preview) return;
    if (this.changed) this.changed = false;
    else await this.#write();
  }

  /** Looks again, as after a problem was mended elsewhere. */
  async again(): Promise<void> {
    if (!this.busy) await this.#look();
  }

  async decide(ifTaken: IfTaken): Promise<void> {
    if (this.busy || !this.#request) return;
    this.#request = { ...this.#request, if_taken: ifTaken };
    await this.#look();
  }

  /** The key that stands in the file alone may go. */
  async dropKey(): Promise<void> {
    if (this.busy || !this.#request) return;
    this.#request = { ...this.#request, drop_key: true };
    await this.#look();
  }

  close(): void {
    if (this.busy !== 'write') this.leave();
  }

  async undo(client: string): Promise<void> {
    if (this.busy) return;
    this.busy = 'undo';
    this.client = client;
    this.undoProblem = null;
    try {
      const { path } = await restoreClient(client);
      for (const key of this.outcomes.keys()) if (key.startsWith(`${path} `)) this.outcomes.set(key, { kind: 'undone' });
      this.#end({ path }, { kind: 'undone' });
    } catch (reason) {
      this.undoProblem = asCallError(reason);
    } finally {
      this.busy = null;
    }
    if (this.undoProblem?.code === 'client_file_changed') await this.compare(client);
  }

  /** Shows what keeps the last change from being undone. */
  async compare(client: string): Promise<void> {
    this.client = client;
    this.undoProblem = null;
    try {
      this.blocked = await previewRestore(client);
    } catch (reason) {
      this.undoProblem = asCallError(reason);
    }
  }

  /** In the person's own program for such files. */
  async open(request: ConnectRequest): Promise<void> {
    this.openProblem = null;
    try {
      await openClientFile(request);
    } catch (reason) {
      this.openProblem = asCallError(reason);
    }
  }

  #begin(intent: Intent, request: ConnectRequest): void {
    this.#turn += 1;
    this.#intent = intent;
    this.#request = request;
    this.client = request.client;
    this.preview = null;
    this.problem = null;
    this.changed = false;
    this.undoProblem = null;
  }

  async #look(): Promise<void> {
    if (!this.#request) return;
    const [turn, request] = [this.#turn, this.#request];
    this.busy = 'look';
    try {
      const ask = this.#intent === 'connect' ? previewConnect : previewDisconnect;
      const preview = await ask(this.instance(), request);
      if (turn !== this.#turn) return;
      this.preview = preview;
      this.problem = null;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.preview = null;
      this.problem = asCallError(reason);
    }
    this.busy = null;
  }

  async #write(): Promise<void> {
    const [preview, request] = [this.preview, this.#request];
    if (!preview || !request) return;
    this.busy = 'write';
    try {
      const connecting = this.#intent === 'connect';
      const written = await (connecting ? connectClient : disconnectClient)(this.instance(), request, preview.seen);
      this.busy = null;
      this.asked = null;
      this.#end(written, { kind: connecting ? 'connected' : 'disconnected', written, others: preview.others });
    } catch (reason) {
      this.busy = null;
      const problem = asCallError(reason);
      if (problem.code !== 'client_file_changed') {
        this.problem = problem;
        return;
      }
      await this.#look();
      this.changed = !this.problem;
    }
  }

  #end(at: { path: string; folder?: string | null }, outcome: Outcome): void {
    const key = outcomeKey(at);
    this.outcomes.set(key, outcome);
    this.ended(outcome, key);
  }
}
