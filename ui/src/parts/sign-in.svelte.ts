import { asCallError, keychainState, type CallError, type Credentials, type KeychainView, type SignInWay, type SignInWays } from '../ipc';
import { signIn as words } from '../messages/sign-in';

export type SignInField = 'username' | 'password' | 'key';

/** The ways this program has, of those the server offers. Before the server has told, all of them. */
export function offeredWays(ways: SignInWays | null): SignInWay[] {
  if (!ways?.known) return ['password', 'ldap', 'api_key'];
  const all: [SignInWay, boolean][] = [['password', ways.password], ['ldap', ways.ldap], ['api_key', ways.existing_key]];
  return all.filter(([, offered]) => offered).map(([way]) => way);
}

/** What a person types to sign in. Secrets live here until they have done their work. */
export class SignInForm {
  ways = $state.raw<SignInWays | null>(null);
  username = $state('');
  password = $state('');
  key = $state('');
  keychain = $state.raw<KeychainView | null>(null);
  /** What the server said to the last attempt. */
  problem = $state.raw<CallError | null>(null);
  missing = $state.raw<Partial<Record<SignInField, string>>>({});
  #wanted = $state<SignInWay>('password');
  #stay = $state(true);

  readonly offered = $derived(offeredWays(this.ways));
  readonly way = $derived(this.offered.includes(this.#wanted) ? this.#wanted : (this.offered[0] ?? null));
  readonly canStay = $derived(this.keychain === null || this.keychain.ready);
  readonly stay = $derived(this.#stay && this.canStay);

  choose(way: SignInWay): void {
    if (way === this.#wanted) return;
    this.#wanted = way;
    this.problem = null;
    this.missing = {};
  }

  setStay(stay: boolean): void {
    this.#stay = stay;
  }

  async lookAtKeychain(): Promise<void> {
    try {
      this.keychain = await keychainState();
    } catch {
      // Unknown: the attempt itself will tell.
    }
  }

  /** Typing answers the complaint about that field. */
  typed(field: SignInField): void {
    if (this.missing[field]) this.missing = { ...this.missing, [field]: undefined };
    if (this.problem && this.fieldOf(this.problem) !== null) this.problem = null;
  }

  /** The first field that still needs something. */
  check(): SignInField | null {
    this.problem = null;
    this.missing = this.way === 'api_key'
      ? { key: this.key.trim() ? undefined : words.keyMissing }
      : {
          username: this.username.trim() ? undefined : words.usernameMissing,
          password: this.password ? undefined : words.passwordMissing,
        };
    const order: SignInField[] = ['username', 'password', 'key'];
    return order.find((field) => this.missing[field]) ?? null;
  }

  credentials(): Credentials | null {
    if (this.way === 'api_key') return { way: 'api_key', key: this.key.trim() };
    if (!this.way) return null;
    return { way: this.way, username: this.username.trim(), password: this.password, stay: this.stay };
  }

  refused(reason: unknown): void {
    this.problem = asCallError(reason);
  }

  /** Which field a refusal is about, if it is about one. */
  fieldOf(problem: CallError): SignInField | null {
    if (this.way === 'api_key') return ['not_an_api_key', 'key_rejected', 'wrong_credentials'].includes(problem.code) ? 'key' : null;
    return problem.code === 'wrong_credentials' ? 'password' : null;
  }

  /** Drops what must not stay in memory. */
  clear(): void {
    this.password = '';
    this.key = '';
  }
}
