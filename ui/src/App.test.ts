import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../test/help';
import { checked, checkedUp, client, created, detection, emitCloseRefused, emitStateChanged, fail, instance, key, keychain, keyList, pastCheckup, samePerson, snippet } from './test/fixtures';
import { closeWindow, openWindow } from './test/window';

afterEach(closeWindow);

const list = () => keyList([key()]);
const clients = { listClients: () => [client()], renderSnippet: () => snippet() };

describe('the window', () => {
  it('loses a part that breaks, and nothing around it', async () => {
    const { user, answers } = openWindow({ listKeys: () => keyList([key({ created: { utc: 'no time', server: 'no time' } })]), ...clients });
    expect(await screen.findByRole('heading', { name: 'This part of the window stopped' })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('tab', { name: 'Check-up' }));
    expect(await screen.findByRole('button', { name: 'Check now' })).toBeVisible();
    answers.listKeys = list;
    await user.keyboard('{Control>}r{/Control}');
    await user.click(screen.getByRole('tab', { name: /^Keys/ }));
    expect(await screen.findByText('1 key')).toBeVisible();
  });

  it('says that the list was damaged until the person has decided', async () => {
    let damaged: { kept: string } | null = { kept: '/home/jane/.config/superset-keys/state.damaged-1.json' };
    const { user, called, answers } = openWindow({
      listInstances: () => [], damagedList: () => damaged, openListFolder: () => null, beginAnew: () => { damaged = null; return null; },
    });
    expect(await screen.findByRole('heading', { name: 'Your list was damaged' })).toBeVisible();
    expect(screen.getByText(/The keys in your keychain are untouched/)).toBeVisible();
    expect(screen.getByText(/state\.damaged-1\.json$/)).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'Add your Superset' })).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Open folder' }));
    expect(called('openListFolder')).toHaveLength(1);
    // Mended, and put back.
    answers.beginAnew = () => { throw fail('state_unusable', { path: '/x' }); };
    await user.click(screen.getByRole('button', { name: 'Begin anew' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('We cannot read or write our file');
    answers.beginAnew = () => { damaged = null; return null; };
    await user.click(screen.getByRole('button', { name: 'Begin anew' }));
    expect(await screen.findByRole('heading', { name: 'Add your Superset' })).toBeVisible();
  });

  it('brings back the dialog of a key that closing would lose', async () => {
    const held = key({ id: 'held', name: 'Nowhere else', presence: 'memory' });
    openWindow({ listKeys: () => keyList([held]), keptKeys: () => keyList([held]) });
    await screen.findByText('1 key');
    await emitCloseRefused({ because: { why: 'unsaved', instance: 'inst-production', key: 'held' } });
    const dialog = await screen.findByRole('dialog', { name: /Save this key now/ });
    expect(within(dialog).getByRole('button', { name: 'I have saved it' })).toBeVisible();
  });

  it.each([
    ['the list is damaged', { listInstances: () => [], damagedList: () => ({ kept: '/state.damaged-1.json' }) }],
    ['its instance was removed elsewhere', { listInstances: () => [instance({ id: 'other', name: 'Other' })] }],
    ['the last instance was removed elsewhere', { listInstances: () => [] }],
  ])('keeps the dialog of a key that is nowhere else where %s', async (_, then) => {
    const held = key({ id: 'held', name: 'Nowhere else', presence: 'memory' });
    const { user, answers } = openWindow({ listKeys: list, createKey: () => created({ key: held }) });
    await screen.findByText('1 key');
    await user.keyboard('{Control>}n{/Control}');
    const dialog = await screen.findByRole('dialog', { name: /Create a key/ });
    await user.type(within(dialog).getByLabelText('Name'), 'Nowhere else');
    await user.click(within(dialog).getByRole('button', { name: 'Create key' }));
    await screen.findByRole('dialog', { name: /Save this key now/ });
    Object.assign(answers, then);
    await emitStateChanged();
    await waitFor(() => expect(screen.queryByRole('heading', { name: 'Production', hidden: true })).toBeNull());
    await emitCloseRefused({ because: { why: 'unsaved', instance: 'inst-production', key: 'held' } });
    expect(await screen.findByRole('dialog', { name: /Save this key now/ })).toBeVisible();
    expect(screen.getByRole('button', { name: 'I have saved it' })).toBeEnabled();
  });

  it('says that it closes when a key has been created', async () => {
    openWindow({ listKeys: list });
    await screen.findByText('1 key');
    await emitCloseRefused({ because: { why: 'creating', turn: 1 } });
    expect((await screen.findAllByText('A key is being created. The window closes when it is done.'))[0]).toBeInTheDocument();
  });

  it('has no menu of the browser but in fields', async () => {
    openWindow({ listKeys: list });
    await screen.findByText('1 key');
    const kept = (target: Element) => target.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    expect(kept(document.body)).toBe(false);
    expect(kept(screen.getByRole('tab', { name: 'AI clients' }))).toBe(false);
    expect(kept(screen.getByRole('searchbox'))).toBe(true);
  });

  it('keeps the focus inside where what was pressed is gone', async () => {
    const { user } = openWindow({ listKeys: list, ...clients });
    await user.click(await screen.findByRole('row', { name: /Laptop|laptop/ }));
    await user.keyboard('{Control>}{Shift>}c{/Shift}{/Control}');
    await waitFor(() => expect(screen.getByRole('tabpanel')).toHaveFocus());
    expect(screen.getByRole('tab', { name: 'AI clients' })).toHaveAttribute('aria-selected', 'true');
  });

  it('looks at the keychain anew when it gets the focus, and when a call tells of it', async () => {
    const { called } = openWindow({ listKeys: list });
    await screen.findByText('1 key');
    const before = called('keychainState').length;
    window.dispatchEvent(new Event('focus'));
    await waitFor(() => expect(called('keychainState')).toHaveLength(before + 1));
  });

  it('no longer says that the keychain is ready once a call has found it gone', async () => {
    const { user, answers } = openWindow({ listKeys: list, copySecret: () => { throw fail('keychain_no_bus'); } });
    await user.click(await screen.findByRole('row', { name: /laptop/i }));
    answers.keychainState = () => keychain({ ready: false, problem: 'keychain_no_bus' });
    await user.click(within(screen.getByRole('complementary')).getByRole('button', { name: 'Copy' }));
    expect(await screen.findByRole('button', { name: /^No keyring/ })).toBeVisible();
  });

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

  it('goes back by key, by button and by the mouse, from tab to tab and from page to page', async () => {
    const { user } = openWindow({ listKeys: list, pastCheckups: () => [] });
    await user.click(await screen.findByRole('tab', { name: 'Check-up' }));
    await user.click(screen.getByRole('button', { name: 'Keys on this computer' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Keys on this computer' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(await screen.findByRole('tab', { name: 'Check-up', selected: true })).toBeVisible();
    // The button is gone; whoever uses the keyboard goes on from here.
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus());
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await screen.findByRole('tab', { name: /^Keys/, selected: true })).toBeVisible();
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(screen.getByRole('tab', { name: /^Keys/, selected: true })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Keys on this computer' }));
    const press = new MouseEvent('mouseup', { button: 3, bubbles: true, cancelable: true });
    screen.getByRole('main').dispatchEvent(press);
    expect(press.defaultPrevented).toBe(true);
    expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
  });

  it('goes back also from a tab, which would take the arrow for a choice', async () => {
    const { user } = openWindow({ listKeys: list, pastCheckups: () => [] });
    await user.click(await screen.findByRole('tab', { name: 'Check-up' }));
    await user.keyboard('{Alt>}{ArrowRight}{/Alt}');
    expect(screen.getByRole('tab', { name: 'Check-up', selected: true })).toHaveFocus();
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await screen.findByRole('tab', { name: /^Keys/, selected: true })).toBeVisible();
  });

  it('leaves a page with Escape, and has the focus in what comes into view', async () => {
    const { user } = openWindow({ listKeys: list, pastCheckups: () => [] });
    await screen.findByText('1 key');
    for (const name of ['Settings', 'Keys on this computer']) {
      await user.click(screen.getByRole('button', { name }));
      expect(await screen.findByRole('heading', { level: 1, name })).toBeVisible();
      await user.keyboard('{Escape}');
      expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
    }
    screen.getByRole('tab', { name: /^Keys/ }).focus();
    await user.keyboard('{Control>},{/Control}');
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus());
    screen.getByRole('button', { name: 'Back' }).focus();
    await user.keyboard('{Control>}1{/Control}');
    await waitFor(() => expect(screen.getByRole('main')).toHaveFocus());
  });

  it('lets people go from the first page to an instance that came meanwhile', async () => {
    const { user, answers } = openWindow({
      listInstances: () => [], detectInstance: () => detection(), addInstance: () => { throw fail('unreachable', { host: 'h', kind: 'refused' }); },
    });
    await user.type(await screen.findByLabelText('Address'), 'bi.example.com');
    await user.type(await screen.findByLabelText('Username'), 'jane');
    await user.type(screen.getByLabelText('Password', { selector: 'input' }), 'canary-pass-71');
    expect(screen.queryByRole('button', { name: 'Cancel' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    answers.listInstances = () => [instance()];
    await emitStateChanged();
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
  });

  it('is called by where one is, and closes by key', async () => {
    const { user, called } = openWindow({ listKeys: list, nameWindow: () => null, closeWindow: () => null });
    await waitFor(() => expect(called('nameWindow').at(-1)?.given).toEqual({ title: 'Production – Superset Keys' }));
    await user.click(await screen.findByRole('button', { name: 'Keys on this computer' }));
    await waitFor(() => expect(called('nameWindow').at(-1)?.given).toEqual({ title: 'Keys on this computer – Superset Keys' }));
    await user.keyboard('{Control>}q{/Control}');
    await user.keyboard('{Control>}w{/Control}');
    expect(called('closeWindow')).toHaveLength(2);
  });

  it('marks a check-up that passed just now as well as one that did not, and groups long numbers', async () => {
    const many = Array.from({ length: 1234 }, (_, n) => key({ id: `k${n}`, name: `Key ${n}` }));
    const { user } = openWindow({
      listInstances: () => [instance({ last_checkup: pastCheckup() })], listKeys: () => keyList(many), pastCheckups: () => [], checkup: () => checkedUp([checked(), samePerson()]),
    });
    // What passed once may not any more.
    await user.click(await screen.findByRole('tab', { name: 'Check-up' }));
    await user.click(await screen.findByRole('button', { name: /^Check (now|again)/ }));
    expect(await screen.findByRole('tab', { name: 'Check-up passed' })).toBeVisible();
    await user.click(screen.getByRole('tab', { name: /^Keys/ }));
    expect(await screen.findByRole('tab', { name: 'Keys 1,234' })).toBeVisible();
    expect(screen.getByRole('button', { name: 'All 1,234' })).toBeVisible();
  });

  it('makes no stop of what was found before anything was', async () => {
    const { user } = openWindow({ listKeys: list });
    await user.click(await screen.findByRole('button', { name: 'Keys on this computer' }));
    expect(await screen.findByRole('region', { name: 'What was found' })).not.toHaveAttribute('tabindex');
  });

  it('does not go back behind an open dialog', async () => {
    const { user } = openWindow({ listKeys: list, pastCheckups: () => [] });
    await user.click(await screen.findByRole('tab', { name: 'Check-up' }));
    await user.click(screen.getByRole('tab', { name: /^Keys/ }));
    await user.keyboard('{Control>}n{/Control}');
    const dialog = await screen.findByRole('dialog', { name: /Create a key/ });
    dialog.dispatchEvent(new MouseEvent('mouseup', { button: 3, bubbles: true, cancelable: true }));
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(dialog).toBeVisible();
    expect(screen.getByRole('tab', { name: /^Keys/, hidden: true })).toHaveAttribute('aria-selected', 'true');
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
