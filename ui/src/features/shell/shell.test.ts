import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import { CallError, type InstanceView } from '../../ipc';
import { fail, instance, key, keychain, keyList, NOW } from '../../test/fixtures';
import { emitStateChanged } from '../../ipc/mock';
import { closeWindow, openWindow } from '../../test/window';
import { bannerOf } from './banner';

afterEach(closeWindow);

describe('the sidebar', () => {
  it('names each instance and who is signed in', async () => {
    const { user } = openWindow({
      listInstances: () => [instance(), instance({ id: 'b', name: 'Staging', session: 'over' }), instance({ id: 'c', name: 'Local dev', session: 'signed_out', user: null })],
      listKeys: () => keyList([key()]),
    });
    const nav = await screen.findByRole('navigation', { name: 'Instances and keychain' });
    expect(within(nav).getByRole('button', { name: /Production jane · Gamma/ })).toHaveAttribute('aria-current', 'page');
    expect(within(nav).getByRole('button', { name: /Staging Sign in again/ })).toBeVisible();
    await user.click(within(nav).getByRole('button', { name: /Local dev Not signed in/ }));
    expect(screen.getByRole('heading', { level: 1, name: 'Local dev' })).toBeVisible();
    expect(within(nav).getByText('GNOME Keyring')).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

it('says why nothing can be opened', async () => {
  const { user, answers } = openWindow({ listInstances: () => { throw fail('state_newer', { path: '/home/jane/x.json' }); } });
  expect(await screen.findByRole('heading', { name: 'A newer Superset Keys has been here' })).toBeVisible();
  answers.listInstances = () => [instance()];
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
});

describe('the banner', () => {
  const view = keyList([key()]);
  const given = { instance: instance(), keychain: keychain(), obstacle: null, error: undefined, view, now: NOW, tab: 'keys' as const, late: false };
  const locked = keychain({ locked: true, ready: false });

  it('speaks of one thing', () => {
    expect(bannerOf(given)).toBeNull();
    expect(bannerOf({ ...given, keychain: locked, obstacle: 'session' })?.kind).toBe('keychain');
    expect(bannerOf({ ...given, obstacle: 'session', instance: instance({ session: 'over' }) })?.title).toBe('Sign in again to Production.');
    const network = bannerOf({ ...given, obstacle: 'network', error: new CallError('unreachable', { host: 'h', kind: 'timed_out' }) });
    expect(network?.text).toMatch(/^h did not answer in time\. Shown as of \d\d:\d\d\.$/);
    expect(bannerOf({ ...given, obstacle: 'admin', error: new CallError('forbidden') })?.kind).toBe('admin');
  });

  it('says who has to sign in where, whatever an earlier call came to', () => {
    const out = bannerOf({ ...given, obstacle: 'session', instance: instance({ session: 'signed_out' }), error: new CallError('unreachable', { host: 'h', kind: 'refused' }) });
    expect(out).toMatchObject({ title: 'Sign in to Production.', text: 'You can still copy keys kept on this computer.', actions: ['sign_in'] });
  });

  it('leaves it to the page where there is no list', () => {
    expect(bannerOf({ ...given, view: undefined, obstacle: 'network', error: new CallError('unreachable') })).toBeNull();
  });
});

it('does not let an answer from before a sign-in undo it', async () => {
  const over = instance({ session: 'over' });
  const { user, answers, called } = openWindow({
    listInstances: () => [over], signIn: () => instance(), listKeys: () => keyList([key({ name: 'Laptop' })]),
  });
  await user.click(await screen.findByRole('button', { name: 'Sign in' }));
  // The state file changes in the middle, and the answer to what the window asks then comes last of all.
  let late: (instances: InstanceView[]) => void = () => undefined;
  answers.listInstances = () => new Promise((resolve) => (late = resolve));
  await emitStateChanged();
  await waitFor(() => expect(called('listInstances').length).toBe(2));
  answers.listInstances = () => [instance()];
  await user.type(await screen.findByLabelText('Password', { selector: 'input' }), 'x');
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('Laptop')).toBeVisible();
  late([over]);
  await emitStateChanged();
  await waitFor(() => expect(called('listInstances').length).toBeGreaterThan(3));
  expect(screen.getByText('Laptop')).toBeVisible();
  expect(screen.queryByText('Sign in again to Production.')).toBeNull();
});
