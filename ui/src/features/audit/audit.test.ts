import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { AuditView } from '../../ipc';
import { auditKey, auditPerson, auditView, setUp } from '../../test/audit-fixtures';
import { DAY, fail, HOUR, instance, key, keyList, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const admin = instance({ user: { id: 7, username: 'mara', roles: ['Admin'] } });
const people = [
  auditPerson({ id: 9, username: 'm.ortiz', name: 'Mia Ortiz', roles: ['Alpha'], active: false, active_keys: 1, all_keys: 2 }),
  auditPerson({ id: 7, username: 'mara', name: '', roles: ['Admin'], is_you: true }),
  auditPerson({ id: 3, username: 'ops', name: '', active_keys: 6, all_keys: 6 }),
];
const tableau = auditKey({ id: 'k-tableau', name: 'Tableau migration', owner: 0, findings: ['owner_inactive', 'quiet', 'no_end'], last_used: time(-412 * DAY) });
const gone = auditKey({ id: 'k-laptop', name: 'laptop', owner: 0, status: 'revoked', findings: [], revoked: time(-40 * DAY), last_used: time(-42 * DAY) });
const mine = auditKey({ id: 'key-laptop', name: 'Old laptop', owner: 1, findings: ['owner_admin', 'no_end'], last_used: time(-134 * DAY) });
const grafana = auditKey({ id: 'k-grafana', name: 'Grafana bridge', owner: 2, findings: ['many_keys'], last_used: time(-2 * HOUR), expires: time(301 * DAY) });
const since = { at: time(-17 * DAY).utc, new: ['k-grafana'], gone: [{ id: 'k-away', name: 'n8n', owner: 'jane' }], quiet: ['k-tableau', 'key-laptop'] };
const all = auditView([tableau, mine, grafana, gone], { people, since });

const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) });
const names = () => within(screen.getByRole('grid')).getAllByRole('row').slice(1).map((line) => line.getAttribute('aria-label')?.split(',')[0]);

async function openAudit(answers: MockAnswers = {}) {
  const opened = openWindow({ listInstances: () => [admin], audit: () => all, auditOffline: () => null, auditPerson: () => { throw fail('unreachable'); }, ...answers });
  await opened.user.click(await screen.findByRole('button', { name: 'Actions for Production' }));
  await opened.user.click(await item('Audit'));
  return opened;
}

/** By its text: where the machine is busy, asking a whole window for roles takes longer than the question may. */
const item = (name: string) => screen.findByText(name, { selector: '[role="menuitem"] *' }, { timeout: 10_000 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('the list of everybody’s keys', () => {
  it('has a tab of its own, after the three that never move, with as of when it is', async () => {
    await openAudit();
    await row('Tableau');
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent.trim().split(' ')[0])).toEqual(['Keys', 'AI', 'Check-up', 'Audit']);
    expect(screen.getByRole('tab', { name: 'Audit 4' })).toHaveAttribute('aria-selected', 'true');
    expect(screen.getByText(/^As of .*, server time UTC−5$/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('shows the gravest first: whose, the two gravest findings and how many more, when used and until when', async () => {
    await openAudit();
    const line = await row('Tableau');
    expect(names()).toEqual(['Tableau migration', 'Old laptop', 'Grafana bridge', 'laptop']);
    for (const text of ['m.ortiz', 'inactive', 'Owner inactive', 'Quiet', '+1', 'No end']) expect(within(line).getByText(text)).toBeVisible();
    const used = within(line).getByRole('gridcell', { name: /412 d ago/ });
    // Not by colour alone, and exact, by the server's clock too.
    expect(within(used).getByRole('img', { name: 'Very long unused' })).toBeVisible();
    expect(used).toHaveAttribute('title', expect.stringMatching(/Server: 2025-10-04 13:05 · 2025-10-04T13:05:00Z$/));
    expect(line).toHaveAccessibleName(/^Tableau migration, of m\.ortiz, inactive, Active\. Owner inactive, Quiet, No end\. Last used: 412 days ago\. Ends: No end\.$/);
    expect(within(await row('Old laptop')).getByText('you')).toBeVisible();
    expect(within(await row('Grafana')).getByText('6 keys')).toBeVisible();
    expect(within(await row('Grafana')).queryByRole('img')).toBeNull();
  });

  it('counts, tells what changed, and filters by it', async () => {
    const { user } = await openAudit();
    await row('Tableau');
    const summary = screen.getByRole('region', { name: 'In short' });
    expect(within(summary).getByText('keys, 3 people')).toBeVisible();
    expect(within(summary).getByRole('img')).toHaveAccessibleName('Time since last use, of keys that work: within a week 1, within a month 0, within 3 months 0, within 6 months 1, within a year 0, longer ago 1, never used 0');
    await user.click(within(summary).getByRole('button', { name: '2 fell quiet since' }));
    expect(names()).toEqual(['Tableau migration', 'Old laptop']);
    expect(screen.getByText('2 of 4 keys')).toBeVisible();
    await user.click(within(summary).getByRole('button', { name: '1 new since 3 Nov' }));
    expect(names()).toEqual(['Grafana bridge']);
    await user.click(within(summary).getByRole('button', { name: '1 gone since' }));
    const panel = screen.getByRole('complementary', { name: '1 key gone' });
    expect(within(panel).getByText('n8n')).toBeVisible();
    expect(within(panel).getByText('of jane')).toBeVisible();
  });

  it('leaves out what changed where no earlier audit was kept', async () => {
    await openAudit({ audit: () => ({ ...all, since: null }) });
    await row('Tableau');
    expect(screen.queryByText(/(new|quiet|gone) since/)).toBeNull();
  });

  it('filters by findings, also those without room for a chip, and by words; keeps the choice, and drops it', async () => {
    const { user } = await openAudit();
    await row('Tableau');
    await user.click(screen.getByRole('button', { name: 'Any finding 3' }));
    expect(names()).toEqual(['Tableau migration', 'Old laptop', 'Grafana bridge']);
    await user.click(screen.getByRole('button', { name: '1 more' }));
    await user.click(await item('5 keys or more 1'));
    expect(names()).toEqual(['Grafana bridge']);
    expect(screen.getByRole('button', { name: '5 keys or more 1' })).toHaveAttribute('aria-pressed', 'true');
    expect(screen.getByRole('button', { name: 'Any finding 3' })).toHaveAttribute('aria-pressed', 'false');
    await user.keyboard('/');
    await user.keyboard('zzz');
    expect(screen.getByRole('heading', { name: 'No key matches' })).toBeVisible();
    await user.keyboard('{Escape}');
    expect(names()).toEqual(['Grafana bridge']);

    await user.click(screen.getByRole('button', { name: 'Saved filters' }));
    await user.click(await item('Save this filter'));
    await user.click(screen.getByRole('button', { name: 'Saved filters' }));
    await user.click(await item('Show all keys'));
    expect(names()).toHaveLength(4);
    await user.click(screen.getByRole('button', { name: 'Saved filters' }));
    await user.click(await item('Many keys'));
    expect(names()).toEqual(['Grafana bridge']);
    await user.click(screen.getByRole('button', { name: 'Saved filters' }));
    await user.click(await item('Forget this filter'));
    await user.click(screen.getByRole('button', { name: 'Saved filters' }));
    expect(screen.queryByText('Many keys', { selector: '[role="menuitem"] *' })).toBeNull();
  });

  it('draws only what is in sight of 10,000', async () => {
    const many = auditView(Array.from({ length: 10_000 }, (_, n) => auditKey({ id: `k${n}`, name: `key ${n}` })));
    const { user } = await openAudit({ audit: () => many });
    await row('key 0,');
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '10001');
    expect(within(screen.getByRole('grid')).getAllByRole('row').length).toBeLessThan(60);
    expect(screen.getByText('10,000 keys')).toBeVisible();
    (await row('key 0,')).focus();
    await user.keyboard('{Control>}a{/Control}');
    expect(screen.getByText('10,000 selected')).toBeVisible();
  });

  it('names what cannot be seen in a name', async () => {
    await openAudit({ audit: () => auditView([auditKey({ name: '\u202Elive' })], { people: [auditPerson({ username: 'a\u200Bb' })] }) });
    expect(await screen.findByText('⟨U+202E⟩live')).toBeVisible();
    expect(screen.getByText('a⟨U+200B⟩b')).toBeVisible();
  });
});

describe('beside the list', () => {
  it('tells of a key what is wrong and why, and goes on to its owner and from there to their other keys', async () => {
    const seen = { kind: 'told', latest: [{ at: time(-37 * DAY), action: 'ChartDataRestApi.data' }] } as const;
    const { user, called } = await openAudit({ auditPerson: () => ({ person: people[0] as (typeof people)[number], keys: [], activity: { ...seen, latest: [...seen.latest] } }) });
    await user.click(await row('Tableau'));
    const panel = screen.getByRole('complementary', { name: 'Tableau migration' });
    expect(within(panel).getByText('Nothing has used it for 90 days or more.')).toBeVisible();
    expect(within(panel).getByText(/works again when they are made active/)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(within(panel).getByRole('button', { name: /^\W*m\.ortiz/ }));
    const person = screen.getByRole('complementary', { name: 'm.ortiz' });
    expect(within(person).getByText('Mia Ortiz · Alpha')).toBeVisible();
    expect(within(person).getByText('the keys sleep')).toBeVisible();
    expect(within(person).getByText('1 key wakes up if m.ortiz is made active again')).toBeVisible();
    expect(await within(person).findByText('· from the event log')).toBeVisible();
    expect(within(person).getByText('ChartDataRestApi.data')).toBeVisible();
    expect(called('auditPerson')[0]?.given).toMatchObject({ id: 'inst-production', user: 9 });
    expect(await violations()).toEqual([]);
    await user.click(within(person).getByRole('button', { name: /^laptop/ }));
    expect(within(screen.getByRole('complementary', { name: 'laptop' })).getByText('It is refused for good.')).toBeVisible();
  });

  it('opens by the keyboard: Enter a key, P its owner, Escape back to the row', async () => {
    const { user } = await openAudit();
    (await row('Tableau')).focus();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByRole('complementary', { name: 'Old laptop' })).toBeVisible();
    await user.keyboard('p');
    expect(screen.getByRole('complementary', { name: 'mara' })).toBeVisible();
    expect(within(screen.getByRole('complementary')).getByText('This is you')).toBeVisible();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
    expect(await row('Old laptop')).toHaveFocus();
  });

  it('says where the event log is closed, and where it could not be asked, and asks again', async () => {
    let away = true;
    const { user } = await openAudit({ auditPerson: () => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return { person: people[0] as (typeof people)[number], keys: [], activity: { kind: 'not_allowed' } }; } });
    (await row('Tableau')).focus();
    await user.keyboard('p');
    const person = screen.getByRole('complementary');
    expect(await within(person).findByText('Production does not answer.')).toBeVisible();
    away = false;
    await user.click(within(person).getByRole('button', { name: 'Try again' }));
    expect(await within(person).findByText('Your role may not read the event log')).toBeVisible();
  });

  it('leads from one’s own key to where it can be replaced and revoked', async () => {
    const { user } = await openAudit({ listKeys: () => keyList([key()]) });
    await user.click(await row('Old laptop'));
    await user.click(screen.getByRole('button', { name: 'Show it in Keys' }));
    expect(await screen.findByRole('complementary', { name: 'Claude Code – laptop' })).toBeVisible();
  });
});

describe('many keys at once', () => {
  it('writes a message to their owners, without any of one’s own', async () => {
    const { user, called } = await openAudit();
    await user.click(within(await row('Tableau')).getByRole('checkbox'));
    await user.click(within(await row('Old laptop')).getByRole('checkbox'));
    expect(screen.getByText('2 selected')).toBeVisible();
    expect(screen.getByText('1 is yours')).toBeVisible();
    // What is revoked cannot be picked.
    expect(within(await row('^laptop')).queryByRole('checkbox')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Message to owners' }));
    const dialog = await screen.findByRole('dialog', { name: 'Message to owners' });
    expect(within(dialog).getByText(/To 1 person/)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Copy message' }));
    await waitFor(() => expect(called('copyText')).toHaveLength(1));
    const text = String(called('copyText')[0]?.given.text);
    expect(text).toContain('m.ortiz:\n- Tableau migration: owner inactive, quiet, no end, last used 412 days ago');
    expect(text).not.toContain('Old laptop');
  });

  it('revokes one’s own alone, through the dialog that says what stops', async () => {
    const { user, called } = await openAudit({ planRevoke: () => ({ keys: [], left: [], clock: all.clock }) });
    (await row('Tableau')).focus();
    await user.keyboard('{Control>}a{/Control}');
    await user.click(screen.getByRole('button', { name: 'Revoke mine (1)…' }));
    await screen.findByRole('alertdialog');
    expect(called('planRevoke')[0]?.given).toMatchObject({ keys: ['key-laptop'] });
  });
});

describe('what is in the way', () => {
  const answers = (view: AuditView | null): MockAnswers => ({ auditOffline: () => view && { ...view, live: false, fetched: time(-3 * HOUR).utc } });

  it('shows a loading list, and after a while that the server is slow, and stops', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: NOW, shouldAdvanceTime: true });
    const { user } = await openAudit({ audit: () => new Promise<never>(() => undefined) });
    await screen.findAllByText('Reading everybody’s keys from Production…');
    await vi.advanceTimersByTimeAsync(8100);
    expect(screen.getByText('Still waiting. The server is slow today.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(screen.getByRole('heading', { name: 'Stopped' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  it('shows the kept copy as such where the server is away, and the way to ask again', async () => {
    let away = true;
    const { user } = await openAudit({ ...answers(all), audit: () => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return all; } });
    await row('Tableau');
    expect(await screen.findByText('Production does not answer.')).toBeVisible();
    expect(screen.getByText(/^Shown as of/)).toHaveClass('warn');
    away = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/^Read .* by the dataset$/)).toBeVisible();
  });

  it('says so where nothing is kept', async () => {
    await openAudit({ audit: () => { throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); } });
    expect(await screen.findByRole('heading', { name: 'Production does not answer' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'See how to set it up' })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('asks to sign in', async () => {
    await openAudit({ listInstances: () => [instance({ session: 'signed_out', user: null })] });
    expect(await screen.findByRole('heading', { name: 'Sign in to Production' })).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Sign in' })[0]).toBeVisible();
  });

  it('says that nobody has a key', async () => {
    await openAudit({ audit: () => auditView([], { people: [] }) });
    expect(await screen.findByRole('heading', { name: 'Nobody has a key' })).toBeVisible();
    expect(screen.getByText('keys, 0 people')).toBeVisible();
  });

  it('says by what a list was read that needs a word', async () => {
    const { user } = await openAudit({ audit: () => ({ ...all, road: { kind: 'sql_lab', database: 'Main', by_tables: true, login: { kind: 'trusted' } }, clock: { ...all.clock, source: 'assumed' } }) });
    expect(await screen.findByText(/because you said so for this once\. Roles that people have by a group are not known here\. The server’s clock is not known/)).toBeVisible();
    expect(screen.getByText(/by/, { selector: 'footer span' })).toHaveTextContent('in SQL Lab by Main');
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    expect(screen.queryByText(/because you said so/)).toBeNull();
  });

  it.each([
    ['audit_view_outdated', { missing: 'roles' }, 'The view of everybody’s keys has another form.'],
    ['audit_forbidden', {}, 'Your role may not read everybody’s keys.'],
    ['no_audit_road', {}, 'Nothing here shows everybody’s keys yet.'],
  ] as const)('leads to the set-up with the reason: %s', async (code, params, said) => {
    await openAudit({ audit: () => { throw fail(code, params); }, auditSetUp: () => setUp() });
    expect(await screen.findByText(said)).toBeVisible();
    expect(await screen.findByRole('heading', { name: 'See everybody’s keys' })).toBeVisible();
    expect(await screen.findByRole('button', { name: 'Use reports' })).toBeVisible();
  });
});
