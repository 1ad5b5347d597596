import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import type { LockedView, LockState } from '../../ipc';
import { created, emitLockChanged, emitLockRefused, fail, key, keychain, keyList, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

beforeEach(() => localStorage.clear());
afterEach(closeWindow);

const lockedView = (over: Partial<LockedView> = {}): LockedView => ({ since: time(0).utc, reason: 'by_hand', idle_minutes: 10, rotations_waiting: 0, signed_out: [], ...over });
const state = (over: Partial<LockState> = {}): LockState => ({ locked: null, clipboard: null, system: { suspend: true, screen: true, hides_from_capture: false }, ...over });

/** An app that locks and unlocks as Rust does. */
async function open(answers: MockAnswers = {}) {
  const now: { state: LockState; unsaved: boolean } = { state: state(), unsaved: false };
  const all = openWindow({
    listKeys: () => (now.state.locked ? Promise.reject(fail('app_locked')) : keyList([key()])),
    keptKeys: () => keyList([key()], { live: false }),
    lockState: () => now.state,
    lockApp: ({ discard }) => {
      if (now.unsaved && discard !== true) return { outcome: 'unsaved', instance: 'inst-production', key: 'key-laptop' };
      now.state = state({ locked: now.state.locked ?? lockedView() });
      return { outcome: 'locked', view: lockedView() };
    },
    unlockApp: () => (now.state = state()),
    notePresence: () => null,
    secretHidden: () => null,
    copySecret: () => (now.state.locked ? Promise.reject(fail('app_locked')) : 30),
    ...answers,
  });
  await screen.findByText('1 key');
  return { ...all, now };
}
const title = () => screen.findByRole('heading', { level: 1, name: 'Superset Keys is locked' });
const button = (name: string | RegExp) => screen.findByRole('button', { name });

describe('the locked window', () => {
  it('locks by Ctrl L from anywhere, says what it guards against, and breaks no rule', async () => {
    const { user, container } = await open();
    await user.click(screen.getByText('Claude Code – laptop'));
    await user.keyboard('{Control>}l{/Control}');
    expect(await title()).toBeVisible();
    expect(screen.queryByText('Claude Code – laptop')).not.toBeInTheDocument();
    expect(container).toHaveTextContent('No key is in this app’s memory.');
    expect(container).toHaveTextContent('GNOME Keyring is open, so a click unlocks.');
    expect(screen.getByRole('list', { name: 'What waits' })).toHaveTextContent('AI clients go onbridges read GNOME Keyring');
    await waitFor(async () => expect(await button('Unlock')).toHaveFocus());
    expect(await violations()).toEqual([]);
  });

  it('is unlocked by the keyboard alone, and asks the server again', async () => {
    const { user, called } = await open();
    await user.click(await button(/^Lock$/));
    await title();
    const before = called('listKeys').length;
    await waitFor(async () => expect(await button('Unlock')).toHaveFocus());
    await user.keyboard('{Enter}');
    expect(await screen.findByText('Claude Code – laptop')).toBeVisible();
    await waitFor(() => expect(called('listKeys').length).toBeGreaterThan(before));
  });

  it('shows the lists without keys, and asks before anything that takes one', async () => {
    const { user, called } = await open();
    await user.keyboard('{Control>}l{/Control}');
    await user.click(await button('Show the lists without keys'));
    expect(await screen.findByText('Claude Code – laptop')).toBeVisible();
    expect(screen.getByText('Superset Keys is locked.')).toBeVisible();
    await user.keyboard('{Control>}n{/Control}');
    const dialog = within(await screen.findByRole('dialog', { name: 'Unlock Superset Keys?' }));
    await user.click(dialog.getAllByRole('button', { name: 'Not now' }).at(-1) as HTMLElement);
    await user.click(screen.getByText('Claude Code – laptop'));
    await user.click((await screen.findAllByRole('button', { name: /^Copy/ })).at(-1) as HTMLElement);
    await user.click(within(await screen.findByRole('dialog', { name: 'Unlock Superset Keys?' })).getByRole('button', { name: 'Unlock' }));
    await waitFor(() => expect(screen.queryByText('Superset Keys is locked.')).not.toBeInTheDocument());
    expect(called('createKey')).toEqual([]);
  });

  it('goes back from the lists to the locked page by Ctrl L', async () => {
    const { user, called } = await open();
    await user.keyboard('{Control>}l{/Control}');
    await user.click(await button('Show the lists without keys'));
    await user.keyboard('{Control>}l{/Control}');
    expect(await title()).toBeVisible();
    expect(called('lockApp')).toHaveLength(1);
  });

  it('follows a lock by the system, closes what is open, and tells what waits', async () => {
    const { user, now, container } = await open();
    await user.keyboard('{Control>}n{/Control}');
    await screen.findByRole('dialog');
    now.state = state({ locked: lockedView({ reason: 'idle', rotations_waiting: 2, signed_out: ['Production'] }), clipboard: 'cleared' });
    await emitLockChanged();
    await title();
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(container).toHaveTextContent('after 10 minutes without you');
    const waits = screen.getByRole('list', { name: 'What waits' });
    for (const words of ['2 rotations wait', 'both keys work', 'The clipboard was cleared', 'Sign in again after unlocking']) expect(waits).toHaveTextContent(words);
  });

  it('stays locked with a keyring that stays locked, and says so', async () => {
    const { user } = await open({ unlockApp: () => { throw fail('keychain_dismissed'); }, keychainState: () => keychain({ ready: false, locked: true, problem: 'keychain_locked' }) });
    await user.keyboard('{Control>}l{/Control}');
    await title();
    expect(screen.getByText('GNOME Keyring is locked and asks for its own password.')).toBeVisible();
    await user.click(await button('Unlock'));
    expect(await screen.findByRole('alert')).toHaveTextContent('GNOME Keyring is still locked');
    expect(await title()).toBeVisible();
  });
});

describe('a key that is nowhere else', () => {
  it('stops the lock with a question', async () => {
    const { user, now, called } = await open();
    now.unsaved = true;
    await user.keyboard('{Control>}l{/Control}');
    const asked = () => screen.findByRole('alertdialog', { name: 'Save the new key first' });
    expect(within(await asked()).getByText('It is kept nowhere else, so locking would lose it.')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(within(await asked()).getAllByRole('button', { name: 'Not now' }).at(-1) as HTMLElement);
    expect(screen.queryByRole('heading', { name: 'Superset Keys is locked' })).not.toBeInTheDocument();
    await user.keyboard('{Control>}l{/Control}');
    await user.click(within(await asked()).getByRole('button', { name: 'Lock anyway' }));
    await title();
    expect(called('lockApp').map((call) => call.given.discard)).toEqual([false, false, true]);
  });

  it('comes into view when the system asked for the lock', async () => {
    const held = key({ presence: 'memory' });
    const { user } = await open({ keptKeys: () => keyList([held]), listKeys: () => keyList([held]), createKey: () => created() });
    await emitLockRefused({ instance: 'inst-production', key: 'key-laptop' });
    await user.click(await button('Save it…'));
    expect(await screen.findByRole('dialog', { name: /Save this key now/ })).toBeVisible();
  });
});

describe('somebody at the window', () => {
  it('is told of, and not at each key', async () => {
    const { user, called } = await open();
    await user.keyboard('abc');
    await waitFor(() => expect(called('notePresence')).toHaveLength(1));
  });

  it('is told once where a key is shown that pictures of the screen show it, and Rust hears when it is not', async () => {
    const { user, called } = await open({ revealSecret: () => 'sst_shown' });
    await user.click(screen.getByText('Claude Code – laptop'));
    await user.pointer({ keys: '[MouseLeft>]', target: await button('Show, or hold to peek') });
    expect(await screen.findByText('Pictures of the screen show it too: this system cannot hide it from them.')).toBeVisible();
    await user.keyboard('{Control>}l{/Control}');
    await title();
    await waitFor(() => expect(called('secretHidden').length).toBeGreaterThan(0));
    expect(screen.queryByText('sst_shown')).not.toBeInTheDocument();
  });
});
