import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import type { ConnectRequest, Guard } from '../../ipc';
import { activity, call, guardView } from '../../test/age';
import { client, found, foundEntry, foundFile, key, keyList, preview, snippet, written, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';
import { chosen, only, others, turned } from './guard';

afterEach(closeWindow);

describe('what is ticked', () => {
  it('is names, so that tools of tomorrow stay off', () => {
    expect(chosen(guardView({}), 'chosen').allow).toEqual(['list_charts', 'get_schema', 'generate_explore_link', 'execute_sql', 'update_chart']);
    expect(turned(guardView({ allow: ['read'] }), 'execute_sql', true)).toEqual({ allow: ['list_charts', 'get_schema', 'execute_sql'], deny: [] });
    expect(turned(guardView({ allow: ['read'] }), 'get_schema', false).allow).toEqual(['list_charts']);
  });

  it('is never everything where nothing is ticked', () => {
    expect(only(guardView({}), [])).toEqual({ allow: [], deny: ['*'] });
    expect(turned(guardView({ allow: ['execute_sql'] }), 'execute_sql', false)).toEqual({ allow: [], deny: ['*'] });
  });

  it('keeps a tool that the server has besides', () => {
    const view = guardView({ allow: ['execute_sql', 'our_own_tool'] });
    expect(others(view)).toEqual(['our_own_tool']);
    expect(turned(view, 'execute_sql', false)).toEqual({ allow: ['our_own_tool'], deny: [] });
  });
});

const cursor = client({ id: 'cursor', name: 'Cursor', kind: 'editor' });

async function open(guard: Guard | null, answers: MockAnswers = {}) {
  const entry = foundEntry({ guard });
  const window = openWindow({
    listKeys: () => keyList([key({ is_default: true })]), listClients: () => [cursor], findClients: () => [found('cursor', { installed: true, files: [foundFile({ entries: [entry] })] })],
    renderSnippet: ({ request }) => snippet({ client: (request as ConnectRequest).client, delivery: (request as ConnectRequest).delivery ?? 'bridge' }), pastCheckups: () => [],
    showGuard: ({ guard: asked }) => guardView(asked as Guard), previewConnect: () => preview(), connectClient: () => written(), ...answers,
  });
  await screen.findByRole('row', { name: /Claude Code/ });
  await window.user.click(screen.getByRole('tab', { name: /AI clients/ }));
  await window.user.click(await screen.findByRole('radio', { name: 'What it may do' }));
  return window;
}

describe('what a client may do', () => {
  it('is everything until it is held to reading, which is written into its entry', async () => {
    const { user, called } = await open({ allow: [], deny: [] });
    expect(await screen.findByRole('radio', { name: 'Everything' })).toBeChecked();
    expect(screen.queryByRole('button', { name: /^Write/ }), 'nothing to write yet').toBeNull();
    await user.click(screen.getByRole('radio', { name: 'Reading only' }));
    await user.click(await screen.findByRole('button', { name: /^Write/ }));
    await waitFor(() => expect(called('connectClient')[0]?.given.request).toMatchObject({ client: 'cursor', delivery: 'bridge', guard: { allow: ['read'], deny: [] } }));
  });

  it('is ticked tool by tool, with counts and a filter', async () => {
    const { user, called } = await open({ allow: ['read'], deny: [] });
    await waitFor(() => expect(screen.getByRole('radio', { name: 'Reading only' })).toBeChecked());
    expect(screen.getByRole('option', { name: /Cursor/ })).toHaveTextContent(/reading only/);
    await user.click(screen.getByRole('radio', { name: 'Choose tools' }));
    expect(await screen.findByText('2 of 5 allowed')).toBeVisible();
    await user.click(screen.getByRole('checkbox', { name: 'execute_sql' }));
    expect(await screen.findByText('3 of 5 allowed')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.type(screen.getByRole('searchbox', { name: 'Filter tools' }), 'chart');
    await waitFor(() => expect(screen.queryByRole('checkbox', { name: 'execute_sql' })).toBeNull());
    expect(within(screen.getByRole('group', { name: 'Make or change' })).getByRole('checkbox', { name: 'update_chart' })).not.toBeChecked();
    await user.click(screen.getByRole('button', { name: /^Write/ }));
    await waitFor(() => expect(called('connectClient')[0]?.given.request).toMatchObject({ guard: { allow: ['list_charts', 'get_schema', 'execute_sql'], deny: [] } }));
  });

  it('needs the bridge, says so, and offers it', async () => {
    const { user } = await open(null, { findClients: () => [found('cursor', { installed: true, files: [foundFile({ entries: [foundEntry({ delivery: 'helper' })] })] })] });
    expect(await screen.findByRole('radio', { name: 'Reading only' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Use the bridge' }));
    await waitFor(() => expect(screen.getByRole('radio', { name: 'Reading only' })).toBeEnabled());
  });

  it('stands beside what it did', async () => {
    const { user, called } = await open({ allow: [], deny: [] }, { showActivity: () => activity([call()]) });
    await user.click(screen.getByRole('radio', { name: 'What it did' }));
    expect(await screen.findByRole('cell', { name: 'execute_sql' })).toBeVisible();
    expect(called('showActivity').at(-1)?.given).toEqual({ request: { instance: 'inst-production', client: 'cursor', hours: 720 } });
    await user.click(screen.getByRole('button', { name: 'Show all in Activity' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Activity' })).toBeVisible();
    await waitFor(() => expect(called('showActivity').at(-1)?.given).toEqual({ request: { instance: 'inst-production', client: 'cursor', hours: 720 } }));
  });
});
