import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { KeychainView, MoveProgress, SecretsMovedView, VaultView } from '../../ipc';
import { created, emitSecretsMoving, fail, instance, key, keychain, keyList, lockedVault, setting, vaultAsStore, vaultView, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';
import { VaultQuestions } from '../../state/vault.svelte';

beforeEach(() => localStorage.clear());
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

const GOOD = 'teapot gravel monday cloud seven';
const noRing = () => keychain({ ready: false, problem: 'keychain_absent' });
const inVault = (over = {}) => key({ presence: 'vault', ...over });

/** A computer whose vault and keychain are as a test says, and which does what it is asked. */
function computer(over: { keychain?: KeychainView; vault?: VaultView } = {}, answers: MockAnswers = {}) {
  const now = { keychain: over.keychain ?? keychain(), vault: over.vault ?? vaultView() };
  const opened = () => {
    now.vault = { ...now.vault, state: 'open' };
    if (now.keychain.store === 'vault' || !now.keychain.ready) now.keychain = vaultAsStore();
    if (now.keychain.store === 'vault') now.vault = { ...now.vault, first: 'vault' };
    return now.vault;
  };
  const all = openWindow({
    listKeys: () => keyList([key()]), keychainState: () => now.keychain, vaultState: () => now.vault, showSettings: () => [setting()],
    createVault: opened,
    unlockVault: ({ passphrase }) => {
      if ((passphrase as { text: string }).text !== GOOD) throw fail('wrong_passphrase', { path: '/v' });
      return opened();
    },
    lockVault: () => {
      now.keychain = lockedVault();
      return (now.vault = { ...now.vault, state: 'locked' });
    },
    unlockKeychain: () => {
      if (now.keychain.store === 'vault' && !now.keychain.ready) throw fail('vault_locked');
      return (now.keychain = keychain());
    },
    ...answers,
  });
  return { ...all, now };
}
const locked = { keychain: lockedVault(), vault: vaultView({ state: 'locked', first: 'vault', keychain_problem: 'keychain_absent' }) };
const unlocked = { keychain: vaultAsStore(), vault: vaultView({ state: 'open', first: 'vault' }) };
type User = ReturnType<typeof openWindow>['user'];
function last<T>(all: readonly T[]): T {
  const one = all.at(-1);
  if (one === undefined) throw new Error('there is none');
  return one;
}

/** Presses the dialog's own button. As a form's fields are two, only a real web view knows that Enter does. */
const press = (user: User, name: string) => user.click(within(last(screen.getAllByRole('dialog'))).getByRole('button', { name }));
const dialog = (name: string | RegExp) => screen.findByRole('dialog', { name });
/** What the window says in passing: heard, and seen. */
const told = async (text: string | RegExp) => expect((await screen.findAllByText(text))[0]).toBeInTheDocument();
const gone = (name: string) => waitFor(() => expect(screen.queryByRole('dialog', { name })).toBeNull());

async function twice(user: User, label: string, text: string, button: string) {
  await user.type(await screen.findByLabelText(label), text);
  await user.type(screen.getByLabelText('Once more'), text);
  await press(user, button);
}

async function settings(user: User) {
  await screen.findByText('1 key');
  await user.click(screen.getByRole('button', { name: 'Settings' }));
  return within(await screen.findByRole('region', { name: 'Where keys are kept' }));
}
const rows = () => within(screen.getByRole('region', { name: 'Vault' }));

describe('setting up', () => {
  it('is offered beside the list where there is no keyring, is done with the keyboard, and keeps nothing of it in the page', async () => {
    const { user, called } = computer({ keychain: noRing(), vault: vaultView({ keychain_problem: 'keychain_absent' }) });
    await user.click(await screen.findByRole('button', { name: 'Set up vault' }));
    const asked = await dialog('Set up a vault');
    expect(asked).toHaveAccessibleDescription('This computer has no keyring. A vault is one encrypted file that a passphrase opens.');
    expect(within(asked).getByText('Nobody can reset it.')).toBeVisible();
    await waitFor(() => expect(screen.getByLabelText('Passphrase')).toHaveFocus());
    expect(screen.getByLabelText('Passphrase')).toHaveAttribute('type', 'password');
    expect(await violations(asked)).toEqual([]);
    await user.type(screen.getByLabelText('Passphrase'), GOOD);
    expect(within(asked).getByText('Strong')).toBeVisible();
    await user.type(screen.getByLabelText('Once more'), GOOD);
    await press(user, 'Set up vault');
    await gone('Set up a vault');
    expect(called('createVault').map(({ given }) => given)).toEqual([{ passphrase: { text: GOOD } }]);
    await told('The vault is set up and unlocked.');
    expect(await screen.findByText('Vault')).toBeVisible();
    expect(screen.queryByText('This computer has no keyring.')).toBeNull();
    expect(document.documentElement.outerHTML + JSON.stringify({ ...localStorage })).not.toContain(GOOD);
  });

  it('says what is short and what differs, and asks Rust nothing', async () => {
    const { user, called } = computer({ keychain: noRing() });
    await user.click(await screen.findByRole('button', { name: 'Set up vault' }));
    await user.type(await screen.findByLabelText('Passphrase'), 'short');
    await press(user, 'Set up vault');
    expect(await screen.findByText('Too short: 8 letters at least.')).toBeVisible();
    expect(screen.getByLabelText('Passphrase')).toHaveFocus();
    await user.type(screen.getByLabelText('Passphrase'), ' but longer now');
    await user.type(screen.getByLabelText('Once more'), 'something else');
    await press(user, 'Set up vault');
    expect(await screen.findByText('The two are not the same.')).toBeVisible();
    expect(screen.getByLabelText('Once more')).toHaveFocus();
    expect(called('createVault')).toHaveLength(0);
  });

  it('suggests one that chance made, in view so that it can be written down', async () => {
    const { user, called } = computer({ keychain: noRing() });
    await user.click(await screen.findByRole('button', { name: 'Set up vault' }));
    await user.click(await screen.findByRole('button', { name: 'Suggest one' }));
    const text = screen.getByLabelText<HTMLInputElement>('Passphrase').value;
    expect(text).toMatch(/^(\w{4}-){4}\w{4}$/);
    expect(screen.getByLabelText('Passphrase')).toHaveAttribute('type', 'text');
    expect(screen.getByText('Made by chance. Write it down before you go on.')).toBeVisible();
    await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Set up vault' }));
    await waitFor(() => expect(called('createVault')[0]?.given).toEqual({ passphrase: { text } }));
  });

  it('says why it was not made', async () => {
    const { user } = computer({ keychain: noRing() }, { createVault: () => { throw fail('vault_unusable', { path: '/v', problem: 'full' }); } });
    await user.click(await screen.findByRole('button', { name: 'Set up vault' }));
    await twice(user, 'Passphrase', GOOD, 'Set up vault');
    expect(await screen.findByRole('alert')).toHaveTextContent('We cannot read or write /v. The disk is full. Nothing was changed.');
    expect(screen.getByLabelText('Once more')).toHaveValue(GOOD);
  });

  it('is left by keeping no keys, and hidden then', async () => {
    const { user } = computer({ keychain: noRing() });
    await user.click(await screen.findByRole('button', { name: 'Set up vault' }));
    await user.click(await screen.findByRole('button', { name: 'Keep no keys' }));
    await gone('Set up a vault');
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    expect(screen.queryByText('This computer has no keyring.')).toBeNull();
  });

  it('is offered where a key is made, which then goes there', async () => {
    const { user, called } = computer({ keychain: noRing() }, { createKey: () => created({ key: inVault() }) });
    await screen.findByText('1 key');
    await user.keyboard('{Control>}n{/Control}');
    const making = await dialog('Create a key');
    await user.type(within(making).getByLabelText('Name'), 'Laptop');
    await user.click(within(making).getByRole('button', { name: 'Set up vault' }));
    await twice(user, 'Passphrase', GOOD, 'Set up vault');
    await gone('Set up a vault');
    expect(await within(making).findByRole('switch', { name: 'Keep in the vault' })).toBeChecked();
    expect(within(making).getByLabelText('Name')).toHaveValue('Laptop');
    await user.click(within(making).getByRole('button', { name: 'Create key' }));
    await waitFor(() => expect(called('createKey')[0]?.given.keep).toBe('keychain'));
  });

  it('is offered for a key that is nowhere but here, which is then kept', async () => {
    const { user, called } = computer({ keychain: noRing() }, { createKey: () => created({ key: key({ presence: 'memory' }) }), storeHeldKey: () => null, pastCheckups: () => [] });
    await screen.findByText('1 key');
    await user.keyboard('{Control>}n{/Control}');
    await user.type(within(await dialog('Create a key')).getByLabelText('Name'), 'Laptop');
    await press(user, 'Create key');
    await user.click(within(await dialog('Save this key now')).getByRole('button', { name: 'Set up vault' }));
    await twice(user, 'Passphrase', GOOD, 'Set up vault');
    expect(await dialog('Key created')).toBeVisible();
    expect(screen.getByText('Stored in the vault.')).toBeVisible();
    expect(called('storeHeldKey')).toHaveLength(1);
  });

  it('is offered on the first page', async () => {
    const { user } = computer({ keychain: noRing() }, { listInstances: () => [] });
    await user.click(await screen.findByRole('button', { name: 'Set up vault' }));
    await twice(user, 'Passphrase', GOOD, 'Set up vault');
    expect(await screen.findByText('Stored in your vault')).toBeVisible();
  });

  it('is offered where a list cannot be read without one', async () => {
    const { user } = computer({ keychain: noRing() }, { listKeys: () => { throw fail('keychain_absent'); } });
    await user.click(last(await screen.findAllByRole('button', { name: 'Set up vault' })));
    expect(await dialog('Set up a vault')).toBeVisible();
  });
});

describe('unlocking', () => {
  it('tells a wrong passphrase from a damaged file, and puts the copy back', async () => {
    let damaged = false;
    const copy = '2026-11-19T09:00:00Z';
    const { user, answers, called } = computer({ ...locked, vault: { ...locked.vault, copy } }, {});
    const open = answers.unlockVault;
    answers.unlockVault = (given) => { if (damaged) throw fail('vault_damaged', { path: '/v' }); return open?.(given) ?? vaultView(); };
    answers.restoreVault = () => { damaged = false; return { ...locked.vault, copy }; };
    await user.click(await screen.findByRole('button', { name: 'Unlock' }));
    const asked = await dialog('Unlock the vault');
    await waitFor(() => expect(screen.getByLabelText('Passphrase')).toHaveFocus());
    expect(await violations(asked)).toEqual([]);
    await user.type(screen.getByLabelText('Passphrase'), 'not this{Enter}');
    expect(await within(asked).findByText('That did not open it. The file itself is whole.')).toBeVisible();
    expect(screen.getByLabelText('Passphrase')).toHaveValue('');
    await waitFor(() => expect(screen.getByLabelText('Passphrase')).toHaveFocus());
    damaged = true;
    await user.type(screen.getByLabelText('Passphrase'), `${GOOD}{Enter}`);
    expect(await within(asked).findByRole('alert')).toHaveTextContent('The vault’s file is damaged.');
    expect(within(asked).queryByText('That did not open it. The file itself is whole.')).toBeNull();
    expect(await violations(asked)).toEqual([]);
    await user.click(within(asked).getByRole('button', { name: /^Use the copy from 19 Nov 2026/ }));
    expect(await within(asked).findByText(/is in its place\. Now your passphrase\./)).toBeVisible();
    await user.type(screen.getByLabelText('Passphrase'), `${GOOD}{Enter}`);
    await gone('Unlock the vault');
    expect(called('restoreVault')).toHaveLength(1);
    await waitFor(() => expect(screen.queryByText('The vault is locked.')).toBeNull());
  });

  it('says what is left to do where there is no copy, and where it is forgotten', async () => {
    const { user } = computer(locked, { unlockVault: () => { throw fail('vault_damaged', { path: '/v' }); } });
    await user.click(await screen.findByRole('button', { name: 'Unlock' }));
    await user.type(await screen.findByLabelText('Passphrase'), `${GOOD}{Enter}`);
    expect(await screen.findByRole('alert')).toHaveTextContent('There is no copy of it. Move the file elsewhere and import an export.');
    expect(screen.queryByRole('button', { name: /^Use the copy/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Forgotten?' }));
    expect(screen.getByText('Nobody can reset it, and neither can we.')).toBeVisible();
    expect(screen.getByText('/home/jane/.config/superset-keys/vault.stronghold')).toBeVisible();
    expect(await violations(await dialog('Unlock the vault'))).toEqual([]);
  });

  it.each([['vault_busy', 'Another program is changing the vault'], ['vault_newer', 'A newer Superset Keys has been here'], ['no_vault', 'There is no vault on this computer']] as const)('says %s', async (code, words) => {
    const { user } = computer(locked, { unlockVault: () => { throw fail(code, { path: '/v' }); } });
    await user.click(await screen.findByRole('button', { name: 'Unlock' }));
    await user.type(await screen.findByLabelText('Passphrase'), `${GOOD}{Enter}`);
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
  });

  it('goes on with copying, and with nothing where it is left', async () => {
    let shut = true;
    const { user, answers, called } = computer(locked, {
      listKeys: () => keyList([inVault()]), copySecret: () => { if (shut) throw fail('vault_locked'); return 30; },
    });
    const open = answers.unlockVault;
    answers.unlockVault = (given) => { const view = open?.(given) ?? vaultView(); shut = false; return view; };
    await user.click(await screen.findByText('Claude Code – laptop'));
    const copy = () => user.click(last(screen.getAllByRole('button', { name: 'Copy' })));
    await copy();
    await user.click(within(await dialog('Unlock the vault')).getByRole('button', { name: 'Not now' }));
    await gone('Unlock the vault');
    expect(called('copySecret')).toHaveLength(1);
    expect(screen.queryByText(/still locked/), 'whoever left it knows').toBeNull();
    await copy();
    await user.type(await screen.findByLabelText('Passphrase'), `${GOOD}{Enter}`);
    await waitFor(() => expect(called('copySecret')).toHaveLength(3));
    expect(document.documentElement.outerHTML).not.toContain(GOOD);
  });

  it('forgets what was typed and left', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { user } = computer(locked);
    await user.click(await screen.findByRole('button', { name: 'Unlock' }));
    await user.type(await screen.findByLabelText('Passphrase'), GOOD);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(screen.getByLabelText('Passphrase')).toHaveValue(GOOD);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(screen.getByLabelText('Passphrase')).toHaveValue('');
  });

  it('is asked once, whoever else wants it meanwhile, and all go on', async () => {
    const questions = new VaultQuestions();
    const answers = Promise.all([questions.ask({ kind: 'export' }), questions.ask({ kind: 'unlock' }), questions.ask({ kind: 'unlock' })]);
    expect(questions.all.map(({ kind }) => kind)).toEqual(['export', 'unlock']);
    questions.done(true);
    questions.done(false);
    expect(await answers).toEqual([false, true, true]);
    expect(questions.all).toEqual([]);
  });

  it('goes on with creating a key', async () => {
    const { user, called } = computer(locked, { createKey: () => created({ key: inVault() }) });
    await screen.findByText('1 key');
    await user.keyboard('{Control>}n{/Control}');
    await user.type(within(await dialog('Create a key')).getByLabelText('Name'), 'Laptop');
    await press(user, 'Create key');
    await dialog('Unlock the vault');
    expect(called('createKey')).toHaveLength(0);
    await user.type(screen.getByLabelText('Passphrase'), `${GOOD}{Enter}`);
    await waitFor(() => expect(called('createKey')).toHaveLength(1));
  });

  it('asks for the vault of a key where the keychain comes first', async () => {
    let shut = true;
    const { user, called } = computer({ vault: vaultView({ state: 'locked' }) }, {
      listKeys: () => keyList([inVault()]), copySecret: () => { if (shut) { shut = false; throw fail('vault_locked'); } return 30; },
    });
    await user.click(await screen.findByText('Claude Code – laptop'));
    expect(screen.getByText('In the vault on this computer')).toBeVisible();
    await user.click(last(screen.getAllByRole('button', { name: 'Copy' })));
    await user.type(await screen.findByLabelText('Passphrase'), `${GOOD}{Enter}`);
    await waitFor(() => expect(called('copySecret')).toHaveLength(2));
    expect(called('unlockKeychain')).toHaveLength(0);
  });
});

describe('the foot of the sidebar', () => {
  it.each([['Vault', unlocked], ['Vault is locked', locked], ['No keyring', { keychain: noRing() }], ['GNOME Keyring', {}]])('says “%s” and leads to where keys are kept', async (text, over) => {
    const { user } = computer(over);
    await user.click(await screen.findByRole('button', { name: new RegExp(`^${text}\\s*, `) }));
    const heading = await screen.findByRole('heading', { level: 2, name: 'Where keys are kept' });
    await waitFor(() => expect(heading).toHaveFocus());
  });
});

describe('where keys are kept', () => {
  it('shows both, tries each, and breaks no rule', async () => {
    const { user, called, answers } = computer({ vault: vaultView({ state: 'open' }) }, { listInstances: () => [instance({ stored_keys: 3 })], tryStore: () => null });
    const kept = await settings(user);
    expect(await kept.findByText('In use, unlocked')).toBeVisible();
    expect(kept.getByText('3 keys for 1 instance, and what signs you in')).toBeVisible();
    expect(kept.getByText('Ready, unlocked')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(kept.getByRole('button', { name: 'Test GNOME Keyring' }));
    expect(await kept.findByText('GNOME Keyring works: something made up was stored, read back and deleted.')).toBeVisible();
    answers.tryStore = () => { throw fail('vault_unusable', { path: '/v', problem: 'read_only' }); };
    await user.click(kept.getByRole('button', { name: 'Test the vault' }));
    expect(await kept.findByText('We cannot read or write /v. The disk is read-only. Nothing was changed.')).toBeVisible();
    expect(called('tryStore').map(({ given }) => given)).toEqual([{ store: 'keychain' }, { store: 'vault' }]);
  });

  it('says which keys are in no export', async () => {
    const { now, user } = computer({ vault: vaultView({ state: 'open', first: 'vault', exported: '2026-11-03T10:00:00Z', not_exported: 2 }) });
    const kept = await settings(user);
    expect(await screen.findByText('Last one 3 Nov, before 2 of your keys came')).toBeVisible();
    now.vault = { ...now.vault, not_exported: 0 };
    await user.click(kept.getByRole('button', { name: 'Lock now' }));
    expect(await screen.findByText('Last one 3 Nov, with every key')).toBeVisible();
  });

  it('locks and unlocks', async () => {
    const { user, called } = computer(unlocked);
    const kept = await settings(user);
    await user.click(await kept.findByRole('button', { name: 'Lock now' }));
    expect(await kept.findByText('The vault is locked.')).toBeVisible();
    expect(await kept.findByText('In use, locked')).toBeVisible();
    await user.click(await kept.findByRole('button', { name: 'Unlock' }));
    await user.type(await screen.findByLabelText('Passphrase'), `${GOOD}{Enter}`);
    expect(await kept.findByText('In use, unlocked')).toBeVisible();
    expect(called('lockVault')).toHaveLength(1);
  });

  it('offers a vault, and says why there is no keychain', async () => {
    const { user } = computer({ keychain: noRing(), vault: vaultView({ keychain_problem: 'keychain_absent' }) });
    const kept = await settings(user);
    expect(await kept.findByText(/^This computer has no keyring\./)).toBeVisible();
    expect(kept.queryByRole('button', { name: /^Move/ })).toBeNull();
    await user.click(kept.getByRole('button', { name: 'Set up vault' }));
    await twice(user, 'Passphrase', GOOD, 'Set up vault');
    expect(await kept.findByText('In use, unlocked')).toBeVisible();
  });

  it('gives it another passphrase, and tells the old one wrong', async () => {
    const { user, called, answers } = computer(unlocked, { changeVaultPassphrase: () => { throw fail('wrong_passphrase'); } });
    await settings(user);
    await user.click(await rows().findByRole('button', { name: 'Change…' }));
    expect(await violations(await dialog('Change the passphrase'))).toEqual([]);
    await user.type(screen.getByLabelText('Passphrase now'), 'the old one');
    await twice(user, 'New passphrase', GOOD, 'Change passphrase');
    expect(await screen.findByText('That is not the passphrase now.')).toBeVisible();
    answers.changeVaultPassphrase = () => unlocked.vault;
    await user.click(screen.getByRole('button', { name: 'Change passphrase' }));
    await told('The vault has a new passphrase.');
    expect(called('changeVaultPassphrase').at(-1)?.given).toEqual({ old: { text: 'the old one' }, next: { text: GOOD } });
  });
});

describe('moving', () => {
  const moved = (over: Partial<SecretsMovedView> = {}): SecretsMovedView => ({ to: 'vault', moved: 3, were_there: 0, left: 0, stopped: false, ...over });
  const moves = (done: number, of: number) => emitSecretsMoving({ progress: { done, of } satisfies MoveProgress });

  it('sets a vault up first, shows how far it is, and stops after one', async () => {
    let end: (view: SecretsMovedView) => void = () => undefined;
    const { user, called, answers } = computer({}, { moveSecrets: () => new Promise((resolve) => (end = resolve)), stopMoving: () => null });
    const kept = await settings(user);
    await user.click(await kept.findByRole('button', { name: 'Move to the vault…' }));
    await twice(user, 'Passphrase', GOOD, 'Set up vault');
    const asked = await dialog('Move to the vault');
    expect(within(asked).getByText(/in one place or in both, never in none/)).toBeVisible();
    await user.click(within(asked).getByRole('button', { name: 'Move' }));
    await dialog('Moving to the vault');
    await moves(5, 9);
    expect(await screen.findByText('5 of 9 moved')).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '5');
    expect(screen.getByText('4 still to go')).toBeVisible();
    expect(await violations(screen.getByRole('dialog'))).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Stop after this one' }));
    expect(called('stopMoving')).toHaveLength(1);
    end(moved({ stopped: true }));
    expect(await screen.findByRole('alert')).toHaveTextContent('You stopped it. 3 entries are in the vault now. The rest is where it was, and works.');
    answers.moveSecrets = () => moved({ moved: 6, were_there: 3, left: 2 });
    await user.click(screen.getByRole('button', { name: 'Go on' }));
    expect(await screen.findByText(/2 of them could not be taken out of GNOME Keyring/)).toBeVisible();
    expect(called('moveSecrets').map(({ given }) => given)).toEqual([{ to: 'vault' }, { to: 'vault' }]);
  });

  it('goes on in the background, and says how it ended', async () => {
    let end: (view: SecretsMovedView) => void = () => undefined;
    const { user } = computer(unlocked, { moveSecrets: () => new Promise((resolve) => (end = resolve)) });
    const kept = await settings(user);
    await user.click(await kept.findByRole('button', { name: 'Move to GNOME Keyring…' }));
    await user.click(within(await dialog('Move to GNOME Keyring')).getByRole('button', { name: 'Move' }));
    await user.click(await screen.findByRole('button', { name: 'Continue in background' }));
    await moves(2, 3);
    expect(await kept.findByText(/^Moving: 2 of 3/)).toBeVisible();
    end(moved({ to: 'keychain' }));
    await told('3 entries are in GNOME Keyring now.');
    await waitFor(() => expect(kept.queryByText(/^Moving/)).toBeNull());
  });

  it('says why it did not come off, and is tried again', async () => {
    const { user, answers } = computer({ vault: vaultView({ state: 'open' }) }, { moveSecrets: () => { throw fail('keychain_refused'); } });
    const kept = await settings(user);
    await user.click(await kept.findByRole('button', { name: 'Move to the vault…' }));
    await user.click(within(await dialog('Move to the vault')).getByRole('button', { name: 'Move' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('GNOME Keyring does not let us in');
    answers.moveSecrets = () => moved({ moved: 0 });
    await user.click(screen.getByRole('button', { name: 'Go on' }));
    expect(await screen.findByText('Nothing had to move. New keys go to the vault.')).toBeVisible();
  });
});

describe('an export', () => {
  it('has a passphrase of its own, says what is in it, and is reminded of once', async () => {
    localStorage.setItem('vault-to-export', 'yes');
    const { user, called, answers } = computer(unlocked, {
      listKeys: () => keyList([inVault()]), chooseExport: () => '/home/jane/laptop.vault',
      exportVault: () => ({ path: '/home/jane/laptop.vault', instances: 1, secrets: 2, not_here: 1 }),
    });
    await user.click(await screen.findByRole('button', { name: 'Export…' }));
    const asked = await dialog('Export to one file');
    expect(within(asked).getByText('1 key')).toBeVisible();
    expect(within(asked).getByText('stay here: two holders would end them')).toBeVisible();
    expect(await violations(asked)).toEqual([]);
    await user.click(within(asked).getByRole('button', { name: 'Save export' }));
    expect(await within(asked).findByText('Choose where it goes.')).toBeVisible();
    answers.chooseExport = () => null;
    await user.click(within(asked).getByRole('button', { name: 'Choose…' }));
    expect(within(asked).getByText('No file chosen'), 'the file dialog was left').toBeVisible();
    answers.chooseExport = () => '/home/jane/laptop.vault';
    await user.click(within(asked).getByRole('button', { name: 'Choose…' }));
    expect(await within(asked).findByText('/home/jane/laptop.vault')).toBeVisible();
    await twice(user, 'Passphrase for this file', GOOD, 'Save export');
    await told('2 secrets exported to /home/jane/laptop.vault. 1 key was not here to export.');
    expect(called('exportVault')[0]?.given).toEqual({ path: '/home/jane/laptop.vault', passphrase: { text: GOOD } });
    await waitFor(() => expect(screen.queryByText('Your keys are in one file.')).toBeNull());
  });

  it('asks for the vault’s passphrase where that is locked, and keeps what was typed for the file', async () => {
    let shut = true;
    const { user, called, answers } = computer(locked, {
      chooseExport: () => '/x.vault', exportVault: () => { if (shut) throw fail('vault_locked'); return { path: '/x.vault', instances: 1, secrets: 1, not_here: 0 }; },
    });
    const open = answers.unlockVault;
    answers.unlockVault = (given) => { const view = open?.(given) ?? vaultView(); shut = false; return view; };
    await settings(user);
    await user.click(await rows().findByRole('button', { name: 'Export…' }));
    await user.click(within(await dialog('Export to one file')).getByRole('button', { name: 'Choose…' }));
    await twice(user, 'Passphrase for this file', 'of the export file', 'Save export');
    await dialog('Unlock the vault');
    await user.type(screen.getByLabelText('Passphrase'), `${GOOD}{Enter}`);
    await told('1 secret exported to /x.vault.');
    expect(called('exportVault').map(({ given }) => given.passphrase)).toEqual([{ text: 'of the export file' }, { text: 'of the export file' }]);
  });

  it('comes in, tells a wrong passphrase, and says what came', async () => {
    const { user, answers } = computer({}, { chooseFile: () => '/x.vault', importVault: () => { throw fail('wrong_passphrase', { path: '/x.vault' }); } });
    await settings(user);
    await user.click(await rows().findByRole('button', { name: 'Import…' }));
    const asked = await dialog('Import an export');
    expect(await within(asked).findByText('There is no vault here yet: one with the same passphrase is made.')).toBeVisible();
    expect(await violations(asked)).toEqual([]);
    await user.click(within(asked).getByRole('button', { name: 'Choose…' }));
    await user.type(screen.getByLabelText('Passphrase of this file'), `${GOOD}{Enter}`);
    expect(await within(asked).findByText('That did not open it. The file itself is whole.')).toBeVisible();
    answers.importVault = () => { throw fail('not_a_vault', { path: '/x.vault' }); };
    await user.click(within(asked).getByRole('button', { name: 'Import' }));
    expect(await within(asked).findByText(/^Choose the file that Export wrote/)).toBeVisible();
    answers.importVault = () => ({ instances_added: 1, keys_added: 2, keys_known: 1, vault_made: true });
    await user.click(within(asked).getByRole('button', { name: 'Import' }));
    await told('1 instance and 2 keys came. 1 key was here already.');
  });
});
