import {
  asCallError, listInstances, onBrowserAt, showBrowser, signInInBrowser, signOut, stopBrowser, type BrowserEnd, type BrowserRefusal, type CallError, type ErrorCode, type InstanceView,
} from '../ipc';
import { clock } from '../lib/dates';
import { signIn as words } from '../messages/sign-in';
import { moment } from '../state/moment';
import { noteProvider } from './last-provider';
import type { SignInForm } from './sign-in.svelte';
import { plain } from '../lib/plain';

/** As detection names it; none for the server's own page, which offers what there is. */
export type Provider = string | null;

/** `offer`: nothing is under way. `elsewhere`: the person makes a key in a browser of their own. */
export type BrowserStage = 'offer' | 'waiting' | 'refused' | 'other' | 'elsewhere';

/** Whoever shows the sign-in. */
export interface SignInOwner {
  /** What to sign in to, put on the list first where it is not there. None: the person was told what is missing. */
  instance: () => Promise<InstanceView | null>;
  /** `left`: the person is on another page by now. */
  onsignedin: (instance: InstanceView, left: boolean) => void;
  onsignedout?: (instance: InstanceView) => void;
}

/** A page is slow, or wants something, after so many seconds at one host. */
const SLOW = 60;
/** They refuse to be shown inside another program. */
const OUTSIDE: readonly Provider[] = ['google'];
/** What only the making of this program's own key ends with. */
const OF_OWN_KEY: readonly ErrorCode[] = [
  'forbidden', 'api_keys_off', 'key_table_missing', 'not_created', 'create_unclear', 'not_stored', 'nothing_would_keep_it', 'keychain_no_bus', 'keychain_absent',
  'keychain_no_collection', 'keychain_locked', 'keychain_dismissed', 'keychain_waiting', 'keychain_refused', 'keychain_other',
];

export const isOutside = (provider: Provider): boolean => OUTSIDE.includes(provider);

/** A sign-in at a company's own page, in a private window that Rust opens and closes. No cookie of it comes here. */
export class BrowserSignIn {
  stage = $state.raw<BrowserStage>('offer');
  provider = $state.raw<Provider>(null);
  /** Whose page the window shows. */
  host = $state.raw<string | null>(null);
  opened = $state.raw<Date | null>(null);
  /** The sign-in under way makes a key for this app. */
  stays = $state(false);
  /** For how many seconds. */
  elapsed = $state(0);
  refusal = $state.raw<BrowserRefusal | null>(null);
  /** The window was closed by the person. */
  closed = $state(false);
  /** Who is in, where something is left to be decided. */
  entered = $state.raw<{ instance: InstanceView; provider: Provider; kept: boolean } | null>(null);
  /** The last attempt failed at the app's own key. */
  withoutKey = $state(false);
  busy = $state(false);
  /** How often what is in view was another thing than before: the focus goes with it. */
  moves = $state(0);
  refusedAt = $state('');
  #instance = $state.raw<InstanceView | null>(null);
  #running: Promise<void> | null = null;
  #turn = 0;
  #left = false;

  readonly slow = $derived(this.elapsed >= SLOW);
  /** Who was in before, where that was somebody else. */
  readonly before = $derived.by(() => {
    const was = this.#instance?.last_username ?? null;
    return this.entered !== null && this.entered.instance.user?.username !== was ? was : null;
  });
  readonly beforeRoles = $derived(this.#instance?.user && this.#instance.user.username === this.before ? (this.#instance.user.roles ?? []) : []);
  /** Other providers than the one just used. */
  readonly others = $derived.by(() => this.form.providers.filter((provider) => provider !== this.provider && !isOutside(provider)));

  readonly title = $derived.by(() => {
    const { waiting, refused, other, elsewhere } = words.browser;
    if (this.stage === 'waiting') return waiting.title;
    if (this.stage === 'refused') return refused.title(this.provider, (this.refusal?.told ?? null) !== null);
    if (this.stage === 'other') return other.title(plain(this.entered?.instance.user?.username ?? ''));
    return this.stage === 'elsewhere' ? elsewhere.title : null;
  });
  readonly subtitle = $derived.by(() => {
    const { waiting, refused, other, elsewhere } = words.browser;
    if (this.stage === 'waiting') return waiting.text;
    if (this.stage === 'refused') return refused.where(this.#instance?.name ?? '', this.provider, this.refusedAt);
    if (this.stage === 'other') return other.text;
    return this.stage === 'elsewhere' ? elsewhere.text(this.provider, isOutside(this.provider)) : null;
  });

  constructor(
    readonly form: SignInForm,
    private readonly owner: SignInOwner,
  ) {}

  /** Opens the window and goes on by what it ends at. */
  async start(provider: Provider, stay: boolean = this.form.stay): Promise<void> {
    if (this.busy || this.stage === 'waiting') return;
    this.#tidy();
    this.provider = provider;
    if (isOutside(provider) && this.form.offered.includes('api_key')) return this.elsewhere();
    const from = this.stage;
    this.busy = true;
    let instance: InstanceView | null;
    try {
      // One that was stopped answers first, and may have let the person in.
      await this.#running;
      if (this.stage !== from || this.#left) return;
      instance = await this.owner.instance();
    } finally {
      this.busy = false;
    }
    if (!instance || this.#left) return;
    this.#instance = instance;
    this.#running = this.#run(instance, provider, stay);
    await this.#running;
  }

  again(): Promise<void> {
    return this.start(this.provider);
  }

  show(): void {
    void showBrowser().catch(() => undefined);
  }

  /** The call that waits answers that it was closed. */
  stop(): void {
    void stopBrowser().catch(() => undefined);
  }

  /** By a key that the person makes elsewhere. */
  elsewhere(): void {
    this.#abandon();
    this.form.choose('api_key');
    this.#go('elsewhere');
  }

  /** By a key that is there. */
  paste(): void {
    this.#abandon();
    this.form.choose('api_key');
    this.#go('offer');
  }

  back(): void {
    this.#tidy();
    this.form.choose('browser');
    this.#go('offer');
  }

  /** Whoever is in stays in, until the app closes. */
  async goOn(): Promise<void> {
    if (!this.entered) return this.start(this.provider, false);
    this.withoutKey = false;
    this.form.problem = null;
    if (this.before === null) this.accept();
    else this.#go('other');
  }

  accept(): void {
    const entered = this.entered;
    this.entered = null;
    if (entered) this.owner.onsignedin(entered.instance, this.#left);
  }

  /** Not as this person, or not at all: nobody is in any more. Answers whether that is so. */
  async cancel(): Promise<boolean> {
    const entered = this.entered;
    if (!entered) return true;
    this.busy = true;
    try {
      const out = await signOut(entered.instance.id);
      this.entered = null;
      this.owner.onsignedout?.(out);
      return true;
    } catch (reason) {
      this.form.refused(reason);
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The page or the dialog is left: the window goes, and whoever is in is told of. */
  leave(): void {
    this.#left = true;
    this.#abandon();
    this.accept();
  }

  async #run(instance: InstanceView, provider: Provider, stay: boolean): Promise<void> {
    const turn = ++this.#turn;
    this.host = null;
    this.opened = null;
    this.stays = stay;
    this.elapsed = 0;
    this.#go('waiting');
    let since = Date.now();
    const timer = setInterval(() => (this.elapsed = Math.floor((Date.now() - since) / 1000)), 1000);
    let deafen: (() => void) | undefined;
    try {
      deafen = await onBrowserAt((at) => {
        if (at.instance !== instance.id || at.host === this.host || turn !== this.#turn) return;
        this.opened ??= moment();
        this.host = at.host;
        this.elapsed = 0;
        since = Date.now();
      });
      if (turn !== this.#turn) return;
      const title = words.browser.window(instance.name);
      const end = await signInInBrowser(instance.id, { way: provider, stay, user_agent: navigator.userAgent, title });
      this.#ended(end, turn !== this.#turn, provider);
    } catch (reason) {
      if (turn === this.#turn) await this.#threw(instance, asCallError(reason), stay);
    } finally {
      clearInterval(timer);
      deafen?.();
    }
  }

  #ended(end: BrowserEnd, abandoned: boolean, provider: Provider): void {
    if (end.end === 'signed_in') {
      // Also where the person had turned away: they are in, and nothing else would tell them.
      noteProvider(end.view.instance.id, provider);
      this.entered = { instance: end.view.instance, provider, kept: end.view.own_key !== null };
      if (this.#left || this.before === null) return this.accept();
      this.provider = provider;
      return this.#go('other');
    }
    if (abandoned) return;
    if (end.end === 'refused') {
      this.refusal = end.refusal;
      this.refusedAt = clock(moment());
      return this.#go('refused');
    }
    // Whoever came in before that one is still to be decided on.
    if (this.entered && this.before !== null) {
      this.provider = this.entered.provider;
      return this.#go('other');
    }
    this.closed = true;
    this.#go('offer');
  }

  async #threw(before: InstanceView, problem: CallError, stay: boolean): Promise<void> {
    const ofKey = stay && OF_OWN_KEY.includes(problem.code);
    const turn = this.#turn;
    const inside = stay ? await whoIsIn(before.id) : null;
    if (turn !== this.#turn) return;
    // Whoever was in before proves nothing.
    if (inside && (before.session !== 'signed_in' || ofKey)) this.entered = { instance: inside, provider: this.provider, kept: false };
    this.withoutKey = ofKey || this.entered !== null;
    this.form.refused(problem);
    this.#go('offer');
  }

  #go(stage: BrowserStage): void {
    this.stage = stage;
    this.moves += 1;
  }

  #tidy(): void {
    this.closed = false;
    this.withoutKey = false;
    this.refusal = null;
    this.form.problem = null;
  }

  #abandon(): void {
    this.#tidy();
    if (this.stage !== 'waiting') return;
    this.#turn += 1;
    this.stop();
  }
}

/** In by the session of a browser, as an attempt that failed at its key leaves it. */
async function whoIsIn(id: string): Promise<InstanceView | null> {
  try {
    const instance = (await listInstances()).find((one) => one.id === id);
    return instance?.session === 'signed_in' && instance.way === 'browser' ? instance : null;
  } catch {
    return null;
  }
}
