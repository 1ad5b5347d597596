// Connecting clients across the whole window: what leads there, what asks first, and what follows the world.
import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import {
  checkedUp, client, emitStateChanged, found, foundEntry, foundFile, instance, key, keyList, letIn, pastCheckup, preview, snippet, type MockAnswers,
} from './test/fixtures';
import { violations } from '../test/help';
import { closeWindow, openWindow } from './test/window';

afterEach(closeWindow);

const free = found('cursor', { installed: true, files: [foundFile()] });
const connected = { ...free, files: [foundFile({ entries: [foundEntry({ key: 'other' })] })] };
const cursor = client({ id: 'cursor', name: 'Cursor' });
const keys = [key({ last_used: null }), key({ id: 'other', name: 'Other', last_used: null })];

const open = (answers: MockAnswers = {}) =>
  openWindow({
    listKeys: () => keyList(keys), listClients: () => [client(), cursor], findClients: () => [free], previewConnect: () => preview(),
    renderSnippet: ({ request }) => snippet({ client: (request as { client: string }).client }), pastCheckups: () => [], ...answers,
  });

describe('Ctrl Shift C', () => {
  it('opens the clients with the key that is looked at, on the one that is here and not connected', async () => {
    const { user, called } = open();
    await user.click(await screen.findByRole('row', { name: /Other/ }));
    await user.keyboard('{Control>}{Shift>}C{/Shift}{/Control}');
    expect(await screen.findByRole('option', { name: /Cursor/, selected: true })).toBeVisible();
    await waitFor(() => expect(called('renderSnippet').at(-1)?.given.request).toMatchObject({ client: 'cursor', key: 'other' }));
  });
});

describe('the list follows the world', () => {
  it.each([
    ['the state file changes', () => emitStateChanged()],
    ['the window has the focus again', () => window.dispatchEvent(new Event('focus'))],
  ] as const)('when %s', async (_, happens) => {
    const { user, answers } = open();
    await user.click(await screen.findByRole('tab', { name: 'AI clients' }));
    expect(await screen.findByRole('option', { name: /Not set up/ })).toBeVisible();
    answers.findClients = () => [connected];
    await happens();
    expect(await screen.findByRole('option', { name: /Uses another key/ })).toBeVisible();
    expect(screen.getByRole('tab', { name: 'AI clients 1' })).toBeVisible();
  });
});

it('asks before it writes where a server lets anyone in, and comes back to the same client and key', async () => {
  const last = pastCheckup({ verdict: 'critical', worst: letIn() });
  const { user, answers, called } = open({ checkup: () => checkedUp([letIn()]) });
  await user.click(await screen.findByRole('tab', { name: 'AI clients' }));
  await user.click(await screen.findByRole('button', { name: /^Not found on this computer/ }));
  await user.click(screen.getByRole('option', { name: 'Claude Code' }));
  await user.selectOptions(screen.getByLabelText('Key'), 'other');
  await user.click(screen.getByRole('option', { name: /Cursor/ }));
  answers.listInstances = () => [instance({ last_checkup: last })];
  await user.click(await screen.findByRole('button', { name: 'Check that it works' }));
  expect(await screen.findByRole('button', { name: /Production Lets anyone in/ })).toBeVisible();
  await user.click(await screen.findByRole('button', { name: 'Write to ~/.cursor/mcp.json' }));
  expect(called('previewConnect')).toHaveLength(0);
  await user.click(await screen.findByRole('button', { name: 'Show the setup anyway' }));
  expect(await screen.findByRole('option', { name: /Cursor/, selected: true })).toBeVisible();
  expect(screen.getByLabelText('Key')).toHaveValue('other');
  await user.click(await screen.findByRole('button', { name: 'Write to ~/.cursor/mcp.json' }));
  expect(await screen.findByRole('dialog', { name: 'Write to Cursor’s settings?' })).toBeVisible();
});

describe('the panel of a key', () => {
  const using = { client: 'cursor', path: '~/.cursor/mcp.json', entry: 'superset', delivery: 'bridge' } as const;

  it('says which clients on this computer use it, and leads to their setups', async () => {
    const { user, called } = open({ findClients: () => [connected], clientsThatUse: ({ key }) => (key === 'other' ? [using] : []) });
    await user.click(await screen.findByRole('row', { name: /Other/ }));
    const clients = () => screen.findByRole('region', { name: 'AI clients on this computer' });
    expect(within(await clients()).getByText('~/.cursor/mcp.json')).toBeVisible();
    await user.click(screen.getByRole('row', { name: /laptop/ }));
    expect(await screen.findByText('We found none that names this key.')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('row', { name: /Other/ }));
    await user.click(within(await clients()).getByRole('button', { name: 'Cursor' }));
    expect(await screen.findByRole('option', { name: /Cursor/, selected: true })).toBeVisible();
    await waitFor(() => expect(called('renderSnippet').at(-1)?.given.request).toMatchObject({ client: 'cursor', key: 'other' }));
  });

  it('follows what their files say', async () => {
    const { user, answers } = open({ clientsThatUse: () => [] });
    await user.click(await screen.findByRole('row', { name: /Other/ }));
    expect(await screen.findByText('We found none that names this key.')).toBeVisible();
    answers.clientsThatUse = () => [using];
    window.dispatchEvent(new Event('focus'));
    expect(await screen.findByText('~/.cursor/mcp.json')).toBeVisible();
  });
});

describe('revoking', () => {
  const ask = async (answers: MockAnswers) => {
    const all = open(answers);
    (await screen.findByRole('row', { name: /Other/ })).focus();
    await all.user.keyboard('{Delete}');
    return { ...all, dialog: within(await screen.findByRole('alertdialog')) };
  };

  it('names the clients on this computer that stop', async () => {
    const { dialog, called } = await ask({ clientsThatUse: () => [{ client: 'cursor', path: '~/.cursor/mcp.json', entry: 'superset', delivery: 'bridge' }] });
    expect(await dialog.findByText('Cursor')).toBeVisible();
    expect(dialog.queryByText('Claude Code')).toBeNull();
    expect(called('clientsThatUse')[0]?.given).toEqual({ id: 'inst-production', key: 'other' });
  });

  it('says what it knows where nobody could look', async () => {
    const { dialog } = await ask({});
    expect(dialog.getByText('The copy in GNOME Keyring')).toBeVisible();
    expect(dialog.queryByText('stops working')).toBeNull();
  });
});
