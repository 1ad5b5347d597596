import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import { fail, instance, key, keychain, keyList, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

afterEach(closeWindow);

async function choose(item: string, answers: MockAnswers = {}) {
  const window = openWindow({ listKeys: () => keyList([key()]), ...answers });
  await window.user.click(await screen.findByRole('button', { name: 'Actions for Production' }));
  await window.user.click(await screen.findByRole('menuitem', { name: item }));
  return window;
}

describe('the menu of an instance', () => {
  it('renames', async () => {
    const { user, called } = await choose('Rename…', { renameInstance: ({ name }) => instance({ name: String(name) }) });
    const field = await screen.findByRole('textbox', { name: 'Name' });
    await waitFor(() => expect(field).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.clear(field);
    await user.type(field, 'Prod{Enter}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Prod' })).toBeVisible();
    expect(called('renameInstance')[0]?.given).toEqual({ id: 'inst-production', name: 'Prod' });
  });

  it('says in the dialog why a name cannot be', async () => {
    const { user } = await choose('Rename…', { renameInstance: () => { throw fail('name_taken', { name: 'Prod' }); } });
    await user.type(await screen.findByRole('textbox', { name: 'Name' }), '2{Enter}');
    expect(await screen.findByText(/The name “Prod” is taken/)).toBeVisible();
  });

  it('removes, after a second yes where keys are stored', async () => {
    const { user, called, answers } = await choose('Remove…', {
      removeInstance: ({ forgetKeys }) => { if (!forgetKeys) throw fail('keys_would_be_forgotten', { count: '7' }); return { forgotten_keys: 7, left_behind: 0 }; },
    });
    const dialog = await screen.findByRole('alertdialog', { name: 'Remove Production?' });
    await user.click(within(dialog).getByRole('button', { name: 'Remove instance' }));
    expect(await within(dialog).findByRole('heading', { name: 'Forget 7 stored keys?' })).toBeVisible();
    expect(within(dialog).getByText(/Forgetting never revokes: they keep working/)).toBeVisible();
    expect(await violations()).toEqual([]);
    answers.listInstances = () => [instance({ id: 'b', name: 'Staging' })];
    await user.click(within(dialog).getByRole('button', { name: 'Forget them and remove' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Staging' })).toBeVisible();
    expect(called('removeInstance').map((call) => call.given['forgetKeys'])).toEqual([false, true]);
  });

  it('signs out', async () => {
    await choose('Sign out', { signOut: () => ({ ...instance({ session: 'signed_out' }), left_behind: 0 }) });
    expect(await screen.findByText('Not signed in')).toBeVisible();
    expect(screen.getByText('1 key')).toBeVisible();
  });

  it('signs in anew, also whoever is in', async () => {
    await choose('Sign in again…');
    expect(await screen.findByRole('dialog', { name: 'Sign in to Production' })).toBeVisible();
  });
});

describe('without the keychain that somebody stayed signed in with', () => {
  const ringless = keychain({ ready: false, problem: 'keychain_absent' });
  const gone = { keychainState: () => ringless, listKeys: () => { throw fail('keychain_absent'); }, keptKeys: () => keyList([key()], { live: false }) };

  it('offers to sign in in memory', async () => {
    const { user, called, answers } = openWindow({ ...gone, signIn: () => instance() });
    expect(await screen.findByText('This computer has no keyring.')).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Sign in' }));
    const dialog = await screen.findByRole('dialog', { name: 'Sign in to Production' });
    expect(within(dialog).getByRole('checkbox', { name: 'Stay signed in' })).not.toBeChecked();
    answers.listKeys = () => keyList([key()]);
    await user.type(within(dialog).getByLabelText('Password', { selector: 'input' }), 'x');
    await user.click(within(dialog).getByRole('button', { name: 'Sign in' }));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Create key' })).toBeEnabled());
    expect(called('signIn')[0]?.given['credentials']).toMatchObject({ stay: false });
  });

  it('signs out, and says what was left behind', async () => {
    await choose('Sign out', { ...gone, signOut: () => ({ ...instance({ session: 'signed_out' }), left_behind: 1 }) });
    expect(await screen.findByText('Not signed in')).toBeVisible();
    expect((await screen.findAllByText(/^Signed out of Production\. One entry could not be deleted from the keychain, which is locked or away/))[0]).toBeInTheDocument();
  });

  it('removes, and says what was left behind', async () => {
    const { user, answers } = await choose('Remove…', {
      ...gone, removeInstance: ({ forgetKeys }) => { if (!forgetKeys) throw fail('keys_would_be_forgotten', { count: '1' }); return { forgotten_keys: 1, left_behind: 2 }; },
    });
    const dialog = await screen.findByRole('alertdialog', { name: 'Remove Production?' });
    await user.click(within(dialog).getByRole('button', { name: 'Remove instance' }));
    answers.listInstances = () => [instance({ id: 'b', name: 'Staging' })];
    await user.click(await within(dialog).findByRole('button', { name: 'Forget it and remove' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Staging' })).toBeVisible();
    expect((await screen.findAllByText(/^Production is off the list\. Some entries could not be deleted/))[0]).toBeInTheDocument();
  });
});
