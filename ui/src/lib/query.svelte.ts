/** `stale`: an older answer is in view, and the newest attempt did not bring one. */
export type QueryState = 'idle' | 'loading' | 'ok' | 'error' | 'stale';

/**
 * One question asked again and again. Only the newest asking counts: an answer that arrives after a newer question
 * was asked is dropped. An old answer stays in view while a new one is fetched, with its time.
 */
export class Query<T, E = unknown> {
  state = $state<QueryState>('idle');
  data = $state.raw<T | undefined>(undefined);
  error = $state.raw<E | undefined>(undefined);
  /** When the running or last attempt began. */
  startedAt = $state.raw<Date | null>(null);
  /** When `data` arrived. */
  answeredAt = $state.raw<Date | null>(null);
  /** True while an attempt runs, also behind an old answer. */
  busy = $state(false);
  #turn = 0;

  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, never changed in place
  constructor(private readonly now: () => Date = () => new Date()) {}

  /** Asks, and says whether this very answer was taken. Failures end up in `error`, not in a rejection. */
  async run(ask: () => Promise<T>): Promise<boolean> {
    const turn = ++this.#turn;
    this.busy = true;
    this.startedAt = this.now();
    if (this.answeredAt === null) this.state = 'loading';
    try {
      const answer = await ask();
      if (turn !== this.#turn) return false;
      this.put(answer);
      return true;
    } catch (reason) {
      if (turn !== this.#turn) return false;
      this.error = reason as E;
      this.state = this.answeredAt === null ? 'error' : 'stale';
      this.busy = false;
      return false;
    }
  }

  /** Takes an answer that came another way: from a mutation, or a cache with its own time. */
  put(answer: T, at: Date = this.now(), state: 'ok' | 'stale' = 'ok'): void {
    this.#turn += 1;
    this.data = answer;
    this.error = undefined;
    this.answeredAt = at;
    this.state = state;
    this.busy = false;
  }

  /** Stops waiting: whatever comes is dropped. */
  cancel(): void {
    this.#turn += 1;
    this.busy = false;
    if (this.state === 'loading') this.state = 'idle';
  }

  /** Forgets everything, as when another instance is chosen. */
  reset(): void {
    this.cancel();
    this.state = 'idle';
    this.data = undefined;
    this.error = undefined;
    this.startedAt = null;
    this.answeredAt = null;
  }
}
