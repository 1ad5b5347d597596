import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { AuditSetUpView } from '../../ipc';
import { auditKey, auditView, setUp } from '../../test/audit-fixtures';
import { fail, instance, NOW, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const ready = setUp({
  databases: [{ id: 4, name: 'Key audit', dialect: 'postgresql', shows: { kind: 'view', schema: 'public' }, login: { kind: 'fine' } }],
});
const whole = setUp({
  roads: [{ kind: 'dataset', state: 'open', because: null, database: 4, database_name: 'Key audit', dataset: 11 }, ...setUp().roads.slice(1)],
  datasets: [{ id: 11, database: 4, database_name: 'Key audit', missing: [] }], databases: ready.databases,
});

async function openSetUp(view: AuditSetUpView | (() => AuditSetUpView), answers: MockAnswers = {}) {
  const opened = openWindow({
    listInstances: () => [instance({ user: { id: 7, username: 'mara', roles: ['Admin'] } })], audit: () => { throw fail('no_audit_road'); }, auditOffline: () => null,
    auditSetUp: typeof view === 'function' ? view : () => view, ...answers,
  });
  await opened.user.click(await screen.findByRole('button', { name: 'Actions for Production' }));
  await opened.user.click(await item('Audit'));
  await screen.findByRole('heading', { name: 'See everybody’s keys' });
  return opened;
}
const road = async (name: RegExp) => (await within(await screen.findByRole('list', { name: 'Roads' })).findByText(name)).closest('li') as HTMLElement;

/** By its text: where the machine is busy, asking a whole window for roles takes longer than the question may. */
const item = (name: string) => screen.findByText(name, { selector: '[role="menuitem"] *' }, { timeout: 10_000 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('the roads', () => {
  it('stand there with their state and the reason, before anything is made', async () => {
    await openSetUp(setUp());
    expect(await road(/Dataset superset_key_audit/)).toHaveTextContent('Set up below');
    const refused = await road(/^SQL Lab$/);
    expect(refused).toHaveTextContent('on “Superset metadata”');
    expect(refused).toHaveTextContent('Its login can read hashes of passwords or keys and write. We do not use it.');
    expect(refused).toHaveTextContent('Refused');
    expect(screen.getByText(/^Everyone with the role Admin or Alpha, because/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('tell which permission is missing, and what is not known', async () => {
    await openSetUp(setUp({
      roads: [{ ...(setUp().roads[0] as AuditSetUpView['roads'][number]), state: 'broken', because: 'audit_view_outdated', dataset: 11 }, { kind: 'sql_lab', state: 'not_allowed', because: 'set_up_forbidden', database: null, database_name: null, dataset: null }],
      permissions: [{ permission: 'can_execute_sql_query on SQLLab', takes_it: 'sql_lab', has: false }],
      datasets: [{ id: 11, database: 4, database_name: 'Key audit', missing: ['roles', 'last_login'] }], databases: [], seen_by: { roles: ['Admin', 'Alpha'], asked: false },
    }));
    expect(await road(/Dataset/)).toHaveTextContent('The dataset lacks roles and last_login.');
    expect(await road(/^SQL Lab$/)).toHaveTextContent('You lack can_execute_sql_query on SQLLab.');
    expect(screen.getByText('These are the roles that Superset ships; yours may not look into roles.')).toBeVisible();
  });

  it('a refused one is used once only after a question, which is answered with no by itself', async () => {
    const { user, called } = await openSetUp(setUp());
    await user.click(within(await road(/^SQL Lab$/)).getByRole('button', { name: 'Read anyway, once…' }));
    const dialog = await screen.findByRole('alertdialog');
    await waitFor(() => expect(within(dialog).getAllByRole('button', { name: 'Do not read' }).at(-1)).toHaveFocus());
    expect(called('audit').map(({ given }) => given.trustDatabase)).toEqual([false]);
    await user.click(within(dialog).getByRole('button', { name: 'Read once' }));
    await waitFor(() => expect(called('audit').map(({ given }) => given.trustDatabase)).toEqual([false, true]));
  });

  it('reports are a way on without any of it', async () => {
    const { user } = await openSetUp(setUp());
    await user.click(await screen.findByRole('button', { name: 'Use reports' }));
    const dialog = await screen.findByRole('dialog', { name: 'Reports of each person' });
    expect(within(dialog).getByText('superset-keys report make production --out report-production.json')).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

describe('step by step', () => {
  it('hands out the SQL for the kind of database, the way back from it, and a message with it', async () => {
    const { user, called } = await openSetUp(setUp());
    const copied = (n: number) => waitFor(() => { expect(called('copyText')).toHaveLength(n); return String(called('copyText')[n - 1]?.given.text); });
    await user.click(await screen.findByRole('radio', { name: 'MySQL' }));
    await user.click(screen.getByRole('button', { name: 'Copy SQL' }));
    await copied(1);
    expect(called('copyText')[0]?.given.text).toBe('CREATE VIEW mysql_one AS SELECT 1;\n');
    await user.click(screen.getByRole('button', { name: 'Copy what takes it back' }));
    await copied(2);
    expect(called('copyText')[1]?.given.text).toBe('DROP VIEW mysql_one;\n');
    await user.click(screen.getByRole('button', { name: 'Copy message for the database’s owner' }));
    await copied(3);
    expect(called('copyText')[2]?.given.text).toContain('CREATE VIEW mysql_one');
  });

  it('makes the dataset only after saying who will see it, and offers a role then', async () => {
    let view = ready;
    const { user, called } = await openSetUp(() => view, {
      makeAuditDataset: () => { view = whole; return { id: 11, database: 4, database_name: 'Key audit', already: false, login: { kind: 'asked' } }; },
      makeAuditRole: () => ({ id: 8, name: 'Key auditor', created: true, given: ['can_read on Chart'], had: [], beyond: 0, dataset: 11 }),
    });
    expect((await screen.findByText('We test what the login may, then make the dataset')).closest('li')).toHaveAttribute('aria-current', 'step');
    expect(screen.queryByLabelText('Name of the role')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Make dataset…' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(within(dialog).getByText(/Everyone with the role Admin or Alpha/)).toBeVisible();
    expect(called('makeAuditDataset')).toHaveLength(0);
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Make dataset' }));
    expect(await screen.findByText('A road is open.')).toBeVisible();
    expect(called('makeAuditDataset')[0]?.given).toMatchObject({ id: 'inst-production', database: 4 });
    await user.click(await screen.findByRole('button', { name: 'Make role' }));
    expect(await screen.findByText(/The role “Key auditor” is there/)).toBeVisible();
    expect(called('makeAuditRole')[0]?.given).toMatchObject({ name: 'Key auditor' });
  });

  it('says why nothing was made', async () => {
    const { user } = await openSetUp(ready, { makeAuditDataset: () => { throw fail('set_up_forbidden', { permission: 'can_write on Dataset' }); } });
    await user.click(await screen.findByRole('button', { name: 'Make dataset…' }));
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Make dataset' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Your role lacks a permission. This takes can_write on Dataset.');
  });

  it('offers no dataset on a login that may too much', async () => {
    await openSetUp(setUp({ databases: [{ id: 4, name: 'Key audit', dialect: 'postgresql', shows: { kind: 'view', schema: 'public' }, login: { kind: 'too_much', rights: ['writes'] } }] }));
    expect(await screen.findByText('Its login can write. We do not use it.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Make dataset…' })).toBeNull();
  });
});

it('has a way on where it cannot look', async () => {
  let away = true;
  const { user } = await openSetUp(() => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return setUp(); });
  expect(await screen.findByRole('heading', { name: 'Production does not answer' })).toBeVisible();
  away = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await road(/Dataset/)).toBeVisible();
});

it('comes from the list and goes back to it by Alt Left, and reads by the road that is open', async () => {
  const { user, called } = openWindow({
    listInstances: () => [instance()], audit: () => auditView([auditKey()]), auditOffline: () => null, auditSetUp: () => whole,
  });
  await user.click(await screen.findByRole('button', { name: 'Actions for Production' }));
  await user.click(await item('Audit'));
  await user.click(await screen.findByRole('button', { name: 'How it is read' }));
  expect(await screen.findByRole('heading', { name: 'See everybody’s keys' })).toBeVisible();
  await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
  expect(await screen.findByRole('row', { name: /dbt docs sync/ })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'How it is read' }));
  await user.click(await screen.findByRole('button', { name: 'Show everybody’s keys' }));
  expect(await screen.findByRole('row', { name: /dbt docs sync/ })).toBeVisible();
  expect(called('audit')).toHaveLength(2);
});
