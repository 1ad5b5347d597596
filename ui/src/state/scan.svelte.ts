import { SvelteMap } from 'svelte/reactivity';
import { asCallError, CallError, checkScannedKeys, listClients, moveScannedKey, restoreClient, scanKeys, stopScan, type ScanView } from '../ipc';

const SPINNER_AFTER = 400;

/** The number of a key in the answer, and of a place among that key's. */
export interface Spot {
  key: number;
  spot: number;
}

/** What became of a key at one place. */
export type Outcome =
  | { kind: 'moved'; client: string }
  | { kind: 'undone'; client: string }
  | { kind: 'left' | 'not_undone'; client: string; why: CallError };

const named = ({ key, spot }: Spot): string => `${key} ${spot}`;

/** The last search of this computer's files, kept while the window is open. Rust keeps what it found. */
export class KeyScan {
  view = $state.raw<ScanView | null>(null);
  problem = $state.raw<CallError | null>(null);
  /** Where to look: in one folder, or in the usual files. */
  inFolder = $state(false);
  typed = $state('');
  /** Why that folder cannot be searched. */
  folderProblem = $state.raw<CallError | null>(null);
  /** The folder that was searched; none after the usual files. */
  searched = $state.raw<string | null>(null);
  busy = $state<'search' | 'ask' | 'move' | 'undo' | null>(null);
  /** It has been busy for a moment, so that "Stop" is no flicker. */
  slow = $state(false);
  /** Why the servers could not be asked. */
  unasked = $state.raw<CallError | null>(null);
  #names = $state.raw<Readonly<Record<string, string>>>({});
  #outcomes = new SvelteMap<string, Outcome>();
  /** The place where each client's file was changed last: only that can be undone. */
  #last = new SvelteMap<string, string>();
  #turn = 0;

  /** Whom asking would ask. */
  readonly instances: readonly string[] = $derived.by(() => {
    const named = (this.view?.keys ?? []).flatMap((key) => (key.instance ? [key.instance.name] : []));
    return named.filter((name, n) => named.indexOf(name) === n);
  });

  clientName(id: string): string {
    return this.#names[id] ?? id;
  }

  outcome(spot: Spot): Outcome | undefined {
    return this.#outcomes.get(named(spot));
  }

  canUndo(spot: Spot): boolean {
    const outcome = this.outcome(spot);
    return (outcome?.kind === 'moved' || outcome?.kind === 'not_undone') && this.#last.get(outcome.client) === named(spot);
  }

  /** The folder to search, as it is typed now; none for the usual files. */
  readonly folder: string | null = $derived.by(() => (this.inFolder ? this.typed : null));

  /** Looks where a person wants. What was found before stays in view until then. */
  async search(): Promise<void> {
    const folder = this.folder;
    this.folderProblem = folder?.trim() === '' ? new CallError('folder_unusable', { problem: 'empty' }) : null;
    if (this.folderProblem) return;
    await this.#long('search', async (current) => {
      this.problem = null;
      try {
        const [view, clients] = await Promise.all([scanKeys(folder), listClients().catch(() => [])]);
        if (!current()) return;
        this.#names = Object.fromEntries(clients.map((client) => [client.id, client.name]));
        this.#put(view, folder);
      } catch (reason) {
        if (!current()) return;
        const problem = asCallError(reason);
        if (problem.code === 'folder_unusable') {
          this.folderProblem = problem;
          return;
        }
        this.#put(null);
        this.problem = problem;
      }
    });
  }

  /** Asks the keys' instances whether they work. */
  async ask(): Promise<void> {
    await this.#long('ask', async (current) => {
      this.unasked = null;
      try {
        const view = await checkScannedKeys();
        if (current() && view) this.view = view;
      } catch (reason) {
        if (current()) this.unasked = asCallError(reason);
      }
    });
  }

  /** Whatever is under way ends; of a search nothing is kept, since Rust may have finished it meanwhile. */
  stop(): void {
    if (this.busy !== 'search' && this.busy !== 'ask') return;
    this.#turn += 1;
    if (this.busy === 'search') this.#put(null);
    this.busy = null;
    this.slow = false;
    void stopScan().catch(() => undefined);
  }

  async move(spot: Spot, client: string): Promise<void> {
    if (this.busy) return;
    this.busy = 'move';
    try {
      const moved = await moveScannedKey(spot.key, spot.spot);
      if (moved?.written) {
        this.#outcomes.set(named(spot), { kind: 'moved', client });
        this.#last.set(client, named(spot));
      } else this.#left(spot, client, new CallError(moved?.problem ?? 'secret_not_here'));
    } catch (reason) {
      this.#left(spot, client, reason);
    } finally {
      this.busy = null;
    }
  }

  async undo(spot: Spot): Promise<void> {
    const client = this.outcome(spot)?.client;
    if (this.busy || client === undefined) return;
    this.busy = 'undo';
    try {
      await restoreClient(client);
      this.#outcomes.set(named(spot), { kind: 'undone', client });
      this.#last.delete(client);
    } catch (reason) {
      this.#outcomes.set(named(spot), { kind: 'not_undone', client, why: asCallError(reason) });
    } finally {
      this.busy = null;
    }
  }

  #left(spot: Spot, client: string, reason: unknown): void {
    this.#outcomes.set(named(spot), { kind: 'left', client, why: asCallError(reason) });
  }

  #put(view: ScanView | null, searched: string | null = null): void {
    this.view = view;
    this.searched = searched;
    this.unasked = null;
    this.#outcomes.clear();
    this.#last.clear();
  }

  async #long(what: 'search' | 'ask', run: (current: () => boolean) => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = what;
    const turn = (this.#turn += 1);
    const current = () => turn === this.#turn;
    const timer = setTimeout(() => (this.slow = current()), SPINNER_AFTER);
    await run(current);
    clearTimeout(timer);
    if (!current()) return;
    this.busy = null;
    this.slow = false;
  }
}
