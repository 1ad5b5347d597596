import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { RecordCheckView, RecordRow, RecordView } from '../../ipc';
import { HOUR, fail, key, keyList, NOW, setting, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

const row = (over: Partial<RecordRow> = {}): RecordRow => ({
  at: time(-HOUR).utc, number: 7, by: 'superset-keys-desktop', instance: 'inst-production', instance_name: 'production', deed: 'key_copied', key: 'key-1', name: 'laptop',
  client: null, path: null, who: null, how: null, ...over,
});
const view = (rows: RecordRow[], over: Partial<RecordView> = {}): RecordView => ({ since: time(-HOUR).utc, rows, more: false, unchained: 0, unreadable: 0, not_noted: false, ...over });
const check = (over: Partial<RecordCheckView> = {}): RecordCheckView => ({
  state: 'holds', breaks: [], broken: 0, proven: 7, unchained: 0, of_another_key: 0, torn: 0, has_head: true, past_head: 0, ...over,
});

async function open(answers: MockAnswers = {}) {
  const window = openWindow({
    listKeys: () => keyList([key()]), showSettings: () => [setting()], showRecord: () => view([row(), row({ deed: 'signed_in', key: null, name: null, who: 'jane', how: 'password', number: 6 })]),
    verifyRecord: () => check(), ...answers,
  });
  await screen.findByText('1 key');
  await window.user.click(screen.getByRole('button', { name: 'Settings' }));
  await window.user.click(await screen.findByRole('button', { name: 'Open' }));
  await screen.findByRole('heading', { level: 1, name: 'Record' });
  return window;
}

it('tells what was done in sentences, and breaks no rule', async () => {
  const { called, user } = await open();
  const rows = within(await screen.findByRole('grid', { name: 'What was done here' }));
  expect(rows.getByRole('row', { name: /Copied laptop\. production/ })).toBeVisible();
  expect(rows.getByRole('row', { name: /Signed in as jane by a password/ })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Settings' })).toHaveAttribute('aria-current', 'page');
  expect(await violations()).toEqual([]);
  await user.selectOptions(screen.getByRole('combobox', { name: 'Instance' }), 'Production');
  await waitFor(() => expect(called('showRecord').at(-1)?.given).toEqual({ request: { instance: 'inst-production', hours: null } }));
});

it.each<[string, Partial<RecordCheckView>, RegExp, RegExp?]>([
  ['whole', {}, /7 lines are as they were written/, /could have written all of it/],
  ['changed', { state: 'broken', broken: 1, breaks: [{ kind: 'missing', file: 'record.jsonl', line: 4, number: 3, to: 5 }] }, /changed in 1 place/, /record.jsonl, line 4: number 3 to 5 is missing before it/],
  ['cut off', { state: 'broken', broken: 200, breaks: [{ kind: 'cut_off', file: 'record.jsonl', line: null, number: 8, to: 8 }] }, /changed in 200 places/, /the end was cut off; number 8 is missing/],
  ['empty', { state: 'empty', proven: 0 }, /The record is empty/],
  ['of another keychain', { state: 'not_proven', proven: 0, of_another_key: 7, has_head: false }, /Nothing can be proven: no line/, /not in the keychain any more/],
  ['while the keychain is locked', { state: 'store_away', proven: 0, has_head: false }, /locked or away/],
  ['without an end', { has_head: false }, /7 lines/, /whether the end was cut off cannot be told/],
])('says of a record that is %s what can be proven', async (_, over, said, also) => {
  const { user } = await open({ verifyRecord: () => check(over) });
  await user.click(screen.getByRole('button', { name: 'Verify' }));
  expect(await screen.findByText(said)).toBeVisible();
  if (also) expect(screen.getByText(also)).toBeVisible();
  expect(await violations()).toEqual([]);
});

it('exports, and says where it is; who picks no folder is told nothing', async () => {
  let file: string | null = '/home/jane/record.jsonl';
  const { user } = await open({ exportRecord: () => file });
  await user.click(screen.getByRole('button', { name: 'Export…' }));
  expect((await screen.findAllByText('The record is in /home/jane/record.jsonl.')).length).toBeGreaterThan(0);
  file = null;
  await user.click(screen.getByRole('button', { name: 'Export…' }));
  expect(screen.queryByText('The record is in .')).toBeNull();
});

it('says what is not in it, and why it cannot be read', async () => {
  const { answers, user } = await open({ showRecord: () => view([], { not_noted: true, unchained: 2 }) });
  expect(await screen.findByText(/its line could not be written/)).toBeVisible();
  expect(screen.getByText(/2 lines were noted while there was no keychain/)).toBeVisible();
  expect(screen.getByText('Nothing yet')).toBeVisible();
  answers.showRecord = () => { throw fail('state_unusable', { path: '/x' }); };
  await user.click(screen.getByRole('button', { name: 'Back' }));
  await user.click(await screen.findByRole('button', { name: 'Open' }));
  expect(await screen.findByRole('button', { name: 'Try again' })).toBeVisible();
});

it('shows hostile names as text', async () => {
  const name = '<img src=x onerror=alert(1)>\u202Egnp.exe';
  await open({ showRecord: () => view([row({ name }), row({ deed: 'client_connected', client: name.repeat(200), path: '/tmp/\u0000x', number: null })]) });
  const grid = await screen.findByRole('grid', { name: 'What was done here' });
  expect(grid.querySelector('img')).toBeNull();
  expect(within(grid).getByText(/Copied <img src=x onerror=alert\(1\)>⟨U\+202E⟩gnp\.exe/)).toBeVisible();
});
