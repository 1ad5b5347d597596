import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { GuestTokenRequest, RowRule } from '../../ipc';
import { chart, checked, dashboards, embeddingOf, inspectedGuest, mintedGuest, proven, sales, snippetOf, switchView, talisman, UUID } from '../../test/embedding-fixtures';
import { fail, instance, NOW, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const admin = instance({ user: { id: 7, username: 'mara', roles: ['Admin'] } });
/** Nothing of it may stay in the page. */
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyIjp7fX0.c2lnbmF0dXJl';
const inPage = (text: string): boolean =>
  document.documentElement.outerHTML.includes(text) || [...document.querySelectorAll('input')].some(({ value }) => value.includes(text));

async function openPage(answers: MockAnswers = {}, section?: string) {
  const opened = openWindow({
    listInstances: () => [admin], isAuditOffered: () => false, listDashboards: () => dashboards([sales()]), checkEmbedding: () => checked(), dropToken: () => null,
    mintGuestToken: () => mintedGuest(), proveRows: () => proven([chart()]), listDatasets: () => [{ id: 3, name: 'orders' }, { id: 8, name: 'tickets' }], inspectGuestToken: () => inspectedGuest(), copyToken: () => 30,
    embeddingSnippet: ({ wanted: code }) => snippetOf({ code: code as 'html', file: `file.${String(code)}`, text: `code of ${String(code)}\n` }), ...answers,
  });
  const { user } = opened;
  await user.click(await screen.findByRole('tab', { name: /^Embedding/ }));
  await user.click(await screen.findByRole('row', { name: /^Sales/ }));
  await screen.findByRole('heading', { name: 'Sales overview' });
  if (section) await user.click(screen.getByRole('radio', { name: section }));
  return opened;
}
const press = (name: string) => screen.findByRole('button', { name });
const line = (name: RegExp) => screen.getByRole('button', { name });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('the checklist', () => {
  it('asks nothing by itself, and then shows what is wrong open with its fix, all else in one line', async () => {
    const { user, called } = await openPage();
    expect(screen.getByRole('heading', { name: 'Not checked yet' })).toBeVisible();
    expect(called('checkEmbedding')).toEqual([]);
    expect(await violations()).toEqual([]);
    await user.click(await press('Check'));
    expect(await screen.findByRole('heading', { name: '1 of 9 switches is wrong' })).toBeVisible();
    expect(called('checkEmbedding')[0]?.given).toEqual({ id: 'inst-production', dashboard: 7, site: 'https://app.example.com', page: null });
    const wrong = within(screen.getByRole('list', { name: 'What is wrong' }));
    expect(wrong.getByRole('button', { name: /^TALISMAN_CONFIG Your site is not in frame-ancestors Wrong$/ })).toHaveAttribute('aria-expanded', 'true');
    await user.click(wrong.getByRole('button', { name: 'Copy fix' }));
    expect(called('copyText')[0]?.given).toEqual({ text: talisman().fix?.lines });
    const others = within(screen.getByRole('list', { name: 'All other switches' })).getAllByRole('button', { expanded: false });
    expect(others.map(({ textContent }) => /(Right|Wrong|Doubtful|Critical|Cannot tell|Not needed)$/.exec(textContent.trim())?.[0])).toEqual(['Right', 'Right', 'Right', 'Right', 'Right', 'Right', 'Not needed', 'Cannot tell']);
    expect(screen.getByText(/^No check from outside sees your page’s referrer policy/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('tells of each line what was asked and answered', async () => {
    const { user } = await openPage();
    await user.click(await press('Check'));
    const flag = await waitFor(() => line(/^EMBEDDED_SUPERSET/));
    for (const asked of screen.getAllByText('GET /login/')) expect(asked).not.toBeVisible();
    flag.focus();
    await user.keyboard('{Enter}');
    expect(screen.getAllByText('GET /login/')[0]).toBeVisible();
    expect(flag).toHaveAttribute('aria-expanded', 'true');
  });

  it('says critical before wrong, doubtful where nothing is wrong, and nothing more than it knows', async () => {
    const critical = switchView({ switch: 'guest_token_secret', state: 'critical', answered: 'The shipped one' });
    const { user, answers } = await openPage({ checkEmbedding: () => checked({ switches: [talisman(), critical] }) });
    await user.click(await press('Check'));
    await screen.findByRole('heading', { name: '2 of 2 switches are wrong' });
    expect(within(screen.getByRole('list', { name: 'What is wrong' })).getAllByRole('button', { expanded: true }).map(({ textContent }) => textContent.trim().split(' ')[0])).toEqual(['GUEST_TOKEN_JWT_SECRET', 'TALISMAN_CONFIG']);
    answers.checkEmbedding = () => checked({ switches: [switchView({ switch: 'cors_options', state: 'doubtful' }), switchView()] });
    await user.click(await press('Check again'));
    expect(await screen.findByRole('heading', { name: 'Nothing is wrong, 1 is doubtful' })).toBeVisible();
    answers.checkEmbedding = () => checked({ switches: [switchView(), switchView({ switch: 'guest_role', state: 'cannot_tell' })], verdict: 'doubtful' });
    await user.click(await press('Check again'));
    expect(await screen.findByRole('heading', { name: 'Nothing seen is wrong, 1 cannot be told' })).toBeVisible();
    answers.checkEmbedding = () => checked({ switches: [switchView()], verdict: 'right' });
    await user.click(await press('Check again'));
    expect(await screen.findByRole('heading', { name: 'Nothing that can be seen is wrong' })).toBeVisible();
  });

  it('is asked as another site, and with the page’s address', async () => {
    const { user, called } = await openPage();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Ask as' }), 'https://staging.example.com');
    await user.type(screen.getByRole('textbox', { name: 'Address of your page' }), 'https://staging.example.com/board');
    await user.click(await press('Check'));
    await screen.findByRole('heading', { name: '1 of 9 switches is wrong' });
    expect(called('checkEmbedding')[0]?.given).toMatchObject({ site: 'https://staging.example.com', page: 'https://staging.example.com/board' });
  });

  it('wants a site where none on its list lets a page in', async () => {
    const { user, called, answers } = await openPage({ listDashboards: () => dashboards([sales({ embedding: embeddingOf([]) })]) });
    expect(screen.getByText('Any site may show it')).toBeVisible();
    await user.click(await press('Check'));
    const field = screen.getByRole('textbox', { name: 'Site that is to show it' });
    expect(field).toHaveFocus();
    expect(called('checkEmbedding')).toEqual([]);
    answers.checkEmbedding = () => { throw fail('site_unusable', { site: 'app', problem: 'scheme_missing' }); };
    await user.type(field, 'app{Enter}');
    expect(await screen.findByText(/^No site could be that/)).toBeVisible();
    expect(field).toHaveFocus();
  });

  it('keeps what it found where the server does not answer any more', async () => {
    const { user, answers } = await openPage();
    await user.click(await press('Check'));
    await screen.findByRole('heading', { name: '1 of 9 switches is wrong' });
    answers.checkEmbedding = () => { throw fail('unreachable', { kind: 'timeout' }); };
    await user.click(await press('Check again'));
    expect(await screen.findByText(/^What stands here was found at/)).toBeVisible();
    expect(screen.getByRole('heading', { name: '1 of 9 switches is wrong' })).toBeVisible();
  });

  it('is beside the id, which is copied whole', async () => {
    const { user, called } = await openPage();
    expect(screen.getByText('9c1e…cf70')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy embedding id' }));
    expect(called('copyText')[0]?.given).toEqual({ text: UUID });
  });
});

describe('a guest’s token', () => {
  const rule = async (user: Awaited<ReturnType<typeof openPage>>['user'], column: string, value: string) => {
    await user.click(await press('Add a rule'));
    expect(screen.getByRole('textbox', { name: 'Column' })).toHaveFocus();
    await user.type(screen.getByRole('textbox', { name: 'Column' }), column);
    await user.type(screen.getByRole('textbox', { name: 'Value' }), value);
  };
  const asked = (call: { given: Record<string, unknown> } | undefined) => call?.given.wanted as GuestTokenRequest;

  it('is made for a guest with rules, whose values are handed over apart', async () => {
    const { user, called } = await openPage({ mintGuestToken: ({ wanted }) => mintedGuest({ rules: ((wanted as GuestTokenRequest).rules ?? []).map(() => ({ clause: "org = 'Acme'", dataset: null, dataset_name: null, warnings: ['or_at_top'] })) }) }, 'Guest token');
    expect(screen.getByText('Without a rule a guest sees all rows of this dashboard.')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.type(screen.getByRole('textbox', { name: 'Guest' }), 'customer_987');
    await user.type(screen.getByRole('textbox', { name: 'Name' }), 'Ada Example');
    await rule(user, 'org', 'Acme');
    await user.click(await press('Make a token'));
    expect(await screen.findByRole('img', { name: 'Guest token of 412 letters, hidden' })).toBeVisible();
    expect(asked(called('mintGuestToken')[0])).toEqual({
      dashboard: 7, guest: { username: 'customer_987', first_name: 'Ada', last_name: 'Example' }, rules: [{ clause: 'org = :value', dataset: null, values: [{ name: 'value', value: 'Acme', is_number: false }] }],
    });
    expect(screen.getByText(/Ends in 5:00, the server decides how long\.$/)).toBeVisible();
    expect(screen.getByText("org = 'Acme'")).toBeVisible();
    expect(screen.getByText('OR at its top: whatever stands beside it opens the rows.')).toBeVisible();
    expect(screen.getByText(/^Nothing revokes a guest token/)).toBeVisible();
    await user.click(await press('Copy'));
    await waitFor(() => expect(called('copyToken')).toHaveLength(1));
    await user.type(screen.getByRole('textbox', { name: 'Value' }), '2');
    expect(screen.getByText('Guest or rules have changed since. Make a new one for them.')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('is over when its time is, and nothing is copied then', async () => {
    const { user } = await openPage({}, 'Guest token');
    await user.click(await press('Make a token'));
    await screen.findByText(/Ends in/);
    vi.setSystemTime(NOW.getTime() + 301_000);
    expect(await screen.findByText(/It is over\. Make a new one\.$/, {}, { timeout: 5000 })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Copy' })).toBeDisabled();
  });

  it('is let go of on leaving', async () => {
    const { user, called } = await openPage({}, 'Guest token');
    await user.click(await press('Make a token'));
    await screen.findByText(/Ends in/);
    expect(called('dropToken')).toEqual([]);
    await user.click(screen.getByRole('radio', { name: 'Snippets' }));
    await waitFor(() => expect(called('dropToken')).toHaveLength(1));
  });

  it('is not asked for with a rule that says nothing', async () => {
    const { user, called } = await openPage({}, 'Guest token');
    await user.click(await press('Add a rule'));
    await user.click(await press('Make a token'));
    expect(await screen.findByText('Name the column.')).toBeVisible();
    expect(screen.getByRole('textbox', { name: 'Column' })).toHaveFocus();
    expect(called('mintGuestToken')).toEqual([]);
  });

  it('takes SQL with names for values, and says why one is refused', async () => {
    const { user, called } = await openPage({ mintGuestToken: () => { throw fail('clause_refused', { problem: 'brackets' }); } }, 'Guest token');
    await rule(user, 'org', 'Acme');
    await user.click(await press('Write SQL'));
    const clause = screen.getByRole('textbox', { name: 'SQL' });
    expect(clause).toHaveValue('org = :value');
    await user.clear(clause);
    await user.type(clause, 'org = :org) OR (1 = :one');
    await user.type(screen.getByRole('textbox', { name: 'Value of :org' }), 'Acme');
    await user.type(screen.getByRole('textbox', { name: 'Value of :one' }), '1');
    const numbers = screen.getAllByRole('checkbox', { name: 'Number' });
    await user.click(numbers[1] as HTMLElement);
    await user.click(await press('Make a token'));
    expect(await screen.findByText(/^This rule would not do what it says/)).toBeVisible();
    expect((asked(called('mintGuestToken')[0]).rules as RowRule[])[0]).toEqual({
      clause: 'org = :org) OR (1 = :one', dataset: null, values: [{ name: 'org', value: 'Acme', is_number: false }, { name: 'one', value: '1', is_number: true }],
    });
  });

  it.each([['shipped', 'Anybody can make such tokens.'], ['secret_key', 'One secret for guests and for Admins.']] as const)('speaks up where the secret is %s', async (secret, said) => {
    const { user } = await openPage({ mintGuestToken: () => mintedGuest({ secret }) }, 'Guest token');
    await user.click(await press('Make a token'));
    expect((await screen.findByText(said)).closest('[role="alert"]')).toBeVisible();
  });
});

describe('the proof', () => {
  const tickets = chart({ id: 2, name: 'Open tickets', dataset: 8, dataset_name: 'tickets', without: { kind: 'rows', count: 5113, at_least: true }, with: { kind: 'rows', count: 5113, at_least: true }, outcome: 'not_reached' });
  const returns = chart({ id: 3, name: 'Returns', without: { kind: 'rows', count: 58, at_least: false }, with: { kind: 'rows', count: 0, at_least: false }, outcome: 'no_rows' });
  const broken = chart({ id: 4, name: 'Map', with: { kind: 'failed', problem: 'column_missing' }, outcome: 'broken' });
  const text = { id: 5, name: 'Notes', dataset: null, dataset_name: null, without: { kind: 'not_asked' }, with: { kind: 'not_asked' }, outcome: 'not_told' } as const;
  const sent = [{ clause: "org = 'Acme'", dataset: 3, dataset_name: 'orders', warnings: [] }];

  it('sets rows without and with side by side, what no rule reaches first', async () => {
    const { user } = await openPage({ proveRows: () => proven([chart(), returns, text, broken, tickets], { rules: sent }) }, 'Guest token');
    await user.click(await press('Prove by rows'));
    expect(await screen.findByRole('heading', { name: '1 chart shows all rows' })).toBeVisible();
    const rows = within(screen.getByRole('table', { name: 'Rows without and with the rules' })).getAllByRole('row').slice(1);
    expect(rows.map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim())).toEqual([
      'Open ticketstickets5,113+5,113+All rows', 'Maporders12,480FailsNo such columnFails', 'NotesDataset not told–Not asked–Not askedCannot tell',
      'Returnsorders580No rows at all', 'Revenue by monthorders12,4801,204Filtered',
    ]);
    expect(screen.getByText('No rule reaches “tickets”.')).toBeVisible();
    expect(screen.getByText(/“No rows at all” may be right/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('leads to a rule for what none reaches, and gets old when rules change', async () => {
    const { user, called } = await openPage({ proveRows: () => proven([tickets, chart()], { rules: sent }) }, 'Guest token');
    await user.click(await press('Prove by rows'));
    await press('Prove again');
    await user.click(await press('Add a rule'));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Dataset' }), 'orders');
    await user.type(screen.getByRole('textbox', { name: 'Column' }), 'org');
    await user.type(screen.getByRole('textbox', { name: 'Value' }), 'Acme');
    expect(screen.getByText('Guest or rules have changed since. Prove again.')).toBeVisible();
    await user.click(await press('Add a rule for tickets'));
    const second = within(screen.getByRole('group', { name: 'Rule 2' }));
    expect(second.getByRole('combobox', { name: 'Dataset' })).toHaveDisplayValue('tickets');
    expect(second.getByRole('textbox', { name: 'Column' })).toHaveFocus();
    await user.click(second.getByRole('button', { name: 'Remove rule 2' }));
    await user.click(await press('Prove again'));
    await waitFor(() => expect(called('proveRows')).toHaveLength(2));
    expect((called('proveRows')[1]?.given.wanted as GuestTokenRequest).rules?.[0]?.dataset).toBe(3);
  });

  it('has a dataset chosen before anything is proven, and goes on where they cannot be read', async () => {
    const { user, answers, called } = await openPage({ listDatasets: () => { throw fail('unreachable'); } }, 'Guest token');
    await user.click(await press('Add a rule'));
    expect(await screen.findByText('Its datasets could not be read. The rule is for all of them.')).toBeVisible();
    answers.listDatasets = () => [{ id: 8, name: 'tickets' }];
    await user.click(await press('Add a rule'));
    const second = within(screen.getByRole('group', { name: 'Rule 2' }));
    await user.selectOptions(second.getByRole('combobox', { name: 'Dataset' }), await second.findByRole('option', { name: 'tickets' }));
    expect(screen.queryByText(/could not be read/)).toBeNull();
    await user.click(await press('Add a rule'));
    expect(called('listDatasets')).toHaveLength(2);
    expect(called('proveRows')).toHaveLength(0);
  });

  it('of no rule says that a guest sees all, and of good ones no more than that', async () => {
    const { user, answers } = await openPage({ proveRows: () => proven([tickets]) }, 'Guest token');
    await user.click(await press('Prove by rows'));
    expect(await screen.findByText('There is no rule, so each guest sees all rows.')).toBeVisible();
    answers.proveRows = () => proven([chart()], { rules: sent });
    await user.click(await press('Prove again'));
    expect(await screen.findByRole('heading', { name: 'No chart shows all rows' })).toBeVisible();
  });

  it('says what stood in its way', async () => {
    const { user } = await openPage({ proveRows: () => { throw fail('set_up_forbidden', { permission: 'can_grant_guest_token' }); } }, 'Guest token');
    await user.click(await press('Prove by rows'));
    expect(await screen.findByText(/^Your role lacks a permission/)).toBeVisible();
  });
});

describe('a pasted token', () => {
  const paste = async (opened: Awaited<ReturnType<typeof openPage>>) => {
    const { user } = opened;
    await user.click(await press('Inspect a token'));
    const field = await screen.findByLabelText('Guest token', { selector: 'input' });
    expect(field).toHaveAttribute('type', 'password');
    await user.click(field);
    await user.paste(TOKEN);
  };

  it('goes to Rust at once, is nowhere in the page, and is read', async () => {
    const opened = await openPage({}, 'Guest token');
    await paste(opened);
    const dialog = within(await screen.findByRole('dialog', { name: 'Inspect a guest token' }));
    expect(await dialog.findByText('The server takes it')).toBeVisible();
    expect(opened.called('inspectGuestToken')[0]?.given).toEqual({ id: 'inst-production', pasted: { token: TOKEN } });
    expect(inPage(TOKEN)).toBe(false);
    expect(dialog.getByText('customer_987 · Ada Example')).toBeVisible();
    expect(dialog.getByText('Sales overview')).toBeVisible();
    expect(dialog.getByText("org = 'Acme'")).toBeVisible();
    expect(dialog.getByText('5 minutes left by this computer’s clock, 5 minutes by the server’s')).toBeVisible();
    expect(dialog.getByText('http://0.0.0.0:8080/')).toBeVisible();
    expect(dialog.getByText(/^What ends it/)).toBeVisible();
    expect(await violations()).toEqual([]);
    const close = dialog.getAllByRole('button', { name: 'Close' }).at(-1) as HTMLElement;
    await opened.user.click(close);
    await waitFor(() => expect(opened.called('dropToken')).toHaveLength(1));
  });

  it('without rules, by number, and over, says so', async () => {
    const token = inspectedGuest({ rules: [], dashboards: [{ named: '7', by_number: true, title: null }], left: -120, left_on_server: null, taken: false, guest: { username: '' } });
    await paste(await openPage({ inspectGuestToken: () => token }, 'Guest token'));
    expect(await screen.findByText('The server does not take it')).toBeVisible();
    expect(screen.getByText('Over for 2 minutes by this computer’s clock')).toBeVisible();
    expect(screen.getByText('All rows: it has no rule')).toBeVisible();
    expect(screen.getByText('· by number: it outlives the embedding’s end')).toBeVisible();
    expect(screen.getByText('No name')).toBeVisible();
  });

  it('that is none is said at its field, which is empty again', async () => {
    await paste(await openPage({ inspectGuestToken: () => { throw fail('not_a_token'); } }, 'Guest token'));
    const field = await screen.findByLabelText('Guest token', { selector: 'input' });
    await waitFor(() => expect(field).toHaveAttribute('aria-invalid', 'true'));
    expect(field).toHaveValue('');
    expect(field).toHaveFocus();
  });

  it('may be the one made here, which stays held', async () => {
    const { user, called } = await openPage({}, 'Guest token');
    await user.click(await press('Make a token'));
    await screen.findByText(/Ends in/);
    await user.click(await press('Inspect a token'));
    await user.click(await press('Read the one made here'));
    await screen.findByText('The server takes it');
    expect(called('inspectGuestToken')[0]?.given).toEqual({ id: 'inst-production', pasted: { token: null } });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(called('dropToken')).toEqual([]);
    expect(screen.getByText(/Ends in/)).toBeVisible();
  });
});

describe('the code', () => {
  it('is that of the page and of the backend, each in its languages, and copied together', async () => {
    const { user, called } = await openPage({ embeddingSnippet: ({ wanted: code }) => snippetOf({ code: code as 'html', file: `file.${String(code)}`, text: `code of ${String(code)}\n`, install: code === 'react' ? 'npm install it' : null, variable: 'SUPERSET_MINTER_KEY' }) }, 'Snippets');
    expect(await screen.findByRole('region', { name: 'Code of file.html' })).toHaveTextContent('code of html');
    expect(await screen.findByRole('region', { name: 'Code of file.python' })).toHaveTextContent('code of python');
    expect(screen.getByText('Written for SDK 0.4.0 and Superset 6.1.0')).toBeVisible();
    expect(screen.getByText(/^The backend reads its key from SUPERSET_MINTER_KEY/)).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'React' }));
    await user.click(screen.getByRole('radio', { name: 'Rust' }));
    expect(await screen.findByText('npm install it')).toBeVisible();
    await screen.findByRole('region', { name: 'Code of file.rust' });
    await user.click(screen.getByRole('button', { name: 'Copy both' }));
    expect(called('copyText').at(-1)?.given).toEqual({ text: 'file.react\n\ncode of react\n\n\nfile.rust\n\ncode of rust\n' });
    await user.click(screen.getByRole('checkbox', { name: 'Without the title' }));
    await waitFor(() => expect(called('embeddingSnippet').at(-1)?.given).toEqual({ id: 'inst-production', dashboard: 7, wanted: 'react', look: { hide_title: true, filters_open: false } }));
    expect(screen.getByRole('button', { name: 'Open preview' })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('is asked for again where it did not come', async () => {
    const { user, answers } = await openPage({ embeddingSnippet: () => { throw fail('unreachable', { kind: 'timeout' }); } }, 'Snippets');
    const again = await screen.findAllByRole('button', { name: 'Try again' });
    expect(again).toHaveLength(2);
    answers.embeddingSnippet = ({ wanted: code }) => snippetOf({ code: code as 'html', file: `file.${String(code)}` });
    await user.click(again[0] as HTMLElement);
    expect(await screen.findByRole('region', { name: 'Code of file.html' })).toBeVisible();
  });
});
