import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { ApiKeyView, KeyLeftView, KeyRevokedView, KeyToRevokeView, RevokedKeysView, RevokePlanView } from '../../ipc';
import { client, DAY, emitRevokesProgress, fail, key, keyElsewhere, keyList, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });
const old = key({ id: 'key-old', name: 'Old laptop', hint: 'sst_…Yw8c', last_used: time(-134 * DAY) });
const job = keyElsewhere({ last_used: time(-40 * DAY) });
const ended = key({ id: 'key-ended', name: 'Ended', status: 'expired', expires: time(-DAY), last_used: null });
const gone = key({ id: 'key-gone', name: 'Gone', status: 'revoked', revoked: time(-DAY) });
const johns = key({ id: 'key-john', name: 'Of John', status: null, belongs_to: 'john' });
const all = [laptop, old, job, ended, gone, johns];

const clock = { offset_minutes: 0, source: 'learned' as const, zone: null };
const one = (of: ApiKeyView, over: Partial<KeyToRevokeView> = {}): KeyToRevokeView => ({ key: of, clients: [], signed_in_with: false, ...over });
const plan = (keys: KeyToRevokeView[], left: KeyLeftView[] = []): RevokePlanView => ({ keys, left, clock });
const revoked = (of: ApiKeyView): KeyRevokedView => ({ id: of.id, key: { ...of, status: 'revoked', revoked: time(0) }, outcome: 'revoked', problem: null });
const done = (keys: KeyRevokedView[], stopped: RevokedKeysView['stopped'] = null): RevokedKeysView => ({ keys, stopped });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

const row = (name: RegExp) => screen.getByRole('row', { name });
const bar = () => screen.getByRole('group', { name: 'Selected keys' });

async function open(answers: MockAnswers = {}) {
  const window = openWindow({ listKeys: () => keyList(all), listClients: () => [client({ id: 'cursor', name: 'Cursor' })], ...answers });
  await screen.findByRole('row', { name: /Old laptop/ });
  return window;
}

async function ask(names: RegExp[], answers: MockAnswers) {
  const window = await open(answers);
  for (const name of names) await window.user.click(within(row(name)).getByRole('checkbox'));
  await window.user.click(within(bar()).getByRole('button', { name: `Revoke ${names.length}…` }));
  return { ...window, dialog: await screen.findByRole('alertdialog') };
}

describe('picking', () => {
  it('takes what can be revoked, shows a bar for it, and gives the footer back', async () => {
    const { user } = await open();
    for (const name of [/^Gone/, /^Of John/]) expect(within(row(name)).queryByRole('checkbox')).toBeNull();
    await user.click(screen.getByRole('checkbox', { name: 'Select all' }));
    expect(within(bar()).getByText('4 selected')).toBeVisible();
    expect(screen.queryByText(/^Updated/)).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(within(bar()).getByRole('button', { name: 'Clear' }));
    expect(screen.queryByRole('group', { name: 'Selected keys' })).toBeNull();
    expect(screen.getByText(/^Updated/)).toBeVisible();
    expect(document.activeElement).toHaveAttribute('role', 'row');
  });

  it('keeps what a filter hides, and says so', async () => {
    const { user } = await open();
    await user.click(within(row(/Old laptop/)).getByRole('checkbox'));
    await user.click(within(row(/Airflow/)).getByRole('checkbox'));
    await user.click(screen.getByRole('button', { name: /^On this computer/ }));
    expect(within(bar()).getByText('2 selected')).toBeVisible();
    expect(within(bar()).getByText('1 not in view')).toBeVisible();
  });

  it('is asked about as a whole by Delete on one of its rows, and alone on another', async () => {
    const { user, called } = await open({ planRevoke: () => plan([one(old), one(job)]) });
    await user.click(within(row(/Old laptop/)).getByRole('checkbox'));
    await user.click(within(row(/Airflow/)).getByRole('checkbox'));
    row(/Airflow/).focus();
    await user.keyboard('{Delete}');
    expect(await screen.findByRole('alertdialog', { name: 'Revoke 2 keys?' })).toBeVisible();
    expect(called('planRevoke')[0]?.given).toEqual({ id: 'inst-production', keys: ['key-old', 'key-airflow'] });
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    row(/Claude Code/).focus();
    await user.keyboard('{Delete}');
    expect(await screen.findByRole('alertdialog', { name: /Revoke “Claude Code/ })).toBeVisible();
  });
});

describe('the question', () => {
  const answers = {
    planRevoke: () =>
      plan(
        [one(laptop, { clients: [{ client: 'cursor', path: '~/.cursor/mcp.json', entry: 'superset', delivery: 'bridge' }] }), one(old)],
        [{ key: job, because: 'already_revoked', clients: [] }],
      ),
  } satisfies MockAnswers;

  it('says what stops with each and what stays, and takes the number alone', async () => {
    const { user, dialog, called } = await ask([/Claude Code/, /Old laptop/, /Airflow/], { ...answers, revokeKeys: () => done([revoked(laptop), revoked(old)]) });
    expect(await within(dialog).findByText('stops Cursor')).toBeVisible();
    expect(within(dialog).getByText('the default key of Production')).toBeVisible();
    expect(within(dialog).getByText('used 134 days ago')).toBeVisible();
    expect(within(dialog).getByText('1 of them was used in the past week.', { exact: false })).toBeVisible();
    expect(within(dialog).getByText('revoked already')).toBeVisible();
    const confirm = within(dialog).getByRole('button', { name: 'Revoke 2 keys' });
    const field = within(dialog).getByRole('textbox', { name: 'Type 2 to confirm' });
    for (const wrong of ['3', '22', 'two']) {
      await user.clear(field);
      await user.type(field, `${wrong}{Enter}`);
      expect(confirm).toBeDisabled();
    }
    expect(called('revokeKeys')).toHaveLength(0);
    await user.clear(field);
    await user.type(field, '2');
    expect(confirm).toBeEnabled();
    expect(await violations()).toEqual([]);
    await user.click(confirm);
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('revokeKeys')[0]?.given).toEqual({ id: 'inst-production', keys: ['key-laptop', 'key-old'] });
    expect((await screen.findAllByText('2 keys are revoked.'))[0]).toBeInTheDocument();
    expect(within(row(/Old laptop/)).getByText('Revoked')).toBeVisible();
    expect(within(bar()).getByText('1 selected')).toBeVisible();
  });

  it('can be left, and nothing happens', async () => {
    const { user, dialog, called } = await ask([/Old laptop/], { planRevoke: () => plan([one(old)]) });
    await within(dialog).findByRole('button', { name: 'Revoke 1 key' });
    await user.click(within(dialog).getAllByRole('button', { name: 'Keep keys' }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('revokeKeys')).toHaveLength(0);
  });

  it('says what it cannot know where the server does not answer, and asks again', async () => {
    let down = true;
    const { user, dialog } = await ask([/Old laptop/], {
      planRevoke: () => { if (down) throw fail('unreachable', { host: 'h', kind: 'timed_out' }); return plan([one(old)]); },
    });
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('Production does not answer.');
    expect(within(dialog).queryByRole('textbox')).toBeNull();
    down = false;
    await user.click(within(dialog).getByRole('button', { name: 'Try again' }));
    expect(await within(dialog).findByRole('button', { name: 'Revoke 1 key' })).toBeDisabled();
  });
});

describe('while it runs, and after', () => {
  async function run(answers: MockAnswers) {
    const asked = await ask([/Old laptop/, /Airflow/], { planRevoke: () => plan([one(old), one(job)]), ...answers });
    await asked.user.type(await within(asked.dialog).findByRole('textbox'), '2');
    await asked.user.click(within(asked.dialog).getByRole('button', { name: 'Revoke 2 keys' }));
    return asked;
  }

  it('tells how far it is and for what it waits, of this instance alone, and stays', async () => {
    const { user, dialog } = await run({ revokeKeys: () => new Promise<never>(() => undefined) });
    await emitRevokesProgress({ instance: 'another', progress: { done: 9, of: 9, waiting: null } });
    await emitRevokesProgress({ instance: 'inst-production', progress: { done: 1, of: 2, waiting: 10 } });
    expect(await within(dialog).findByText('1 of 2. The server asks for a pause of 10 s.')).toBeVisible();
    expect(within(dialog).getByRole('progressbar')).toHaveAttribute('value', '1');
    await user.keyboard('{Escape}');
    expect(dialog).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('tells what came of each, and goes on with what is left', async () => {
    const answer = done(
      [revoked(old), { id: job.id, key: job, outcome: 'failed', problem: { code: 'not_revoked', params: {} } }],
      { code: 'rate_limited', params: {} },
    );
    let asked: unknown;
    const { user, dialog } = await run({ revokeKeys: () => answer, planRevoke: ({ keys }) => { asked = keys; return plan([one(old), one(job)]); } });
    expect(await within(dialog).findByRole('heading', { name: '1 of 2 keys revoked' })).toBeVisible();
    const [first, second] = within(within(dialog).getByRole('region', { name: 'What ends' })).getAllByRole('listitem');
    expect(first).toHaveTextContent(/Airflow export job.*The key is still active.*not revoked/);
    expect(second).toHaveTextContent(/Old laptop.*revoked/);
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Try 1 again' }));
    await within(dialog).findByRole('textbox');
    expect(asked).toEqual(['key-airflow']);
    expect(within(dialog).getByRole('textbox')).toHaveValue('');
  });

  it('keeps the rest picked when it was stopped', async () => {
    const { user, dialog } = await run({ revokeKeys: () => done([revoked(old), { id: job.id, key: null, outcome: 'not_tried', problem: null }], { code: 'session_over', params: {} }) });
    expect(await within(dialog).findByRole('button', { name: 'Sign in' })).toBeEnabled();
    expect(within(dialog).queryByRole('button', { name: /^Try/ })).toBeNull();
    await user.click(within(dialog).getAllByRole('button', { name: 'Close' }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(within(bar()).getByText('1 selected')).toBeVisible();
  });
});
