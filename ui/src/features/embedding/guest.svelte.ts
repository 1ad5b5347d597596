import { inspectGuestToken, listDatasets, mintGuestToken, proveRows, type DatasetView, type GuestTokenRequest, type InspectedGuestToken, type InstanceId, type MintedGuestView, type RowProofView } from '../../ipc';
import { HeldToken } from '../../state/held-token.svelte';
import { RuleDraft } from './rules.svelte';

/** A guest, their rules, and what is known of the token that is made for them. */
export class Guest extends HeldToken<MintedGuestView, InspectedGuestToken, 'prove'> {
  username = $state('');
  name = $state('');
  rules = $state.raw<readonly RuleDraft[]>([]);
  proof = $state.raw<RowProofView | null>(null);
  /** When the token was made, by this computer. */
  mintedAt = $state(0);
  /** What both were asked for. */
  mintedFor = $state('');
  provenFor = $state('');
  #next = 0;

  constructor(instance: InstanceId, readonly dashboard: number) {
    super(instance);
  }

  readonly request: GuestTokenRequest = $derived.by(() => {
    const [, first = '', last = ''] = /^(.*?)(?:\s+(\S+))?$/.exec(this.name.trim()) ?? [];
    return { dashboard: this.dashboard, guest: { username: this.username.trim(), first_name: first, last_name: last }, rules: this.rules.map(({ rule }) => rule) };
  });
  readonly #asked = $derived(JSON.stringify(this.request));
  /** Guest or rules are others than those of what stands there. */
  readonly mintChanged = $derived(this.minted !== null && this.mintedFor !== this.#asked);
  readonly proofChanged = $derived(this.proof !== null && this.provenFor !== this.#asked);
  /** Those of the dashboard; none while they are not read, or could not be. */
  listed = $state.raw<readonly DatasetView[] | null>(null);
  /** They could not be read. */
  unlisted = $state(false);
  /** The datasets that are known of: those that were read, or else those of the charts that were. */
  readonly datasets = $derived.by(() => {
    if (this.listed) return this.listed;
    const all = (this.proof?.charts ?? []).flatMap(({ dataset, dataset_name: name }) => (dataset === null ? [] : [{ id: dataset, name: name ?? String(dataset) }]));
    return all.filter(({ id }, n) => all.findIndex((one) => one.id === id) === n).sort((a, b) => a.name.localeCompare(b.name));
  });
  /** Each rule as it was sent, if it still is so. */
  readonly sent = $derived(this.proof && !this.proofChanged ? this.proof.rules : this.minted && !this.mintChanged ? this.minted.rules : []);

  addRule(dataset: number | null = null): RuleDraft {
    const rule = new RuleDraft((this.#next += 1), dataset);
    this.rules = [...this.rules, rule];
    void this.#listDatasets();
    return rule;
  }

  async #listDatasets(): Promise<void> {
    if (this.listed) return;
    try {
      this.listed = await listDatasets(this.instance, this.dashboard);
      this.unlisted = false;
    } catch {
      // Of no account: a rule for all of them is the usual one, and what the server has against it comes with the proof.
      this.unlisted = true;
    }
  }

  removeRule(rule: RuleDraft): void {
    this.rules = this.rules.filter((one) => one !== rule);
  }

  /** Whether each rule says something. All of them are looked at. */
  check(): boolean {
    return this.rules.map((rule) => rule.check()).every(Boolean);
  }

  async mint(): Promise<boolean> {
    const asked = this.#asked;
    return this.making(async () => {
      const minted = await mintGuestToken(this.instance, this.request);
      this.mintedAt = Date.now();
      this.mintedFor = asked;
      return minted;
    });
  }

  async prove(): Promise<boolean> {
    const asked = this.#asked;
    return this.run('prove', async () => {
      this.proof = await proveRows(this.instance, this.request);
      this.provenFor = asked;
    });
  }

  protected override read(token: string | null): Promise<InspectedGuestToken | null> {
    return inspectGuestToken(this.instance, { token });
  }

  /** Nobody looks at what was read any more. One that was pasted is let go of. */
  closeInspected(): void {
    this.inspected = null;
    if (this.problem?.of === 'inspect') this.problem = null;
    this.gone = false;
    if (this.minted === null) this.letGo();
  }
}
