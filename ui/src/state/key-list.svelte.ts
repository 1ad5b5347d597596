import type { GridSort } from '../components/grid';
import { Query } from '../lib/query.svelte';
import { asCallError, keptKeys, listKeys, type ApiKeyView, type CallError, type InstanceView, type KeyListView } from '../ipc';
import { moment } from './moment';

export type Chip = 'all' | 'active' | 'soon' | 'expired' | 'revoked' | 'here';

/** What stands between a person and a live list. */
export type Obstacle = 'session' | 'network' | 'forbidden' | 'keys_off';

const SLOW_AFTER = 8000;

export function obstacleOf(instance: InstanceView, error: CallError | undefined): Obstacle | null {
  if (instance.session !== 'signed_in') return 'session';
  if (!error) return null;
  if (error.code === 'signed_out' || error.code === 'session_over' || error.code === 'key_rejected') return 'session';
  if (error.code === 'forbidden') return 'forbidden';
  return error.code === 'api_keys_off' ? 'keys_off' : 'network';
}

/** The keys of one instance: the kept list at once, the server's as soon as it answers. */
export class KeyList {
  readonly query = new Query<KeyListView, CallError>();
  /** Eight seconds have passed. */
  slow = $state(false);
  /** The person stopped waiting. */
  stopped = $state(false);
  // How the person looks at it, kept while they are elsewhere.
  /** The key in the details panel. */
  openKey = $state<string | null>(null);
  chip = $state<Chip>('all');
  sort = $state.raw<GridSort>({ column: 'last_used', direction: 'descending' });
  #opened: Promise<void> | undefined;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;

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
    this.slow = false;
    clearTimeout(this.#slowTimer);
    const timer = setTimeout(() => (this.slow = this.query.busy), SLOW_AFTER);
    this.#slowTimer = timer;
    const taken = await this.query.run(async () => {
      try {
        return await listKeys(this.instance);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
    clearTimeout(timer);
    if (this.#slowTimer === timer) this.slow = false;
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
    this.slow = false;
    this.stopped = true;
  }

  #replace(view: KeyListView): void {
    // Not `put`: a question under way stays one.
    this.query.data = view;
  }
}
