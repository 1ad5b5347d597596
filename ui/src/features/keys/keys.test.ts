import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { DAY, emitClipboardEnded, emitStateChanged, HOUR, instance, key, keyElsewhere, keyList, NOW, time } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });
const airflow = keyElsewhere({ last_used: time(-12 * 60_000) });
const soon = key({ id: 'key-soon', name: 'Weekly notebook', hint: 'sst_…0bTe', last_used: time(-3 * DAY), expires: time(6 * DAY) });
const gone = key({ id: 'key-gone', name: 'n8n trial', hint: 'sst_…b77J', status: 'revoked', revoked: time(-DAY), last_used: null });
const all = [laptop, airflow, soon, gone];

const row = (name: string) => screen.findByRole('row', { name: new RegExp(name) });
const names = () => screen.getAllByRole('row').slice(1).map((line) => within(line).getAllByRole('gridcell').map((cell) => (cell.textContent ?? '').replace(/\s+/g, ' ').trim()).find((words) => words !== '')?.replace(/ Default$/, ''));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('the list', () => {
  it('shows each key, the last used first', async () => {
    openWindow({ listKeys: () => keyList(all) });
    expect(within(await row('Airflow')).getByText('Not on this computer')).toBeVisible();
    expect(names()).toEqual(['Airflow export job', 'Claude Code – laptop', 'Weekly notebook', 'n8n trial']);
    const used = within(await row('Claude Code')).getByRole('gridcell', { name: '2 hours ago' });
    expect(used).toHaveAttribute('title', expect.stringContaining('Server: 2026-11-20 11:05'));
    // Who hears the list hears the row, for that is what has the focus.
    expect(await row('Claude Code')).toHaveAccessibleName(/^Claude Code – laptop, Active, default\. Last used: 2 hours ago\. Expires: /);
    expect(within(await row('Weekly')).getByText('Expires soon')).toBeVisible();
    expect(screen.getByText('4 keys')).toBeVisible();
    expect(screen.getByText(/^Updated/)).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('does not count our own check as a use, and says so beside', async () => {
    const before = { kind: 'at', time: time(-100 * DAY) } as const;
    const { user } = openWindow({ listKeys: () => keyList([key({ last_used: time(-HOUR), before_own_use: { kind: 'never' } }), keyElsewhere({ last_used: time(-HOUR), before_own_use: before })]) });
    expect(within(await row('Claude Code')).getByRole('gridcell', { name: 'Not used yet' })).toHaveAttribute('title', 'This app used it 1 hour ago, to check it.');
    expect(within(await row('Airflow')).getByText('100 days ago')).toHaveClass('warn');
    await user.click(await row('Claude Code'));
    const panel = screen.getByRole('complementary');
    expect(within(panel).getByText('Not used yet')).toBeVisible();
    expect(within(panel).getByText('This app used it 1 hour ago, to check it.')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('names what cannot be seen in a name, and says of a use that seems to be to come that it was', async () => {
    openWindow({ listKeys: () => keyList([key({ name: '\u202Elive', last_used: time(500) }), key({ id: 'b', name: 'Ahead', last_used: time(2 * HOUR) })]) });
    const named = (await screen.findByText('⟨U+202E⟩live')).closest('bdi');
    expect(named).toBeVisible();
    expect(within(await row('live')).getByText('Just now')).toBeVisible();
    expect(within(await row('Ahead')).getByText('Lately')).toBeVisible();
  });

  it('filters by chip and text, and says how many are left', async () => {
    const { user } = openWindow({ listKeys: () => keyList(all) });
    await row('Airflow');
    expect(screen.getByRole('button', { name: 'Active 2' })).toHaveAttribute('aria-pressed', 'false');
    expect(screen.getByRole('button', { name: 'On this computer 3' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Expires soon 1' }));
    expect(names()).toEqual(['Weekly notebook']);
    expect(screen.getByText('1 of 4 keys')).toBeVisible();
    await user.keyboard('/zzz');
    expect(screen.getByRole('heading', { name: 'No key matches “zzz”' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Clear filter' }));
    expect(names()).toHaveLength(4);
  });

  it('sorts by a column', async () => {
    const { user } = openWindow({ listKeys: () => keyList(all) });
    await row('Airflow');
    await user.click(screen.getByRole('button', { name: 'Name' }));
    expect(screen.getByRole('columnheader', { name: /Name/ })).toHaveAttribute('aria-sort', 'ascending');
    expect(names()[0]).toBe('Airflow export job');
    await user.click(screen.getByRole('button', { name: 'Name' }));
    expect(names()[0]).toBe('Weekly notebook');
  });

  it('keeps pasted and other people’s keys apart', async () => {
    openWindow({ listKeys: () => keyList([...all, key({ id: 'p', name: 'Mine?', pasted: true, status: null, last_used: time(-1) }), key({ id: 'm', name: 'Theirs', belongs_to: 'max', status: null, last_used: time(-1) })]) });
    await row('Airflow');
    expect(names().slice(-2)).toEqual(['Mine? A key you pasted', 'Theirs Belongs to max']);
    expect(screen.getAllByText('Not listed')).toHaveLength(2);
  });

  it('shows the kept list at once, marked, and then the live one', async () => {
    let answer: (list: ReturnType<typeof keyList>) => void = () => undefined;
    openWindow({
      keptKeys: () => keyList([laptop], { live: false, fetched: time(-HOUR).utc }),
      listKeys: () => new Promise((resolve) => (answer = resolve)),
    });
    expect(await screen.findByText(/^Shown as of/)).toBeVisible();
    await waitFor(() => { answer(keyList(all, { listed_with_key: true })); expect(screen.getByText(/^Updated/)).toBeVisible(); });
    expect(names()).toHaveLength(4);
    expect(screen.getByText(/moved that key’s last-used time/)).toBeVisible();
  });

  it('draws only the rows in sight of ten thousand', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => key({ id: `k${n}`, name: `Key ${n}`, last_used: time(-n * 60_000) }));
    openWindow({ listKeys: () => keyList(many) });
    await screen.findByText('10,000 keys');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });
});

describe('the keyboard', () => {
  it('moves, opens the panel and closes it', async () => {
    const { user } = openWindow({ listKeys: () => keyList(all) });
    (await row('Airflow')).focus();
    await user.keyboard('{End}');
    expect(await row('n8n')).toHaveFocus();
    await user.keyboard('{Home}{ArrowDown}{Enter}');
    expect(screen.getByRole('complementary', { name: 'Claude Code – laptop' })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('complementary', { name: 'Weekly notebook' })).toBeVisible();
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('complementary')).toBeNull();
  });

  it('copies with Ctrl C and revokes with Delete', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList(all), copySecret: () => 30 });
    (await row('Airflow')).focus();
    await user.keyboard('{Control>}c{/Control}');
    expect(called('copySecret')).toHaveLength(0);
    await user.keyboard('{ArrowDown}{Control>}c{/Control}');
    expect(called('copySecret')[0]?.given).toEqual({ id: 'inst-production', key: 'key-laptop' });
    await user.keyboard('{Delete}');
    expect(await screen.findByRole('alertdialog', { name: /Revoke “Claude Code/ })).toBeVisible();
  });

  it('says of a key that is elsewhere that it cannot be copied', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList([airflow]) });
    (await row('Airflow')).focus();
    await user.keyboard('{Control>}c{/Control}');
    expect((await screen.findAllByText(/Not on this computer\. Superset shows a key only once/))[0]).toBeVisible();
    expect(called('copySecret')).toHaveLength(0);
  });

  it('filters, refreshes and switches instances', async () => {
    const { user, called } = openWindow({
      listInstances: () => [instance(), instance({ id: 'b', name: 'Staging', environment: 'staging' })], listKeys: () => keyList(all),
    });
    await row('Airflow');
    await user.keyboard('{Control>}f{/Control}');
    expect(screen.getByRole('searchbox', { name: 'Filter keys' })).toHaveFocus();
    const before = called('listKeys').length;
    await user.keyboard('{Control>}r{/Control}');
    await waitFor(() => expect(called('listKeys').length).toBe(before + 1));
    await user.keyboard('{Control>}2{/Control}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Staging' })).toBeVisible();
  });

  it('opens the row menu with Shift F10', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList(all), setDefaultKey: () => null });
    (await row('Weekly')).focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    const menu = await screen.findByRole('menu', { name: 'Actions for Weekly notebook' });
    expect(within(menu).getAllByRole('menuitem').map((item) => item.textContent?.trim().replace(/(Ctrl C|Delete)$/, '').trim())).toEqual([
      'Copy key', 'Connect a client', 'Show details', 'Make default', 'Replace…', 'Forget on this computer…', 'Revoke…',
    ]);
    await user.click(within(menu).getByRole('menuitem', { name: 'Make default' }));
    await waitFor(() => expect(called('setDefaultKey')[0]?.given).toEqual({ id: 'inst-production', key: 'key-soon' }));
  });
});

describe('a key in the panel', () => {
  it('is shown on demand only', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList(all), revealSecret: () => 'sst_plain9fQ2' });
    await user.click(await row('Claude Code'));
    expect(screen.getByRole('img', { name: 'Key ending in 9fQ2' })).toBeVisible();
    expect(called('revealSecret')).toHaveLength(0);
    await user.click(screen.getByRole('button', { name: 'Show, or hold to peek' }));
    expect(await screen.findByText('sst_plain9fQ2')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Hide' }));
    expect(screen.queryByText('sst_plain9fQ2')).toBeNull();
  });

  it('says that it is not here', async () => {
    const { user } = openWindow({ listKeys: () => keyList(all, { clock: { offset_minutes: 0, source: 'assumed', zone: null } }) });
    await user.click(await row('Airflow'));
    const panel = screen.getByRole('complementary');
    expect(within(panel).getByText(/Superset shows a key only once/)).toBeVisible();
    expect(within(panel).getByText(/assumed UTC/)).toBeVisible();
    expect(within(panel).queryByRole('button', { name: 'Copy' })).toBeNull();
  });

  it('counts down after copying and speaks at the start and at the end', async () => {
    const { user } = openWindow({ listKeys: () => keyList(all), copySecret: () => 30 });
    await user.click(await row('Claude Code'));
    await user.click(screen.getByRole('button', { name: 'Copy' }));
    const said = await screen.findAllByText('Copied. The clipboard clears in 30 s');
    expect(said.some((element) => element.getAttribute('role') === 'status')).toBe(true);
    await emitClipboardEnded({ instance: 'inst-production', key: 'key-laptop', cleared: true });
    expect(await screen.findByText('The clipboard is cleared.')).toHaveAttribute('role', 'status');
    expect(screen.queryByRole('button', { name: 'Clear now' })).toBeNull();
  });

  it('is forgotten after a question that says it is not revoked', async () => {
    const { user, called } = openWindow({ listKeys: () => keyList(all), forgetSecret: () => null });
    (await row('Weekly')).focus();
    await user.keyboard('{Shift>}{F10}{/Shift}');
    await user.click(await screen.findByRole('menuitem', { name: 'Forget on this computer…' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(within(dialog).getByText(/Forgetting never revokes/)).toBeVisible();
    await user.click(within(dialog).getByRole('button', { name: 'Forget key' }));
    await waitFor(() => expect(called('forgetSecret')[0]?.given).toEqual({ id: 'inst-production', key: 'key-soon' }));
  });
});

it('keeps the selection when the state file changes', async () => {
  const answers = { listKeys: () => keyList(all), listInstances: () => [instance(), instance({ id: 'b', name: 'Staging' })] };
  const { user, answers: live } = openWindow(answers);
  await user.click(await screen.findByRole('button', { name: /Staging/ }));
  live.listInstances = () => [instance({ name: 'Prod' }), instance({ id: 'b', name: 'Staging' }), instance({ id: 'c', name: 'New' })];
  await emitStateChanged();
  expect(await screen.findByRole('button', { name: /New/ })).toBeVisible();
  expect(screen.getByRole('heading', { level: 1, name: 'Staging' })).toBeVisible();
});
