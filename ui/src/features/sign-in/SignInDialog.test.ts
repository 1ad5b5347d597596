import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { detection, fail, instance, keychain, mockCommands, unmockCommands, type MockAnswers } from '../../test/fixtures';
import SignInDialog from './SignInDialog.svelte';

afterEach(unmockCommands);

function show(answers: MockAnswers = {}, over = {}) {
  const mock = mockCommands({ keychainState: () => keychain(), detectInstance: () => detection(), signIn: () => instance(), ...answers });
  const props = { onclose: vi.fn(), onsignedin: vi.fn() };
  const all = render(SignInDialog, { open: true, instance: instance({ session: 'over', ...over }), ...props });
  return { ...mock, ...props, ...all, user: userEvent.setup() };
}
const password = () => screen.getByLabelText('Password', { selector: 'input' });

it('knows who was here, and starts in the password', async () => {
  show();
  const dialog = await screen.findByRole('dialog', { name: 'Sign in to Production' });
  expect(screen.getByLabelText('Username')).toHaveValue('jane');
  await waitFor(() => expect(password()).toHaveFocus());
  expect(await violations(dialog)).toEqual([]);
});

it('signs in and lets go of the password', async () => {
  const { user, calls, onsignedin } = show();
  await user.type(password(), 'canary-pass-72');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(onsignedin).toHaveBeenCalledTimes(1));
  expect(calls.find((c) => c.command === 'signIn')?.given).toEqual({
    id: 'inst-production', credentials: { way: 'password', username: 'jane', password: 'canary-pass-72', stay: true },
  });
  expect(password()).toHaveValue('');
});

it('asks the server for its ways, with the consent the instance has', async () => {
  const { calls } = show({ detectInstance: () => detection({ sign_in: { password: false, ldap: true, existing_key: false, others: [], known: true } }) }, { unencrypted: true, url: 'http://bi' });
  await waitFor(() => expect(screen.queryByRole('radio', { name: 'Password' })).toBeNull());
  expect(calls.find((c) => c.command === 'detectInstance')?.given).toEqual({ address: 'http://bi', allowHttp: true, network: null });
});

it('says why the server could not be asked, and lets the person try', async () => {
  const { user, onsignedin } = show({ detectInstance: () => { throw fail('unreachable', { host: 'bi' }); } });
  expect(await screen.findByRole('alert')).toHaveTextContent('Production does not answer');
  await user.type(password(), 'x');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(onsignedin).toHaveBeenCalled());
});

it('keeps the dialog after a wrong password, and forgets it on closing', async () => {
  const { user, onclose } = show({ signIn: () => { throw fail('wrong_credentials'); } });
  await user.type(password(), 'canary-pass-73');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(password()).toHaveAccessibleDescription(expect.stringContaining('That did not match')));
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onclose).toHaveBeenCalledTimes(1);
  expect(password()).toHaveValue('');
});

it('cannot be closed while the request runs', async () => {
  const { user, onclose } = show({ signIn: () => new Promise(() => undefined) });
  await user.type(password(), 'x');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  await user.keyboard('{Escape}');
  expect(onclose).not.toHaveBeenCalled();
});
