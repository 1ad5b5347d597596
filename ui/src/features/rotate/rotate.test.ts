import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { RotationView } from '../../ipc';
import { reminder, rotation, watch } from '../../test/age';
import { client, DAY, emitStateChanged, fail, key, keyList, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

/** Rotations as Rust keeps them. */
const kept: { rotations: RotationView[] } = { rotations: [] };
/** One as it is kept from now on. */
function now(over: Partial<RotationView> = {}): RotationView {
  const one = rotation(over);
  kept.rotations = [one];
  return one;
}

async function open(first: RotationView[] = [], answers: MockAnswers = {}) {
  kept.rotations = first;
  const window = openWindow({
    listKeys: () => keyList([key()]), listRotations: () => kept.rotations, reminders: () => [], clientsOfRotation: () => [], listClients: () => [client()],
    clientsThatUse: () => [], findClients: () => [], ...answers,
  });
  const row = await screen.findByRole('row', { name: /Claude Code/ });
  return { ...window, row };
}

async function menu({ row, user }: Awaited<ReturnType<typeof open>>, item: string) {
  row.focus();
  await user.keyboard('{Shift>}{F10}{/Shift}');
  await user.click(await screen.findByRole('menuitem', { name: item }));
  return within(await screen.findByRole('dialog'));
}

describe('replacing a key', () => {
  it('asks, goes on as it is asked for, and shows how far it is', async () => {
    const all = await open([], { rotateKey: () => ({ ...now(), rewritten: [] }) });
    const dialog = await menu(all, 'Replace…');
    expect(dialog.getByRole('heading', { name: 'Replace “Claude Code – laptop”?' })).toBeVisible();
    await all.user.selectOptions(dialog.getByRole('combobox', { name: 'Quiet for' }), '8 days');
    expect(await violations()).toEqual([]);
    await all.user.click(dialog.getByRole('button', { name: 'Replace key' }));
    expect(await dialog.findByRole('heading', { name: 'Replacing “Claude Code – laptop”' })).toBeVisible();
    expect(all.called('rotateKey')[0]?.given).toEqual({
      id: 'inst-production', key: 'key-laptop', request: { expiry: { kind: 'in_days', days: 90 }, revoke: 'when_quiet', quiet_for: 8 * 86_400, rewrite_clients: false },
    });
    const step = dialog.getByRole('listitem', { current: 'step' });
    expect(step).toHaveTextContent(/Waiting until the old key is quiet, under way/);
    expect(within(step).getByRole('progressbar')).toHaveAttribute('aria-valuetext', '4 h of 24 hours');
    expect(within(step).getByText('20 h to go')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('revokes at once for a key that leaked, and writes the files of AI clients first', async () => {
    const all = await open([], { rotateKey: () => ({ ...now({ step: 'ended', ended: time(0).utc, end: 'revoked', revoke: 'now' }), rewritten: [] }) });
    const dialog = await menu(all, 'Replace…');
    await all.user.click(dialog.getByRole('radio', { name: 'At once' }));
    await all.user.click(dialog.getByRole('button', { name: 'Replace and revoke now' }));
    expect(await dialog.findByRole('heading', { name: '“Claude Code – laptop” is replaced' })).toBeVisible();
    expect(all.called('rotateKey')[0]?.given.request).toMatchObject({ revoke: 'now', rewrite_clients: true });
    expect(dialog.getByRole('button', { name: 'Done' })).toBeVisible();
  });

  it('says what was in the way, and that nothing has changed', async () => {
    const all = await open([], { rotateKey: () => { throw fail('forbidden'); } });
    const dialog = await menu(all, 'Replace…');
    await all.user.click(dialog.getByRole('button', { name: 'Replace key' }));
    expect(await dialog.findByRole('alert')).toHaveTextContent(/Your role cannot manage API keys/);
    expect(dialog.getByRole('button', { name: 'Replace key' })).toBeVisible();
  });

  it('is found again from the list, and follows what moves it on', async () => {
    const all = await open([rotation()]);
    expect(all.row).toHaveAccessibleName(/Being replaced/);
    const dialog = await menu(all, 'Show replacement');
    expect(dialog.getByRole('heading', { name: 'Replacing “Claude Code – laptop”' })).toBeVisible();
    kept.rotations = [rotation({ watch: watch({ quiet: 23 * 3600, left: 3600 }) })];
    await emitStateChanged();
    expect(await dialog.findByText('1 h to go')).toBeVisible();
    kept.rotations = [rotation({ step: 'ended', ended: time(0).utc, end: 'revoked' })];
    await emitStateChanged();
    expect(await dialog.findByRole('heading', { name: '“Claude Code – laptop” is replaced' })).toBeVisible();
    expect((await screen.findAllByText(/is replaced, and the old key is revoked/))[0]).toBeInTheDocument();
  });

  it('revokes now only after a question', async () => {
    const all = await open([rotation()], { changeRotation: () => now({ step: 'ended', ended: time(0).utc, end: 'revoked' }) });
    const dialog = await menu(all, 'Show replacement');
    await all.user.click(dialog.getByRole('button', { name: 'Revoke old key now' }));
    expect(all.called('changeRotation')).toHaveLength(0);
    expect(dialog.getByText('Revoke the old key now?')).toBeVisible();
    await all.user.click(dialog.getByRole('button', { name: 'Revoke key' }));
    await waitFor(() => expect(all.called('changeRotation')[0]?.given).toEqual({ id: 'inst-production', rotation: 'rotation-1', change: { kind: 'revoke_now' } }));
    expect(await dialog.findByRole('heading', { name: '“Claude Code – laptop” is replaced' })).toBeVisible();
  });

  it.each([['Keep both keys', 'keep_both'], ['Go back', 'go_back']] as const)('offers “%s”', async (label, kind) => {
    const all = await open([rotation()], { changeRotation: () => now() });
    const dialog = await menu(all, 'Show replacement');
    await all.user.click(dialog.getByRole('button', { name: label }));
    await waitFor(() => expect(all.called('changeRotation')[0]?.given.change).toEqual({ kind }));
  });

  it('says which uses cannot be seen, and waits for a word', async () => {
    const all = await open([rotation({ blind_spots: ['mcp'] })], { changeRotation: () => now({ blind_spots: ['mcp'], accepts_blind_spots: true }) });
    const dialog = await menu(all, 'Show replacement');
    expect(dialog.getByRole('listitem', { current: 'step' })).toHaveTextContent(/paused/);
    expect(dialog.queryByText(/It is revoked after 24 hours/)).toBeNull();
    await all.user.click(dialog.getByRole('button', { name: 'Revoke it when it looks quiet' }));
    expect(await dialog.findByText(/You said that what can be seen is enough/)).toBeVisible();
    expect(dialog.getByText(/It is revoked after 24 hours/)).toBeVisible();
  });

  it('is paused by what is in the way, and tried again', async () => {
    const all = await open([rotation({ problem: 'session_over' })], { rotateKey: () => ({ ...now(), rewritten: [] }) });
    const dialog = await menu(all, 'Show replacement');
    const alert = dialog.getByRole('alert');
    expect(alert).toHaveTextContent(/^Paused at step 5: .*Both keys work/);
    expect(within(alert).getByRole('button', { name: 'Sign in' })).toBeVisible();
    await all.user.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(dialog.queryByRole('alert')).toBeNull());
    expect(all.called('rotateKey')[0]?.given.key).toBe('key-laptop');
  });

  it('lists AI clients whose files hold the old key, and writes the new one', async () => {
    const entry = { client: 'claude-code', path: '~/.claude.json', entry: 'superset', delivery: 'plaintext' as const };
    const all = await open([rotation()], {
      clientsOfRotation: () => [entry],
      rewriteClients: () => [{ client: entry.client, path: entry.path, entry: entry.entry, written: null, problem: 'client_file_read_only' }],
    });
    const dialog = await menu(all, 'Show replacement');
    expect(await dialog.findByText('One AI client still has the old key in its file')).toBeVisible();
    expect(dialog.getByText('~/.claude.json')).toBeVisible();
    await all.user.click(dialog.getByRole('button', { name: 'Write the new key' }));
    expect(await dialog.findByText(/^Not written\./)).toBeVisible();
    expect(all.called('rewriteClients')[0]?.given).toEqual({ id: 'inst-production', rotation: 'rotation-1' });
  });
});

describe('what leads there', () => {
  it('is the question before a key is revoked', async () => {
    const { row, user } = await open();
    row.focus();
    await user.keyboard('{Delete}');
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Replace instead' }));
    expect(await screen.findByRole('heading', { name: 'Replace “Claude Code – laptop”?' })).toBeVisible();
  });

  it('is a reminder, which can be put off until there is more reason for it', async () => {
    const reminders = { now: [reminder({ reminder: 'two_weeks', expires: time(13 * DAY).utc })] };
    const { user } = await open([], { reminders: () => reminders.now });
    expect(await screen.findByText('“Claude Code – laptop” expires in 13 days.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Later' }));
    await waitFor(() => expect(screen.queryByText(/expires in 13 days\./)).toBeNull());
    reminders.now = [reminder()];
    await emitStateChanged();
    expect(await screen.findByText('“Claude Code – laptop” expires in 6 days.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Replace' }));
    expect(await screen.findByRole('heading', { name: 'Replace “Claude Code – laptop”?' })).toBeVisible();
  });

  it('is told by the desktop once, where a person wants that', async () => {
    const due = reminder({ is_to_notify: true });
    const { called } = await open([], { reminders: () => [due], notify: () => null, noteNotified: () => null });
    await waitFor(() => expect(called('noteNotified').map(({ given }) => given)).toEqual([{ id: due.instance, key: due.key, reminder: 'week' }]));
    expect(called('notify')[0]?.given).toEqual({ title: '“Claude Code – laptop” on Production expires in 6 days', text: 'Open Superset Keys to replace it without losing a call.' });
    await emitStateChanged();
    await waitFor(() => expect(called('reminders').length).toBeGreaterThan(1));
    expect(called('notify')).toHaveLength(1);
  });

  it('is no reminder of what is replaced by itself', async () => {
    await open([], { reminders: () => [reminder({ replace_in_time: true }), reminder({ key: 'other', name: 'Other' })] });
    expect(await screen.findByText('“Other” expires in 6 days.')).toBeVisible();
    expect(screen.queryByText(/Another key ends soon/)).toBeNull();
  });

  it('is the panel of a key, which is replaced in time where that is wanted', async () => {
    const { user, row, called } = await open([], { setReplaceInTime: () => null });
    await user.click(row);
    await user.click(await screen.findByRole('switch', { name: 'Replace in time' }));
    await waitFor(() => expect(called('setReplaceInTime')[0]?.given).toEqual({ id: 'inst-production', key: 'key-laptop', on: true }));
    await user.click(screen.getByRole('button', { name: 'Replace' }));
    expect(await screen.findByRole('heading', { name: 'Replace “Claude Code – laptop”?' })).toBeVisible();
  });
});
