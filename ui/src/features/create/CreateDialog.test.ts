import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { created, fail, instance, key, keychain, mockCommands, unmockCommands, type MockAnswers } from '../../test/fixtures';
import CreateDialog from './CreateDialog.svelte';

afterEach(unmockCommands);

function show(answers: MockAnswers = {}, more = {}) {
  const mock = mockCommands({ createKey: () => created(), ...answers });
  const props = { onclose: vi.fn(), oncreated: vi.fn(), onrefresh: vi.fn(), onsignin: vi.fn() };
  const all = render(CreateDialog, { open: true, instance: instance(), existing: [key()], keychain: keychain(), ...props, ...more });
  return { ...mock, ...props, ...all, user: userEvent.setup() };
}
const name = () => screen.getByLabelText('Name');
const submit = () => screen.getByRole('button', { name: 'Create key' });
const sent = (calls: { command: string; given: Record<string, unknown> }[]) => calls.find((c) => c.command === 'createKey')?.given;

it('starts in the name, says as whom and where, and breaks no rule', async () => {
  show();
  const dialog = await screen.findByRole('dialog', { name: 'Create a key' });
  await waitFor(() => expect(name()).toHaveFocus());
  expect(dialog).toHaveAccessibleDescription(/It will work as\s+jane \(Gamma\)\s+on\s+Production/);
  expect(await violations(dialog)).toEqual([]);
});

it('creates for 90 days into the keychain unless told otherwise', async () => {
  const { user, calls, oncreated } = show();
  await user.type(name(), ' Cursor ');
    await user.click(submit());
  await waitFor(() => expect(oncreated).toHaveBeenCalledTimes(1));
  expect(sent(calls)).toEqual({
    id: 'inst-production', wanted: { name: 'Cursor', expiry: { kind: 'in_days', days: 90 }, scopes: null, alias: null }, keep: 'keychain',
  });
});

it('leads to signing in where the session is over, and back with what was typed', async () => {
  const { user, onsignin, unmount } = show({ createKey: () => { throw fail('session_over'); } });
  await user.type(name(), 'Cursor');
  await user.click(screen.getByRole('radio', { name: '7 days' }));
  await user.click(submit());
  await user.click(await screen.findByRole('button', { name: 'Sign in' }));
  expect(onsignin).toHaveBeenCalledTimes(1);
  const [draft] = onsignin.mock.lastCall ?? [];
  unmount();
  const { calls } = show({}, { draft });
  expect(name()).toHaveValue('Cursor');
  await user.click(submit());
  expect(sent(calls)?.wanted).toMatchObject({ name: 'Cursor', expiry: { kind: 'in_days', days: 7 } });
});

describe('the end', () => {
  it('can be never, with a warning', async () => {
    const { user, calls } = show();
    await user.type(name(), 'n');
    await user.click(screen.getByRole('radio', { name: 'Never' }));
    expect(screen.getByText('Never expires')).toBeInTheDocument();
    await user.click(submit());
    expect(sent(calls)?.wanted).toMatchObject({ expiry: { kind: 'never' } });
  });

  it('can be a day, which must be there and lie ahead', async () => {
    const { user, calls } = show();
    await user.type(name(), 'n');
    await user.click(screen.getByRole('radio', { name: 'Date' }));
    await user.click(submit());
    const date = screen.getByLabelText('Last day');
    await waitFor(() => expect(date).toHaveFocus());
    expect(date).toHaveAccessibleDescription('Pick the last day');
    await user.type(date, '2020-01-31');
    await user.click(submit());
    expect(date).toHaveAccessibleDescription(expect.stringContaining('That date has passed'));
    expect(sent(calls)).toBeUndefined();
    await user.clear(date);
    await user.type(date, '2099-01-31');
    await user.click(submit());
    await waitFor(() => expect(sent(calls)?.wanted).toMatchObject({ expiry: { kind: 'end_of', date: '2099-01-31' } }));
  });

  it('is said in the server’s time too, and as assumed while it is', () => {
    show({}, { instance: instance({ clock: { offset_minutes: -300, source: 'assumed', zone: null } }) });
    expect(screen.getByText('Server time').nextElementSibling).toHaveTextContent(/UTC−5 · assumed/);
  });
});

describe('where it is kept', () => {
  it('is nowhere when the switch is off', async () => {
    const { user, calls } = show();
    await user.type(name(), 'n');
    await user.click(screen.getByRole('switch', { name: 'Keep in GNOME Keyring' }));
    expect(screen.getByRole('switch', { name: 'Not kept on this computer' })).toHaveAccessibleDescription('You will see this key once. Save it before you close.');
    await user.click(submit());
    expect(sent(calls)?.keep).toBe('memory');
  });

  it('cannot be chosen without a keychain', async () => {
    const { user, calls } = show({}, { keychain: keychain({ ready: false, problem: 'keychain_absent' }) });
    const toggle = screen.getByRole('switch');
    expect(toggle).toBeDisabled();
    expect(toggle).toHaveAccessibleDescription(expect.stringContaining('This computer has no keyring'));
    await user.type(name(), 'n');
    await user.click(submit());
    await waitFor(() => expect(sent(calls)?.keep).toBe('keychain_or_memory'));
  });

  it('is unlocked first where it is locked', async () => {
    const { user, calls } = show({ unlockKeychain: () => keychain() }, { keychain: keychain({ ready: false, locked: true, problem: 'keychain_locked' }) });
    await user.type(name(), 'n');
    await user.click(screen.getByRole('button', { name: 'Unlock' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Unlock' })).toBeNull());
    await user.click(submit());
    expect(sent(calls)?.keep).toBe('keychain');
  });

  it('makes no key when unlocking was dismissed', async () => {
    const { user, calls } = show({ unlockKeychain: () => { throw fail('keychain_dismissed'); } }, { keychain: keychain({ ready: false, locked: true }) });
    await user.type(name(), 'n');
    await user.click(submit());
    expect(await screen.findByRole('alert')).toHaveTextContent('GNOME Keyring is still locked');
    expect(sent(calls)).toBeUndefined();
  });
});

it('tells the truth about scopes, under Advanced', async () => {
  const { user, calls } = show();
  await user.type(name(), 'n');
  const head = screen.getByRole('button', { name: /Advanced/ });
  expect(head).toHaveAttribute('aria-expanded', 'false');
  await user.click(head);
  const scopes = screen.getByLabelText('Scopes');
  expect(scopes).toHaveAccessibleDescription(/stores scopes and does not enforce them/);
  await user.type(scopes, 'read');
  await user.click(submit());
  expect(sent(calls)?.wanted).toMatchObject({ scopes: 'read' });
});

it('warns of a name that is there already, and lets it be', async () => {
  const { user, oncreated } = show();
  await user.type(name(), 'claude code – laptop');
  expect(name()).toHaveAccessibleDescription(/already have a key with this name/);
  await user.click(submit());
  await waitFor(() => expect(oncreated).toHaveBeenCalled());
});

it('needs a name', async () => {
  const { user, calls } = show();
  await user.click(submit());
  await waitFor(() => expect(name()).toHaveFocus());
  expect(name()).toHaveAccessibleDescription(expect.stringContaining('A name is needed'));
  expect(sent(calls)).toBeUndefined();
});

describe('when the server does not do it', () => {
  it.each([
    ['forbidden', 'Your role cannot manage API keys', true],
    ['not_created', 'No key was created', true],
    ['rate_limited', 'The server asks us to wait', false],
  ] as const)('%s is said inside', async (code, title, admin) => {
    const { user, oncreated } = show({ createKey: () => { throw fail(code); } });
    await user.type(name(), 'n');
    await user.click(submit());
    expect(await screen.findByRole('alert')).toHaveTextContent(title);
    expect(screen.queryByRole('button', { name: 'Copy message for your admin' }) !== null).toBe(admin);
    expect(oncreated).not.toHaveBeenCalled();
    expect(submit()).toBeEnabled();
  });

  it('a name it does not take is said at the name', async () => {
    const { user } = show({ createKey: () => { throw fail('name_too_long', { limit: '256' }); } });
    await user.type(name(), 'n');
    await user.click(submit());
    await waitFor(() => expect(name()).toHaveAccessibleDescription(expect.stringContaining('The name is too long')));
  });

  it('an unclear end offers the list, and no second try', async () => {
    const { user, onrefresh, calls } = show({ createKey: () => { throw fail('create_unclear', { found: '' }); } });
    await user.type(name(), 'n');
    await user.click(submit());
    expect(await screen.findByRole('alert')).toHaveTextContent('We are not sure the key was created');
    expect(screen.queryByRole('button', { name: 'Create key' })).toBeNull();
    await fireEvent.submit(screen.getByRole('form', { name: 'Create a key' }));
    expect(calls.filter((c) => c.command === 'createKey')).toHaveLength(1);
    await user.click(screen.getByRole('button', { name: 'Refresh list' }));
    expect(onrefresh).toHaveBeenCalledTimes(1);
  });
});

it('cannot be closed while the request runs', async () => {
  let answer: (key: ReturnType<typeof created>) => void = () => undefined;
  const { user, onclose, oncreated } = show({ createKey: () => new Promise((done) => (answer = done)) });
  await user.type(name(), 'n');
    await user.click(submit());
  await user.keyboard('{Escape}');
  expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeDisabled();
  expect(onclose).not.toHaveBeenCalled();
  answer(created());
  await waitFor(() => expect(oncreated).toHaveBeenCalledTimes(1));
});

it('starts afresh each time it opens', async () => {
  const { user, rerender } = show();
  await user.type(name(), 'left over');
  await rerender({ open: false });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await rerender({ open: true });
  expect(name()).toHaveValue('');
});
