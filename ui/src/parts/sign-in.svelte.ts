import { asCallError, keychainState, type CallError, type Credentials, type KeychainView, type SignInWay, type SignInWays } from '../ipc';
import { signIn as words } from '../messages/sign-in';

export type SignInField = 'username' | 'password' | 'key';

/** The ways this program has, of those the server offers. Before the server has told, those that need no answer of it. */
export function offeredWays(ways: SignInWays | null, wanted: SignInWay = 'password'): SignInWay[] {
  if (ways === null) return wanted === 'browser' ? ['browser', 'api_key'] : ['password', 'ldap', 'api_key'];
  if (!ways.known) return ['password', 'ldap', 'browser', 'api_key'];
  const all: [SignInWay, boolean][] = [
    ['password', ways.password], ['ldap', ways.ldap], ['browser', ways.others.length > 0], ['api_key', ways.existing_key],
  ];
  return all.filter(([, offered]) => offered).map(([way]) => way);
}

/** What a person types to sign in. Secrets live here until they have done their work. */
export class SignInForm {
  ways = $state.raw<SignInWays | null>(null);
  /** The server was asked for its ways, and did not answer. */
  silent = $state(false);
  /** Through whom the person came in last. */
  usual = $state.raw<string | null>(null);
  username = $state('');
  password = $state('');
  key = $state('');
  keychain = $state.raw<KeychainView | null>(null);
  /** What the server said to the last attempt. */
  problem = $state.raw<CallError | null>(null);
  missing = $state.raw<Partial<Record<SignInField, string>>>({});
  #wanted = $state<SignInWay>('password');
  #stay = $state(true);

  readonly offered = $derived(offeredWays(this.ways, this.#wanted));
  readonly way = $derived(this.offered.includes(this.#wanted) ? this.#wanted : (this.offered[0] ?? null));
  /** Whose pages people can sign in at, the usual one first; none of them has a name where the server does not tell. */
  readonly providers = $derived.by((): (string | null)[] => {
    if (this.ways === null) return this.usual !== null ? [this.usual] : this.silent ? [null] : [];
    if (!this.ways.known) return [null];
    const { others } = this.ways;
    return this.usual !== null && others.includes(this.usual) ? [this.usual, ...others.filter((other) => other !== this.usual)] : others;
  });
  /** There is no password to type: a company's page is the way, or a key in its place. */
  readonly byProvider = $derived(this.offered.includes('browser') && !this.offered.includes('password') && !this.offered.includes('ldap'));
  readonly canStay = $derived(this.keychain === null || this.keychain.ready);
  /** Nothing can be kept, whatever the person unlocks. */
  readonly ringless = $derived(this.keychain !== null && !this.keychain.ready && !this.keychain.locked);
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
      : this.way === 'browser' ? {} : {
          username: this.username.trim() ? undefined : words.usernameMissing,
          password: this.password ? undefined : words.passwordMissing,
        };
    const order: SignInField[] = ['username', 'password', 'key'];
    return order.find((field) => this.missing[field]) ?? null;
  }

  credentials(): Credentials | null {
    if (this.way === 'api_key') return { way: 'api_key', key: this.key.trim(), stay: !this.ringless };
    if (!this.way || this.way === 'browser') return null;
    return { way: this.way, username: this.username.trim(), password: this.password, stay: this.stay };
  }

  refused(reason: unknown): void {
    this.problem = asCallError(reason);
  }

  /** Which field a refusal is about, if it is about one. */
  fieldOf(problem: CallError): SignInField | null {
    if (this.way === 'api_key') return ['not_an_api_key', 'key_rejected', 'wrong_credentials'].includes(problem.code) ? 'key' : null;
    return this.way !== 'browser' && problem.code === 'wrong_credentials' ? 'password' : null;
  }

  /** Drops what must not stay in memory. */
  clear(): void {
    this.password = '';
    this.key = '';
  }
}
