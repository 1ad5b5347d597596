import { readFileSync } from 'node:fs';
import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import type { SettingView } from '../../ipc';
import { emitStateChanged, fail, instance, keychain, key, keyList, setting, vaultView, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

beforeEach(() => localStorage.clear());
afterEach(closeWindow);

/** Settings as Rust keeps them. */
async function open(answers: MockAnswers = {}) {
  const kept: SettingView[] = [
    setting(), setting({ name: 'connect-timeout', value: 5, default: 5, least: 1, most: 3600 }), setting({ name: 'call-timeout', value: 45, is_set: true, least: 1, most: 3600 }),
  ];
  const all = openWindow({
    listKeys: () => keyList([key()]),
    showSettings: () => [...kept],
    setSetting: ({ name, value }) => {
      const at = kept.findIndex((one) => one.name === name);
      const before = kept[at] ?? setting();
      kept[at] = { ...before, value: (value as number | null) ?? before.default, is_set: value !== null };
      return kept[at];
    },
    ...answers,
  });
  await screen.findByText('1 key');
  await all.user.click(screen.getByRole('button', { name: 'Settings' }));
  await screen.findByRole('heading', { level: 1, name: 'Settings' });
  return { ...all, kept };
}
const choice = (name: string) => screen.findByRole('combobox', { name });

it('shows what holds, says what it does, and breaks no rule', async () => {
  await open();
  expect(await choice('Clear the clipboard after')).toHaveDisplayValue('30 seconds');
  expect(await choice('Clear the clipboard after')).toHaveAccessibleDescription(/Only if it still holds the key/);
  expect(await choice('Wait for a connection')).toHaveDisplayValue('5 seconds');
  expect(await choice('Wait for an answer'), 'set elsewhere to what is not offered').toHaveDisplayValue('45 seconds');
  expect(screen.getByRole('button', { name: 'Settings' })).toHaveAttribute('aria-current', 'page');
  expect(await violations()).toEqual([]);
});

it('keeps a change at once, and what is usual as nothing', async () => {
  const { user, called } = await open();
  await user.selectOptions(await choice('Clear the clipboard after'), '2 minutes');
  await waitFor(() => expect(called('setSetting').at(-1)?.given).toEqual({ name: 'clipboard-seconds', value: 120 }));
  expect(await choice('Clear the clipboard after')).toHaveDisplayValue('2 minutes');
  await user.selectOptions(await choice('Clear the clipboard after'), '30 seconds');
  await waitFor(() => expect(called('setSetting').at(-1)?.given).toEqual({ name: 'clipboard-seconds', value: null }));
});

it('says why a change did not come off, and shows what holds', async () => {
  const { user } = await open({ setSetting: () => { throw fail('state_unusable', { path: '/x' }); } });
  await user.selectOptions(await choice('Wait for an answer'), '5 minutes');
  expect(await screen.findByRole('alert')).toBeVisible();
  await waitFor(async () => expect(await choice('Wait for an answer')).toHaveDisplayValue('45 seconds'));
});

it('follows what the command line sets', async () => {
  const { kept } = await open();
  await choice('Clear the clipboard after');
  kept[0] = setting({ value: 10, is_set: true });
  await emitStateChanged();
  await waitFor(async () => expect(await choice('Clear the clipboard after')).toHaveDisplayValue('10 seconds'));
});

it('opens by Ctrl comma, and is left again', async () => {
  const { user } = await open();
  await user.click(screen.getByRole('button', { name: 'Back' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
  await user.keyboard('{Control>},{/Control}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
});

it('tells where keys are kept, and unlocks it', async () => {
  let locked = true;
  const { user, called } = await open({
    listInstances: () => [instance({ stored_keys: 3 }), instance({ id: 'b', name: 'B', stored_keys: 0 })],
    keychainState: () => (locked ? keychain({ locked: true, ready: false, problem: 'keychain_locked' }) : keychain()),
    vaultState: () => vaultView({ keychain_problem: locked ? 'keychain_locked' : null }), unlockKeychain: () => { locked = false; return keychain(); },
  });
  const kept = within(await screen.findByRole('region', { name: 'Where keys are kept' }));
  expect(await kept.findByText('Locked')).toBeVisible();
  expect(kept.getByText('3 keys for 1 instance, and what signs you in')).toBeVisible();
  await user.click(kept.getByRole('button', { name: 'Unlock' }));
  expect(await kept.findByText('In use, unlocked')).toBeVisible();
  expect(called('unlockKeychain')).toHaveLength(1);
});

describe('the theme', () => {
  const theme = () => document.documentElement.dataset.theme;
  // What index.html runs before all else.
  const start = () => (0, eval)(readFileSync('public/theme.js', 'utf8')) as undefined;

  it('is the system’s until a person wants another, which lasts', async () => {
    start();
    expect(theme()).toBe('light');
    const { user } = await open();
    await user.click(await screen.findByRole('radio', { name: 'Dark' }));
    expect(theme()).toBe('dark');
    delete document.documentElement.dataset.theme;
    start();
    expect(theme(), 'after the next start').toBe('dark');
    await user.click(screen.getByRole('radio', { name: 'System' }));
    expect(theme()).toBe('light');
  });
});

describe('notifications of keys that end', () => {
  const off = () => setting({ name: 'notify-of-ends', unit: 'switch', value: 0, default: 0, least: 0, most: 1 });
  const name = 'Notify me of keys that end';

  it('are shown once as they are switched on, so that a desktop without any says so', async () => {
    const { user, called } = await open({ showSettings: () => [off()], setSetting: () => ({ ...off(), value: 1, is_set: true }), notify: () => null });
    await user.click(await screen.findByRole('switch', { name }));
    await waitFor(() => expect(screen.getByRole('switch', { name })).toBeChecked());
    expect(called('notify').map(({ given }) => given)).toEqual([{ title: 'Notifications are on', text: 'Superset Keys tells you here before a key ends.' }]);
    expect(called('setSetting').at(-1)?.given).toEqual({ name: 'notify-of-ends', value: 1 });
  });

  it('stay off where the desktop shows none', async () => {
    const { user, called } = await open({ showSettings: () => [off()], notify: () => { throw fail('no_notifications'); } });
    await user.click(await screen.findByRole('switch', { name }));
    expect(await screen.findByRole('alert')).toHaveTextContent('This desktop shows no notifications.');
    expect(screen.getByRole('switch', { name })).not.toBeChecked();
    expect(called('setSetting')).toEqual([]);
    expect(await violations()).toEqual([]);
  });
});
