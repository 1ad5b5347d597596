// Samples of what Rust answers of embedded dashboards.
import type {
  ChartProofView, DashboardsView, DashboardView, EmbeddedView, EmbeddingCheckView, EmbeddingSnippetView, EmbeddingView, GuestRoleView, InspectedGuestToken, MintedGuestView, MinterView, RowProofView, SwitchState, SwitchView,
} from '../ipc';
import { DAY, time } from './fixtures';

export const UUID = '9c1e0d52-1111-4222-8333-44445555cf70';

export function dashboard(over: Partial<DashboardView> & { embedding_untold?: boolean } = {}): DashboardView {
  const told = { embedding_untold: false };
  return { ...told, id: 4, uuid: 'd0000000-0000-0000-0000-000000000004', title: 'Board pack 2026', published: true, embedding: null, ...over };
}

export function embeddingOf(sites: string[], over: Partial<EmbeddingView> = {}): EmbeddingView {
  return { uuid: UUID, sites, useless: [], ...over };
}

export const sales = (over: Partial<DashboardView> = {}): DashboardView =>
  dashboard({ id: 7, title: 'Sales overview', embedding: embeddingOf(['https://app.example.com', 'https://staging.example.com']), ...over });

export function dashboards(all: DashboardView[], over: Partial<DashboardsView> = {}): DashboardsView {
  return { dashboards: all, read_at: time(0).utc, server: { is_on: true, public_role: false }, ...over };
}

export function changed(after: DashboardView, over: Partial<EmbeddedView> = {}): EmbeddedView {
  const was = { was_embedded: true, was_open: false };
  return { ...was, dashboard: after, closed: [], opened: [], new_uuid: false, ...over };
}

/** Of which there is no sentence, so that what was answered is said. */
const UNSAID = 'no_sentence_for_this' as string as SwitchView['found'];

export function switchView(over: Partial<SwitchView> = {}): SwitchView {
  return { switch: 'embedded_superset', state: 'right', found: UNSAID, params: {}, asked: 'GET /login/', answered: 'On', fix: null, ...over };
}

export const talisman = (over: Partial<SwitchView> = {}): SwitchView =>
  switchView({
    switch: 'talisman', state: 'wrong', asked: 'GET /embedded/9c1e, from https://app.example.com', answered: 'Your site is not in frame-ancestors',
    fix: { file: 'superset_config.py', lines: '# in TALISMAN_CONFIG\n"frame-ancestors": ["\'self\'", "https://app.example.com"],\n' }, ...over,
  });

/** One switch of nine is wrong. */
export function checked(over: Partial<EmbeddingCheckView> & { verdict?: SwitchState } = {}): EmbeddingCheckView {
  const worst = { verdict: 'wrong' as SwitchState };
  return {
    ...worst, dashboard: 7, dashboard_title: 'Sales overview', site: 'https://app.example.com', address: 'https://superset.example.com', checked_at: time(0).utc, guest_role: 'Embedded',
    switches: [
      switchView(), switchView({ switch: 'guest_token_secret', answered: 'Not a known one' }), switchView({ switch: 'guest_token_lifetime', answered: '300 seconds' }),
      switchView({ switch: 'guest_role', answered: 'Embedded' }), talisman(), switchView({ switch: 'allowed_domains', answered: '200, 403, 403' }),
      switchView({ switch: 'frame_options', answered: 'SAMEORIGIN' }), switchView({ switch: 'enable_cors', state: 'not_needed', answered: 'The frame works without' }),
      switchView({ switch: 'cors_options', state: 'cannot_tell', answered: 'Only the site asked for' }),
    ],
    ...over,
  };
}

export function mintedGuest(over: Partial<MintedGuestView> = {}): MintedGuestView {
  return { dashboard: 7, dashboard_title: 'Sales overview', guest: { username: '' }, rules: [], expires: time(300_000).utc, seconds: 300, secret: 'own', letters: 412, ...over };
}

export function chart(over: Partial<ChartProofView> = {}): ChartProofView {
  return {
    id: 1, name: 'Revenue by month', dataset: 3, dataset_name: 'orders', without: { kind: 'rows', count: 12_480, at_least: false }, with: { kind: 'rows', count: 1204, at_least: false }, outcome: 'filtered', ...over,
  };
}

export function proven(charts: ChartProofView[], over: Partial<RowProofView> = {}): RowProofView {
  return { dashboard: 7, dashboard_title: 'Sales overview', rules: [], charts, secret: 'own', proven_at: time(0).utc, ...over };
}

export function inspectedGuest(over: Partial<InspectedGuestToken> = {}): InspectedGuestToken {
  return {
    guest: { username: 'customer_987', first_name: 'Ada', last_name: 'Example' }, dashboards: [{ named: UUID, by_number: false, title: 'Sales overview' }],
    rules: [{ clause: "org = 'Acme'", dataset: 3, dataset_name: 'orders', warnings: [] }], issued: time(0).utc, expires: time(300_000).utc, left: 300, left_on_server: 298,
    audience: 'http://0.0.0.0:8080/', algorithm: 'HS256', secret: 'own', taken: true, letters: 412, ...over,
  };
}

export function snippetOf(over: Partial<EmbeddingSnippetView> = {}): EmbeddingSnippetView {
  return { code: 'html', file: 'page.html', text: '<div id="dashboard"></div>\n', install: null, variable: null, ...over };
}

export function guestRole(over: Partial<GuestRoleView> = {}): GuestRoleView {
  return {
    id: 12, name: 'Embedded', created: true, given: ['can_read on Dashboard', 'can_read on Chart', 'can_read on CurrentUserRestApi'], had: [], beyond: 0, in_force: 'Public',
    line: 'GUEST_ROLE_NAME = "Embedded"\n', ...over,
  };
}

export function minter(over: Partial<MinterView> = {}): MinterView {
  const more = { key_created: true, left_over: [] as string[] };
  return { ...more, role: 'Guest minter', role_created: true, username: 'guest-minter', user_created: true, key: 'key-minter', alias: 'guest-minter', hint: 'sst_…7aB1', expires: time(90 * DAY).utc, proven: true, ...over };
}
