import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { CheckupView, FoundClient, SnippetRequest } from '../../ipc';
import { Checkup } from '../../state/checkup.svelte';
import { Found } from '../../state/found.svelte';
import {
  checked, checkedUp, client, fail, found, foundEntry, foundFile, instance, key, keychain, letIn, mockCommands, NOW, preview, samePerson, snippet, time, unmockCommands,
  written, type MockAnswers,
} from '../../test/fixtures';
import SnippetsView from './SnippetsView.svelte';

afterEach(() => {
  cleanup();
  unmockCommands();
});

const cursor = client({ id: 'cursor', name: 'Cursor', kind: 'editor' });
const desktop = client({ id: 'claude-desktop', name: 'Claude Desktop', kind: 'app' });
const free = found('cursor', { installed: true, files: [foundFile()] });
const connected = found('cursor', {
  installed: true, files: [foundFile({ entries: [foundEntry()] })], undo: { at: time(0).utc, path: '~/.cursor/mcp.json', entry: 'superset' },
});

/** A computer with Cursor on it; `here` is what its file says now. */
async function open(answers: MockAnswers = {}, { here = free, ...more }: { here?: FoundClient } & Record<string, unknown> = {}) {
  const world = { here };
  const mock = mockCommands({
    listClients: () => [desktop, cursor], findClients: () => [found('claude-desktop', { files: [foundFile({ path: '~/desktop.json', exists: false })] }), world.here],
    renderSnippet: ({ request }) => snippet({ client: (request as SnippetRequest).client, delivery: (request as SnippetRequest).delivery ?? 'bridge' }),
    copySnippet: () => 0, checkup: () => checkedUp([samePerson()]), pastCheckups: () => [],
    previewConnect: () => preview(), previewDisconnect: () => preview({ delivery: null, notes: [] }),
    connectClient: () => { world.here = connected; return written(); },
    disconnectClient: () => { world.here = { ...free, undo: connected.undo }; return written({ delivery: null }); },
    restoreClient: () => { world.here = free; return { client: 'cursor', at: time(0).utc, path: '~/.cursor/mcp.json', entry: 'superset', was_new: false, can_be_undone: true, kept_as: '/kept' }; },
    ...answers,
  });
  const props = { onask: vi.fn(), onactivity: vi.fn(), onlook: vi.fn(), oncreate: vi.fn(), found: new Found() };
  render(SnippetsView, {
    instance: instance(), instances: [instance(), instance({ id: 'inst-staging', name: 'Staging' })], keys: [key(), key({ id: 'key-2', name: 'Second' })],
    initialKey: 'key-laptop', initialClient: null, checkup: new Checkup('inst-production'), keychain: keychain(), now: NOW, asks: () => false, ...props, ...more,
  });
  const user = userEvent.setup();
  await screen.findByRole('region', { name: 'Config for Cursor' });
  const called = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.given);
  return { ...mock, ...props, world, user, called };
}
const press = (name: string | RegExp) => screen.findByRole('button', { name });
const option = (name: RegExp) => screen.getByRole('option', { name });
const request = { client: 'cursor', key: 'key-laptop', delivery: 'bridge' };

describe('the list', () => {
  it('says how each client stands, what is here first', async () => {
    const { world, found: looked } = await open();
    const rows = within(screen.getByRole('listbox')).getAllByRole('option');
    expect(rows.map((one) => one.textContent?.trim())).toEqual(['CursorNot set up']);
    expect(screen.getByRole('button', { name: 'Not found on this computer (1)' })).toHaveAttribute('aria-expanded', 'false');
    expect(option(/Cursor/)).toHaveAttribute('aria-selected', 'true');
    world.here = connected;
    await looked.look();
    expect(await screen.findByRole('option', { name: /^Cursor ?Set up$/ })).toBeVisible();
    world.here = { ...connected, files: [foundFile({ entries: [foundEntry({ instance: 'inst-staging' })] })] };
    await looked.look();
    expect(await screen.findByRole('option', { name: /Set up for Staging/ })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('tells another key apart, and one that has ended', async () => {
    const uses = (id: string) => ({ ...connected, files: [foundFile({ entries: [foundEntry({ key: id })] })] });
    const { world, found: looked } = await open({}, { here: uses('key-2') });
    expect(option(/Uses another key/)).toBeVisible();
    expect(screen.getByText('Set up with the key “Second”')).toBeVisible();
    world.here = uses('nobody knows');
    await looked.look();
    expect(await screen.findByText('Set up for Production')).toBeVisible();
  });

  it('still copies where nobody could look', async () => {
    const { user, answers } = await open({ findClients: () => { throw fail('state_unusable', { path: '/x' }); } }, { initialClient: 'cursor' });
    expect(screen.getByText('We could not look for AI clients on this computer.')).toBeVisible();
    expect(await press('Copy config')).toBeEnabled();
    expect(screen.queryByRole('button', { name: /^Write/ })).toBeNull();
    answers.findClients = () => [free];
    await user.click(await press('Look again'));
    expect(await press('Write to ~/.cursor/mcp.json')).toBeVisible();
  });
});

describe('the first write', () => {
  it('shows what changes, then writes just that, proves the key and can be undone', async () => {
    const { user, called } = await open();
    const write = await press('Write to ~/.cursor/mcp.json');
    await user.click(write);
    const dialog = await screen.findByRole('dialog', { name: 'Write to Cursor’s settings?' });
    expect(dialog).toHaveAccessibleDescription('~/.cursor/mcp.json · 1 line added, 1 line removed');
    expect(within(dialog).getByRole('region', { name: 'Changes to ~/.cursor/mcp.json' })).toHaveTextContent('Added: "superset"');
    expect(dialog).toHaveTextContent('No secret is written. Cursor starts the bridge, which reads the key from GNOME Keyring.');
    expect(dialog).toHaveTextContent('A backup of the file as it is now is kept');
    expect(dialog).toHaveTextContent('Cursor sees the change by itself. No restart is needed.');
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Cancel' })).toHaveFocus());
    expect(await violations()).toEqual([]);
    expect(called('connectClient')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Write file' }));
    expect(await screen.findByText('Cursor is set up, and its key works.')).toBeVisible();
    expect(called('connectClient')).toEqual([{ id: 'inst-production', request, seen: 'digest-1' }]);
    expect(screen.getAllByRole('status').some((one) => one.textContent === 'Cursor is set up.')).toBe(true);
    expect(screen.getByText(/Settings → MCP/)).toBeVisible();
    expect(await screen.findByText(/jane/, { selector: 'p' })).toBeVisible();
    expect(called('checkup')).toEqual([{ id: 'inst-production', key: 'key-laptop' }]);
    expect(option(/Works/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Write/ })).toBeNull();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Cursor' })).toHaveFocus());
    await user.click(await press('Undo'));
    expect((await screen.findAllByText('Cursor’s settings are back as they were.')).length).toBe(2);
    expect(await press('Write again')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
  });

  it('is left with Escape, back to where it began', async () => {
    const { user, called } = await open();
    const write = await press('Write to ~/.cursor/mcp.json');
    await user.click(write);
    await screen.findByRole('dialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(write).toHaveFocus());
    expect(called('connectClient')).toEqual([]);
  });

  it('warns of a key in the file and writes it only from the dialog', async () => {
    const { user, called } = await open({ previewConnect: () => preview({ delivery: 'plaintext', holds_secret: true }) }, { here: { ...free } });
    await user.click(screen.getByRole('radio', { name: 'Plain text in file' }));
    await user.click(await press('Write anyway'));
    expect(await screen.findByText('Your key will lie in this file. Afterwards only you may read the file.')).toBeVisible();
    expect(called('previewConnect')).toEqual([{ id: 'inst-production', request: { ...request, delivery: 'plaintext' } }]);
  });

  it('waits for the person where the last check-up was critical', async () => {
    const { user, onask, called } = await open({}, { asks: () => true });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    expect(onask).toHaveBeenCalledWith('cursor', 'key-laptop');
    expect(called('previewConnect')).toEqual([]);
  });
});

it('writes at once where one was written before, and shows it on demand', async () => {
  const other = found('claude-desktop', { installed: true, files: [foundFile({ path: '~/x.json', entries: [foundEntry()] })] });
  const { user, called } = await open({ findClients: () => [other, free] });
  await user.click(await press('Show changes'));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await user.click(await press('Write to ~/.cursor/mcp.json'));
  await waitFor(() => expect(called('connectClient')).toHaveLength(1));
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('disconnects after showing what goes, which can be undone too', async () => {
  const { user, called } = await open({}, { here: connected });
  await user.click(await press('Disconnect'));
  const dialog = await screen.findByRole('dialog', { name: 'Disconnect Cursor?' });
  await user.click(within(dialog).getByRole('button', { name: 'Disconnect' }));
  expect((await screen.findAllByText('Cursor is disconnected.')).length).toBe(2);
  expect(called('disconnectClient')).toHaveLength(1);
  expect(await press('Undo')).toBeVisible();
});

describe('what may stand in the way', () => {
  it('is a file that changed meanwhile: the new diff waits for another look', async () => {
    let n = 0;
    const { user, called, world } = await open({
      previewConnect: () => preview({ seen: `digest-${(n += 1)}` }),
      connectClient: ({ seen }) => {
        if (seen === 'digest-1') throw fail('client_file_changed', { path: '/x' });
        world.here = connected;
        return written();
      },
    });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    await user.click(await press('Write file'));
    expect(await screen.findByRole('alert')).toHaveTextContent('The file changed while you looked. Someone edited it after the preview. Here is the new diff.');
    await user.click(await press('Review again'));
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getByRole('region', { name: /^Changes to/ })).toHaveFocus();
    expect(called('connectClient')).toHaveLength(1);
    await user.click(await press('Write file'));
    await waitFor(() => expect(called('connectClient').at(-1)).toMatchObject({ seen: 'digest-2' }));
  });

  it('is a name that is taken: replace it, or keep both', async () => {
    const { user, called } = await open({
      previewConnect: ({ request: asked }) => {
        if (!(asked as { if_taken?: string }).if_taken) throw fail('entry_taken', { client: 'cursor', entry: 'superset', path: '/x' });
        return preview({ entry: 'superset-production' });
      },
    });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    const dialog = await screen.findByRole('dialog', { name: '“superset” is taken' });
    expect(within(dialog).getByRole('button', { name: 'Replace' })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Keep both' }));
    await user.click(await press('Write file'));
    await waitFor(() => expect(called('connectClient')).toMatchObject([{ request: { ...request, if_taken: 'beside' } }]));
  });

  it('is a key that stands in the file alone: it goes only when that is said', async () => {
    const { user, called } = await open({
      connectClient: ({ request: asked }) => {
        if (!(asked as { drop_key?: boolean }).drop_key) throw fail('key_would_be_lost', { path: '/x', hint: 'sst_…9fQ2' });
        return written();
      },
    });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    await user.click(await press('Write file'));
    expect(await screen.findByRole('dialog', { name: 'A key would be lost' })).toHaveTextContent('sst_…9fQ2 stands only in /x');
    await user.click(await press('Go on without the key'));
    await user.click(await press('Write file'));
    await waitFor(() => expect(called('connectClient').at(-1)).toMatchObject({ request: { drop_key: true } }));
  });

  it.each([
    ['client_file_read_only', 'Make it writable', { path: '/x' }],
    ['key_would_be_shared', 'Git would share the key', { path: '/x' }],
    ['writing_unsupported', 'Move your settings to the new one first', { reason: 'older_file' }],
    ['client_file_unwritable', 'The disk is full.', { path: '/x', problem: 'full' }],
    ['backup_unwritable', 'Without one nothing was changed.', { problem: 'full' }],
  ] as const)('is %s, said in the dialog, and the setup can be copied', async (code, said, params) => {
    const { user, called } = await open({ connectClient: () => { throw fail(code, params); } });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    await user.click(await press('Write file'));
    await waitFor(() => expect(screen.getByRole('dialog')).toHaveTextContent(said));
    await user.click(await press('Copy the setup'));
    await waitFor(() => expect(called('copySnippet')).toHaveLength(1));
  });

  it('is a file its client could not read either: its line is named, copying stays', async () => {
    const problem = { kind: 'not_understood', problem: { line: 12, column: 3, kind: 'syntax' } } as const;
    const { user, world } = await open({}, { here: found('cursor', { installed: true, files: [foundFile({ problem })] }), initialClient: 'cursor' });
    expect(option(/File cannot be edited/)).toBeVisible();
    expect(screen.getByText('It is not valid (line 12, column 3). Fix it or copy the setup by hand.')).toBeVisible();
    expect(await press('Copy config')).toBeEnabled();
    expect(screen.queryByRole('button', { name: /^Write/ })).toBeNull();
    world.here = free;
    await user.click(await press('Look again'));
    expect(await press('Write to ~/.cursor/mcp.json')).toBeVisible();
  });

  it('is a client whose settings we never write', async () => {
    await open({}, { here: found('cursor', { installed: true }) });
    expect(screen.getByText('We do not write Cursor’s settings.')).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Copy config' })).toHaveLength(1);
  });

  it('is somebody else’s edit, when it is undone', async () => {
    const backup = { client: 'cursor', at: time(0).utc, path: '~/.cursor/mcp.json', entry: 'superset', was_new: false, can_be_undone: false, kept_as: '/state/backups/cursor' };
    const { user } = await open({
      restoreClient: () => { throw fail('client_file_changed', { path: '/x' }); },
      previewRestore: () => ({ backup, lines: [{ kind: 'removed', number: 7, text: '    "theirs": {}' }] }),
    }, { here: connected });
    await user.click(await press('Undo'));
    const dialog = await screen.findByRole('dialog', { name: 'Cursor’s settings were edited since' });
    expect(dialog).toHaveTextContent('Removed: "theirs": {}');
    expect(dialog).toHaveTextContent('/state/backups/cursor');
    expect(await violations()).toEqual([]);
  });
});

describe('no more is said than is known', () => {
  const failing = () => checkedUp([checked({ item: 'mcp_endpoint', verdict: 'warning', finding: 'endpoint_unreachable' })]);

  it('a setup is called just that until its key was tried, and amber where it was not taken', async () => {
    let answer: (view: CheckupView) => void = () => undefined;
    const { user } = await open({ checkup: () => new Promise((resolve) => (answer = resolve)) });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    await user.click(await press('Write file'));
    expect((await screen.findAllByText('Cursor is set up.')).length).toBe(2);
    expect(screen.queryByText(/list my dashboards/)).toBeNull();
    expect(option(/^Cursor ?Set up$/)).toBeVisible();
    answer(failing());
    expect(await screen.findByText('Cursor is set up, but will not reach Superset like this.')).toBeVisible();
    expect(option(/Set up, did not pass the check/)).toBeVisible();
    expect(screen.queryByText(/Works/)).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('what the check-up found beside is no connection that fails, and is one press away', async () => {
    const { user, onlook } = await open({ checkup: () => checkedUp([letIn(), samePerson()]) });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    await user.click(await press('Write file'));
    const said = await screen.findByText('Cursor is set up. The check-up found something.');
    expect(screen.queryByText(/will not reach Superset/)).toBeNull();
    await user.click(within(said.closest('p') ?? said).getByRole('button'));
    expect(onlook).toHaveBeenCalledOnce();
  });

  it('what one key was found to do stays known while another is tried', async () => {
    const { user, answers } = await open({}, { here: connected });
    await user.click(await press('Check that it works'));
    expect(await screen.findByRole('option', { name: /Works/ })).toBeVisible();
    answers.checkup = () => ({ ...failing(), key: { id: 'key-2', alias: 'b', name: 'Second', hint: 'sst_…Kd7w' } });
    await user.selectOptions(screen.getByLabelText('Key'), 'key-2');
    await user.click(await press('Check that it works'));
    expect(await screen.findByText('The MCP server cannot be reached.', { selector: 'p' })).toBeVisible();
    await user.selectOptions(screen.getByLabelText('Key'), 'key-laptop');
    expect(option(/Works/)).toBeVisible();
    expect(screen.getByText(/takes this key as jane/, { selector: 'p' })).toBeVisible();
  });

  it('a result goes with the MCP address it was for', async () => {
    const { user } = await open({ setMcpUrl: () => instance({ mcp_url: 'https://nowhere.invalid/mcp' }) }, { here: connected });
    await user.click(await press('Check that it works'));
    expect(await screen.findByRole('option', { name: /Works/ })).toBeVisible();
    await user.click(await press('Change'));
    await user.click(await press('Save'));
    expect(await screen.findByText('https://nowhere.invalid/mcp')).toBeVisible();
    expect(screen.queryByText(/Works/)).toBeNull();
    expect(option(/^Cursor ?Set up$/)).toBeVisible();
  });

  it('an entry that is written and not used is no success', async () => {
    const beside = [{ path: '/etc/cursor/mcp.json', scope: 'system', folder: null, profile: null, installation: null, what: 'goes_first' }] as const;
    const { user } = await open({ previewConnect: () => preview({ beside: [...beside] }), connectClient: () => written({ beside: [...beside] }) });
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    const said = 'Another “superset” in /etc/cursor/mcp.json, which administrators write, goes first: Cursor uses that one.';
    expect(within(await screen.findByRole('dialog')).getByText(said)).toBeVisible();
  });
});

describe('an entry whose program is gone', () => {
  const broken = { ...connected, files: [foundFile({ entries: [foundEntry({ program: '/opt/0.1/superset-keys', program_is_gone: true })] })] };

  it('is named, and mended with one click', async () => {
    const { user, called, world } = await open({
      mendClients: () => { world.here = connected; return [{ client: 'cursor', path: '~/.cursor/mcp.json', entry: 'superset', was: '/opt/0.1/superset-keys', written: written(), problem: null }]; },
    }, { here: broken, initialClient: 'cursor' });
    expect(option(/Its program is gone/)).toBeVisible();
    expect(screen.getByText(/Its entry names \/opt\/0.1\/superset-keys/)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(await press('Mend'));
    expect(await screen.findByText('The entry starts the program that is here now.')).toBeVisible();
    expect(called('mendClients')).toEqual([{ project: null }]);
    expect(option(/^Cursor ?Set up$/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Mend' })).toBeNull();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Cursor' })).toHaveFocus());
  });

  it('is no success any more, though it was written just now', async () => {
    const { user, world, found: looked } = await open();
    await user.click(await press('Write to ~/.cursor/mcp.json'));
    await user.click(await press('Write file'));
    expect(await screen.findByText('Cursor is set up, and its key works.')).toBeVisible();
    world.here = broken;
    await looked.look();
    expect(await press('Mend')).toBeVisible();
    expect(screen.queryByText('Cursor is set up, and its key works.')).toBeNull();
  });

  it('stands as it was where it cannot be, and why is said', async () => {
    const { user } = await open({
      mendClients: () => [{ client: 'cursor', path: '~/.cursor/mcp.json', entry: 'superset', was: '/x', written: null, problem: 'client_file_read_only' }],
    }, { here: broken, initialClient: 'cursor' });
    await user.click(await press('Mend'));
    expect(await screen.findByRole('alert')).toHaveTextContent('Cursor, ~/.cursor/mcp.json, stands as it was. The file is read-only.');
    expect(await press('Mend')).toBeEnabled();
  });
});

it('says that a key stands in the text of an entry that does not need it, and writes it anew', async () => {
  await open({}, { here: { ...connected, files: [foundFile({ entries: [foundEntry({ holds_key: true, held: 'key-laptop' })] })] }, initialClient: 'cursor' });
  expect(screen.getByText(/Writing the entry anew takes it out of ~\/.cursor\/mcp.json/)).toBeVisible();
  expect(await press('Write to ~/.cursor/mcp.json')).toBeEnabled();
});

describe('the other places of a client', () => {
  const profile = foundFile({ scope: 'profile', path: '~/.config/Code/User/profiles/1/mcp.json', profile: 'Work', others: 0 });
  const folder = foundFile({ scope: 'local', path: '~/.cursor/mcp.json', folder: '/home/jane/work', entries: [foundEntry({ entry: 'superset-old' })] });
  const world = { ...free, files: [foundFile(), profile, folder] };
  const places = () => within(screen.getByRole('region', { name: 'Other places it reads' }));

  it('are named with whom they are for, and set up or disconnected there alone', async () => {
    const { user, called } = await open({}, { here: world, initialClient: 'cursor' });
    expect(screen.getByText('Set up for Production, only in /home/jane/work')).toBeVisible();
    expect(places().getByText(/for the profile Work · Not set up/)).toBeVisible();
    expect(places().getByText(/for \/home\/jane\/work · Set up/)).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(places().getByRole('button', { name: /^Set up here/ }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Cancel' }));
    expect(called('previewConnect')).toEqual([{ id: 'inst-production', request: { ...request, scope: 'user', file: '~/.config/Code/User/profiles/1/mcp.json' } }]);
    await user.click(places().getByRole('button', { name: /^Disconnect/ }));
    await waitFor(() => expect(called('previewDisconnect')).toEqual([{ id: 'inst-production', request: { client: 'cursor', key: null, delivery: null, scope: 'local', project: '/home/jane/work' } }]));
  });

  it('say what was done there, and give the undo that was promised', async () => {
    const at = '~/.config/Code/User/profiles/1/mcp.json';
    const there = { ...world, files: [foundFile(), { ...profile, entries: [foundEntry()] }, folder], undo: { at: time(0).utc, path: at, entry: 'superset' } };
    const { user, world: computer, answers, called } = await open({}, { here: world, initialClient: 'cursor' });
    answers.connectClient = () => { computer.here = there; return written({ path: at, profile: 'Work' }); };
    answers.restoreClient = () => { computer.here = world; return { client: 'cursor', at: time(0).utc, path: at, entry: 'superset', was_new: false, can_be_undone: true, kept_as: '/kept' }; };
    await user.click(places().getByRole('button', { name: /^Set up here/ }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Write file' }));
    expect(await places().findByText(`Set up in ${at}. Undo puts the file back exactly as it was.`)).toBeVisible();
    expect(screen.getAllByRole('status').some((one) => one.textContent?.startsWith(`Set up in ${at}.`))).toBe(true);
    await user.click(await places().findByRole('button', { name: /^Undo, .*for the profile Work/ }));
    expect(await places().findByText(`${at} is back as it was.`)).toBeVisible();
    expect(called('restoreClient')).toEqual([{ client: 'cursor' }]);
    expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull();
  });

  it('are of no avail where administrators decide', async () => {
    await open({}, { here: { ...free, files: [foundFile({ is_read: false })] }, initialClient: 'cursor' });
    expect(option(/Administrators decide/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Write/ })).toBeNull();
  });
});
