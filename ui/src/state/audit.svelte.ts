import type { GridSort } from '../components/grid';
import { Query } from '../lib/query.svelte';
import { asCallError, audit, auditOffline, isAuditOffered, type ApiKeyId, type AuditView, type CallError, type InstanceId } from '../ipc';
import { ALL, keptFilters, type AuditFilter } from './audit-filter';
import { moment } from './moment';

const SLOW_AFTER = 8000;

/** What stands beside the list. */
export type AuditAside = { kind: 'key'; key: ApiKeyId } | { kind: 'person'; person: number } | { kind: 'gone' };

/** Everybody's keys on one instance: what was read last at once, the server's as soon as it answers. */
export class Audit {
  readonly query = new Query<AuditView, CallError>();
  /** Whether it has a tab without being asked for. */
  offered = $state(false);
  /** Eight seconds have passed. */
  slow = $state(false);
  /** The person stopped waiting. */
  stopped = $state(false);
  // How the person looks at it, kept while they are elsewhere.
  filter = $state.raw<AuditFilter>(ALL);
  kept = $state.raw<readonly AuditFilter[]>([]);
  sort = $state.raw<GridSort>({ column: 'findings', direction: 'descending' });
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- never changed in place
  picked = $state.raw<ReadonlySet<string>>(new Set());
  aside = $state.raw<AuditAside | null>(null);
  #opened: Promise<void> | undefined;
  #asked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(readonly instance: InstanceId) {
    this.kept = keptFilters(instance);
  }

  get view(): AuditView | undefined {
    return this.query.data;
  }

  /** Whether what is in view is the server's last word. */
  get live(): boolean {
    return this.query.state === 'ok' && (this.query.data?.live ?? false);
  }

  /** The first look: what is kept, then, once, if somebody is signed in, the server's. */
  async open(signedIn: boolean): Promise<void> {
    this.#opened ??= this.#showKept();
    await this.#opened;
    // Whoever signs in again is asked for anew.
    if (!signedIn) this.#asked = false;
    else if (!this.#asked) await this.refresh();
  }

  /** Whether this person has a use for it. */
  async look(): Promise<void> {
    try {
      this.offered = await isAuditOffered(this.instance);
    } catch {
      // The menu leads there too.
    }
  }

  async #showKept(): Promise<void> {
    try {
      const kept = await auditOffline(this.instance);
      if (kept && !this.query.data) this.query.put(kept, moment(kept.fetched), 'stale');
    } catch {
      // What is kept is a help, not a need; the live one says what is wrong.
    }
  }

  /** Asks the server. `trust` reads by a connection that may too much, for this once. */
  async refresh(trust = false): Promise<boolean> {
    this.#asked = true;
    this.stopped = false;
    this.slow = false;
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    this.#timer = setTimeout(() => (this.slow = this.query.busy), SLOW_AFTER);
    const taken = await this.query.run(async () => {
      try {
        return await audit(this.instance, trust);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
    if (turn === this.#turn) this.#inTime();
    return taken;
  }

  stop(): void {
    this.query.cancel();
    this.#inTime();
    this.stopped = true;
  }

  #inTime(): void {
    clearTimeout(this.#timer);
    this.slow = false;
  }
}
