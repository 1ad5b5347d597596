import {
  asCallError, findOauth, onSignInPrompt, openSignInPage, setOauth, signInOauth, stopSignIn,
  type CallError, type ErrorCode, type InstanceId, type OAuthFoundView, type OAuthGrant, type OAuthView, type SignInPrompt,
} from '../../ipc';
import { errorWords } from '../../messages/errors';
import { oauth as words } from '../../messages/oauth';
import type { Access } from '../../state/access.svelte';
import { moment } from '../../state/moment';

/** `ready`: it is set up, and nobody is signed in, or not anew. `seen`: somebody is, and the MCP server is asked who. */
export type Stage = 'looking' | 'found' | 'hand' | 'waiting' | 'ready' | 'seen';

/** Nothing is known of the issuer by these but that it is not one. */
const OF_ISSUER: readonly ErrorCode[] = ['issuer_unusable', 'invalid_address', 'insecure_address'];
const ALL: readonly OAuthGrant[] = ['code', 'device', 'client_credentials'];

const said = (problem: CallError): string => {
  const { title, body } = errorWords(problem);
  return `${title}. ${body}`;
};

/** How AI clients get tokens: found or told, set, and signed in for. No token comes here, and the secret goes to Rust alone. */
export class OauthSetUp {
  stage = $state.raw<Stage>('looking');
  /** What the MCP server announces. */
  found = $state.raw<OAuthFoundView | null>(null);
  foundAt = $state.raw<Date | null>(null);
  issuer = $state('');
  clientId = $state('');
  secret = $state('');
  scopes = $state('');
  resource = $state('');
  audience = $state('');
  grant = $state<OAuthGrant>('code');
  /** What the typed issuer says of itself. */
  described = $state.raw<{ issuer: string; view: OAuthFoundView } | null>(null);
  describing = $state(false);
  complaints = $state<{ issuer?: string; clientId?: string; secret?: string; resource?: string }>({});
  busy = $state(false);
  problem = $state.raw<CallError | null>(null);
  prompt = $state.raw<SignInPrompt | null>(null);
  /** For how many seconds somebody is waited for. */
  elapsed = $state(0);
  /** A browser was opened once more, for who hears it. */
  reopened = $state(0);
  /** The person stopped the sign-in. */
  stopped = $state(false);
  stopping = $state(false);
  /** What came to be set here, or was before. */
  set = $state.raw<OAuthView | null>(null);
  /** How often what is in view was another thing than before: the focus goes with it. */
  moves = $state(0);
  /** The ways to sign in that the issuer has; all where that is not known. */
  readonly offered = $derived((this.stage === 'found' ? this.found : this.current())?.grants ?? ALL);
  #left = false;
  #deafen: (() => void) | undefined;
  #turn = 0;

  constructor(
    readonly instance: InstanceId,
    private readonly access: Access,
    set: OAuthView | null,
  ) {
    this.set = set;
  }

  /** Asks the MCP server who signs people in. */
  async look(): Promise<void> {
    const turn = this.#begin('looking');
    try {
      const found = await findOauth(this.instance, null);
      if (turn !== this.#turn) return;
      this.found = found;
      this.foundAt = moment();
      this.#take(found);
      if (found.registers) return this.#go('found');
      this.#go('hand');
    } catch (reason) {
      if (turn !== this.#turn) return;
      const problem = asCallError(reason);
      this.found = null;
      if (problem.code !== 'issuer_not_announced') this.problem = problem;
      this.#go('hand');
    }
  }

  /** With what is set, to change it. */
  again(): void {
    const { set } = this;
    if (!set) return void this.look();
    this.#begin('hand');
    this.issuer = set.issuer;
    this.clientId = set.registered ? '' : set.client_id;
    this.scopes = set.scopes.join(' ');
    this.resource = set.resource;
    this.audience = set.audience ?? '';
    this.grant = set.grant;
    this.#go('hand');
  }

  byHand(): void {
    this.problem = null;
    this.#go('hand');
  }

  useFound(): void {
    const { found } = this;
    if (!found) return;
    this.problem = null;
    this.complaints = {};
    this.clientId = '';
    this.secret = '';
    this.#take(found);
    this.#go(found.registers ? 'found' : 'hand');
  }

  /** What the issuer that stands there says of itself, where that was read. */
  current(): OAuthFoundView | null {
    return this.described?.issuer === this.issuer.trim() ? this.described.view : null;
  }

  /** Reads what the typed issuer says of itself. Answers whether it can be used. */
  async describe(): Promise<boolean> {
    const issuer = this.issuer.trim();
    if (issuer === '') return false;
    if (this.current()) return true;
    delete this.complaints.issuer;
    this.problem = null;
    this.describing = true;
    try {
      const view = await findOauth(this.instance, issuer);
      if (this.issuer.trim() !== issuer) return false;
      this.described = { issuer, view };
      if (!view.grants.includes(this.grant)) this.grant = view.grants[0] ?? 'code';
      return true;
    } catch (reason) {
      if (this.issuer.trim() !== issuer) return false;
      const problem = asCallError(reason);
      if (OF_ISSUER.includes(problem.code)) this.complaints.issuer = said(problem);
      else this.problem = problem;
      return false;
    } finally {
      this.describing = false;
    }
  }

  /** Sets it, and has somebody sign in. */
  async submit(): Promise<void> {
    if (this.busy) return;
    const byHand = this.stage === 'hand';
    this.busy = true;
    this.problem = null;
    try {
      if (byHand && !(await this.#check())) return;
      this.set = await setOauth(this.instance, {
        issuer: byHand ? this.issuer.trim() : null,
        client_id: (byHand && this.clientId.trim()) || null,
        client_secret: (byHand && this.secret) || null,
        scopes: byHand ? this.scopes.split(/\s+/).filter(Boolean) : [],
        resource: (byHand && this.resource.trim()) || null,
        audience: (byHand && this.audience.trim()) || null,
        grant: this.grant,
      });
      this.secret = '';
    } catch (reason) {
      this.#notSet(asCallError(reason));
      return;
    } finally {
      this.busy = false;
      // Also where it was refused: whoever was signed in may be so no more.
      await this.access.look();
    }
    if (!this.#left) await this.signIn();
  }

  /** Has somebody sign in by what is set. */
  async signIn(): Promise<void> {
    const turn = this.#begin('waiting');
    this.prompt = null;
    this.elapsed = 0;
    this.stopped = false;
    this.stopping = false;
    this.#go('waiting');
    const since = Date.now();
    const timer = setInterval(() => (this.elapsed = Math.floor((Date.now() - since) / 1000)), 1000);
    try {
      const deafen = await onSignInPrompt((prompt) => {
        if (prompt.instance === this.instance && turn === this.#turn) this.prompt = prompt;
      });
      if (turn !== this.#turn) return deafen();
      this.#deafen = deafen;
      const view = await signInOauth(this.instance, words.pages);
      if (turn !== this.#turn) return;
      await this.access.look();
      if (view) {
        this.set = view;
        this.#go('seen');
        await this.access.try();
        return;
      }
      this.stopped = true;
      this.#go('ready');
    } catch (reason) {
      if (turn !== this.#turn) return;
      // Whoever was signed in before may be so no more.
      await this.access.look();
      this.problem = asCallError(reason);
      this.#go('ready');
    } finally {
      clearInterval(timer);
      if (turn === this.#turn) this.#hearNoMore();
    }
  }

  async openAgain(): Promise<void> {
    const { prompt } = this;
    const opened = await openSignInPage(this.instance).catch(() => false);
    if (!prompt || this.prompt !== prompt) return;
    this.prompt = { ...prompt, opened };
    if (opened) this.reopened += 1;
  }

  /** The call that waits answers that it was stopped. */
  stop(): void {
    this.stopping = true;
    void stopSignIn(this.instance).catch(() => undefined);
  }

  /** The dialog is left: nobody is waited for any more. */
  leave(): void {
    this.#left = true;
    this.#turn += 1;
    this.secret = '';
    this.#hearNoMore();
    if (this.stage === 'waiting') this.stop();
  }

  #hearNoMore(): void {
    this.#deafen?.();
    this.#deafen = undefined;
  }

  async #check(): Promise<boolean> {
    this.complaints = {};
    const { setUp } = words;
    if (this.issuer.trim() === '') {
      this.complaints.issuer = setUp.issuerMissing;
      return false;
    }
    if (!(await this.describe())) return false;
    if (this.clientId.trim() === '' && !this.current()?.registers) this.complaints.clientId = setUp.clientIdMissing;
    else if (this.grant === 'client_credentials' && this.clientId.trim() !== '' && this.secret === '') this.complaints.secret = setUp.secretMissing;
    return Object.keys(this.complaints).length === 0;
  }

  #notSet(problem: CallError): void {
    if (problem.code === 'client_id_needed' || problem.code === 'issuer_not_announced') {
      if (this.stage !== 'hand') this.#go('hand');
      if (problem.code === 'client_id_needed') this.complaints.clientId = said(problem);
      else this.complaints.issuer = said(problem);
      // The issuer was read before, so it is the other address that cannot be one.
    } else if (problem.code === 'invalid_address') this.complaints.resource = said(problem);
    else if (problem.code === 'issuer_unusable' && this.stage === 'hand') this.complaints.issuer = said(problem);
    else this.problem = problem;
  }

  #take(found: OAuthFoundView): void {
    this.issuer = found.issuer;
    this.scopes = found.scopes.join(' ');
    this.resource = found.resource;
    this.audience = '';
    this.described = { issuer: found.issuer, view: found };
    if (!found.grants.includes(this.grant)) this.grant = found.grants[0] ?? 'code';
  }

  #begin(stage: Stage): number {
    this.problem = null;
    this.complaints = {};
    this.stage = stage;
    this.#turn += 1;
    return this.#turn;
  }

  #go(stage: Stage): void {
    this.stage = stage;
    this.moves += 1;
  }
}
