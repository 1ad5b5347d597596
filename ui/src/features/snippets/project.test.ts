import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { FoundFile } from '../../ipc';
import { Checkup } from '../../state/checkup.svelte';
import { Found } from '../../state/found.svelte';
import {
  checkedUp, client, fail, found, foundEntry, foundFile, instance, key, keychain, mockCommands, NOW, preview, snippet, time, unmockCommands, written,
  type MockAnswers,
} from '../../test/fixtures';
import SnippetsView from './SnippetsView.svelte';

afterEach(() => {
  cleanup();
  unmockCommands();
});

const place = (path: string) => ({ linux: path, macos: path, windows: path });
const cursor = client({
  id: 'cursor', name: 'Cursor', kind: 'editor', locations: [{ scope: 'user', ...place('~/.cursor/mcp.json') }, { scope: 'project', ...place('<project>/.cursor/mcp.json') }],
  deliveries: [{ delivery: 'bridge', forms: ['config', 'link'], cannot: null }],
});
const desktop = client({ id: 'claude-desktop', name: 'Claude Desktop', kind: 'app' });
const path = '~/work/.cursor/mcp.json';
const inProject = (over: Partial<FoundFile> = {}) => foundFile({ scope: 'project', path, exists: false, others: 0, ...over });

/** Cursor is connected for all projects; a project in ~/work is not. */
async function open(answers: MockAnswers = {}) {
  const world = { file: inProject(), undo: false };
  const mock = mockCommands({
    listClients: () => [cursor, desktop],
    findClients: ({ project }) => [
      found('cursor', {
        installed: true, files: [foundFile({ entries: [foundEntry()] }), ...(project ? [world.file] : [])], undo: world.undo ? { at: time(0).utc, path, entry: 'superset' } : null,
      }),
      found('claude-desktop', { installed: true, files: [foundFile({ path: '~/desktop.json' })] }),
    ],
    renderSnippet: () => snippet({ client: 'cursor', path_hint: '~/.cursor/mcp.json' }), checkup: () => checkedUp([]), pastCheckups: () => [], copySnippet: () => 0,
    previewConnect: () => preview({ path, scope: 'project', exists: false, others: 0 }), previewDisconnect: () => preview({ path, scope: 'project', delivery: null, notes: [] }),
    connectClient: () => { Object.assign(world, { file: inProject({ exists: true, entries: [foundEntry()] }), undo: true }); return written({ path }); },
    disconnectClient: () => { world.file = inProject({ exists: true }); return written({ path, delivery: null }); },
    restoreClient: () => { Object.assign(world, { file: inProject(), undo: false }); return { client: 'cursor', at: time(0).utc, path, entry: 'superset', was_new: true, can_be_undone: true, kept_as: '/kept' }; },
    ...answers,
  });
  render(SnippetsView, {
    instance: instance(), instances: [instance()], keys: [key()], initialKey: 'key-laptop', initialClient: 'cursor', checkup: new Checkup('inst-production'), keychain: keychain(),
    now: NOW, found: new Found(), asks: () => false, onask: vi.fn(), onactivity: vi.fn(), onlook: vi.fn(), oncreate: vi.fn(),
  });
  const user = userEvent.setup();
  await screen.findByRole('region', { name: 'Config for Cursor' });
  const called = (command: string) => mock.calls.filter((call) => call.command === command).map((call) => call.given);
  return { ...mock, world, user, called };
}
const press = (name: string | RegExp) => screen.findByRole('button', { name });
const field = () => screen.getByRole('textbox', { name: 'Folder' });

async function inWork(answers: MockAnswers = {}) {
  const all = await open(answers);
  await all.user.click(screen.getByRole('radio', { name: 'For one project' }));
  await all.user.type(field(), '~/work{Enter}');
  return all;
}

describe('one project', () => {
  it('is offered where a client has a file for it, and needs a folder', async () => {
    const { user, called } = await open();
    expect(screen.getByRole('radio', { name: 'For all projects' })).toBeChecked();
    expect(screen.queryByRole('textbox', { name: 'Folder' })).toBeNull();
    expect(await press('Disconnect')).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'For one project' }));
    expect(field()).toBeVisible();
    expect(screen.getByText('Name the project’s folder below')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Disconnect' })).toBeNull();
    expect(screen.queryByRole('button', { name: /^Write/ })).toBeNull();
    expect(screen.queryByText(/We do not write/)).toBeNull();
    expect(screen.getByText('<project>/.cursor/mcp.json')).toBeVisible();
    expect(screen.queryByRole('radio', { name: 'Link' })).toBeNull();
    expect(called('findClients')).toEqual([{ project: null }]);
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('option', { name: /Claude Desktop/ }));
    expect(screen.queryByRole('radio', { name: 'For one project' })).toBeNull();
    expect(await press('Write to ~/desktop.json')).toBeVisible();
  });

  it('is looked into as soon as its folder is typed, written to, and undone', async () => {
    const { user, called } = await inWork();
    await user.click(await press('Show changes'));
    expect(screen.getByText('Not set up in this project')).toBeVisible();
    const request = { client: 'cursor', key: 'key-laptop', delivery: 'bridge', scope: 'project', project: '~/work' };
    const dialog = await screen.findByRole('dialog', { name: 'Write to Cursor’s settings?' });
    expect(dialog).toHaveAccessibleDescription(/^~\/work\/\.cursor\/mcp\.json · new file/);
    expect(called('previewConnect')).toEqual([{ id: 'inst-production', request }]);
    await user.click(within(dialog).getByRole('button', { name: 'Write file' }));
    expect((await screen.findAllByText('Cursor is set up.')).length).toBe(2);
    expect(called('connectClient')).toEqual([{ id: 'inst-production', request, seen: 'digest-1' }]);
    await user.click(await press('Undo'));
    expect((await screen.findAllByText('Cursor’s settings are back as they were.')).length).toBe(2);
    expect(await press('Write again')).toBeVisible();
    // The other file was not touched, and says nothing of this.
    await user.click(screen.getByRole('radio', { name: 'For all projects' }));
    expect(screen.queryByText('Cursor’s settings are back as they were.', { selector: 'p span' })).toBeNull();
    expect(await press('Disconnect')).toBeVisible();
  });

  it('is disconnected alone', async () => {
    const { user, called, world } = await open();
    world.file = inProject({ exists: true, entries: [foundEntry()] });
    await user.click(screen.getByRole('radio', { name: 'For one project' }));
    await user.type(field(), '~/work{Enter}');
    await user.click(await press('Disconnect'));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Disconnect' }));
    expect((await screen.findAllByText('Cursor is disconnected.')).length).toBe(2);
    expect(called('disconnectClient')).toMatchObject([{ request: { scope: 'project', project: '~/work' } }]);
  });

  it('is chosen in the system’s dialog', async () => {
    const { user, called, answers } = await open({ chooseFolder: () => null });
    await user.click(screen.getByRole('radio', { name: 'For one project' }));
    await user.click(await press('Choose folder…'));
    expect(field()).toHaveValue('');
    answers.chooseFolder = () => '/home/jane/work ';
    await user.click(await press('Choose folder…'));
    await waitFor(() => expect(field()).toHaveValue('/home/jane/work '));
    expect(await press(`Write to ${path}`)).toBeVisible();
    expect(called('findClients').at(-1), 'the space is in its name').toEqual({ project: '/home/jane/work ' });
  });
});

it.each([
  ['missing', 'There is no folder /work. Check the spelling.'],
  ['no_folder', '/work is a file. Name the folder it lies in.'],
  ['denied', 'We may not look into /work. Its owner can open it for you.'],
  ['relative', 'This is no whole path. Begin with / or with ~ for your home folder.'],
  ['other', 'We cannot look into /work. The system did not say why.'],
])('a folder that is %s is said to be so, and nothing can be written', async (problem, said) => {
  const { user, answers } = await open();
  const good = answers.findClients;
  answers.findClients = (given) => { if (given.project) throw fail('folder_unusable', { path: '/work', problem }); return good?.(given) ?? []; };
  await user.click(screen.getByRole('radio', { name: 'For one project' }));
  await user.type(field(), '/work{Enter}');
  expect(await screen.findByText(said)).toBeVisible();
  expect(field()).toHaveAccessibleDescription(said);
  expect(screen.queryByRole('button', { name: /^Write/ })).toBeNull();
  expect(await violations()).toEqual([]);
  await user.type(field(), 'space');
  expect(screen.queryByText(said)).toBeNull();
});

describe('a file that cannot be edited', () => {
  const problem = { kind: 'not_understood', problem: { line: 12, column: 3, kind: 'syntax' } } as const;

  it('is opened on demand, by what it is of and not by a path', async () => {
    const { user, world, called } = await open({ openClientFile: () => null });
    world.file = inProject({ exists: true, problem });
    await user.click(screen.getByRole('radio', { name: 'For one project' }));
    await user.type(field(), '~/work{Enter}');
    await user.click(await press('Open file'));
    await waitFor(() => expect(called('openClientFile')).toEqual([
      { request: { client: 'cursor', key: 'key-laptop', delivery: 'bridge', scope: 'project', project: '~/work' } },
    ]));
  });

  it('is named where no program takes it', async () => {
    const { user, world } = await open({ openClientFile: () => { throw fail('not_opened', { path: '/home/jane/work/.cursor/mcp.json' }); } });
    world.file = inProject({ exists: true, problem });
    await user.click(screen.getByRole('radio', { name: 'For one project' }));
    await user.type(field(), '~/work{Enter}');
    await user.click(await press('Open file'));
    expect(await screen.findByRole('alert')).toHaveTextContent('No program opened the file. Open /home/jane/work/.cursor/mcp.json in your editor.');
  });
});
