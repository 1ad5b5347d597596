import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import type { ScanView } from '../../ipc';
import { client, fail, key, keyList, movedKey, scanned, scannedKey, spot, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

afterEach(closeWindow);

const never = () => new Promise<never>(() => undefined);
const envFile = (over = {}) => spot({ path: '/home/jane/.env', shown: '~/.env', line: 1, kind: 'env_file', movable: false, ...over });

async function open(answers: MockAnswers = {}) {
  const all = openWindow({ listKeys: () => keyList([key()]), listClients: () => [client({ id: 'cursor', name: 'Cursor' })], stopScan: () => null, ...answers });
  await all.user.click(await screen.findByRole('button', { name: 'Keys on this computer' }));
  return all;
}
async function found(view: ScanView, answers: MockAnswers = {}) {
  const all = await open({ scanKeys: () => view, ...answers });
  await all.user.click(screen.getByRole('button', { name: 'Look for keys' }));
  await screen.findByText(/searched\./, { selector: 'p' });
  return all;
}
const table = () => within(screen.getByRole('table', { name: 'Places' }));
const move = /^Move to keychain: ~\/\.cursor\/mcp\.json:7/;

describe('before it', () => {
  it('says what it looks through, and waits for a person', async () => {
    const { user, called } = await open();
    expect(screen.getByRole('heading', { level: 1, name: 'Keys on this computer' })).toBeVisible();
    expect(screen.getByText(/It only reads, and nothing is sent\./)).toBeVisible();
    const nav = within(screen.getByRole('navigation'));
    expect(nav.getByRole('button', { name: 'Keys on this computer' })).toHaveAttribute('aria-current', 'page');
    expect(nav.getByRole('button', { name: /Production/ })).not.toHaveAttribute('aria-current');
    expect(called('scanKeys')).toHaveLength(0);
    expect(await violations()).toEqual([]);
    await user.keyboard('{Control>}n{/Control}');
    expect(screen.queryByRole('dialog')).toBeNull();
    await user.click(nav.getByRole('button', { name: /Production/ }));
    expect(screen.getByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
  });
});

describe('while it looks', () => {
  it('can be stopped, and keeps nothing', async () => {
    const { user, called } = await open({ scanKeys: never });
    await user.click(screen.getByRole('button', { name: 'Look for keys' }));
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    await user.click(await screen.findByRole('button', { name: 'Stop' }));
    expect(called('stopScan')).toHaveLength(1);
    expect(screen.getByRole('button', { name: 'Look for keys' })).not.toHaveAttribute('aria-busy');
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
  });

  it('says why it could not', async () => {
    const { user, answers } = await open({ scanKeys: () => { throw fail('state_newer', { path: '/x' }); } });
    await user.click(screen.getByRole('button', { name: 'Look for keys' }));
    expect(await screen.findByRole('heading', { name: 'A newer Superset Keys has been here' })).toBeVisible();
    answers.scanKeys = () => scanned([]);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { name: 'No key lies in the usual files.' })).toBeVisible();
  });
});

describe('one folder', () => {
  const field = () => screen.getByRole('textbox', { name: 'Folder' });
  const chosen = async (answers: MockAnswers = {}) => {
    const all = await open(answers);
    await all.user.click(screen.getByRole('radio', { name: 'One folder' }));
    return all;
  };

  it('is searched instead of the usual files, and its places look the same', async () => {
    const { user, called } = await chosen({ scanKeys: ({ folder }) => scanned(folder ? [scannedKey()] : [], { files: 12 }) });
    expect(screen.getByText(/every file in one folder, however deep\. It only reads/)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.type(field(), ' ~/work {Enter}');
    expect(await screen.findByText('1 key in 1 place. 12 files searched.', { selector: 'p' })).toBeVisible();
    expect(called('scanKeys').map((call) => call.given), 'spaces may be the folder’s own: core tells').toEqual([{ folder: ' ~/work ' }]);
    expect(table().getByRole('button', { name: move })).toBeVisible();
    expect(screen.getByRole('button', { name: 'Look again' })).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'The usual files' }));
    await user.click(screen.getByRole('button', { name: 'Look for keys' }));
    expect(await screen.findByRole('heading', { name: 'No key lies in the usual files.' })).toBeVisible();
  });

  it('is named where no key lies in it, with what could not be read', async () => {
    const { user } = await chosen({
      chooseFolder: () => '/srv', scanKeys: () => scanned([], { files: 2, unreadable: 1, unread: [{ path: '/srv/closed', why: 'permission_denied' }] }),
    });
    await user.click(screen.getByRole('button', { name: 'Choose folder…' }));
    expect(await screen.findByRole('heading', { name: 'No key lies in /srv.' })).toBeVisible();
    expect(screen.getByText('2 files searched. 1 file could not be read: /srv/closed.')).toBeVisible();
  });

  it('that is not there is said to be so, and what was found before stays', async () => {
    const { user, answers, called } = await chosen({ scanKeys: () => scanned([scannedKey()]) });
    await user.click(screen.getByRole('button', { name: 'Look for keys' }));
    expect(await screen.findByText('No folder is named. Type its path, or choose it.')).toBeVisible();
    expect(called('scanKeys')).toHaveLength(0);
    await user.type(field(), '~/work{Enter}');
    await screen.findByRole('table', { name: 'Places' });
    answers.scanKeys = () => { throw fail('folder_unusable', { path: '/x', problem: 'missing' }); };
    await user.clear(field());
    await user.type(field(), '/x{Enter}');
    expect(await screen.findByText('There is no folder /x. Check the spelling.')).toBeVisible();
    expect(table().getByText('Claude Code – laptop on Production')).toBeVisible();
    expect(await violations()).toEqual([]);
  });
});

describe('what it found', () => {
  it('is nothing', async () => {
    await found(scanned([]));
    expect(screen.getByRole('heading', { name: 'No key lies in the usual files.' })).toBeVisible();
    expect(screen.getByText('61 files searched.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Ask whether they work' })).toBeNull();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Look again' })).toHaveFocus());
  });

  it('is nothing in what was searched', async () => {
    const older = { files: 812, megabytes: 1203, folders: ['~/.claude/projects', '~/.codex/sessions'] };
    await found(scanned([], { skipped: { binary: 0, too_large: 1, large: ['~/.claude/projects/a.jsonl'], not_files: 0, folders: 0, older } }));
    const text = screen.getByText(/^61 files searched/).textContent;
    expect(text).toContain('1 file larger than 64 MB not searched: ~/.claude/projects/a.jsonl.');
    expect(text).toContain('812 files of 1203 MB that AI clients wrote earlier not searched.');
    expect(text).toContain('~/.claude/projects, ~/.codex/sessions');
  });

  it('is shown by key, with what to do, those others can have first', async () => {
    const stranger = scannedKey({
      hint: 'sst_…Zz01', match: 'unknown', key: null, instance: null, spots: [envFile({ git: 'tracked', readers: 'everyone', mode: '0644', exposed: true })],
    });
    await found(scanned([scannedKey({ life: { state: 'active', told_by: 'memory', at: time(0).utc, problem: null } }), stranger]));
    expect(screen.getByText('2 keys in 2 places. 61 files searched.', { selector: 'p' })).toBeVisible();
    const said = table().getAllByRole('row').map((row) => row.textContent.replace(/\s+/g, ' ').trim());
    expect(said[1]).toMatch(/sst_…Zz01 ?Unknown key ?Not asked/);
    expect(said[2]).toMatch(/Others can have it: ?~\/\.env:1 ?\.env file ?Everyone here ?Tracked/);
    expect(said[3]).toMatch(/sst_…9fQ2 ?Claude Code – laptop on Production ?Active, as of/);
    expect(said[4]).toMatch(/~\/\.cursor\/mcp\.json:7 ?Cursor ?Only you ?No/);
    expect(table().getAllByRole('button')).toHaveLength(1);
    expect(screen.getByText(/taking the line out leaves it in earlier commits/)).toBeVisible();
    expect(screen.getByText(/superset-keys exec INSTANCE -- COMMAND/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('says what it could not tell', async () => {
    await found(scanned([scannedKey({ match: 'looks_like', spots: [spot({ movable: false })] })], {
      by_fingerprint: false, unreadable: 2, unread: [{ path: '/home/jane/.netrc', why: 'permission_denied' }], more: true,
    }));
    expect(screen.getByText(/compared by their last letters only/)).toBeVisible();
    expect(screen.getByText('2 files could not be read: /home/jane/.netrc and 1 more.')).toBeVisible();
    expect(table().getByText('Looks like Claude Code – laptop on Production')).toBeVisible();
    expect(screen.queryByRole('button', { name: move })).toBeNull();
  });
});

describe('moving a key', () => {
  it('asks first, says what became of it, and can be undone', async () => {
    const { user, called } = await found(scanned([scannedKey()]), {
      moveScannedKey: () => movedKey(),
      restoreClient: () => ({ client: 'cursor', at: time(0).utc, path: '~/.cursor/mcp.json', entry: 'superset', was_new: false, can_be_undone: true, kept_as: '/kept' }),
    });
    await user.click(table().getByRole('button', { name: move }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Move this key to the keychain?' }));
    expect(dialog.getByText('The key goes into GNOME Keyring; Cursor gets the bridge in its place. A backup is kept, so you can undo.')).toBeVisible();
    expect(await violations()).toEqual([]);
    expect(called('moveScannedKey')).toHaveLength(0);
    await user.click(dialog.getByRole('button', { name: 'Move to keychain' }));
    expect(await table().findByText('Moved to GNOME Keyring. Cursor gets it through the bridge.')).toBeVisible();
    expect(called('moveScannedKey')[0]?.given).toEqual({ key: 0, spot: 0 });
    expect(table().queryByRole('button', { name: move })).toBeNull();
    await waitFor(() => expect(table().getByRole('button', { name: 'Undo' })).toHaveFocus());
    await user.click(table().getByRole('button', { name: 'Undo' }));
    expect(await table().findByText('Cursor’s settings are back as they were, with the key.')).toBeVisible();
    expect(called('restoreClient')[0]?.given).toEqual({ client: 'cursor' });
    await waitFor(() => expect(table().getByRole('button', { name: move })).toHaveFocus());
  });

  it('says why a key stays', async () => {
    const { user, answers } = await found(scanned([scannedKey()]), { moveScannedKey: () => movedKey({ written: null, problem: 'not_connected' }) });
    const tried = async () => {
      await user.click(table().getByRole('button', { name: move }));
      await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Move to keychain' }));
    };
    await tried();
    expect(await table().findByText(/^Left there\. It stands outside the entry of its instance/)).toBeVisible();
    answers.moveScannedKey = () => { throw fail('keychain_locked'); };
    await tried();
    expect(await table().findByText('Left there. GNOME Keyring could not be used. Unlock it and look again.')).toBeVisible();
    answers.moveScannedKey = () => null;
    await tried();
    expect(await table().findByText('Left there. The file changed meanwhile. Look again.')).toBeVisible();
  });

  it('can only undo the last change of a file', async () => {
    const other = scannedKey({ hint: 'sst_…Kd7w', spots: [spot({ line: 12 })] });
    const { user } = await found(scanned([scannedKey(), other]), { moveScannedKey: () => movedKey() });
    for (const line of ['7', '12']) {
      await user.click(table().getByRole('button', { name: new RegExp(`:${line}$`) }));
      await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Move to keychain' }));
      await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    }
    expect(table().getAllByText(/^Moved to GNOME Keyring/)).toHaveLength(2);
    expect(table().getAllByRole('button', { name: 'Undo' })).toHaveLength(1);
  });
});

describe('asking whether they work', () => {
  it('says first whom it asks', async () => {
    const asked = scannedKey({ life: { state: 'revoked', told_by: 'list', at: time(0).utc, problem: null } });
    const { user, called } = await found(scanned([scannedKey()]), { checkScannedKeys: () => scanned([asked], { asked: true }) });
    await user.click(screen.getByRole('button', { name: 'Ask whether they work' }));
    const dialog = within(await screen.findByRole('dialog'));
    expect(dialog.getByText(/This asks Production\. A key that no list shows is used once/)).toBeVisible();
    expect(called('checkScannedKeys')).toHaveLength(0);
    await user.click(dialog.getByRole('button', { name: 'Ask' }));
    expect(await table().findByText('Revoked')).toBeVisible();
  });

  it('keeps what was found if they cannot be asked', async () => {
    const { user } = await found(scanned([scannedKey()]), { checkScannedKeys: () => { throw fail('internal'); } });
    await user.click(screen.getByRole('button', { name: 'Ask whether they work' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Ask' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Something in this app stopped');
    expect(table().getByText('Not asked')).toBeVisible();
  });
});
