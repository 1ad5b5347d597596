import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { activity, call, use } from '../../test/age';
import { DAY, fail, HOUR, key, keyList, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';
import { chipCounts, entriesOf, groupsOf } from './rows';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

const stopped = call({ at: time(-2 * HOUR).utc, client: { id: 'claude-code', name: 'Claude Code', version: null, program: null }, outcome: 'refused', ms: null });
const view = () => activity([call(), stopped, call({ at: time(-2 * DAY).utc, tool: 'list_charts', outcome: 'failed' })], { unexplained: [use()] });

describe('the list', () => {
  it('is grouped by day and instance, the newest first, with unexplained uses at their time', () => {
    const items = groupsOf(entriesOf(view()), NOW, 'UTC');
    expect(items.map((item) => (item.kind === 'group' ? item.label : item.kind))).toEqual(['Today · Production', 'call', 'call', 'use', '18 Nov 2026 · Production', 'call']);
    const staging = call({ at: time(-90 * 60_000).utc, instance: 'inst-staging', instance_name: 'Staging' });
    const mixed = groupsOf(entriesOf(activity([call(), staging, stopped])), NOW, 'UTC');
    expect(mixed.map((item) => (item.kind === 'group' ? item.label : item.kind)), 'each instance of a day once').toEqual(['Today · Production', 'call', 'call', 'Today · Staging', 'call']);
  });

  it('tells two calls of one moment apart, also when others come', () => {
    const two = [call(), call()];
    const ids = entriesOf(activity(two)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(entriesOf(activity([call({ at: time(0).utc }), ...two])).slice(1).map(({ id }) => id)).toEqual(ids);
    const full = [...two, call({ at: time(-3 * HOUR).utc })];
    expect(entriesOf(activity([call({ at: time(0).utc }), ...full.slice(0, -1)])).slice(1).map(({ id }) => id), 'of a list that holds no more').toEqual(ids);
  });

  it('counts what the chips keep', () => {
    expect(chipCounts(entriesOf(view()))).toEqual({ all: 4, unexplained: 1, refused: 1, failed: 1 });
  });
});

async function open(answers: MockAnswers = {}) {
  const window = openWindow({ listKeys: () => keyList([key()]), showActivity: view, ...answers });
  await screen.findByRole('row', { name: /Claude Code/ });
  await window.user.click(screen.getByRole('button', { name: /^Activity/ }));
  await screen.findByRole('heading', { level: 1, name: 'Activity' });
  return window;
}
const grid = () => screen.findByRole('grid', { name: 'Activity of AI clients' });

describe('the place', () => {
  it('says what was done and what nothing explains, and breaks no rule', async () => {
    const { user } = await open();
    expect(await screen.findByRole('button', { name: /1 use nothing here explains/ })).toHaveAttribute('aria-current', 'page');
    const rows = within(await grid());
    expect(rows.getByRole('row', { name: /Cursor, execute_sql\. Done\. Took 412 ms/ })).toBeVisible();
    expect(rows.getByRole('row', { name: /Claude Code, execute_sql\. Stopped by the guard/ })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: /^Not from here/ }));
    await waitFor(() => expect(rows.queryByRole('row', { name: /Cursor/ })).toBeNull());
    await user.click(rows.getByRole('row', { name: /used by nothing on this computer/ }));
    const panel = within(await screen.findByRole('complementary', { name: /by nothing on this computer/ }));
    expect(panel.getByText(/^No call between/)).toBeVisible();
    expect(panel.getByText(/Superset does not tell who or where/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('silences the one use that a person knows', async () => {
    const open_ = { uses: [use()] };
    const { user, called } = await open({ showActivity: () => activity([call()], { unexplained: open_.uses }), acknowledgeUse: () => { open_.uses = []; return null; } });
    await user.click(within(await grid()).getByRole('row', { name: /used by nothing/ }));
    await user.click(screen.getByRole('button', { name: 'It was me' }));
    await waitFor(() => expect(screen.queryByRole('row', { name: /used by nothing/ })).toBeNull());
    expect(called('acknowledgeUse')[0]?.given).toEqual({ id: 'use-1' });
    expect(screen.queryByText(/use nothing here explains/)).toBeNull();
  });

  it('leads from a use to its key, and to its replacement', async () => {
    const { user } = await open();
    await user.click(within(await grid()).getByRole('row', { name: /used by nothing/ }));
    await user.click(screen.getByRole('button', { name: 'Replace this key' }));
    expect(await screen.findByRole('heading', { name: 'Replace “Claude Code – laptop”?' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Keep key' }));
    await user.click(await screen.findByRole('button', { name: 'Show key' }));
    expect(await screen.findByRole('complementary', { name: 'Claude Code – laptop' })).toBeVisible();
  });

  it('asks for another time, client and instance', async () => {
    const { user, called } = await open();
    await grid();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Client' }), 'Cursor');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Instance' }), 'Production');
    await user.click(screen.getByRole('radio', { name: '24 h' }));
    await waitFor(() => expect(called('showActivity').at(-1)?.given).toEqual({ request: { hours: 24, instance: 'inst-production', client: 'Cursor' } }));
    expect(screen.getByRole('combobox', { name: 'Client' })).toHaveDisplayValue('Cursor');
  });

  it('says when nothing was noted yet, and leads to AI clients', async () => {
    const { user } = await open({ showActivity: () => activity([]), listClients: () => [], findClients: () => [] });
    expect(await screen.findByRole('heading', { name: 'Nothing yet' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Connect a client' }));
    expect(await screen.findByRole('tab', { name: /AI clients/ })).toHaveAttribute('aria-selected', 'true');
  });

  it('says when the record is off, and turns it on', async () => {
    let on = false;
    const { user, called } = await open({
      showActivity: () => activity([], { is_on: on }),
      setSetting: () => { on = true; return { name: 'keep-activity', unit: 'switch', value: 1, default: 1, is_set: true, least: 0, most: 1 }; },
    });
    await user.click(await screen.findByRole('button', { name: 'Turn on' }));
    expect(await screen.findByRole('heading', { name: 'Nothing yet' })).toBeVisible();
    expect(called('setSetting')[0]?.given).toEqual({ name: 'keep-activity', value: 1 });
  });

  it('says why it cannot be read, and tries again', async () => {
    let bad = true;
    const { user } = await open({ showActivity: () => { if (bad) throw fail('state_unusable', { path: '/x' }); return view(); } });
    const again = await screen.findByRole('button', { name: 'Try again' });
    bad = false;
    await user.click(again);
    expect(await grid()).toBeVisible();
  });
});

describe('the panel of a key', () => {
  async function panel(by: Partial<ReturnType<typeof key>>) {
    const window = openWindow({ listKeys: () => keyList([key(by)]), showActivity: view });
    await window.user.click(await screen.findByRole('row', { name: /Claude Code/ }));
    return { ...window, panel: within(await screen.findByRole('complementary')) };
  }

  it('says which call made the last use', async () => {
    const { panel: it } = await panel({ last_used_by: { kind: 'call', client: 'Cursor', method: 'tools/call', tool: 'execute_sql', at: time(-2 * HOUR).utc } });
    expect(it.getByText('Was Cursor: execute_sql.')).toBeVisible();
  });

  it('lets one stand out that nothing here made, and leads to it', async () => {
    const { panel: it, user } = await panel({ last_used_by: { kind: 'nothing', id: 'use-1', mine: false } });
    expect(it.getByText('Last used by nothing on this computer.')).toBeVisible();
    await user.click(it.getByRole('button', { name: 'Show' }));
    expect(await screen.findByRole('complementary', { name: /by nothing on this computer/ })).toBeVisible();
  });

  it('is calm about one that was theirs', async () => {
    const { panel: it } = await panel({ last_used_by: { kind: 'nothing', id: 'use-1', mine: true } });
    expect(it.getByText('You said that it was you.')).toBeVisible();
    expect(it.queryByText(/by nothing/i)).toBeNull();
  });
});
