import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { Toasts } from '../components/toasts.svelte';
import {
  asCallError, damagedList, keychainState, listInstances, onCheckupProgress, onClipboardEnded, onCloseRefused, onLockChanged, onLockRefused, onSecretsMoving, onStateChanged,
  type ApiKeyView, type CallError, type CheckupView, type DamagedListView, type InstanceView, type KeptOpen, type KeychainView, type RotationView,
} from '../ipc';
import { errorWords } from '../messages/errors';
import { lock as lockWords } from '../messages/lock';
import { rotation as rotationWords } from '../messages/rotation';
import { shell as words } from '../messages/shell';
import { Access } from './access.svelte';
import { Activity } from './activity.svelte';
import { Audit } from './audit.svelte';
import { usersOf } from './by-id';
import { Checkup } from './checkup.svelte';
import { Clipboard } from './clipboard.svelte';
import { Embedding } from './embedding.svelte';
import { Found } from './found.svelte';
import { KeyList } from './key-list.svelte';
import { AppLock } from './lock.svelte';
import { moment } from './moment';
import { isOfStore } from './obstacle';
import { among, back, lastInstance, onTo, type Page, type Place, type Tab, type Trail } from './place';
import { Rotations } from './rotations.svelte';
import { KeyScan } from './scan.svelte';
import { goingOn, isLeft, openStore, secretsMove } from './vault.svelte';

/** What the whole window shares. One is built in App and handed down. */
export class AppState {
  instances = $state.raw<InstanceView[]>([]);
  /** Whether the instances have been read once. */
  ready = $state(false);
  problem = $state.raw<CallError | null>(null);
  /** The list was damaged, and nobody has decided what becomes of it. */
  damaged = $state.raw<DamagedListView | null>(null);
  /** Why the window was not closed. */
  unsaved = $state.raw<{ instance: InstanceView; key: ApiKeyView } | null>(null);
  filter = $state('');
  keychain = $state.raw<KeychainView | null>(null);
  unlocking = $state(false);
  /** How often somebody wanted to see where keys are kept. */
  keptAsked = $state(0);
  now = $state.raw(moment());
  readonly toasts = new Toasts();
  readonly clipboard = new Clipboard();
  /** The AI clients of this computer. */
  readonly found = new Found();
  /** Keys that are being replaced, and that end soon. */
  readonly rotations = new Rotations((rotation) => this.#rotated(rotation));
  /** Keys in this computer's files. */
  readonly scan = new KeyScan();
  /** Whether the app is locked. */
  readonly lock = new AppLock();
  /** What AI clients did. */
  readonly activity = new Activity();
  #trail = $state.raw<Trail>([]);
  #lists = new SvelteMap<string, KeyList>();
  #checkups = new SvelteMap<string, Checkup>();
  #audits = new SvelteMap<string, Audit>();
  #accesses = new SvelteMap<string, Access>();
  #embeddings = new SvelteMap<string, Embedding>();
  /** What was created in this window: one of them may be nowhere else once its instance is off the list. */
  #made: { instance: InstanceView; key: ApiKeyView }[] = [];
  /** Questions for the instances so far, and which of them was answered last. */
  #asked = 0;
  #answered = 0;

  /** Where the person is; nowhere until there is an instance. */
  readonly place: Place | undefined = $derived(this.#trail.at(-1));
  readonly #last = $derived(lastInstance(this.#trail));
  /** The instance they are at, or were at last. */
  readonly selectedId = $derived(this.#last?.id ?? null);
  readonly tab: Tab = $derived(this.#last?.tab ?? 'keys');
  /** The page below the tab. */
  readonly page: Page | null = $derived(this.#last?.page ?? null);
  /** The dashboard that it is about. */
  readonly dashboard: number | null = $derived(this.#last?.dashboard ?? null);
  readonly selected = $derived(this.instances.find((instance) => instance.id === this.selectedId) ?? null);

  /** Said where a key is shown on a system that lets it be pictured. */
  readonly captureNote = $derived(this.lock.state?.system.hides_from_capture === false ? lockWords.capture : undefined);

  /** The key list of an instance, kept while the window is open, so that going back and forth is quick. */
  list(id: string): KeyList | undefined {
    return this.#lists.get(id);
  }

  /** The check-up of an instance, kept likewise. */
  checkup(id: string): Checkup | undefined {
    return this.#checkups.get(id);
  }

  /** Everybody's keys on an instance, kept likewise. */
  audit(id: string): Audit | undefined {
    return this.#audits.get(id);
  }

  /** What AI clients of an instance are let in with, kept likewise. */
  access(id: string): Access | undefined {
    return this.#accesses.get(id);
  }

  /** The dashboards of an instance, kept likewise. */
  embedding(id: string): Embedding | undefined {
    return this.#embeddings.get(id);
  }

  /** Reads everything once and follows what happens. Answers how to stop. */
  start(): () => void {
    let stopped = false;
    const stops: (() => void)[] = [];
    const keep = (listening: Promise<() => void>) =>
      void listening.then((stop) => (stopped ? stop() : stops.push(stop))).catch(() => undefined);
    keep(onStateChanged(() => void this.follow()));
    keep(onLockChanged(() => void this.followLock()));
    keep(onLockRefused(({ instance, key }) => (this.lock.unsaved = { instance, key })));
    keep(onCheckupProgress(({ instance, item }) => this.checkup(instance)?.told(item)));
    keep(onSecretsMoving((progress) => secretsMove.told(progress)));
    keep(onCloseRefused((because) => void this.staysOpen(because)));
    keep(onClipboardEnded((event) => this.clipboard.onEnded(event)));
    // Their files are other people's: whoever comes back may have changed them meanwhile.
    const focus = () => {
      void this.found.look();
      void this.lookAtKeychain();
    };
    window.addEventListener('focus', focus);
    const tick = setInterval(() => (this.now = moment()), 15_000);
    void this.lock.look();
    void this.reload();
    void this.lookAtKeychain();
    void this.found.look();
    void this.rotations.look();
    void this.activity.count();
    return () => {
      stopped = true;
      clearInterval(tick);
      window.removeEventListener('focus', focus);
      for (const stop of stops) stop();
    };
  }

  async reload(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      // Whoever comes upon a damaged list first is told so, and may have been another program.
      const damaged = await damagedList().catch(() => null);
      const instances = await listInstances();
      // Answers may overtake each other: only the one to the last question is of now.
      if (asked !== this.#asked) return;
      this.damaged = damaged;
      this.merge(instances);
      this.problem = null;
    } catch (reason) {
      if (asked !== this.#asked) return;
      this.problem = asCallError(reason);
    }
    this.#answered = asked;
    this.ready = true;
  }

  /** The state file changed: the instances, and what this computer keeps of the keys. */
  async follow(): Promise<void> {
    void this.found.look();
    void this.rotations.look();
    for (const access of this.#accesses.values()) void access.follow();
    await this.reload();
    await Promise.all([...this.#lists.values()].map((list) => list.rejoin()));
  }

  /** Locked or unlocked, here or by the system. */
  async followLock(): Promise<void> {
    const was = this.lock.locked;
    await this.lock.look();
    this.now = moment();
    if (was && !this.lock.locked) await this.#unlocked();
    else await Promise.all([this.reload(), this.lookAtKeychain()]);
  }

  /** Unlocks, and goes on where the lock stopped. */
  async unlockApp(): Promise<void> {
    if (await this.lock.unlock()) await this.#unlocked();
    else await this.lookAtKeychain();
  }

  async #unlocked(): Promise<void> {
    await Promise.all([this.reload(), this.lookAtKeychain()]);
    const now = this.selected;
    if (now?.session === 'signed_in') await this.refresh(now);
  }

  async lockNow(discard = false): Promise<void> {
    // It waits for a key that is being made.
    const late = setTimeout(() => this.toasts.show({ text: lockWords.waitsForCreate, tone: 'plain' }), 700);
    try {
      await this.lock.lock(discard);
    } catch (reason) {
      this.say(reason);
    } finally {
      clearTimeout(late);
    }
  }

  /** The key that stopped the lock comes into view, with the ways to save it. */
  async saveUnsaved(): Promise<void> {
    const unsaved = this.lock.unsaved;
    this.lock.unsaved = null;
    if (unsaved) await this.#bringUp(unsaved.instance, unsaved.key);
  }

  /** A key was replaced in the background. */
  #rotated({ instance: id, end, name, late_use: late }: RotationView): void {
    const instance = this.instances.find((one) => one.id === id);
    if (instance?.session === 'signed_in') void this.refresh(instance);
    if (end) this.toasts.show({ text: late ? `${rotationWords.ended[end](name)} ${rotationWords.lateUse}` : rotationWords.ended[end](name), tone: late ? 'warn' : 'ok' });
  }

  /** Takes the new instances without losing the selection. */
  merge(instances: InstanceView[]): void {
    const users = usersOf(this.instances);
    for (const id of this.#lists.keys()) if (!instances.some((instance) => instance.id === id)) this.#lists.delete(id);
    for (const id of this.#checkups.keys()) if (!instances.some((instance) => instance.id === id)) this.#checkups.delete(id);
    for (const id of this.#audits.keys()) if (!instances.some((instance) => instance.id === id)) this.#audits.delete(id);
    for (const id of this.#accesses.keys()) if (!instances.some((instance) => instance.id === id)) this.#accesses.delete(id);
    for (const id of this.#embeddings.keys()) if (!instances.some((instance) => instance.id === id)) this.#embeddings.delete(id);
    for (const { id, user, mcp_url } of instances) {
      // Another person's list is another list.
      const before = users.get(id);
      const other = before !== undefined && user !== null && before !== user.id;
      if (other || !this.#lists.has(id)) this.#lists.set(id, new KeyList(id));
      if (other || !this.#audits.has(id)) this.#audits.set(id, new Audit(id));
      if (other || !this.#embeddings.has(id)) this.#embeddings.set(id, new Embedding(id));
      if (!this.#accesses.has(id)) this.#accesses.set(id, new Access(id));
      if (!this.#checkups.has(id)) this.#checkups.set(id, new Checkup(id, (view) => void this.checkedUp(id, view)));
      this.#checkups.get(id)?.at(mcp_url);
    }
    this.instances = instances;
    const { place, tab } = this;
    this.#walk(among(this.#trail, instances.map(({ id }) => id)));
    const [first] = instances;
    if (!first) this.#walk(place?.at === 'first-run' ? [place] : []);
    else if (!this.place || (place?.at === 'instance' && place !== this.place)) this.go({ at: 'instance', id: first.id, tab });
  }

  /** Takes one instance as a command answered it. */
  put(instance: InstanceView): void {
    const known = this.instances.some((other) => other.id === instance.id);
    this.merge(known ? this.instances.map((other) => (other.id === instance.id ? instance : other)) : [...this.instances, instance]);
    // A question under way was asked before this change, and its answer would undo it here.
    if (this.#asked !== this.#answered) void this.reload();
  }

  /** To what is set about where keys are kept. */
  toKept(): void {
    this.go({ at: 'settings' });
    this.keptAsked += 1;
  }

  go(place: Place): void {
    this.#walk(onTo(this.#trail, place));
  }

  back(): void {
    this.#walk(back(this.#trail));
  }

  /** To an instance, on the tab that is in view. */
  select(id: string): void {
    this.go({ at: 'instance', id, tab: this.tab });
  }

  /** To a tab of the instance. */
  turn(tab: Tab, page?: Page): void {
    if (this.selectedId !== null) this.go({ at: 'instance', id: this.selectedId, tab, ...(page && { page }) });
  }

  /** To one dashboard of the instance. */
  toDashboard(dashboard: number): void {
    if (this.selectedId !== null) this.go({ at: 'instance', id: this.selectedId, tab: 'embedding', page: 'embedded-dashboard', dashboard });
  }

  #walk(trail: Trail): void {
    const before = this.selectedId;
    this.#trail = trail;
    if (this.selectedId !== before) this.filter = '';
  }

  /** A key was created here. */
  made(instance: InstanceView, key: ApiKeyView): void {
    this.#made.push({ instance, key });
  }

  async refresh(instance: InstanceView): Promise<void> {
    this.now = moment();
    const list = this.list(instance.id);
    if (!list) return;
    await list.refresh();
    // Reading a list is what finds uses that nothing here explains.
    void this.activity.count();
    await this.noticeSession(list);
  }

  /** A call may have found out that the session is over: let the sidebar know too. */
  async noticeSession(list: KeyList): Promise<void> {
    await this.notice(list.query.error);
  }

  async notice(error: CallError | undefined): Promise<void> {
    const code = error?.code;
    if (code === 'session_over' || code === 'signed_out' || code === 'key_rejected') await this.reload();
    if (code && isOfStore(code)) await this.lookAtKeychain();
  }

  /** A check-up marks its instance, and moves its key's last-used time. */
  async checkedUp(id: string, view: CheckupView): Promise<void> {
    await this.reload();
    const instance = this.instances.find((other) => other.id === id);
    if (instance?.session === 'signed_in' && view.requests_with_key > 0) await this.refresh(instance);
  }

  async lookAtKeychain(): Promise<void> {
    try {
      this.#takeKeychain(await keychainState());
    } catch {
      this.keychain = null;
    }
  }

  /** What a session was looked for in is open again: go on where that stopped. */
  #takeKeychain(now: KeychainView): void {
    const back = this.keychain?.ready === false && now.ready;
    this.keychain = now;
    const list = this.selected && this.list(this.selected.id);
    if (back && this.selected && list?.query.error && isOfStore(list.query.error.code)) void this.refresh(this.selected);
  }

  async unlock(): Promise<void> {
    if (this.unlocking) return;
    this.unlocking = true;
    try {
      this.#takeKeychain(await openStore(this.keychain?.problem));
    } catch (reason) {
      this.say(reason);
      await this.lookAtKeychain();
    } finally {
      this.unlocking = false;
    }
  }

  /** The window was asked to close and did not: what would be lost comes into view. */
  async staysOpen(because: KeptOpen): Promise<void> {
    const creating = because.why === 'creating';
    this.toasts.show({ text: creating ? words.closesWhenCreated : words.saveFirst, tone: 'warn' });
    if (!creating) await this.#bringUp(because.instance, because.key);
  }

  async #bringUp(of: string, which: string): Promise<void> {
    const list = this.list(of);
    await list?.rejoin();
    const instance = this.instances.find(({ id }) => id === of);
    const key = list?.view?.keys.find(({ id }) => id === which);
    const made = this.#made.find((one) => one.key.id === which);
    this.unsaved = instance && key ? { instance, key } : made ? { ...made } : null;
  }

  async copy(instance: string, key: string): Promise<void> {
    try {
      this.toasts.dismiss();
      await goingOn(() => this.clipboard.copy(instance, key));
    } catch (reason) {
      this.say(reason);
    }
  }

  /** Shows why something did not work, in words, with Unlock where that helps. */
  say(reason: unknown): void {
    const error = asCallError(reason);
    if (error.code === 'app_locked') {
      this.lock.asking = true;
      return;
    }
    if (isLeft(error)) return;
    const { title, body } = errorWords(error, this.keychain ? { keychain: this.keychain.name } : {});
    // What is known of it is old.
    if (isOfStore(error.code) || error.code === 'nothing_would_keep_it') void this.lookAtKeychain();
    this.toasts.show({ text: `${title}. ${body}`, tone: 'warn' });
  }
}

export const [useApp, provideApp] = createContext<AppState>();
