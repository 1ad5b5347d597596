import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { FoundClient, SnippetRequest } from '../../ipc';
import { Checkup } from '../../state/checkup.svelte';
import { Found } from '../../state/found.svelte';
import {
  checkedUp, client, fail, found, foundEntry, foundFile, instance, key, keychain, mockCommands, NOW, preview, samePerson, snippet, time, unmockCommands,
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
  const props = { onask: vi.fn(), onlook: vi.fn(), oncreate: vi.fn(), found: new Found() };
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
    expect(await screen.findByRole('option', { name: /Connected with this key/ })).toBeVisible();
    world.here = { ...connected, files: [foundFile({ entries: [foundEntry({ instance: 'inst-staging' })] })] };
    await looked.look();
    expect(await screen.findByRole('option', { name: /Connected to Staging/ })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('tells another key apart, and one that has ended', async () => {
    const uses = (id: string) => ({ ...connected, files: [foundFile({ entries: [foundEntry({ key: id })] })] });
    const { world, found: looked } = await open({}, { here: uses('key-2') });
    expect(option(/Uses another key/)).toBeVisible();
    expect(screen.getByText('Connected with the key "Second"')).toBeVisible();
    world.here = uses('nobody knows');
    await looked.look();
    expect(await screen.findByText('Connected to Production')).toBeVisible();
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
    expect((await screen.findAllByText('Cursor is connected.')).length).toBe(2);
    expect(called('connectClient')).toEqual([{ id: 'inst-production', request, seen: 'digest-1' }]);
    expect(screen.getAllByRole('status').some((one) => one.textContent === 'Cursor is connected.')).toBe(true);
    expect(screen.getByText(/Settings → MCP/)).toBeVisible();
    expect(await screen.findByText(/jane/, { selector: 'p' })).toBeVisible();
    expect(called('checkup')).toEqual([{ id: 'inst-production', key: 'key-laptop' }]);
    expect(option(/Connected with this key/)).toBeVisible();
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
    const dialog = await screen.findByRole('dialog', { name: '"superset" is taken' });
    expect(within(dialog).getByRole('button', { name: 'Replace' })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Keep both' }));
    await user.click(await press('Write file'));
    await waitFor(() => expect(called('connectClient')).toMatchObject([{ request: { ...request, if_taken: 'beside' } }]));
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
