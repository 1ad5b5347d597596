import { asCallError, lockApp, lockState, notePresence, unlockApp, type CallError, type LockState } from '../ipc';
import { errorWords } from '../messages/errors';
import { goingOn, isLeft } from './vault.svelte';

/** The app need not hear of each movement. */
const TELL_EVERY = 10_000;

/** Whether the app is locked, and what the person sees of it. */
export class AppLock {
  state = $state.raw<LockState | null>(null);
  /** The lists are in view, without keys. */
  lists = $state(false);
  /** Something took an unlocked app. */
  asking = $state(false);
  /** This key is nowhere but in the app's memory, and stopped the lock. */
  unsaved = $state.raw<{ instance: string; key: string } | null>(null);
  busy = $state<'lock' | 'unlock' | null>(null);
  problem = $state.raw<CallError | null>(null);
  #told = 0;

  readonly locked = $derived(this.state?.locked ?? null);

  async look(): Promise<void> {
    try {
      this.#take(await lockState());
    } catch {
      // What is locked says so at each call.
    }
  }

  /** Throws what the call threw. */
  async lock(discard = false): Promise<void> {
    if (this.locked) {
      this.lists = false;
      return;
    }
    if (this.busy) return;
    this.busy = 'lock';
    try {
      const outcome = await lockApp(discard);
      this.unsaved = outcome.outcome === 'unsaved' ? { instance: outcome.instance, key: outcome.key } : null;
      await this.look();
    } finally {
      this.busy = null;
    }
  }

  /** Answers whether it is unlocked now. */
  async unlock(): Promise<boolean> {
    if (this.busy) return false;
    this.busy = 'unlock';
    this.problem = null;
    try {
      this.#take(await goingOn(() => unlockApp()));
      return true;
    } catch (reason) {
      const problem = asCallError(reason);
      // Whoever left the question for the passphrase knows.
      this.problem = isLeft(problem) ? null : problem;
      return false;
    } finally {
      this.busy = null;
    }
  }

  problemWords(keychain: string): string | null {
    if (!this.problem) return null;
    const { title, body } = errorWords(this.problem, { keychain });
    return `${title}. ${body}`;
  }

  /** Somebody is here. */
  here(now: number): void {
    if (this.locked || now - this.#told < TELL_EVERY) return;
    this.#told = now;
    void notePresence().catch(() => undefined);
  }

  #take(state: LockState): void {
    const was = this.locked;
    this.state = state;
    if (state.locked && !was) this.lists = this.asking = false;
    if (!state.locked) {
      this.lists = this.asking = false;
      this.problem = null;
    }
  }
}
