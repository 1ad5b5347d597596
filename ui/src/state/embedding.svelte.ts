import { SvelteMap } from 'svelte/reactivity';
import { Query } from '../lib/query.svelte';
import { asCallError, checkEmbedding, listDashboards, type CallError, type DashboardsView, type DashboardView, type EmbeddingCheckView, type InstanceId, type InstanceView } from '../ipc';

const SLOW_AFTER = 8000;

/** Superset’s own roles that neither mint guest tokens nor embed. A role of another name may be made for it. */
const NEITHER = ['Alpha', 'Gamma', 'Public', 'sql_lab', 'granter'];

export type DashboardChip = 'all' | 'embedded' | 'any_site';

const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask();
  } catch (reason) {
    throw asCallError(reason);
  }
};

/** Whether every page may show it. */
export const isOpen = ({ embedding }: DashboardView): boolean => embedding !== null && embedding.sites.length === 0;

/** The server does not tell this person whether it is embedded. */
export const isUntold = ({ embedding_untold }: DashboardView): boolean => embedding_untold;

/** Sites that somebody comes in by. */
export const sitesOf = ({ embedding }: DashboardView): string[] => embedding?.sites.filter((site) => !embedding.useless.includes(site)) ?? [];

/** The checklist of one dashboard, as long as the window is open. */
export class DashboardCheck {
  readonly query = new Query<EmbeddingCheckView, CallError>();
  /** As which site it is asked. */
  site = $state('');
  /** The address of the page that is to show it. */
  page = $state('');

  constructor(readonly instance: InstanceId, readonly dashboard: number) {}

  async run(): Promise<boolean> {
    return this.query.run(() => asked(() => checkEmbedding(this.instance, this.dashboard, this.site.trim(), this.page.trim() || null)));
  }
}

/** The dashboards of one instance, and what is known of their embedding. */
export class Embedding {
  readonly query = new Query<DashboardsView, CallError>();
  /** Whether it has a tab without being asked for. */
  offered = $state(false);
  /** Eight seconds have passed. */
  slow = $state(false);
  /** The person stopped waiting. */
  stopped = $state(false);
  // How the person looks at it, kept while they are elsewhere.
  text = $state('');
  chip = $state<DashboardChip>('all');
  readonly #checks = new SvelteMap<number, DashboardCheck>();
  #asked = false;
  #looked = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(readonly instance: InstanceId) {}

  get view(): DashboardsView | undefined {
    return this.query.data;
  }

  /** How many are embedded, where that is known. */
  get embedded(): number | undefined {
    return this.view?.dashboards.filter(({ embedding }) => embedding !== null).length;
  }

  dashboard(id: number): DashboardView | undefined {
    return this.view?.dashboards.find((one) => one.id === id);
  }

  /** What was found of a dashboard in this window. */
  checked(id: number): EmbeddingCheckView | undefined {
    return this.#checks.get(id)?.query.data;
  }

  /** The latest of all checks, for what is the same for all dashboards. */
  get latest(): EmbeddingCheckView | undefined {
    const all = [...this.#checks.values()].flatMap(({ query }) => query.data ?? []);
    return all.sort((a, b) => b.checked_at.localeCompare(a.checked_at))[0];
  }

  /** The checklist of a dashboard, asked as a site that somebody comes in by, if there is one. */
  check(dashboard: DashboardView): DashboardCheck {
    let check = this.#checks.get(dashboard.id);
    if (!check) {
      check = new DashboardCheck(this.instance, dashboard.id);
      this.#checks.set(dashboard.id, check);
    }
    const sites = sitesOf(dashboard);
    // A site that was closed meanwhile is not asked as any more.
    if (sites.length > 0 && !sites.includes(check.site)) check.site = sites[0] ?? '';
    return check;
  }

  /** The first look, once, if somebody is signed in. */
  async open(signedIn: boolean): Promise<void> {
    // Whoever signs in again is asked for anew.
    if (!signedIn) this.#asked = false;
    else if (!this.#asked) await this.refresh();
  }

  /** Whether this person has a use for it. Asks once, and of a role that could not embed nothing. */
  async look(user: InstanceView['user']): Promise<void> {
    const roles = user?.roles;
    if (!user || this.#looked || this.#asked || (roles && roles.length > 0 && roles.every((role) => NEITHER.includes(role)))) return;
    this.#looked = true;
    try {
      const view = await listDashboards(this.instance);
      if (this.#asked) return;
      this.#asked = true;
      this.query.put(view);
      this.#offer();
    } catch {
      // The menu leads there too, and asks again.
    }
  }

  async refresh(): Promise<boolean> {
    this.#asked = true;
    this.stopped = false;
    this.slow = false;
    clearTimeout(this.#timer);
    const turn = (this.#turn += 1);
    this.#timer = setTimeout(() => (this.slow = this.query.busy), SLOW_AFTER);
    const taken = await this.query.run(() => asked(() => listDashboards(this.instance)));
    if (turn === this.#turn) this.#inTime();
    if (taken) this.#offer();
    return taken;
  }

  stop(): void {
    this.query.cancel();
    this.#inTime();
    this.stopped = true;
  }

  /** Takes a dashboard as it was read back after a change. What was found of it before counts no more. */
  take(dashboard: DashboardView): void {
    const view = this.view;
    if (!view) return;
    const dashboards = view.dashboards.map((one) => (one.id === dashboard.id ? dashboard : one));
    const rank = ({ embedding }: DashboardView) => (embedding ? 0 : 1);
    dashboards.sort((a, b) => rank(a) - rank(b) || a.title.toLowerCase().localeCompare(b.title.toLowerCase()));
    // As old as it was: the others were not read again.
    this.query.put({ ...view, dashboards }, this.query.answeredAt ?? undefined, this.query.state === 'stale' ? 'stale' : 'ok');
    this.#checks.get(dashboard.id)?.query.reset();
  }

  #offer(): void {
    if (this.view?.server.is_on === true) this.offered = true;
  }

  #inTime(): void {
    clearTimeout(this.#timer);
    this.slow = false;
  }
}
