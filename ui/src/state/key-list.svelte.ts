import type { GridSort } from '../components/grid';
import { Query } from '../lib/query.svelte';
import { asCallError, keptKeys, listKeys, type ApiKeyView, type CallError, type KeyListView } from '../ipc';
import { moment } from './moment';

export type Chip = 'all' | 'active' | 'soon' | 'expired' | 'revoked' | 'here';

const SLOW_AFTER = 8000;
const LATE_AFTER = 15_000;

/** The keys of one instance: the kept list at once, the server's as soon as it answers. */
export class KeyList {
  readonly query = new Query<KeyListView, CallError>();
  /** Eight seconds have passed. */
  slow = $state(false);
  /** Fifteen have: what is in view may be old for long. */
  late = $state(false);
  /** The person stopped waiting. */
  stopped = $state(false);
  // How the person looks at it, kept while they are elsewhere.
  /** The key in the details panel. */
  openKey = $state<string | null>(null);
  chip = $state<Chip>('all');
  /** The keys that are picked together. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- never changed in place
  picked = $state.raw<ReadonlySet<string>>(new Set());
  sort = $state.raw<GridSort>({ column: 'last_used', direction: 'descending' });
  #opened: Promise<void> | undefined;
  #timers: ReturnType<typeof setTimeout>[] = [];
  #turn = 0;

  constructor(readonly instance: string) {}

  get view(): KeyListView | undefined {
    return this.query.data;
  }

  /** The first look: what is kept, then, if somebody is signed in, the live list. */
  async open(signedIn: boolean): Promise<void> {
    this.#opened ??= this.#showKept();
    await this.#opened;
    if (signedIn) await this.refresh();
  }

  async #showKept(): Promise<void> {
    try {
      const kept = await keptKeys(this.instance);
      if (kept && !this.query.data) this.query.put(kept, moment(kept.fetched), 'stale');
    } catch {
      // The kept list is a help, not a need; the live one says what is wrong.
    }
  }

  /** Asks the server. True if its answer is now in view. */
  async refresh(): Promise<boolean> {
    this.stopped = false;
    this.#inTime();
    const turn = (this.#turn += 1);
    this.#timers = [
      setTimeout(() => (this.slow = this.query.busy), SLOW_AFTER),
      setTimeout(() => (this.late = this.query.busy), LATE_AFTER),
    ];
    const taken = await this.query.run(async () => {
      try {
        return await listKeys(this.instance);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
    if (turn === this.#turn) this.#inTime();
    return taken;
  }

  /** Reads again what this computer knows of the rows, without a call to the server. */
  async rejoin(): Promise<void> {
    const now = this.query.data;
    if (!now) return this.#showKept();
    try {
      const kept = await keptKeys(this.instance);
      // Somebody else's list, or one that a newer answer has overtaken, is of no use.
      if (!kept || this.query.data !== now || kept.fetched < now.fetched) return;
      const live = now.live && kept.fetched === now.fetched;
      this.#replace({ ...kept, live, unaccounted: now.unaccounted, listed_with_key: now.listed_with_key });
    } catch {
      // The list in view stays.
    }
  }

  /** Puts in what a change answered. */
  take(key: ApiKeyView): void {
    const now = this.query.data;
    if (!now) return;
    const known = now.keys.some((other) => other.id === key.id);
    const keys = known ? now.keys.map((other) => (other.id === key.id ? key : other)) : [key, ...now.keys];
    this.#replace({ ...now, keys, unaccounted: now.unaccounted.filter((lost) => lost.key !== key.id || key.status !== 'revoked') });
  }

  dismissed(intent: string): void {
    const now = this.query.data;
    if (now) this.#replace({ ...now, unaccounted: now.unaccounted.filter((lost) => lost.intent !== intent) });
  }

  stop(): void {
    this.query.cancel();
    this.#inTime();
    this.stopped = true;
  }

  #inTime(): void {
    this.#timers.forEach(clearTimeout);
    this.slow = false;
    this.late = false;
  }

  #replace(view: KeyListView): void {
    // Not `put`: a question under way stays one.
    this.query.data = view;
  }
}
