import { Query } from '../../lib/query.svelte';
import {
  addInstance, asCallError, CallError, chooseFile, detectInstance, type DetectionView, type Environment, type InstanceView, type NetworkChange,
} from '../../ipc';
import { errorWords } from '../../messages/errors';
import { firstRun as words } from '../../messages/first-run';

const PAUSE = 400;

const environmentOf = (name: string): Environment =>
  name === 'Staging' ? 'staging' : name === 'Development' || name === 'Local' ? 'development' : 'production';

/** A Superset that a person is about to add: what they typed, and what is at that address. */
export class AddInstance {
  address = $state('');
  name = $state('');
  environment = $state<Environment>('production');
  allowHttp = $state(false);
  /** The person was asked about the open line for this very address. */
  consentAsked = $state(false);
  /** How it is reached, where the person said so of this very address. */
  network = $state.raw<NetworkChange | null>(null);
  nameProblem = $state<string>();
  /** What adding it said, where looking had not. */
  refusal = $state.raw<CallError | null>(null);
  added = $state.raw<InstanceView | null>(null);
  /** Sign in was pressed on an address that cannot be used: from now on the field itself complains. */
  insisted = $state(false);
  readonly query = new Query<DetectionView, CallError>();
  #nameIsTheirs = false;
  #environmentIsTheirs = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly seen = $derived(this.query.state === 'ok' ? this.query.data : undefined);
  readonly problem = $derived(this.refusal ?? (this.query.state === 'error' ? this.query.error : undefined));
  readonly looking = $derived(this.query.busy || this.query.state === 'loading');

  /** The address changed: what was found belongs to another one. */
  typed(): void {
    this.allowHttp = false;
    this.consentAsked = false;
    this.network = null;
    this.#lookIn(PAUSE);
  }

  use(address: string): void {
    this.address = address;
    this.typed();
    this.lookNow();
  }

  consent(given: boolean): void {
    this.allowHttp = given;
    this.lookNow();
  }

  /** Another authority vouches for it: the person picks its certificate. */
  async trust(title: string): Promise<void> {
    const address = this.address;
    const file = await chooseFile(title).catch(() => null);
    if (file === null || this.address !== address) return;
    this.network = { trusted: { file } };
    this.lookNow();
  }

  lookNow(): void {
    this.#lookIn(0);
  }

  #lookIn(pause: number): void {
    clearTimeout(this.#timer);
    this.query.reset();
    this.refusal = null;
    this.insisted = false;
    const address = this.address.trim();
    if (!address) return;
    // Busy from the first letter on, so that nothing flickers between two letters.
    this.query.busy = true;
    this.#timer = setTimeout(() => void this.#look(address), pause);
  }

  async #look(address: string): Promise<void> {
    const taken = await this.query.run(async () => {
      try {
        return await detectInstance(address, this.allowHttp, this.network);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
    if (this.query.error?.code === 'insecure_address' || this.query.data?.unencrypted) this.consentAsked = true;
    if (!taken || !this.query.data || this.added) return;
    const { suggested_name: suggested } = this.query.data;
    if (!this.#nameIsTheirs) this.name = suggested;
    if (!this.#environmentIsTheirs) this.environment = environmentOf(suggested);
  }

  renamed(): void {
    this.#nameIsTheirs = this.name !== '';
    this.nameProblem = undefined;
  }

  chose(environment: Environment): void {
    this.environment = environment;
    this.#environmentIsTheirs = true;
  }

  /** What is missing before it can be added, by field. */
  check(): 'address' | 'name' | null {
    if (this.added) return null;
    if (!this.address.trim()) this.refusal = new CallError('invalid_address', { problem: 'empty' });
    if (this.problem) {
      this.insisted = true;
      return 'address';
    }
    if (this.name.trim() || this.looking) return null;
    this.nameProblem = words.nameMissing;
    return 'name';
  }

  /** Puts it on the list, once. */
  async add(username: string | null): Promise<InstanceView> {
    this.added ??= await addInstance({
      address: this.address.trim(),
      name: this.name.trim() || null,
      environment: this.environment,
      mcp_url: this.seen?.mcp_url ?? null,
      allow_http: this.allowHttp,
      username: username || null,
    }, this.network);
    return this.added;
  }

  /** Adding was refused. Answers which field it is about. */
  refused(reason: unknown): 'address' | 'name' {
    const error = asCallError(reason);
    if (error.code.startsWith('name_')) {
      const { title, body } = errorWords(error);
      this.nameProblem = `${title}. ${body}`;
      return 'name';
    }
    this.refusal = error;
    this.insisted = true;
    this.consentAsked ||= error.code === 'insecure_address';
    return 'address';
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.query.cancel();
  }
}
