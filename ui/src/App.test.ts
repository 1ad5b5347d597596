import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../test/help';
import { client, fail, instance, key, keyList, snippet } from './test/fixtures';
import { closeWindow, openWindow } from './test/window';

afterEach(closeWindow);

const list = () => keyList([key()]);
const clients = { listClients: () => [client()], renderSnippet: () => snippet() };

describe('the window', () => {
  it('opens on the first page where there is no instance', async () => {
    openWindow({ listInstances: () => [] });
    expect(await screen.findByRole('heading', { name: 'Add your Superset' })).toBeVisible();
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('adds another instance beside the list, and goes back', async () => {
    const { user } = openWindow({ listKeys: list });
    await user.click(await screen.findByRole('button', { name: 'Add instance' }));
    expect(await screen.findByRole('heading', { name: 'Add your Superset' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
  });

  it('opens the create dialog by button and by Ctrl N, not while signed out', async () => {
    const { user } = openWindow({ listKeys: list });
    await screen.findByText('1 key');
    await user.keyboard('{Control>}n{/Control}');
    expect(await screen.findByRole('dialog', { name: /Create a key/ })).toBeVisible();
    closeWindow();
    const other = openWindow({ listInstances: () => [instance({ session: 'signed_out' })] });
    await screen.findByRole('heading', { name: 'Sign in to Production' });
    await other.user.keyboard('{Control>}n{/Control}');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('goes to the AI clients with the chosen key', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList([key(), key({ id: 'other', name: 'Other' })]), ...clients });
    await user.click(await screen.findByRole('row', { name: /Other/ }));
    await user.click(within(screen.getByRole('complementary')).getByRole('button', { name: 'Connect a client' }));
    expect(await screen.findByRole('tab', { name: 'AI clients' })).toHaveAttribute('aria-selected', 'true');
    await waitFor(() => expect(called('renderSnippet')[0]?.given['request']).toMatchObject({ key: 'other' }));
    expect(await violations()).toEqual([]);
  });

  it('reads the keys again after signing in with another key', async () => {
    const { user, answers, called } = openWindow({
      listInstances: () => [instance({ way: 'api_key' })], listKeys: () => { throw fail('key_rejected'); }, signIn: () => instance(),
    });
    expect(await screen.findByRole('heading', { name: 'The server does not take this key' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    const dialog = await screen.findByRole('dialog');
    answers.listKeys = list;
    const password = within(dialog).queryByLabelText('Password');
    if (!password) await user.click(within(dialog).getByRole('radio', { name: 'Password' }));
    await user.type(await within(dialog).findByLabelText('Password'), 'secret');
    await user.click(within(dialog).getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('1 key')).toBeVisible();
    expect(called('listKeys')).toHaveLength(2);
  });
});
