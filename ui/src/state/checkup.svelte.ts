import { SvelteMap } from 'svelte/reactivity';
import {
  asCallError, checkup, pastCheckups, stopCheckup, type ApiKeyId, type CallError, type CheckupItemView, type CheckupView, type InstanceId,
  type PastCheckup,
} from '../ipc';

const SPINNER_AFTER = 400;

export type CheckupPhase = 'ready' | 'running' | 'done' | 'stopped' | 'refused';

const signature = ({ worst }: PastCheckup): string => JSON.stringify([worst?.finding, worst?.params]);

/** The check-up of one instance: the one under way or the last one, kept while the window is open. */
export class Checkup {
  running = $state(false);
  /** It has run for a moment, so that a spinner is no flicker. */
  spinning = $state(false);
  /** What was found so far, in the order it was found. */
  items = $state.raw<readonly CheckupItemView[]>([]);
  view = $state.raw<CheckupView | null>(null);
  problem = $state.raw<CallError | null>(null);
  stopped = $state(false);
  /** The key that it was run with. */
  key = $state<ApiKeyId | null>(null);
  /** Earlier ones, the newest first. */
  past = $state.raw<readonly PastCheckup[]>([]);
  /** The critical finding that the person has gone on from. */
  #accepted = $state<string | null>(null);
  /** What the last one with each key found, at the MCP address that there is now. */
  #results = new SvelteMap<ApiKeyId, CheckupView>();
  #address: string | null | undefined;
  #turn = 0;

  constructor(readonly instance: InstanceId, private readonly ended: (view: CheckupView) => void = () => undefined) {}

  readonly phase: CheckupPhase = $derived(
    this.running ? 'running' : this.problem ? 'refused' : this.view ? 'done' : this.stopped ? 'stopped' : 'ready',
  );

  /** Whether connecting clients waits for the person's word about what this one found. */
  asks(last: PastCheckup | null): boolean {
    return last?.verdict === 'critical' && this.#accepted !== signature(last);
  }

  /** The person goes on. The same finding is not asked about again while the window is open. */
  accept(last: PastCheckup): void {
    this.#accepted = signature(last);
  }

  resultOf(key: ApiKeyId): CheckupView | undefined {
    return this.#results.get(key);
  }

  /** What was found at another MCP address says nothing of this one. */
  at(address: string | null): void {
    const moved = this.#address !== undefined && this.#address !== address;
    this.#address = address;
    // It may be this one that found the address.
    if (!moved || (this.view && this.view.mcp_url === address)) return;
    this.#results.clear();
    this.stop();
    this.#begin(null);
    this.#end();
  }

  /** Runs it anew; one under way ends. */
  async run(key: ApiKeyId | null): Promise<void> {
    const turn = this.#begin(key);
    const timer = setTimeout(() => (this.spinning = this.running && turn === this.#turn), SPINNER_AFTER);
    try {
      const view = await checkup(this.instance, key);
      if (turn !== this.#turn) return;
      this.view = view;
      this.stopped = view === null;
      if (view) {
        this.items = view.items;
        if (view.key) this.#results.set(view.key.id, view);
        this.ended(view);
      }
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.problem = asCallError(reason);
    } finally {
      clearTimeout(timer);
      if (turn === this.#turn) this.#end();
    }
    await this.readPast();
  }

  #begin(key: ApiKeyId | null): number {
    this.key = key;
    this.items = [];
    this.view = null;
    this.problem = null;
    this.stopped = false;
    this.spinning = false;
    this.running = true;
    return (this.#turn += 1);
  }

  #end(): void {
    this.running = false;
    this.spinning = false;
  }

  /** Something was found. */
  told(item: CheckupItemView): void {
    if (!this.running) return;
    const known = this.items.some((other) => other.item === item.item);
    this.items = known ? this.items.map((other) => (other.item === item.item ? item : other)) : [...this.items, item];
  }

  stop(): void {
    if (!this.running) return;
    this.#turn += 1;
    this.stopped = true;
    this.#end();
    // Whatever it still answers is dropped.
    void stopCheckup(this.instance).catch(() => undefined);
  }

  async readPast(): Promise<void> {
    try {
      this.past = await pastCheckups(this.instance);
    } catch {
      // The earlier ones are a help, not a need.
    }
  }
}
