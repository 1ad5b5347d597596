import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import {
  checked, checkedUp, client, created, emitClipboardEnded, fail, found, foundEntry, foundFile, instance, key, keychain, mockCommands, samePerson, time,
  unmockCommands, DAY, type MockAnswers,
} from '../../test/fixtures';
import { askedAgain } from './created-key.svelte';
import CreatedDialog from './CreatedDialog.svelte';
import { Checkup } from '../../state/checkup.svelte';
import { Found } from '../../state/found.svelte';

const PLAIN = 'sst_canary-of-the-created-dialog-9fQ2';
const clients = ['claude-code', 'claude-desktop', 'cursor', 'vscode'].map((id) => client({ id, name: `Client ${id}` }));
afterEach(() => {
  cleanup();
  unmockCommands();
});

function show(answers: MockAnswers = {}, given = created(), more = {}) {
  const mock = mockCommands({
    listClients: () => clients, revealSecret: () => PLAIN, copySecret: () => 30, acknowledgeSaved: () => null, storeHeldKey: () => null,
    unlockKeychain: () => keychain(), checkup: () => checkedUp([checked(), samePerson()]), pastCheckups: () => [], ...answers,
  });
  const props = { checkup: new Checkup('inst-production'), found: new Found(), instances: [instance()], keys: [key(), key({ id: 'key-other', name: 'VS Code spike' })], onclose: vi.fn(), onlook: vi.fn(), onconnect: vi.fn(), onreplaced: vi.fn() };
  const all = render(CreatedDialog, { open: true, instance: instance(), created: given, keychain: keychain(), ...props, ...more });
  return { ...mock, ...props, ...all, user: userEvent.setup() };
}
const held = (problem: 'keychain_other' | 'keychain_locked' | null = null) => created({ key: key({ presence: 'memory' }), store_problem: problem });
const names = () => [...document.querySelectorAll('*')].flatMap((el) => [...el.attributes]).map((attribute) => attribute.value).join('\n');

it('says it is stored, and breaks no rule', async () => {
  show();
  const dialog = await screen.findByRole('dialog', { name: 'Key created' });
  expect(dialog).toHaveTextContent('Stored in GNOME Keyring.');
  await within(dialog).findByText('Client cursor');
  expect(screen.getByRole('img', { name: 'Key ending in 9fQ2' })).toBeInTheDocument();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Copy' })).toHaveFocus());
  expect(await violations(dialog)).toEqual([]);
});

describe('the secret', () => {
  async function shown() {
    const all = show();
    await fireEvent.keyDown(screen.getByRole('button', { name: 'Hold to show' }), { key: 'Enter' });
    await screen.findByText(PLAIN);
    expect(names()).not.toContain(PLAIN);
    return all;
  }
  const gone = () => waitFor(() => expect(document.documentElement.outerHTML).not.toContain('canary'));

  it('goes on hiding', async () => {
    await shown();
    await fireEvent.keyDown(screen.getByRole('button', { name: 'Hide' }), { key: 'Enter' });
    await gone();
  });

  it('goes when the window loses the focus', async () => {
    await shown();
    await fireEvent.blur(window);
    await gone();
  });

  it('goes on closing', async () => {
    const { rerender } = await shown();
    await rerender({ open: false });
    await gone();
  });

  it('goes when a replacement takes its place', async () => {
    const { rerender } = await shown();
    await rerender({ created: created({ key: key({ id: 'other', hint: 'sst_…Kd7w' }) }) });
    await gone();
  });

  it('is copied by Rust; the end of the clipboard is told once', async () => {
    const { user, calls } = show();
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeInTheDocument();
    expect(calls.some((c) => c.command === 'revealSecret')).toBe(false);
    expect(screen.getByText(/Clipboard clears in 30 s/)).toHaveAttribute('aria-hidden', 'true');
    expect(screen.getByText('Copied. The clipboard clears in 30 seconds.')).toHaveAttribute('role', 'status');
    await emitClipboardEnded({ instance: 'another', key: null, cleared: true });
    expect(screen.getByText(/Clipboard clears in/)).toBeInTheDocument();
    await emitClipboardEnded({ instance: 'inst-production', key: 'key-laptop', cleared: false });
    await waitFor(() => expect(screen.getAllByText(/Something else was copied/)).toHaveLength(2));
  });

  it('says why it cannot be copied', async () => {
    const { user } = show({ copySecret: () => { throw fail('clipboard'); } });
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('The clipboard cannot be used');
  });
});

describe('what comes next', () => {
  const names = () => screen.getAllByRole('button', { name: /^Connect / }).map((one) => one.getAttribute('aria-label'));

  it('is the client that is here and not set up, then one with another key', async () => {
    const file = { path: '~/x', entries: [foundEntry({ key: 'key-other' })] };
    show({ findClients: () => [found('claude-desktop', { installed: true, files: [foundFile(file)] }), found('vscode', { installed: true, files: [foundFile()] })] });
    expect(await screen.findByText('not set up')).toBeVisible();
    expect(screen.getByText('uses “VS Code spike”')).toBeVisible();
    expect(names(), 'and none that is not here').toEqual(['Connect Client vscode', 'Connect Client claude-desktop']);
  });

  it('is any client where nobody could look', async () => {
    show();
    expect(await screen.findByRole('button', { name: 'Connect Client claude-code' })).toBeVisible();
  });
});

describe('whether it works', () => {
  it('is asked with the new key at once, and answered in a line', async () => {
    const { user, calls, onlook } = show();
    expect(await screen.findByText(/Works: the MCP server takes this key as jane\./, { selector: 'p' })).toBeVisible();
    expect(calls.filter((c) => c.command === 'checkup').map((c) => c.given)).toEqual([{ id: 'inst-production', key: 'key-laptop' }]);
    expect(await violations(screen.getByRole('dialog'))).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'See the check-up' }));
    expect(onlook).toHaveBeenCalledTimes(1);
  });

  it('is not asked while the key is saved nowhere', () => {
    const { calls } = show({}, held());
    expect(screen.queryByRole('button', { name: /Check/ })).toBeNull();
    expect(calls.some((c) => c.command === 'checkup')).toBe(false);
  });

  it('waits for the person where no MCP server is known', () => {
    const { calls } = show({}, created(), { instance: instance({ mcp_url: null }) });
    expect(screen.getByRole('button', { name: 'Check that it works' })).toBeVisible();
    expect(calls.some((c) => c.command === 'checkup')).toBe(false);
  });
});

describe('next', () => {
  it('connects one of three clients, or shows all', async () => {
    const { user, onconnect, onclose } = show();
    await user.click(await screen.findByRole('button', { name: 'Connect Client cursor' }));
    expect(onconnect).toHaveBeenLastCalledWith('cursor');
    expect(screen.queryByText('Client vscode')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'See all clients' }));
    expect(onconnect).toHaveBeenLastCalledWith(null);
    await user.click(screen.getByRole('button', { name: 'Done' }));
    expect(onclose).toHaveBeenCalledTimes(1);
  });
});

describe('a key that only this app holds', () => {
  it('cannot be left without a word', async () => {
    const { user, onclose, calls } = show({}, held());
    const dialog = await screen.findByRole('dialog', { name: 'Save this key now' });
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Done' })).toBeNull();
    const scrim = document.querySelector('.scrim');
    if (scrim) await user.click(scrim);
    expect(onclose).not.toHaveBeenCalled();
    expect(await violations(dialog)).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'I have saved it' }));
    await waitFor(() => expect(onclose).toHaveBeenCalledTimes(1));
    expect(calls.at(-1)).toEqual({ command: 'acknowledgeSaved', given: { id: 'inst-production', key: 'key-laptop' } });
  });

  it('stays when the word was not taken', async () => {
    const { user, onclose } = show({ acknowledgeSaved: () => { throw fail('state_busy'); } }, held());
    await user.click(screen.getByRole('button', { name: 'I have saved it' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Another program is busy');
    expect(onclose).not.toHaveBeenCalled();
  });

  it('speaks up when it should have been stored, and can be stored again', async () => {
    const { user, calls } = show({}, held('keychain_other'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Key created, but not stored. GNOME Keyring refused it. Copy it now, then close.');
    expect(screen.getAllByRole('button', { name: 'Copy' })).toHaveLength(1);
    await user.click(within(alert).getByRole('button', { name: 'Try storing again' }));
    await waitFor(() => expect(screen.getByRole('dialog', { name: 'Key created' })).toHaveTextContent('Stored in GNOME Keyring.'));
    expect(calls.some((c) => c.command === 'unlockKeychain')).toBe(false);
    expect(screen.getByRole('button', { name: 'Close' })).toBeInTheDocument();
  });

  it('unlocks a locked keychain before storing', async () => {
    const { user, calls } = show({}, held('keychain_locked'));
    await user.click(screen.getByRole('button', { name: 'Try storing again' }));
    await screen.findByRole('dialog', { name: 'Key created' });
    expect(calls.map((c) => c.command).filter((c) => c === 'unlockKeychain' || c === 'storeHeldKey')).toEqual(['unlockKeychain', 'storeHeldKey']);
  });
});

describe('an end that is off', () => {
  const off = () => created({ key: key({ scopes: 'read' }), expiry_off: { asked: time(90 * DAY, new Date()).utc, really: { utc: '2027-02-18T09:05:00Z', server: '2027-02-18T04:05:00' } } });

  it('is said in both times and can be mended', async () => {
    const next = created({ key: key({ id: 'right' }) });
    const { user, calls, onreplaced } = show({ replaceKey: () => next }, off());
    expect(screen.getByText('Server time').nextElementSibling).toHaveTextContent('Thu 18 Feb 2027, 04:05');
    await user.click(screen.getByRole('button', { name: 'Replace it' }));
    await waitFor(() => expect(onreplaced).toHaveBeenCalledWith(next));
    expect(calls.find((c) => c.command === 'replaceKey')?.given).toEqual({
      id: 'inst-production', wrong: 'key-laptop', keep: 'keychain',
      wanted: { name: 'Claude Code – laptop', expiry: { kind: 'in_days', days: 90 }, scopes: 'read', alias: null },
    });
  });

  it('asks for the same again', () => {
    const now = new Date(2026, 10, 20, 12, 0, 0);
    expect(askedAgain(new Date(2027, 0, 31, 23, 59, 59).toISOString(), now)).toEqual({ kind: 'end_of', date: '2027-01-31' });
    expect(askedAgain(new Date(2026, 10, 27, 11, 59, 30).toISOString(), now)).toEqual({ kind: 'in_days', days: 7 });
  });
});
