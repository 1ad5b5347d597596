import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { Toasts } from '../components/toasts.svelte';
import {
  asCallError, keychainState, listInstances, onCheckupProgress, onClipboardEnded, onCloseRefused, onStateChanged, unlockKeychain,
  type CallError, type CheckupView, type InstanceView, type KeychainView,
} from '../ipc';
import { errorWords } from '../messages/errors';
import { shell as words } from '../messages/shell';
import { usersOf } from './by-id';
import { Checkup } from './checkup.svelte';
import { Clipboard } from './clipboard.svelte';
import { Found } from './found.svelte';
import { KeyList } from './key-list.svelte';
import { moment } from './moment';
import { KeyScan } from './scan.svelte';

export type Tab = 'keys' | 'clients' | 'checkup';

/** What the whole window shares. One is built in App and handed down. */
export class AppState {
  instances = $state.raw<InstanceView[]>([]);
  /** Whether the instances have been read once. */
  ready = $state(false);
  problem = $state.raw<CallError | null>(null);
  selectedId = $state<string | null>(null);
  tab = $state<Tab>('keys');
  filter = $state('');
  keychain = $state.raw<KeychainView | null>(null);
  unlocking = $state(false);
  now = $state.raw(moment());
  readonly toasts = new Toasts();
  readonly clipboard = new Clipboard();
  /** The AI clients of this computer. */
  readonly found = new Found();
  /** Keys in this computer's files. */
  readonly scan = new KeyScan();
  #lists = new SvelteMap<string, KeyList>();
  #checkups = new SvelteMap<string, Checkup>();
  /** Questions for the instances so far, and which of them was answered last. */
  #asked = 0;
  #answered = 0;

  readonly selected = $derived(this.instances.find((instance) => instance.id === this.selectedId) ?? null);

  /** The key list of an instance, kept while the window is open, so that going back and forth is quick. */
  list(id: string): KeyList | undefined {
    return this.#lists.get(id);
  }

  /** The check-up of an instance, kept likewise. */
  checkup(id: string): Checkup | undefined {
    return this.#checkups.get(id);
  }

  /** Reads everything once and follows what happens. Answers how to stop. */
  start(): () => void {
    let stopped = false;
    const stops: (() => void)[] = [];
    const keep = (listening: Promise<() => void>) =>
      void listening.then((stop) => (stopped ? stop() : stops.push(stop))).catch(() => undefined);
    keep(onStateChanged(() => void this.follow()));
    keep(onCheckupProgress(({ instance, item }) => this.checkup(instance)?.told(item)));
    keep(onCloseRefused(() => this.toasts.show({ text: words.saveFirst, tone: 'warn' })));
    keep(onClipboardEnded((event) => this.clipboard.onEnded(event)));
    // Their files are other people's: whoever comes back may have changed them meanwhile.
    const focus = () => void this.found.look();
    window.addEventListener('focus', focus);
    const tick = setInterval(() => (this.now = moment()), 15_000);
    void this.reload();
    void this.lookAtKeychain();
    void this.found.look();
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
      const instances = await listInstances();
      // Answers may overtake each other: only the one to the last question is of now.
      if (asked !== this.#asked) return;
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
    await this.reload();
    await Promise.all([...this.#lists.values()].map((list) => list.rejoin()));
  }

  /** Takes the new instances without losing the selection. */
  merge(instances: InstanceView[]): void {
    const users = usersOf(this.instances);
    for (const id of this.#lists.keys()) if (!instances.some((instance) => instance.id === id)) this.#lists.delete(id);
    for (const id of this.#checkups.keys()) if (!instances.some((instance) => instance.id === id)) this.#checkups.delete(id);
    for (const { id, user } of instances) {
      // Another person's list is another list.
      const before = users.get(id);
      const other = before !== undefined && user !== null && before !== user.id;
      if (other || !this.#lists.has(id)) this.#lists.set(id, new KeyList(id));
      if (!this.#checkups.has(id)) this.#checkups.set(id, new Checkup(id, (view) => void this.checkedUp(id, view)));
    }
    this.instances = instances;
    if (!instances.some((instance) => instance.id === this.selectedId)) this.select(instances[0]?.id ?? null);
  }

  /** Takes one instance as a command answered it. */
  put(instance: InstanceView): void {
    const known = this.instances.some((other) => other.id === instance.id);
    this.merge(known ? this.instances.map((other) => (other.id === instance.id ? instance : other)) : [...this.instances, instance]);
    // A question under way was asked before this change, and its answer would undo it here.
    if (this.#asked !== this.#answered) void this.reload();
  }

  select(id: string | null): void {
    if (this.selectedId === id) return;
    this.selectedId = id;
    this.filter = '';
  }

  async refresh(instance: InstanceView): Promise<void> {
    this.now = moment();
    const list = this.list(instance.id);
    if (!list) return;
    await list.refresh();
    await this.noticeSession(list);
  }

  /** A call may have found out that the session is over: let the sidebar know too. */
  async noticeSession(list: KeyList): Promise<void> {
    const code = list.query.error?.code;
    if (code === 'session_over' || code === 'signed_out' || code === 'key_rejected') await this.reload();
  }

  /** A check-up marks its instance, and moves its key's last-used time. */
  async checkedUp(id: string, view: CheckupView): Promise<void> {
    await this.reload();
    const instance = this.instances.find((other) => other.id === id);
    if (instance?.session === 'signed_in' && view.requests_with_key > 0) await this.refresh(instance);
  }

  async lookAtKeychain(): Promise<void> {
    try {
      this.keychain = await keychainState();
    } catch {
      this.keychain = null;
    }
  }

  async unlock(): Promise<void> {
    if (this.unlocking) return;
    this.unlocking = true;
    try {
      this.keychain = await unlockKeychain();
    } catch (reason) {
      this.say(reason);
      await this.lookAtKeychain();
    } finally {
      this.unlocking = false;
    }
  }

  async copy(instance: string, key: string): Promise<void> {
    try {
      this.toasts.dismiss();
      await this.clipboard.copy(instance, key);
    } catch (reason) {
      this.say(reason);
    }
  }

  /** Shows why something did not work, in words, with Unlock where that helps. */
  say(reason: unknown): void {
    const error = asCallError(reason);
    const { title, body } = errorWords(error, this.keychain ? { keychain: this.keychain.name } : {});
    if (error.code === 'keychain_locked') void this.lookAtKeychain();
    this.toasts.show({ text: `${title}. ${body}`, tone: 'warn' });
  }
}

export const [useApp, provideApp] = createContext<AppState>();
