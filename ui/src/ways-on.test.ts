// Whatever is in the way: from each tab there is something to press that helps.
import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from './ipc';
import { client, fail, found, instance, key, keychain, keyList, snippet, type MockAnswers } from './test/fixtures';
import { closeWindow, openWindow } from './test/window';

const refuse = (code: ErrorCode, params = {}): MockAnswers => ({ listKeys: () => { throw fail(code, params); } });
const never = () => new Promise<never>(() => undefined);
const ringless = { keychainState: () => keychain({ ready: false, problem: 'keychain_absent' }) };
const RETRY = 'Try again';
const SIGN_IN = 'Sign in';
const UNLOCK = 'Unlock';
/** The page that waits has one to stop; it asks again from there. */
const LATE = /^(Try again|Stop)$/;
const MESSAGE = 'Copy message for your admin';

/** What is in the way, what is answered then, what a person reads of it, and what helps. */
const states: readonly (readonly [string, MockAnswers, RegExp, string | RegExp])[] = [
  ['the server is down', refuse('unreachable', { host: 'h', kind: 'refused' }), /^Production does not answer/, RETRY],
  ['the server answers late', { listKeys: never }, /^Production does not answer yet|^Still waiting/, LATE],
  ['a proxy is in the way', refuse('proxy_answered', { host: 'h', status: '502' }), /^Production does not answer/, RETRY],
  ['nobody is signed in', { listInstances: () => [instance({ session: 'signed_out' })] }, /^Sign in to Production/, SIGN_IN],
  ['the session is over', { listInstances: () => [instance({ session: 'over' })] }, /^Sign in again to Production/, SIGN_IN],
  ['the sign-in key is revoked', refuse('key_rejected'), /^The server does not take this key/, SIGN_IN],
  ['the keychain is locked', { keychainState: () => keychain({ ready: false, locked: true, problem: 'keychain_locked' }), ...refuse('keychain_locked') }, /^GNOME Keyring is locked/, UNLOCK],
  ['the keychain is gone', { ...ringless, ...refuse('keychain_absent') }, /^This computer has no keyring/, SIGN_IN],
  ['no session bus is there', { keychainState: () => keychain({ ready: false, problem: 'keychain_no_bus' }), ...refuse('keychain_no_bus') }, /^This computer has no keyring/, SIGN_IN],
  ['the keychain has no collection', { keychainState: () => keychain({ ready: false, problem: 'keychain_no_collection' }), ...refuse('keychain_no_collection') }, /has no place to keep keys/, SIGN_IN],
  ['the keychain answers late', { keychainState: () => keychain({ ready: false, problem: 'keychain_waiting' }), ...refuse('keychain_waiting') }, /^GNOME Keyring has not answered/, RETRY],
  ['the keychain does not let us in', { keychainState: () => keychain({ ready: false, problem: 'keychain_refused' }), ...refuse('keychain_refused') }, /^GNOME Keyring does not let us in/, SIGN_IN],
  ['a permission is missing', refuse('forbidden'), /^Your role cannot manage API keys/, MESSAGE],
  ['the key table is missing', refuse('key_table_missing'), /^The table of API keys is missing/, MESSAGE],
  ['keys are off', refuse('api_keys_off'), /^API keys are turned off here/, MESSAGE],
  ['the Public role has permissions', refuse('public_role'), /^This server takes everybody for a stranger/, MESSAGE],
  ['the server refuses its own token', refuse('token_refused', { problem: 'signature' }), /^Production does not take its own token/, MESSAGE],
  ['the address is wrong', refuse('not_superset', { host: 'h' }), /^No Superset at this address/, 'Add another address'],
  ['the address leads elsewhere', refuse('redirected', { host: 'h', to: 'https://new.example.com' }), /./, 'Add another address'],
  ['the certificate is not trusted', refuse('certificate_untrusted', { host: 'h', problem: 'self_signed' }), /^We cannot verify this server/, RETRY],
];

afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

async function open(answers: MockAnswers) {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const window = openWindow({
    keptKeys: () => null, listClients: () => [client()], findClients: () => [found('claude-code')], renderSnippet: () => snippet(), pastCheckups: () => [],
    ...answers,
  });
  await screen.findByRole('tab', { name: /^Keys/ });
  await vi.advanceTimersByTimeAsync(16_000);
  return window;
}

const here = () => within(screen.getByRole('tabpanel'));

describe.each([['without a list', null], ['above a kept list', keyList([key()], { live: false })]] as const)('%s', (_, kept) => {
  describe.each(states)('where %s', (_name, answers, said, way) => {
    it.each(['Keys', 'AI clients', 'Check-up'])('the tab %s says so and has a way on', async (tab) => {
      const { user } = await open({ keptKeys: () => kept, ...answers });
      await user.click(screen.getByRole('tab', { name: new RegExp(`^${tab}`) }));
      await waitFor(() => expect(here().getAllByText(said)[0]).toBeVisible());
      expect(here().getAllByRole('button', { name: way })[0]).toBeEnabled();
      // Nothing is offered that is known not to come off.
      if (way !== UNLOCK && way !== LATE) expect(here().queryByRole('button', { name: /^Create (a |your first )?key/ })).toBeNull();
    });
  });
});

describe('the way on', () => {
  it('is a message that names what mends it', async () => {
    const { user } = await open(refuse('key_table_missing'));
    await user.click(screen.getByRole('tab', { name: 'Check-up' }));
    await user.click(await screen.findByRole('button', { name: MESSAGE }));
    expect((await screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })).value).toContain('superset db upgrade');
  });

  it('goes on by itself once the keychain is open', async () => {
    const shut = keychain({ ready: false, locked: true, problem: 'keychain_locked' });
    const { user, answers } = await open({ keychainState: () => shut, ...refuse('keychain_locked'), unlockKeychain: () => keychain() });
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    answers.listKeys = () => keyList([key()]);
    await user.click((await screen.findAllByRole('button', { name: UNLOCK }))[0] as HTMLElement);
    await user.click(screen.getByRole('tab', { name: /^Keys/ }));
    expect(await screen.findByText('1 key')).toBeVisible();
  });

  it('leads from a wrong address to a new one', async () => {
    const { user } = await open(refuse('not_superset', { host: 'h' }));
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    await user.click(await screen.findByRole('button', { name: 'Add another address' }));
    expect(await screen.findByRole('heading', { name: 'Add your Superset' })).toBeVisible();
  });

  it('asks again, also while an earlier question waits', async () => {
    const { user, called, answers } = await open({ keptKeys: () => keyList([key()], { live: false }), listKeys: never });
    await waitFor(() => expect(screen.getByText('Production does not answer yet.')).toBeVisible());
    answers.listKeys = () => keyList([key(), key({ id: 'b', name: 'Other' })]);
    await user.click(screen.getByRole('button', { name: RETRY }));
    expect(await screen.findByText('2 keys')).toBeVisible();
    expect(screen.queryByText('Production does not answer yet.')).toBeNull();
    expect(called('listKeys')).toHaveLength(2);
  });
});
