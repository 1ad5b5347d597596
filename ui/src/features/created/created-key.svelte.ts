import {
  acknowledgeSaved, asCallError, copySecret, replaceKey, storeHeldKey, type CallError, type CreatedKeyView,
  type ErrorCode, type Expiry, type InstanceId, type KeychainView, type NewApiKey,
} from '../../ipc';
import { openStore, vault } from '../../state/vault.svelte';
import { Clipboard } from '../../state/clipboard.svelte';

const DAY = 86_400_000;
const COPIED_FOR = 2000;

/** What was asked for, as one asks for it: the end of a day, or so many days from now. */
export function askedAgain(asked: string, now: Date): Expiry {
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, never changed in place
  const ends = new Date(asked);
  const two = (n: number) => String(n).padStart(2, '0');
  if (ends.getHours() === 23 && ends.getMinutes() === 59 && ends.getSeconds() === 59) {
    return { kind: 'end_of', date: `${ends.getFullYear()}-${two(ends.getMonth() + 1)}-${two(ends.getDate())}` };
  }
  return { kind: 'in_days', days: Math.max(1, Math.round((ends.getTime() - now.getTime()) / DAY)) };
}

/** A key that has just been made: where its plaintext is, and what a person does with it. */
export class CreatedKey {
  /** Only this app's memory has the plaintext, until the person has saved it. */
  held = $state(false);
  storeProblem = $state.raw<ErrorCode | null>(null);
  copied = $state(false);
  busy = $state<'store' | 'acknowledge' | 'replace' | null>(null);
  problem = $state.raw<CallError | null>(null);
  readonly clipboard = new Clipboard();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly instance: InstanceId, private readonly created: CreatedKeyView, private readonly keychain: KeychainView | null) {
    this.held = created.key.presence === 'memory';
    this.storeProblem = created.store_problem;
  }

  refused(reason: unknown): void {
    this.problem = asCallError(reason);
  }

  async copy(): Promise<void> {
    this.problem = null;
    try {
      this.clipboard.start(await copySecret(this.instance, this.created.key.id));
      this.copied = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this.copied = false), COPIED_FOR);
    } catch (reason) {
      this.refused(reason);
    }
  }

  async #run<T>(what: NonNullable<CreatedKey['busy']>, ask: () => Promise<T>): Promise<{ answer: T } | null> {
    if (this.busy) return null;
    this.busy = what;
    this.problem = null;
    try {
      return { answer: await ask() };
    } catch (reason) {
      this.refused(reason);
      return null;
    } finally {
      this.busy = null;
    }
  }

  /** Once more into the keychain; a locked one is unlocked first. */
  async store(): Promise<void> {
    const locked = this.keychain?.locked === true || this.storeProblem === 'keychain_locked' || this.storeProblem === 'keychain_dismissed' || this.storeProblem === 'vault_locked';
    const done = await this.#run('store', async () => {
      if (locked) await openStore(this.storeProblem);
      return storeHeldKey(this.instance, this.created.key.id);
    });
    if (!done) return;
    this.held = false;
    this.storeProblem = null;
  }

  /** Where there was nothing to keep it in: a vault, and then into that. */
  async storeInVault(): Promise<void> {
    if (await vault.ask({ kind: 'set-up' })) await this.store();
  }

  async acknowledge(): Promise<boolean> {
    return (await this.#run('acknowledge', () => acknowledgeSaved(this.instance, this.created.key.id))) !== null;
  }

  /** Makes a key that ends when it should; this one is revoked. */
  async replace(): Promise<CreatedKeyView | null> {
    const off = this.created.expiry_off;
    if (!off) return null;
    const { key } = this.created;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, never changed in place
    const expiry = askedAgain(off.asked, new Date());
    const wanted: NewApiKey = { name: key.name, expiry, scopes: key.scopes, alias: null };
    const done = await this.#run('replace', () => replaceKey(this.instance, key.id, wanted, this.held ? 'memory' : 'keychain'));
    return done?.answer ?? null;
  }
}
