import {
  asCallError, createKey, keychainState, type ApiKeyView, type CallError, type CreatedKeyView, type Expiry, type InstanceView,
  type Keep, type KeychainView,
} from '../../ipc';
import { errorWords } from '../../messages/errors';
import { openStore, vault } from '../../state/vault.svelte';
import { create as words } from '../../messages/create';

export type Preset = keyof typeof words.presets;

const DAY = 86_400_000;
const FIELD_OF: Partial<Record<CallError['code'], 'name' | 'date'>> = {
  name_missing: 'name', name_too_long: 'name', name_unprintable: 'name', expiry_past: 'date', expiry_too_far: 'date',
};

/** "2027-01-31" as a date input says it. */
export function dayOf(date: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The last second of that day where the person is. */
function endOf(day: string): Date | null {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return null;
  return new Date(year, month - 1, date, 23, 59, 59);
}

/** What was typed, to be gone on with when the person has signed in again. */
export interface CreateDraft {
  name: string;
  preset: Preset;
  date: string;
  scopes: string;
  keep: boolean;
}

/** A key that is about to be made. Built anew each time the dialog opens. */
export class CreateForm {
  name = $state('');
  preset = $state<Preset>('90');
  date = $state('');
  scopes = $state('');
  busy = $state(false);
  unlocking = $state(false);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- replaced, never changed in place
  now = $state.raw(new Date());
  problem = $state.raw<CallError | null>(null);
  complaints = $state.raw<Partial<Record<'name' | 'date', string>>>({});
  #keep = $state(true);
  #unlocked = $state.raw<KeychainView | null>(null);

  constructor(
    private readonly instance: InstanceView, private readonly given: () => { keychain: KeychainView | null; existing: readonly ApiKeyView[] }, draft?: CreateDraft,
  ) {
    if (!draft) return;
    this.name = draft.name;
    this.preset = draft.preset;
    this.date = draft.date;
    this.scopes = draft.scopes;
    this.#keep = draft.keep;
  }

  get draft(): CreateDraft {
    return { name: this.name, preset: this.preset, date: this.date, scopes: this.scopes, keep: this.#keep };
  }

  readonly keychain = $derived.by(() => this.#unlocked ?? this.given().keychain);
  /** A store that cannot be had on this computer, as opposed to one that is shut. */
  readonly noRing = $derived.by(() => this.keychain !== null && !this.keychain.ready && !this.keychain.locked);
  readonly keeps = $derived(this.#keep && !this.noRing);
  readonly locked = $derived.by(() => this.keeps && this.keychain?.locked === true);
  readonly ends = $derived.by(() => {
    if (this.preset === 'never') return null;
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- a moment, never changed in place
    return this.preset === 'date' ? endOf(this.date) : new Date(this.now.getTime() + Number(this.preset) * DAY);
  });
  readonly duplicate = $derived.by(() => {
    const name = this.name.trim().toLowerCase();
    return name !== '' && this.given().existing.some((key) => key.status !== 'revoked' && key.name.trim().toLowerCase() === name);
  });
  /** Trying again could make a second key. */
  readonly unclear = $derived(this.problem?.code === 'create_unclear');

  setKeep(keep: boolean): void {
    this.#keep = keep;
  }

  typed(field: 'name' | 'date'): void {
    this.complaints = { ...this.complaints, [field]: undefined };
  }

  private get keep(): Keep {
    if (this.noRing || (this.keeps && this.keychain === null)) return 'keychain_or_memory';
    return this.keeps ? 'keychain' : 'memory';
  }

  private get expiry(): Expiry {
    if (this.preset === 'never') return { kind: 'never' };
    return this.preset === 'date' ? { kind: 'end_of', date: this.date } : { kind: 'in_days', days: Number(this.preset) };
  }

  private complain(code: 'name_missing' | 'expiry_past'): string {
    const { title, body } = errorWords({ code, params: {} });
    // Beside the date there is room for the title.
    return code === 'name_missing' ? `${title}. ${body}` : title;
  }

  /** The first field that needs something. */
  check(): 'name' | 'date' | null {
    this.problem = null;
    const past = this.preset === 'date' && this.ends !== null && this.ends.getTime() <= Date.now();
    this.complaints = {
      name: this.name.trim() ? undefined : this.complain('name_missing'),
      date: past ? this.complain('expiry_past') : this.preset === 'date' && !this.ends ? words.dateMissing : undefined,
    };
    return this.complaints.name ? 'name' : this.complaints.date ? 'date' : null;
  }

  async unlock(): Promise<boolean> {
    this.unlocking = true;
    this.problem = null;
    try {
      this.#unlocked = await openStore(this.keychain?.problem);
      return this.#unlocked.ready;
    } catch (reason) {
      this.problem = asCallError(reason);
      return false;
    } finally {
      this.unlocking = false;
    }
  }

  /** Where there is no keyring: a vault to keep it in. */
  async setUpVault(): Promise<void> {
    if (!(await vault.ask({ kind: 'set-up' }))) return;
    this.problem = null;
    try {
      this.#unlocked = await keychainState();
    } catch (reason) {
      this.problem = asCallError(reason);
    }
  }

  unlockedTo(keychain: KeychainView): void {
    this.#unlocked = keychain;
    this.problem = null;
  }

  /** Makes the key. Null where it was not made; then `problem` or a complaint says why. */
  async submit(): Promise<CreatedKeyView | null> {
    this.busy = true;
    try {
      if (this.locked && !(await this.unlock())) return null;
      const scopes = this.scopes.trim() || null;
      return await createKey(this.instance.id, { name: this.name.trim(), expiry: this.expiry, scopes, alias: null }, this.keep);
    } catch (reason) {
      this.refused(asCallError(reason));
      return null;
    } finally {
      this.busy = false;
    }
  }

  private refused(error: CallError): void {
    const field = FIELD_OF[error.code];
    if (!field) {
      this.problem = error;
      return;
    }
    const { title, body } = errorWords(error);
    this.complaints = { [field]: field === 'name' ? `${title}. ${body}` : title };
  }
}
