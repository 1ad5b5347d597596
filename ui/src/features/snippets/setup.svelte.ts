import { Query } from '../../lib/query.svelte';
import {
  asCallError, copySnippet, renderSnippet, type ApiKeyId, type ApiKeyView, type CallError, type ClientView, type ConnectRequest, type Delivery,
  type DeliveryView, type Guard, type InstanceView, type KeychainView, type SnippetForm, type SnippetRequest, type SnippetView,
} from '../../ipc';
import { snippets as words } from '../../messages/snippets';
import { Clipboard } from '../../state/clipboard.svelte';
import { preferredKey, usableKeys } from '../../state/usable-keys';
import { hasRules } from './guard';
import { ProjectFolder } from './project.svelte';

const COPIED_FOR = 2000;
/** The client starts a program of ours, which takes the key from the keychain. */
const ASK_THIS_APP: readonly Delivery[] = ['bridge', 'helper'];
const READ_THE_KEYCHAIN: readonly Delivery[] = [...ASK_THIS_APP, 'plaintext'];

/** What the person chose for one client of one instance, and the text that follows from it. */
export class Setup {
  client = $state.raw<ClientView | null>(null);
  readonly query = new Query<SnippetView, CallError>();
  readonly clipboard = new Clipboard();
  /** Kept from client to client. */
  readonly project = new ProjectFolder();
  copied = $state(false);
  copyProblem = $state.raw<CallError | null>(null);
  #wantedKey = $state<ApiKeyId | null>(null);
  #wantedDelivery = $state<Delivery | null>(null);
  #wantedForm = $state<SnippetForm>('config');
  /** What it is to be allowed; none leaves that as it is. */
  guard = $state.raw<Guard | null>(null);
  /** What its entry says of that now. */
  present = $state.raw<Guard | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly given: () => { instance: InstanceView; keys: readonly ApiKeyView[]; keychain: KeychainView | null }, key: ApiKeyId | null) {
    this.#wantedKey = key;
  }

  readonly keys = $derived.by(() => usableKeys(this.given().keys));
  readonly key = $derived.by(() => preferredKey(this.keys, this.#wantedKey));
  readonly deliveries = $derived.by(() => (this.client?.deliveries ?? []).map((way) => ({ way, reason: this.#reason(way) })));
  readonly delivery = $derived.by(() => {
    const open = this.deliveries.filter(({ reason }) => reason === undefined).map(({ way }) => way.delivery);
    const wanted = [this.#wantedDelivery, this.client?.best_delivery].find((delivery) => delivery && open.includes(delivery));
    return wanted ?? open[0] ?? null;
  });
  /** What is read in one project alone, where the client has a file for that. */
  readonly inOne = $derived.by(() => (this.client?.not_written === null ? this.client.locations.find(({ scope }) => scope === 'project') : undefined));
  readonly inProject = $derived.by(() => this.project.on && this.inOne !== undefined);
  /** Commands and links set a client up for all projects. */
  readonly forms = $derived.by(() => {
    const forms = this.client?.deliveries.find((way) => way.delivery === this.delivery)?.forms ?? [];
    return this.inProject ? forms.filter((form) => form === 'config') : forms;
  });
  readonly form = $derived.by(() => (this.forms.includes(this.#wantedForm) ? this.#wantedForm : (this.forms[0] ?? 'config')));
  readonly #shownGuard = $derived.by(() => this.guard ?? this.present);
  readonly request = $derived.by((): SnippetRequest | null =>
    this.client && this.delivery
      ? { client: this.client.id, key: this.key?.id ?? null, delivery: this.delivery, form: this.form, ...(this.delivery === 'bridge' && hasRules(this.#shownGuard) ? { guard: this.#shownGuard } : {}) }
      : null,
  );

  /** What connecting is asked for. */
  readonly wanted = $derived.by((): ConnectRequest => ({
    client: this.client?.id ?? '', key: this.key?.id ?? null, delivery: this.delivery,
    ...(this.guard && (this.delivery === 'bridge' || !hasRules(this.guard)) ? { guard: this.guard } : {}),
    ...(this.inProject ? { scope: 'project', project: this.project.path } : {}),
  }));

  /** The answer to what is chosen now; the one before must not pass for it. */
  readonly snippet = $derived.by(() => {
    const { data, state } = this.query;
    const fits = data && data.client === this.client?.id && data.delivery === this.delivery && data.form === this.form;
    return state === 'ok' && fits ? data : undefined;
  });
  readonly problem = $derived.by(() => (this.query.state === 'error' || this.query.state === 'stale' ? this.query.error : undefined));

  /** Why a way is closed, if it is. */
  #reason(way: DeliveryView): string | undefined {
    if (!this.client) return undefined;
    if (way.cannot) return words.cannot[way.cannot](this.client.name);
    if (way.delivery === 'plaintext' && !this.key) return words.needsKey;
    const { keychain } = this.given();
    if (READ_THE_KEYCHAIN.includes(way.delivery) && keychain && !keychain.ready && !keychain.locked && this.key?.presence !== 'memory') return words.noKeychain;
    return ASK_THIS_APP.includes(way.delivery) && this.key?.presence === 'memory' ? words.memoryKey : undefined;
  }

  /** `delivery`: the way it is connected already. */
  choose(client: ClientView, delivery: Delivery | null = null): void {
    if (client.id === this.client?.id) return;
    this.client = client;
    this.#wantedDelivery = delivery;
    this.#wantedForm = 'config';
    this.guard = null;
    this.present = null;
  }

  useKey(key: ApiKeyId): void {
    this.#wantedKey = key;
  }

  useDelivery(delivery: Delivery): void {
    this.#wantedDelivery = delivery;
  }

  useForm(form: SnippetForm): void {
    this.#wantedForm = form;
  }

  async render(request: SnippetRequest): Promise<void> {
    this.copyProblem = null;
    this.copied = false;
    await this.query.run(async () => {
      try {
        return await renderSnippet(this.given().instance.id, request);
      } catch (reason) {
        throw asCallError(reason);
      }
    });
  }

  /** Rust copies the text as it is to be pasted; the key never passes through here. */
  async copy(): Promise<void> {
    const request = this.request;
    if (!request) return;
    this.copyProblem = null;
    try {
      const seconds = await copySnippet(this.given().instance.id, request);
      if (seconds > 0) this.clipboard.start(seconds);
      this.copied = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => (this.copied = false), COPIED_FOR);
    } catch (reason) {
      this.copyProblem = asCallError(reason);
    }
  }
}
