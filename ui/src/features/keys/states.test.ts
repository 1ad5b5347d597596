import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { ErrorCode } from '../../ipc';
import { client, fail, found, HOUR, instance, key, keychain, keyElsewhere, keyList, time, unaccounted } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const rows = [key({ last_used: null }), keyElsewhere()];
const kept = () => keyList(rows, { live: false, fetched: time(-HOUR, new Date()).utc });
const refuse = (code: ErrorCode, params = {}) => () => { throw fail(code, params); };
const never = () => new Promise<never>(() => undefined);

afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('without a list', () => {
  it('waits in the shape of the list, and offers to stop when it is slow', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = openWindow({ listKeys: never });
    expect((await screen.findAllByText('Reading keys from Production…'))[0]).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Create key' })).toBeEnabled();
    expect(await violations()).toEqual([]);
    await vi.advanceTimersByTimeAsync(8100);
    expect(screen.getByText('Still waiting. The server is slow today.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(screen.getByRole('heading', { name: 'Stopped' })).toBeVisible();
  });

  it('says that there are no keys yet and who is signed in', async () => {
    openWindow({});
    expect(await screen.findByRole('heading', { name: 'No keys yet' })).toBeVisible();
    expect(screen.getByText(/signed in as jane \(Gamma\)/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Create your first key' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Create key' })).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('names the clients that wait for a key', async () => {
    openWindow({ listClients: () => [client(), client({ id: 'cursor', name: 'Cursor' })], findClients: () => [found('claude-code'), found('cursor', { installed: true })] });
    expect(await screen.findByText(/Found on this computer: Cursor\./)).toBeVisible();
  });

  it('says that the server does not answer, and tries again', async () => {
    const { user, answers, called } = openWindow({ listKeys: refuse('unreachable', { host: 'superset.example.com', kind: 'timed_out' }) });
    expect(await screen.findByRole('heading', { name: 'Production does not answer' })).toBeVisible();
    expect(screen.getByText('Connect to your company VPN')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Show keys on this computer' }));
    expect(await screen.findByText(/No list from an earlier visit/)).toBeVisible();
    answers.listKeys = () => keyList(rows);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('2 keys')).toBeVisible();
    expect(called('listKeys')).toHaveLength(2);
  });

  it.each([
    ['certificate_untrusted', 'We cannot verify this server'],
    ['rate_limited', 'The server asks us to wait'],
    ['not_superset', 'No Superset at this address'],
    ['internal', 'Something in this app stopped'],
  ] as const)('has words for %s', async (code, title) => {
    openWindow({ listKeys: refuse(code) });
    expect(await screen.findByRole('heading', { name: title })).toBeVisible();
  });

  it('shows whose certificate it is that nobody here trusts, to be handed on', async () => {
    const seen = { host: 'bi.example.com', problem: 'unknown_issuer', issuer: 'Acme CA', subject: 'bi', names: 'bi.example.com', starts: '2026-01-01T00:00:00Z', ends: '2027-01-01T12:00:00Z' };
    const { user, called } = openWindow({ listKeys: refuse('certificate_untrusted', seen) });
    expect(await screen.findByText(/is from “Acme CA”/)).toBeVisible();
    await user.click(screen.getByText('Technical details'));
    expect(screen.getByText('Acme CA')).toBeVisible();
    expect(screen.getByText(/^1 Jan 2027/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: /Copy details/ }));
    expect(called('copyText')[0]?.given['text']).toMatch(/Issued by: Acme CA\n[^]*Until: 1 Jan 2027/);
    expect(await violations()).toEqual([]);
  });

  it.each([
    ['not_tls', 'Production does not answer over https'],
    ['not_http', 'Production does not answer over http'],
  ])('does not call it silent where something answers: %s', async (kind, title) => {
    openWindow({ listKeys: refuse('unreachable', { host: 'h', kind }) });
    expect(await screen.findByRole('heading', { name: title })).toBeVisible();
    expect(screen.queryByText('Connect to your company VPN')).toBeNull();
  });

  it('asks to sign in', async () => {
    const { called } = openWindow({ listInstances: () => [instance({ session: 'signed_out' })] });
    expect(await screen.findByRole('heading', { name: 'Sign in to Production' })).toBeVisible();
    expect(screen.getByText('Not signed in')).toBeVisible();
    expect(called('listKeys')).toHaveLength(0);
  });

  it.each([
    ['forbidden', 'Your role cannot manage API keys', 'can_revoke on ApiKey'],
    ['api_keys_off', 'API keys are turned off here', 'FAB_API_KEY_ENABLED = True'],
  ] as const)('gives a message for the admin: %s', async (code, title, part) => {
    const { user, called } = openWindow({ listKeys: refuse(code) });
    expect(await screen.findByRole('heading', { name: title })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Create key' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Copy message for your admin' }));
    const box = await screen.findByRole('textbox', { name: 'Message' });
    expect(box).toHaveAttribute('readonly');
    expect((box as HTMLTextAreaElement).value).toContain(part);
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Copy message' }));
    expect(await screen.findByText('Message copied.')).toBeVisible();
    expect(called('copyText')[0]?.given['text']).toContain(part);
  });
});

describe('above a kept list', () => {
  it('says that the session is over; the list stays, changes wait', async () => {
    openWindow({ listInstances: () => [instance({ session: 'over' })], keptKeys: kept });
    expect(await screen.findByText('Sign in again to Production.')).toBeVisible();
    expect(screen.getByText('2 keys')).toBeVisible();
    expect(screen.getByText(/^Shown as of/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Create key' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(screen.getByText('Sign in again')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('finds out by a call that the session is over', async () => {
    let over = false;
    openWindow({ listInstances: () => [instance({ session: over ? 'over' : 'signed_in' })], keptKeys: kept, listKeys: () => { over = true; throw fail('session_over'); } });
    expect(await screen.findByText('Sign in again to Production.')).toBeVisible();
    expect(await screen.findByText('Sign in again')).toBeVisible();
  });

  it('says that the server does not answer', async () => {
    const { user, answers } = openWindow({ keptKeys: kept, listKeys: refuse('unreachable', { host: 'h', kind: 'refused' }) });
    expect(await screen.findByText('Production does not answer.')).toBeVisible();
    expect(screen.getByText(/h refused the connection\. Shown as of/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Create key' })).toBeDisabled();
    answers.listKeys = () => keyList(rows);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByText('Production does not answer.')).toBeNull());
  });

  it('shows one banner: the keychain first', async () => {
    const { user, answers } = openWindow({
      listInstances: () => [instance({ session: 'over' })], keptKeys: kept,
      keychainState: () => keychain({ ready: false, locked: true, problem: 'keychain_locked' }), unlockKeychain: never,
    });
    expect(await screen.findByText('GNOME Keyring is locked.')).toBeVisible();
    expect(screen.queryByText('Sign in again to Production.')).toBeNull();
    expect(await screen.findByRole('img', { name: 'GNOME Keyring is locked' })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Unlock' }));
    expect((await screen.findAllByText('Waiting for GNOME Keyring…'))[0]).toBeVisible();
    answers.unlockKeychain = () => keychain();
  });

  it('unlocks, and then speaks of the session', async () => {
    const { user } = openWindow({
      listInstances: () => [instance({ session: 'over' })], keptKeys: kept,
      keychainState: () => keychain({ ready: false, locked: true, problem: 'keychain_locked' }), unlockKeychain: () => keychain(),
    });
    await user.click(await screen.findByRole('button', { name: /GNOME Keyring is locked/ }));
    expect(await screen.findByText('Sign in again to Production.')).toBeVisible();
  });

  it('says once that there is no keychain', async () => {
    openWindow({ keptKeys: kept, listKeys: refuse('keychain_absent'), keychainState: () => keychain({ ready: false, problem: 'keychain_absent' }) });
    expect(await screen.findByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(screen.getAllByText('This computer has no keyring.')).toHaveLength(1);
  });

  it('has the certificate behind a button of the banner', async () => {
    const { user } = openWindow({ keptKeys: kept, listKeys: refuse('certificate_untrusted', { host: 'h', problem: 'unknown_issuer', issuer: 'Acme CA' }) });
    await user.click(await screen.findByRole('button', { name: 'Details' }));
    const dialog = await screen.findByRole('dialog', { name: 'We cannot verify this server' });
    expect(within(dialog).getByText('Acme CA')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('keeps those details in view when an answer comes after all', async () => {
    const { user, answers } = openWindow({ keptKeys: kept, listKeys: refuse('certificate_untrusted', { host: 'h', problem: 'unknown_issuer', issuer: 'Acme CA' }) });
    let answer: () => void = () => undefined;
    await screen.findByRole('button', { name: 'Details' });
    answers.listKeys = () => new Promise((resolve) => (answer = () => resolve(keyList([]))));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await user.click(screen.getByRole('button', { name: 'Details' }));
    const dialog = await screen.findByRole('dialog', { name: 'We cannot verify this server' });
    answer();
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Details', hidden: true })).toBeNull());
    expect(within(dialog).getByText('Acme CA')).toBeVisible();
  });

  it('says within fifteen seconds that nothing comes', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    openWindow({ keptKeys: kept, listKeys: never });
    await screen.findByText('2 keys');
    expect(screen.queryByText('Production does not answer yet.')).toBeNull();
    await vi.advanceTimersByTimeAsync(15_100);
    expect(screen.getByText('Production does not answer yet.')).toBeVisible();
  });

  it('says in a note that there is no keychain', async () => {
    const { user } = openWindow({ listKeys: () => keyList(rows), keychainState: () => keychain({ ready: false, problem: 'keychain_absent' }) });
    expect(await screen.findByText('This computer has no keyring.')).toBeVisible();
    expect(screen.getByText('No keyring')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Set up vault' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    expect(screen.queryByText('This computer has no keyring.')).toBeNull();
  });
});

describe('a create without an end', () => {
  it('is named, and kept on request', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList([...rows, key({ id: 'key-lost', name: 'Nightly export' })], { unaccounted: [unaccounted()] }), dismissUnaccounted: () => null });
    expect(await screen.findByText(/A key named “Nightly export” was created on .* Its secret is lost\./)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Keep it' }));
    await waitFor(() => expect(screen.queryByText(/Its secret is lost/)).toBeNull());
    expect(called('dismissUnaccounted')[0]?.given).toEqual({ id: 'inst-production', intent: 'intent-1' });
  });

  it('is revoked on request', async () => {
    const { user } = openWindow({ listKeys: () => keyList([...rows, key({ id: 'key-lost', name: 'Nightly export' })], { unaccounted: [unaccounted()] }) });
    await user.click(await screen.findByRole('button', { name: 'Revoke it' }));
    expect(await screen.findByRole('alertdialog', { name: 'Revoke “Nightly export”?' })).toBeVisible();
    expect(within(screen.getByRole('alertdialog')).getByText('Production')).toBeVisible();
  });
});
