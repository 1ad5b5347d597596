import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { ErrorCode } from '../../ipc';
import { DAY, fail, key, keyElsewhere, keyList, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });
const old = key({ id: 'key-old', name: 'Old laptop', hint: 'sst_…Yw8c', last_used: time(-134 * DAY) });
const job = keyElsewhere({ last_used: time(-DAY) });
const revoked = { ...laptop, status: 'revoked' as const, revoked: time(0) };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

async function ask(name: string, answers: MockAnswers = {}) {
  const window = openWindow({ listKeys: () => keyList([laptop, job, old]), ...answers });
  (await screen.findByRole('row', { name: new RegExp(name) })).focus();
  await window.user.keyboard('{Delete}');
  const dialog = await screen.findByRole('alertdialog', { name: new RegExp(`Revoke “${name}`) });
  return { ...window, dialog, confirm: within(dialog).getByRole('button', { name: 'Revoke key' }) };
}

describe('the question', () => {
  it.each([['as it is shown', 'Air⟨U+200B⟩flow'], ['without what nobody sees', 'Airflow']])('takes a name with a hidden sign %s', async (_, text) => {
    const hidden = keyElsewhere({ id: 'hidden', name: 'Air\u200Bflow', last_used: time(-DAY) });
    const { user, dialog, confirm } = await ask('Air⟨U.200B⟩flow', { listKeys: () => keyList([hidden]) });
    const field = within(dialog).getByRole('textbox', { name: 'Type the name, Air⟨U+200B⟩flow, to confirm' });
    await user.type(field, 'Air');
    expect(confirm).toBeDisabled();
    await user.clear(field);
    await user.type(field, text);
    expect(confirm).toBeEnabled();
  });

  it('says the last use first and what stops, and asks for the last four', async () => {
    const { dialog, confirm, user, called } = await ask('Claude Code', { revokeKey: () => ({ key: revoked, already: false }) });
    expect(within(dialog).getByText('Used 2 hours ago.')).toBeVisible();
    expect(within(dialog).getByText('AI clients that use the default key of Production')).toBeVisible();
    expect(within(dialog).getByText('The copy in GNOME Keyring')).toBeVisible();
    expect(dialog).not.toHaveTextContent(/rotate/i);
    const field = within(dialog).getByRole('textbox', { name: 'Type the last four characters, 9fQ2, to confirm' });
    await waitFor(() => expect(field).toHaveFocus());
    expect(confirm).toBeDisabled();
    await user.keyboard('9fq2{Enter}');
    expect(called('revokeKey')).toHaveLength(0);
    await user.clear(field);
    await user.keyboard('9fQ2');
    expect(confirm).toBeEnabled();
    expect(await violations()).toEqual([]);
    await user.click(confirm);
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('revokeKey')[0]?.given).toEqual({ id: 'inst-production', key: 'key-laptop' });
    expect((await screen.findAllByText('“Claude Code – laptop” is revoked.'))[0]).toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole('row', { name: /Airflow/ })).toHaveFocus());
    expect(within(screen.getByRole('row', { name: /Claude Code/ })).getByText('Revoked')).toBeVisible();
  });

  it('asks for the name of a key we never held', async () => {
    const { dialog, confirm, user } = await ask('Airflow');
    await user.type(within(dialog).getByRole('textbox', { name: 'Type the name, Airflow export job, to confirm' }), 'Airflow export job');
    expect(confirm).toBeEnabled();
    expect(within(dialog).queryByText('What stops')).toBeNull();
  });

  it('asks for no typing where nothing relies on it, and never begins on the red button', async () => {
    const { dialog, confirm, user } = await ask('Old laptop');
    expect(within(dialog).queryByRole('textbox')).toBeNull();
    await waitFor(() => expect(within(dialog).getAllByRole('button', { name: 'Keep key' }).at(-1)).toHaveFocus());
    expect(confirm).toBeEnabled();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    await waitFor(() => expect(screen.getByRole('row', { name: /Old laptop/ })).toHaveFocus());
  });

  it.each([
    [{ kind: 'never' }, 'Not used yet, except by this app’s own checks.', 'Revoking works at once and cannot be undone.'],
    [{ kind: 'at', time: time(-DAY) }, 'Used yesterday.', 'Something still relies on this key.'],
    [{ kind: 'at', time: time(-134 * DAY) }, 'Used 134 days ago.', 'Revoking works at once and cannot be undone.'],
    [{ kind: 'unknown' }, 'This app used it just now, to check it.', 'We cannot see who used it before.'],
  ] as const)('does not take our own check for somebody: %j before', async (before, lead, text) => {
    const checked = key({ last_used: time(-1000), before_own_use: before });
    const { dialog } = await ask('Claude Code', { listKeys: () => keyList([checked]) });
    expect(within(dialog).getByText(lead).parentElement).toHaveTextContent(`${lead} ${text}`);
    expect(dialog.textContent.includes('relies')).toBe(text.includes('relies'));
  });

  it('stays while it waits', async () => {
    const { dialog, confirm, user } = await ask('Old laptop', { revokeKey: () => new Promise<never>(() => undefined) });
    await user.click(confirm);
    expect(confirm).toHaveAttribute('aria-busy', 'true');
    await user.keyboard('{Escape}');
    expect(dialog).toBeVisible();
    expect(within(dialog).getByText('Revoking…')).toBeInTheDocument();
  });
});

describe('what may come instead', () => {
  const refusal = (code: ErrorCode) => ask('Old laptop', { revokeKey: () => { throw fail(code, { host: 'h', kind: 'timed_out' }); } });

  it.each([
    ['not_revoked', 'The key is still active.', 'Try again'],
    ['unreachable', 'Production does not answer.', 'Try again'],
    ['revoke_unclear', 'We are not sure the key was revoked.', 'Refresh list'],
    ['session_over', 'Sign in again to Production.', 'Sign in'],
  ] as const)('%s is said inside the dialog', async (code, title, action) => {
    const { dialog, confirm, user } = await refusal(code);
    await user.click(confirm);
    expect(await within(dialog).findByText(title)).toBeVisible();
    expect(within(dialog).getByRole('alert')).toBeVisible();
    expect(within(dialog).getByRole('button', { name: action })).toBeEnabled();
    expect(await violations()).toEqual([]);
  });

  it('refreshes the list when nobody knows', async () => {
    const { dialog, confirm, user, called } = await refusal('revoke_unclear');
    await user.click(confirm);
    const before = called('listKeys').length;
    await user.click(await within(dialog).findByRole('button', { name: 'Refresh list' }));
    await waitFor(() => expect(called('listKeys').length).toBe(before + 1));
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('takes "already revoked" for a result', async () => {
    const { dialog, confirm, user } = await ask('Old laptop', {
      revokeKey: () => ({ key: { ...old, status: 'revoked', revoked: time(-DAY) }, already: true }),
    });
    await user.click(confirm);
    expect(await within(dialog).findByText(/It was already revoked on 19 Nov 2026/)).toBeVisible();
    await user.click(within(dialog).getAllByRole('button', { name: 'Close' }).at(-1) as HTMLElement);
    expect(within(await screen.findByRole('row', { name: /Old laptop/ })).getByText('Revoked')).toBeVisible();
  });
});
