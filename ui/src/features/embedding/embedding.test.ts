import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { changed, checked, dashboard, dashboards, embeddingOf, guestRole, minter, sales } from '../../test/embedding-fixtures';
import { fail, instance, keyList, NOW, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const admin = instance({ user: { id: 7, username: 'mara', roles: ['Admin'] } });
const open = dashboard({ id: 9, title: 'Ops live board', embedding: embeddingOf([]) });
const lost = dashboard({ id: 11, title: 'Partner scorecard', embedding: embeddingOf(['app.example.com'], { useless: ['app.example.com'] }) });
const all = dashboards([sales(), open, lost, dashboard(), dashboard({ id: 5, title: 'Churn and renewals', published: false })]);

const grid = () => screen.findByRole('grid', { name: 'Dashboards' });
const rows = () => within(screen.getByRole('grid', { name: 'Dashboards' })).getAllByRole('row').slice(1).map((line) => line.getAttribute('aria-label'));
const row = (name: RegExp) => screen.findByRole('row', { name });
const item = (name: string) => screen.findByText(name, { selector: '[role="menuitem"] *' }, { timeout: 10_000 });

/** What was done, in the toast that says it. */
const said = (text: string) => screen.findByText(text, { selector: '[role="status"]' });

function start(answers: MockAnswers = {}) {
  return openWindow({ listInstances: () => [admin], listDashboards: () => all, isAuditOffered: () => false, ...answers });
}
/** To the tab, which is there by itself. */
async function openTab(answers: MockAnswers = {}) {
  const opened = start(answers);
  await opened.user.click(await screen.findByRole('tab', { name: /^Embedding/ }));
  return opened;
}
/** By the menu, where there is no tab yet. */
async function openByMenu(answers: MockAnswers = {}) {
  const opened = start(answers);
  await opened.user.click(await screen.findByRole('button', { name: 'Actions for Production' }));
  await opened.user.click(await item('Embedding'));
  return opened;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('the tab', () => {
  it('is there by itself where embedding is on, last of all, and says how many are embedded', async () => {
    const { called } = await openTab();
    await grid();
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent.trim().split(' ')[0])).toEqual(['Keys', 'AI', 'Check-up', 'Embedding']);
    expect(screen.getByRole('tab', { name: 'Embedding 3' })).toHaveAttribute('aria-selected', 'true');
    // What the quiet look brought is what is shown.
    expect(called('listDashboards')).toHaveLength(1);
    expect(await violations()).toEqual([]);
  });

  it('is not there where embedding is off, and an analyst’s server is not asked', async () => {
    const { called } = start({ listInstances: () => [instance()] });
    await screen.findByRole('tab', { name: 'Check-up' });
    expect(called('listDashboards')).toEqual([]);
    expect(screen.queryByRole('tab', { name: /^Embedding/ })).toBeNull();
  });

  it('is reached by the menu all the same, and then says what is missing, with the line to copy', async () => {
    const { user, called } = await openByMenu({ listDashboards: () => dashboards([sales()], { server: { is_on: false, public_role: false } }) });
    expect(await screen.findByRole('heading', { name: 'Embedding is off on this server' })).toBeVisible();
    expect(screen.queryByRole('grid')).toBeNull();
    expect(screen.getByRole('button', { name: 'Embed a dashboard' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Copy line' }));
    expect(called('copyText')[0]?.given).toEqual({ text: 'FEATURE_FLAGS = {"EMBEDDED_SUPERSET": True}\n' });
    expect(await violations()).toEqual([]);
  });
});

describe('the list', () => {
  it('says of each who may show it, and what its checklist found', async () => {
    await openTab();
    await grid();
    expect(rows()).toEqual([
      'Sales overview. Shown on https://app.example.com and https://staging.example.com. Not checked.', 'Ops live board. Any site may show it. Not checked.',
      'Partner scorecard. No page gets in: app.example.com. Not checked.', 'Board pack 2026. Not embedded.', 'Churn and renewals. Not embedded.',
    ]);
    const line = within(await row(/^Sales/));
    expect(line.getByText('app.example.com')).toBeVisible();
    expect(line.getByText(/1 more/)).toBeVisible();
    expect(within(await row(/^Partner/)).getByText('No page gets in')).toBeVisible();
    expect(within(await row(/^Churn/)).getByText('Draft')).toBeVisible();
    expect(screen.getByText('5 dashboards, embedded first')).toBeVisible();
  });

  it('is filtered by its chips and by words, with the slash for the field', async () => {
    const { user } = await openTab();
    await grid();
    await user.click(screen.getByRole('button', { name: 'Any site 1' }));
    expect(rows()).toEqual(['Ops live board. Any site may show it. Not checked.']);
    await user.click(screen.getByRole('button', { name: 'All 5' }));
    await user.keyboard('/staging');
    expect(screen.getByRole('searchbox', { name: 'Filter dashboards' })).toHaveValue('staging');
    expect(rows()).toHaveLength(1);
    expect(screen.getByText('1 of 5 dashboards')).toBeVisible();
    await user.clear(screen.getByRole('searchbox', { name: 'Filter dashboards' }));
    await user.keyboard('zzz');
    await user.click(screen.getByRole('button', { name: 'Clear filter' }));
    expect(rows()).toHaveLength(5);
  });

  it('is walked through with the keyboard, into a dashboard and back', async () => {
    const { user } = await openTab();
    await grid();
    await user.keyboard('/{ArrowDown}');
    expect(await row(/^Sales/)).toHaveFocus();
    await user.keyboard('{ArrowDown}{End}{Home}{Enter}');
    expect(await screen.findByRole('heading', { name: 'Sales overview' })).toHaveFocus();
    await user.keyboard('{Escape}');
    await grid();
  });

  it('says when none is embedded, and when there are none', async () => {
    const answers: MockAnswers = { listDashboards: () => dashboards([dashboard()]) };
    const { user, answers: now } = await openTab(answers);
    await grid();
    await user.click(screen.getByRole('button', { name: 'Embedded 0' }));
    expect(screen.getByRole('heading', { name: 'None is embedded yet' })).toBeVisible();
    now.listDashboards = () => dashboards([]);
    await user.click(screen.getByRole('button', { name: 'Read again' }));
    expect(await screen.findByRole('heading', { name: 'No dashboards yet' })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('stays as it was read where the server does not answer, and says so', async () => {
    const { user, answers } = await openTab();
    await grid();
    answers.listDashboards = () => { throw fail('unreachable', { kind: 'timeout' }); };
    await user.click(screen.getByRole('button', { name: 'Read again' }));
    expect(await screen.findByText(/^Shown as of/)).toBeVisible();
    expect(rows()).toHaveLength(5);
    answers.listDashboards = () => all;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^Read \d/)).toBeVisible();
  });

  it('is not there for whoever may not read it, or is signed out', async () => {
    await openByMenu({ listDashboards: () => { throw fail('set_up_forbidden', { permission: 'can_read on Dashboard' }); } });
    expect(await screen.findByRole('heading', { name: 'Your role lacks a permission' })).toBeVisible();
    closeWindow();
    const { called } = await openByMenu({ listInstances: () => [instance({ session: 'signed_out', user: null })] });
    expect(await screen.findByRole('heading', { name: 'Sign in to Production' })).toBeVisible();
    expect(called('listDashboards')).toEqual([]);
  });

  it('names what cannot be seen in a title', async () => {
    await openTab({ listDashboards: () => dashboards([dashboard({ title: '\u202Elive' })]) });
    expect(await screen.findByText('⟨U+202E⟩live')).toBeVisible();
  });

  it('warns of permissions on Public, and leads to a role of its own', async () => {
    const { user, called } = await openTab({ listDashboards: () => dashboards([sales()], { server: { is_on: true, public_role: true } }), makeGuestRole: () => guestRole() });
    expect(await screen.findByText('The Public role has permissions here.')).toBeVisible();
    const [first] = screen.getAllByRole('button', { name: 'Make guest role…' });
    await user.click(first as HTMLElement);
    const dialog = within(await screen.findByRole('dialog', { name: 'Make a role for guests' }));
    expect(dialog.getByRole('textbox', { name: 'Name of the role' })).toHaveValue('Embedded');
    await user.click(dialog.getByRole('button', { name: 'Make role' }));
    expect(await dialog.findByText(/^The role Embedded is there/)).toBeVisible();
    expect(called('makeGuestRole')[0]?.given).toEqual({ id: 'inst-production', name: 'Embedded' });
    expect(dialog.getByText('Then take every permission from Public.')).toBeVisible();
    await user.click(dialog.getByRole('button', { name: 'Copy line' }));
    expect(called('copyText')[0]?.given).toEqual({ text: 'GUEST_ROLE_NAME = "Embedded"\n' });
    expect(await violations()).toEqual([]);
  });
});

describe('embedding a dashboard', () => {
  it('takes one, and the sites; any site has to be chosen', async () => {
    const { user, called } = await openTab({ embedDashboard: () => changed(dashboard({ embedding: embeddingOf(['https://app.example.com']) })) });
    await grid();
    await user.click(screen.getByRole('button', { name: 'Embed a dashboard' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Embed a dashboard' }));
    expect(await violations()).toEqual([]);
    const confirm = dialog.getByRole('button', { name: 'Embed' });
    await user.click(confirm);
    expect(dialog.getByText('Choose the dashboard.')).toBeVisible();
    await user.selectOptions(dialog.getByRole('combobox', { name: 'Dashboard' }), 'Board pack 2026');
    await user.click(confirm);
    expect(dialog.getByText('Name a site, or choose any site.')).toBeVisible();
    expect(called('embedDashboard')).toEqual([]);
    await user.type(dialog.getByRole('textbox', { name: 'Site' }), 'https://app.example.com');
    await user.click(confirm);
    expect(await screen.findByRole('heading', { name: 'Board pack 2026' })).toBeVisible();
    expect(called('embedDashboard')[0]?.given).toEqual({ id: 'inst-production', dashboard: 4, sites: ['https://app.example.com'], anySite: false });
    expect(await said('Board pack 2026 is embedded.')).toBeVisible();
  });

  it('for any site sends no site, and means it', async () => {
    const { user, called } = await openTab({ embedDashboard: () => changed(dashboard({ embedding: embeddingOf([]) })) });
    await user.click(await row(/^Board pack/));
    await user.click(await screen.findByRole('button', { name: 'Embed this dashboard…' }));
    await user.click(await screen.findByRole('radio', { name: 'Any site' }));
    await user.click(screen.getByRole('button', { name: 'Embed' }));
    await waitFor(() => expect(called('embedDashboard')[0]?.given).toEqual({ id: 'inst-production', dashboard: 4, sites: [], anySite: true }));
  });

  it('says at the field why something is no site', async () => {
    const { user } = await openTab({ embedDashboard: ({ sites }) => { throw fail('site_unusable', { site: String((sites as string[])[0]), problem: 'scheme_missing' }); } });
    await user.click(await row(/^Board pack/));
    await user.click(await screen.findByRole('button', { name: 'Embed this dashboard…' }));
    const field = await screen.findByRole('textbox', { name: 'Site' });
    await user.type(field, 'app.example.com');
    await user.click(screen.getByRole('button', { name: 'Embed' }));
    expect(await screen.findByText(/^No site could be that/)).toBeVisible();
    expect(field).toHaveFocus();
    expect(field).toHaveAttribute('aria-invalid', 'true');
  });
});

describe('the sites of a dashboard', () => {
  const openPage = async (name: RegExp, answers: MockAnswers = {}) => {
    const opened = await openTab(answers);
    await opened.user.click(await row(name));
    await screen.findByRole('complementary', { name: 'This dashboard' });
    return opened;
  };

  it('are added to, without those by which no page gets in', async () => {
    const after = dashboard({ id: 11, title: 'Partner scorecard', embedding: embeddingOf(['https://b.example.com']) });
    const { user, called } = await openPage(/^Partner/, { embedDashboard: () => changed(after, { opened: ['https://b.example.com'] }) });
    expect(screen.getByText(/^No page gets in by this one/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Add a site' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Add a site' }));
    expect(dialog.getByText('app.example.com goes off the list with this: no page gets in by it.')).toBeVisible();
    await user.type(dialog.getByRole('textbox', { name: 'Site' }), 'https://b.example.com/page');
    await user.click(dialog.getByRole('button', { name: 'Add site' }));
    expect(await said('https://b.example.com may show it now.')).toBeVisible();
    expect(called('embedDashboard')[0]?.given).toEqual({ id: 'inst-production', dashboard: 11, sites: ['https://b.example.com/page'], anySite: false });
  });

  it('lose one, after what breaks was said', async () => {
    const { user, called } = await openPage(/^Sales/, { embedDashboard: () => changed(sales({ embedding: embeddingOf(['https://staging.example.com']) }), { closed: ['https://app.example.com'] }) });
    await user.click(screen.getByRole('button', { name: 'Remove https://app.example.com' }));
    const dialog = within(await screen.findByRole('alertdialog', { name: 'Remove https://app.example.com?' }));
    expect(dialog.getByText('Keep site').closest('button')).toHaveFocus();
    await user.click(dialog.getByRole('button', { name: 'Remove site' }));
    expect(await said('https://app.example.com may not show it any more.')).toBeVisible();
    expect(called('embedDashboard')[0]?.given).toMatchObject({ sites: ['https://staging.example.com'], anySite: false });
    expect(screen.queryByRole('button', { name: 'Remove https://app.example.com' })).toBeNull();
  });

  it('are never emptied by the way: the last one opens to all only where that is chosen', async () => {
    const one = sales({ embedding: embeddingOf(['https://app.example.com']) });
    const { user, called } = await openPage(/^Sales/, { listDashboards: () => dashboards([one]), embedDashboard: () => changed(sales({ embedding: embeddingOf([]) })) });
    await user.click(screen.getByRole('button', { name: 'Remove https://app.example.com' }));
    const dialog = within(await screen.findByRole('alertdialog'));
    expect(dialog.getByText(/any site could show it then/)).toBeVisible();
    expect(dialog.queryByRole('button', { name: 'Remove site' })).toBeNull();
    await user.click(dialog.getByRole('button', { name: 'Let any site show it' }));
    expect(await said('Any site may show it now.')).toBeVisible();
    expect(called('embedDashboard')[0]?.given).toMatchObject({ sites: [], anySite: true });
  });

  it('end with the embedding, which says before that a new id breaks pages', async () => {
    const { user, called } = await openPage(/^Sales/, { endEmbedding: () => changed(sales({ embedding: null })) });
    await user.click(screen.getByRole('button', { name: 'Remove embedding…' }));
    const dialog = within(await screen.findByRole('alertdialog', { name: 'Remove the embedding of Sales overview?' }));
    expect(within(dialog.getByRole('list', { name: 'What breaks' })).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Pages on https://app.example.com and https://staging.example.com have an empty frame at once.',
      'Embedded again, it gets a new id. Pages and backends that name the old one stay broken until they are changed.',
      'Guest tokens that name its id end with it. Those that name the dashboard’s number go on until they end.',
    ]);
    expect(await violations()).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Remove embedding' }));
    expect(await said('Sales overview is not embedded any more.')).toBeVisible();
    expect(called('endEmbedding')[0]?.given).toEqual({ id: 'inst-production', dashboard: 7 });
    expect(screen.getByRole('button', { name: 'Embed this dashboard…' })).toBeVisible();
  });
});

describe('this server', () => {
  it('tells what a checklist has found of it', async () => {
    const { user } = await openTab({ checkEmbedding: () => checked() });
    const panel = within(await screen.findByRole('complementary', { name: 'This server' }));
    expect(panel.getByText('Embedding is on')).toBeVisible();
    expect(panel.getByText('Its guest secret was not looked at')).toBeVisible();
    await user.click(await row(/^Sales/));
    await user.click(await screen.findByRole('button', { name: 'Check' }));
    await screen.findByRole('heading', { name: '1 of 9 switches is wrong' });
    await user.click(screen.getByRole('button', { name: 'Back' }));
    const after = within(await screen.findByRole('complementary', { name: 'This server' }));
    expect(after.getByText('Its guest secret is its own')).toBeVisible();
    expect(after.getByText('Guests get the role Embedded')).toBeVisible();
    expect(within(await row(/^Sales/)).getByText('1 of 9 is wrong')).toBeVisible();
    expect(within(await row(/^Sales/)).getByText(/^Today, \d\d:\d\d$/)).toBeVisible();
  });

  it('gets a key that only mints, which is copied and never shown', async () => {
    const { user, called } = await openTab({ makeMinter: () => minter(), copySecret: () => 30, listKeys: () => keyList([]) });
    await user.click(await screen.findByRole('button', { name: 'Make a minter key…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Make a minter key' }));
    await user.clear(dialog.getByRole('textbox', { name: 'Account' }));
    await user.click(dialog.getByRole('button', { name: 'Make key' }));
    expect(dialog.getByText('Name the account.')).toBeVisible();
    await user.type(dialog.getByRole('textbox', { name: 'Account' }), 'web');
    await user.click(dialog.getByRole('radio', { name: '1 year' }));
    expect(await violations()).toEqual([]);
    await user.click(dialog.getByRole('button', { name: 'Make key' }));
    const made = within(await screen.findByRole('dialog', { name: 'Minter key made' }));
    expect(called('makeMinter')[0]?.given).toEqual({ id: 'inst-production', wanted: { role: 'Guest minter', username: 'web', key_name: 'Guest minter', expires: { kind: 'in_days', days: 365 } } });
    expect(made.getByRole('img', { name: 'Key ending in 7aB1' })).toBeVisible();
    expect(made.getByText(/^It was seen to mint/)).toBeVisible();
    await user.click(made.getByRole('button', { name: 'Copy key' }));
    await waitFor(() => expect(called('copySecret')[0]?.given).toEqual({ id: 'inst-production', key: 'key-minter' }));
  });
});
