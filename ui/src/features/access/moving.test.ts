import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { McpMoveView } from '../../ipc';
import { accessView } from '../../test/access-fixtures';
import { client, emitStateChanged, fail, found, instance, key, keyList, NOW, type MockAnswers } from '../../test/fixtures';
import { mcpMove, movedClient, watched } from '../../test/moving-fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });
const oauth = accessView({ access: { kind: 'oauth' }, default_key: null });

/** Opens the page by the way that leads there; `move` may change while a test runs. */
async function open(move: McpMoveView | null | (() => McpMoveView | null), answers: MockAnswers = {}) {
  const now = typeof move === 'function' ? move : () => move;
  const opened = openWindow({
    listInstances: () => [instance({ default_key: laptop.id })], listKeys: () => keyList([laptop]), listClients: () => [client(), client({ id: 'vscode', name: 'VS Code' })],
    findClients: () => [found('claude-code', { installed: true }), found('vscode', { installed: true })],
    renderSnippet: () => { throw fail('mcp_url_unknown'); }, pastCheckups: () => [], mcpAccess: () => oauth, mcpMove: now, lookAtMovedKeys: now, ...answers,
  });
  await opened.user.click(await screen.findByRole('tab', { name: /AI clients/ }));
  await opened.user.click(await screen.findByRole('button', { name: /^MCP access/ }));
  await opened.user.click(await screen.findByRole('button', { name: 'See who has moved' }));
  return opened;
}
const line = async (name: string) => (await screen.findByRole('rowheader', { name: new RegExp(name) })).closest('tr') as HTMLElement;
const cells = async (name: string) => within(await line(name)).getAllByRole('cell').map((cell) => cell.textContent.trim());
const vscode = movedClient({ client: 'vscode', client_name: 'VS Code', delivery: 'plaintext', switch: 'file', proven: null, key: 'key-spike', key_name: 'VS Code spike', watch: watched(0) });
const elsewhere = movedClient({ client: null, client_name: null, path: null, entry: null, delivery: null, switch: 'elsewhere', proven: null, key: 'key-airflow', key_name: 'Airflow export job', watch: null });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  closeWindow();
});

describe('who has moved', () => {
  it('has a row for each client and key, also of another computer, and breaks no rule', async () => {
    await open(mcpMove([movedClient({ watch: watched(26), may_go: true }), movedClient({ client: 'codex', client_name: 'Codex CLI', delivery: 'helper', proven: null, key: 'key-codex' }), vscode, elsewhere]));
    expect(await screen.findByRole('heading', { name: 'Moving to OAuth' })).toBeVisible();
    expect(await cells('Claude Code Claude')).toEqual(['By itself, bridge', expect.stringMatching(/^Call /), '24 h, of 24 h', 'Revoke…']);
    expect(await cells('Codex CLI')).toEqual(['By itself, helper', 'Waits for its next call', '3 h, of 24 h', '–']);
    expect(await cells('VS Code')).toEqual(['File to change', '–', '0 s, of 24 h', '–']);
    expect(await cells('Not on this computer')).toEqual(['We cannot switch it', '–', expect.stringMatching(/^Used /), '–']);
    expect(screen.getByText(/2 of 3 switched · 1 proved · 1 quiet · 0 revoked/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('shows the change that a client’s own file needs, first of all', async () => {
    const { user } = await open(mcpMove([movedClient({ proven: null }), vscode]));
    expect(await screen.findByText('Next: VS Code carries its key in its own file.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show the change for VS Code' }));
    expect(await screen.findByRole('heading', { name: 'VS Code' })).toBeVisible();
  });

  it('asks for a call of a client that made none since', async () => {
    await open(mcpMove([movedClient({ proven: null })]));
    expect(await screen.findByText('Next: Use Claude Code once.')).toBeVisible();
  });

  it('leads to the settings where calls are not noted', async () => {
    const { user } = await open(mcpMove([movedClient({ proven: null })], { records_calls: false }));
    expect(await cells('Claude Code')).toContain('Calls are not noted');
    await user.click(screen.getByRole('button', { name: 'Open settings' }));
    expect(await screen.findByRole('heading', { name: 'Settings' })).toBeVisible();
  });

  it('revokes a key that nobody uses, after a question', async () => {
    const { user, called } = await open(mcpMove([movedClient({ key: laptop.id, watch: watched(26), may_go: true })]), { clientsThatUse: () => [], revokeKey: () => ({ key: { ...laptop, status: 'revoked' }, already: false, stored_elsewhere: false }) as never });
    expect(await screen.findByText(/Next: Nobody uses .*Claude Code – laptop.* any more\./)).toBeVisible();
    await user.click(within(await line('Claude Code')).getByRole('button', { name: /Revoke .*Claude Code – laptop/ }));
    expect(await screen.findByRole('alertdialog', { name: /Revoke/ })).toBeVisible();
    expect(called('revokeKey')).toHaveLength(0);
  });

  it('waits, says for how long, and waits another time when asked', async () => {
    const { user, called } = await open(mcpMove([movedClient()]), { moveMcpAccess: () => mcpMove([movedClient()], { quiet_for: 3600 }) });
    expect(await screen.findByText('Next: Waiting until the keys are quiet.')).toBeVisible();
    expect(screen.getByText(/21 h to go/, { selector: '.next > span' })).toBeVisible();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Quiet after' }), '1 hour');
    await waitFor(() => expect(called('moveMcpAccess').at(-1)?.given).toMatchObject({ access: { kind: 'oauth' }, moving: { quiet_for: 3600 } }));
    expect(await cells('Claude Code')).toContain('1 h, of 1 h');
  });

  it('calls nothing quiet where uses cannot be seen', async () => {
    await open(mcpMove([movedClient({ watch: watched(50) })], { blind_spots: ['mcp'] }));
    expect(await cells('Claude Code')).toContain('Cannot be seen');
    expect(screen.getByText('No key is called quiet here.')).toBeVisible();
    expect(screen.getByText(/0 quiet/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('is done when no key of theirs is left', async () => {
    await open(mcpMove([movedClient({ key_state: 'gone', watch: null })], { done: true }));
    expect(await cells('Claude Code')).toContain('Revoked');
    expect(screen.getByText('Next: No key of theirs is left.')).toBeVisible();
  });

  it('shows what is known before the server answers, and looks once it is shown', async () => {
    let answer: (view: McpMoveView) => void = () => undefined;
    await open(mcpMove([movedClient({ proven: null, key_state: 'unknown', watch: null })]), { lookAtMovedKeys: () => new Promise<McpMoveView>((resolve) => { answer = resolve; }) });
    expect(await cells('Claude Code')).toContain('Waits for its next call');
    answer(mcpMove([movedClient()]));
    await waitFor(async () => expect(await cells('Claude Code')).toContain('3 h, of 24 h'));
  });

  it('says why the keys could not be looked at, and looks again', async () => {
    let away = true;
    const { user } = await open(() => mcpMove([movedClient()], away ? { problem: 'unreachable', problem_params: { host: 'superset.example.com' } } : {}));
    expect(await screen.findByText(/The keys could not be looked at just now\./)).toBeVisible();
    away = false;
    await user.click(screen.getByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(screen.queryByText(/could not be looked at/)).toBeNull());
  });

  it('follows what another program did', async () => {
    let view = mcpMove([movedClient({ proven: null })]);
    await open(() => view);
    expect(await cells('Claude Code')).toContain('Waits for its next call');
    view = mcpMove([movedClient()]);
    emitStateChanged();
    await waitFor(async () => expect(await cells('Claude Code')).toContainEqual(expect.stringMatching(/^Call /)));
  });
});

describe('to and fro', () => {
  it('offers to move those that keep a key of their own', async () => {
    let view: McpMoveView | null = null;
    const { user, called } = await open(() => view, { moveMcpAccess: () => (view = mcpMove([movedClient()])) });
    expect(await screen.findByText('AI clients with a key of their own keep it')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Move all clients' }));
    expect(await line('Claude Code')).toBeVisible();
    expect(called('moveMcpAccess').at(-1)?.given).toMatchObject({ access: { kind: 'oauth' }, moving: { keys: [], unproven: false } });
  });

  it('moves nobody where nobody is signed in for it, and leads to where that is done', async () => {
    const { user } = await open(null, { moveMcpAccess: () => { throw fail('no_oauth_sign_in', { instance: 'production' }); } });
    await user.click(await screen.findByRole('button', { name: 'Move all clients' }));
    expect(await screen.findByRole('button', { name: 'Move all clients' })).toBeVisible();
    expect(screen.getByText(/sign in again/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('heading', { name: 'OAuth' })).toBeVisible();
  });

  it('goes back to keys', async () => {
    const access = { now: oauth };
    const { user, called } = await open(mcpMove([movedClient()]), {
      mcpAccess: () => access.now,
      moveMcpAccess: () => { access.now = accessView(); return null; },
    });
    await user.click(await screen.findByRole('button', { name: 'Go back to keys' }));
    expect(await screen.findByText('AI clients use API keys')).toBeVisible();
    expect(called('moveMcpAccess').at(-1)?.given).toMatchObject({ access: { kind: 'api_key' } });
    await user.click(screen.getByRole('button', { name: 'MCP access' }));
    expect(await screen.findByRole('heading', { name: 'MCP access' })).toBeVisible();
  });

  it('asks first where no key is the default one', async () => {
    const { user, called } = await open(mcpMove([movedClient()]), { listInstances: () => [instance({ default_key: null })], moveMcpAccess: () => null });
    await user.click(await screen.findByRole('button', { name: 'Go back to keys' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(called('moveMcpAccess')).toHaveLength(0);
    await user.click(within(dialog).getByRole('button', { name: 'Use API keys' }));
    await waitFor(() => expect(called('moveMcpAccess')).toHaveLength(1));
  });

  it('has a way on where it cannot be read, and a way back', async () => {
    let broken = true;
    const { user } = await open(() => { if (broken) throw fail('state_damaged'); return mcpMove([movedClient()]); });
    await screen.findByRole('button', { name: 'Try again' });
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await line('Claude Code')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(await screen.findByRole('heading', { name: 'MCP access' })).toBeVisible();
  });
});
