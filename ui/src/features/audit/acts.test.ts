import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { auditKey, auditPerson, auditView } from '../../test/audit-fixtures';
import { DAY, fail, instance, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const people = [
  auditPerson({ id: 9, username: 'm.ortiz', active: false, active_keys: 2, all_keys: 2 }), auditPerson({ id: 7, username: 'mara', is_you: true }),
  auditPerson({ id: 3, username: 'ops', active_keys: 1 }),
];
const keys = [
  auditKey({ id: 'k-tableau', name: 'Tableau', owner: 0, findings: ['owner_inactive'] }), auditKey({ id: 'k-mine', name: 'Old laptop', owner: 1 }),
  auditKey({ id: 'k-grafana', name: 'Grafana', owner: 2, findings: [], last_used: time(-DAY) }), auditKey({ id: 'k-second', name: 'tableau-2', owner: 0, findings: ['owner_inactive'] }),
];
const all = auditView(keys, { people });
const long = { timeout: 10_000 };
const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) }, long);

async function openAudit(answers: MockAnswers = {}) {
  const opened = openWindow({
    listInstances: () => [instance()], audit: () => all, auditOffline: () => null, isAuditOffered: () => true,
    auditPerson: () => ({ person: people[0] as (typeof people)[number], keys: [], activity: { kind: 'not_allowed' } }), ...answers,
  });
  await opened.user.click(await screen.findByRole('tab', { name: /^Audit/ }, long));
  await row('Grafana');
  return opened;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  localStorage.clear();
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

it('has no tab where nobody here has a use for it', async () => {
  const { called } = openWindow({ isAuditOffered: () => false });
  await waitFor(() => expect(called('isAuditOffered')).toHaveLength(1), long);
  await screen.findByRole('tab', { name: /^Check-up/ }, long);
  expect(screen.queryByRole('tab', { name: /^Audit/ })).toBeNull();
});

describe('a file of it', () => {
  const chosen = async (user: Awaited<ReturnType<typeof openAudit>>['user'], name: RegExp) => {
    await user.click(screen.getByRole('button', { name: 'Export' }));
    await user.click(await screen.findByText(name, { selector: '[role="menuitem"] *' }, long));
  };

  it('has what is shown, in its order, and says where it is', async () => {
    const { user, called } = await openAudit({ exportAudit: () => '/home/mara/key-audit-production.csv' });
    await user.click(screen.getByRole('button', { name: 'Any finding 3' }));
    await user.click(screen.getByRole('button', { name: 'Name' }));
    await chosen(user, /CSV/);
    await screen.findAllByText('3 keys written to /home/mara/key-audit-production.csv.', {}, long);
    expect(called('exportAudit')[0]?.given).toMatchObject({ id: 'inst-production', keys: ['k-mine', 'k-tableau', 'k-second'], form: 'csv' });
  });

  it('is none where no folder is picked, and says why it could not be written', async () => {
    let full = false;
    const { user, called } = await openAudit({ exportAudit: () => { if (full) throw fail('output_unwritable', { path: '/home/mara/a.json', problem: 'full' }); return null; } });
    await chosen(user, /JSON/);
    await waitFor(() => expect(called('exportAudit')).toHaveLength(1));
    expect(screen.queryByText(/written to/)).toBeNull();
    full = true;
    await chosen(user, /JSON/);
    await screen.findAllByText(/The disk is full/, {}, long);
  });
});

it('hands out SQL for others’ keys alone, for each kind of database', async () => {
  const { user, called } = await openAudit({ auditRevokeSql: ({ dialect }) => `-- ${String(dialect)}\nUPDATE ab_api_key;\n` });
  (await row('Grafana')).focus();
  await user.keyboard('{Control>}a{/Control}');
  await user.click(screen.getByRole('button', { name: 'SQL for the database’s owner' }));
  const dialog = await screen.findByRole('dialog', {}, long);
  expect(await within(dialog).findByText(/-- postgresql/, {}, long)).toBeVisible();
  expect(called('auditRevokeSql')[0]?.given).toMatchObject({ keys: ['k-tableau', 'k-grafana', 'k-second'] });
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole('radio', { name: 'MySQL' }));
  expect(await within(dialog).findByText(/-- mysql/, {}, long)).toBeVisible();
  await user.click(within(dialog).getByRole('button', { name: 'Copy SQL' }));
  await waitFor(() => expect(called('copyText')[0]?.given.text).toBe('-- mysql\nUPDATE ab_api_key;\n'));
});

it('lets a person rest or wakes them only after saying what that does, and reads the list again', async () => {
  const { user, called } = await openAudit({ setPersonActive: ({ active }) => ({ username: 'm.ortiz', active: Boolean(active), already: false, audit_agrees: true, keys: 2 }) });
  (await row('Tableau')).focus();
  await user.keyboard('p');
  expect(screen.getByRole('button', { name: 'SQL that revokes 2' })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Make active again…' }));
  const dialog = await screen.findByRole('alertdialog', { name: 'Make m.ortiz active again?' }, long);
  expect(within(dialog).getByText(/their 2 keys work again at once/)).toBeVisible();
  expect(called('setPersonActive')).toHaveLength(0);
  expect(await violations()).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Make active' }));
  await screen.findAllByText('m.ortiz is active.', {}, long);
  expect(called('setPersonActive')[0]?.given).toMatchObject({ username: 'm.ortiz', active: true });
  await waitFor(() => expect(called('audit')).toHaveLength(2));
});

it('says why a person stays as they are, and offers oneself no such thing', async () => {
  const { user } = await openAudit({ setPersonActive: () => { throw fail('set_up_forbidden', { permission: 'can_put on User' }); } });
  (await row('Grafana')).focus();
  await user.keyboard('p');
  await user.click(screen.getByRole('button', { name: 'Make inactive…' }));
  const dialog = await screen.findByRole('alertdialog', {}, long);
  await user.click(within(dialog).getByRole('button', { name: 'Make inactive' }));
  expect(await within(dialog).findByText(/This takes can_put on User/, {}, long)).toBeVisible();
  await user.click(within(dialog).getAllByRole('button', { name: 'Leave as it is' }).at(-1) as HTMLElement);
  (await row('Old laptop')).focus();
  await user.keyboard('p');
  expect(screen.getByRole('complementary', { name: 'mara' })).toBeVisible();
  expect(screen.queryByRole('button', { name: /^Make / })).toBeNull();
});
