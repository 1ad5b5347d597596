import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { CheckupItemView, CheckupView } from '../../ipc';
import {
  checked, checkedUp, client, emitCheckupProgress, fail, instance, key, keychain, keyList, letIn, pastCheckup, samePerson, snippet, type MockAnswers,
} from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

const never = () => new Promise<never>(() => undefined);
const handshake = (over: Partial<CheckupItemView> = {}) =>
  checked({ item: 'handshake', finding: 'speaks', params: { protocol: '2025-11-25' }, took: 143, ...over });
const signedOut = checked({ item: 'sign_in', verdict: 'noted', finding: 'signed_out', params: {}, remedy: 'sign_in', took: null });
const announced = checked({ item: 'oauth_metadata', verdict: 'warning', finding: 'oauth_announced', params: {}, remedy: 'drop_oauth_metadata', took: null });
const criticalPast = () => pastCheckup({ verdict: 'critical', worst: letIn(), passed: 7, examined: 10 });

async function open(answers: MockAnswers = {}) {
  const all = openWindow({
    listKeys: () => keyList([key({ is_default: true }), key({ id: 'second', name: 'Second', hint: 'sst_…Kd7w' })]), pastCheckups: () => [],
    stopCheckup: () => null, ...answers,
  });
  await all.user.click(await screen.findByRole('tab', { name: /^Check-up/ }));
  return all;
}
async function run(answers: MockAnswers) {
  const all = await open(answers);
  await all.user.click(await screen.findByRole('button', { name: 'Check now' }));
  return all;
}
const done = (items: CheckupItemView[], over: Partial<CheckupView> = {}) => run({ checkup: () => checkedUp(items, over) });
const rows = () => within(screen.getByRole('list', { name: 'Checks' }));
const row = (name: RegExp) => rows().getByRole('button', { name });
const heading = (name: string) => screen.findByRole('heading', { name });

it('shows two that ended in the same second', async () => {
  const past = pastCheckup();
  const { user } = await open({ pastCheckups: () => [past, past] });
  await user.click(screen.getByRole('tab', { name: /^Keys/ }));
  await user.click(screen.getByRole('tab', { name: /^Check-up/ }));
  expect(await heading('Is Production ready for AI clients?')).toBeVisible();
  await waitFor(() => expect(within(screen.getByRole('complementary')).getAllByRole('listitem')).toHaveLength(2));
});

describe('before it', () => {
  it('says what will be looked at and sent, and waits for a person', async () => {
    const { called } = await open();
    expect(await heading('Is Production ready for AI clients?')).toBeVisible();
    expect(screen.getByText('Never checked')).toBeVisible();
    expect(screen.getByText(/A made-up key and a made-up token are sent/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Create key' })).toBeNull();
    expect(called('checkup')).toHaveLength(0);
    expect(await violations()).toEqual([]);
  });

  it('is run with the default key, or the one that is picked', async () => {
    const { user, called } = await open({ checkup: () => checkedUp([checked(), samePerson()]) });
    await user.click(await screen.findByRole('button', { name: 'Check now' }));
    await heading('Production is ready');
    expect(called('checkup')[0]?.given).toEqual({ id: 'inst-production', key: 'key-laptop' });
    closeWindow();
    const again = await open({ checkup: () => checkedUp([checked(), samePerson()]) });
    await again.user.selectOptions(await screen.findByLabelText('Key'), 'second');
    await again.user.click(screen.getByRole('button', { name: 'Check now' }));
    await waitFor(() => expect(again.called('checkup')[0]?.given).toEqual({ id: 'inst-production', key: 'second' }));
  });

  it('does what it can without a key here', async () => {
    const { user, called } = await open({ listKeys: () => keyList([]), checkup: () => checkedUp([checked()], { key: null, requests_with_key: 0 }) });
    expect(await screen.findByText(/There is no key on this computer\. The check still tells/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Check now' }));
    expect(await heading('Nothing wrong was found on Production')).toBeVisible();
    expect(called('checkup')[0]?.given).toEqual({ id: 'inst-production', key: null });
    expect(screen.getByText(/without a key/)).toBeVisible();
  });

  it('says that a locked keychain keeps the key from being tried', async () => {
    const locked = keychain({ ready: false, locked: true, problem: 'keychain_locked' });
    const skipped = handshake({ verdict: 'skipped', finding: 'not_examined', params: {} });
    const { user } = await open({ keychainState: () => locked, checkup: () => checkedUp([checked(), skipped], { requests_with_key: 0 }) });
    expect(await screen.findByText(/Unlock it to try your key\. Everything else can be checked as it is/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Check now' }));
    expect(await screen.findByText(/so your key was not tried\. Unlock it and check again/)).toBeVisible();
  });

  it('shows what an earlier one found', async () => {
    await open({ listInstances: () => [instance({ last_checkup: criticalPast() })], pastCheckups: () => [criticalPast(), pastCheckup({ checked: '2026-11-06T12:00:00Z' })] });
    expect(await heading('Production needs attention')).toBeVisible();
    expect(await heading('This server lets anyone in as admin')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Check again' })).toBeVisible();
    expect(screen.getByText(/^Last checked .*: 7 of 10 passed$/)).toBeVisible();
    // It was told when it was found.
    expect(screen.queryByRole('alert')).toBeNull();
    expect(await screen.findByTitle('This server lets anyone in as admin')).toBeVisible();
    expect(screen.getByText('All 18 passed')).toBeVisible();
  });
});

describe('while it runs', () => {
  it('shows each result as it comes, and what is under way', async () => {
    const { user } = await run({ checkup: never });
    expect(await heading('Checking Production…')).toBeVisible();
    expect(rows().getByText('Asking for an answer…')).toBeVisible();
    await emitCheckupProgress({ instance: 'inst-production', item: checked() });
    await emitCheckupProgress({ instance: 'another', item: checked({ item: 'tools' }) });
    expect(await rows().findByText('superset.example.com answered')).toBeVisible();
    expect(rows().getByText('38 ms')).toBeVisible();
    expect(rows().getByText('Looking at the certificate…')).toBeVisible();
    expect(rows().getAllByRole('listitem')).toHaveLength(2);
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '1');
    await emitCheckupProgress({ instance: 'inst-production', item: announced });
    expect(await screen.findByText('OAuth announcement: The server announces OAuth')).toHaveAttribute('role', 'status');
    expect(row(/Warning OAuth announcement/)).toHaveAttribute('aria-expanded', 'true');
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('tab', { name: /^Keys/ }));
    await user.click(screen.getByRole('tab', { name: /^Check-up/ }));
    expect(await heading('Checking Production…')).toBeVisible();
  });

  it('turns only after a moment', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await run({ checkup: never });
    await heading('Checking Production…');
    expect(screen.getByRole('tab', { name: 'Check-up' })).toBeVisible();
    await vi.advanceTimersByTimeAsync(500);
    expect(await screen.findByRole('tab', { name: 'Check-up checking' })).toBeVisible();
  });

  it('can be stopped, and keeps what it found', async () => {
    const { user, called } = await run({ checkup: never });
    await heading('Checking Production…');
    await emitCheckupProgress({ instance: 'inst-production', item: checked() });
    await screen.findByText('superset.example.com answered');
    const stop = screen.getByRole('button', { name: 'Stop' });
    expect(stop).toHaveFocus();
    await user.keyboard('{Enter}');
    expect(await heading('The check of Production was stopped')).toBeVisible();
    expect(called('stopCheckup')[0]?.given).toEqual({ id: 'inst-production' });
    expect(screen.getByText('superset.example.com answered')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Copy report' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Check again' })).toHaveFocus();
    expect(await violations()).toEqual([]);
  });
});

describe('after it', () => {
  it('says that all is well, with which key, and copies a report without a letter of it', async () => {
    const { user, called } = await done([checked(), handshake(), samePerson()]);
    expect(await heading('Production is ready')).toBeVisible();
    expect(screen.getByText('Claude Code – laptop')).toBeVisible();
    expect(screen.getByText('sst_…9fQ2')).toBeVisible();
    expect(screen.getByText('Ready for AI clients')).toBeVisible();
    expect(screen.getByText(/Your key was sent 5 times, which moved its last-used time/)).toBeVisible();
    expect(screen.getByText('Production is ready. All 3 passed.')).toHaveAttribute('role', 'status');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Copy report' }));
    await waitFor(() => expect(called('copyText')).toHaveLength(1));
    const report = String(called('copyText')[0]?.given.text);
    for (const part of ['Check-up of Production, https://superset.example.com', 'Superset 6.1.0', '2026-11-20T13:05:00Z', '[Passed] Reachable: superset.example.com answered', '“Claude Code – laptop”']) expect(report).toContain(part);
    expect(report).not.toMatch(/sst_|9fQ2/);
  });

  it('opens what is to mend: why, what to do, and a message for the admin', async () => {
    const { user, called } = await done([checked(), signedOut, announced, handshake(), samePerson()]);
    expect(await heading('Production needs attention')).toBeVisible();
    expect(row(/Warning OAuth announcement/)).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByText(/Cursor, Copilot CLI and others then start a sign-in/)).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy message for your admin' }));
    await waitFor(() => expect(called('copyText')).toHaveLength(1));
    expect(String(called('copyText')[0]?.given.text)).toContain('Hello, our MCP server (https://superset.example.com/mcp) answers');
    await user.click(row(/Warning OAuth announcement/));
    expect(row(/Warning OAuth announcement/)).toHaveAttribute('aria-expanded', 'false');
    expect(await screen.findByRole('tab', { name: 'Check-up needs attention' })).toBeVisible();
    // Worth knowing is shown on demand, with what this window can do.
    await user.click(row(/Worth knowing Sign-in/));
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('dialog', { name: 'Sign in to Production' })).toBeVisible();
  });

  it('puts what is critical on top, aloud, and folds what passed', async () => {
    const noKey = letIn({ item: 'no_key', took: 57 });
    const { user, called } = await done([checked(), checked({ item: 'version', finding: 'version_known', params: { version: '6.1.0' } }), noKey, letIn()]);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This server lets anyone in as admin');
    expect(alert).toHaveTextContent('We asked the MCP server without any key. It answered as if we were admin.');
    expect(screen.getByText('How to fix it')).toBeVisible();
    expect(screen.queryByText('superset.example.com answered')).toBeNull();
    // The same again: there, not open, and its remedy is not told twice.
    expect(row(/Critical Rejects a made-up key/)).toHaveAttribute('aria-expanded', 'false');
    expect(await violations()).toEqual([]);
    await user.click(row(/2 checks passed · Reachable, Version/));
    expect(screen.getByText('superset.example.com answered')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy message for your admin' }));
    await waitFor(() => expect(called('copyText')).toHaveLength(1));
    expect(await screen.findByRole('button', { name: 'Copied' })).toBeVisible();
  });

  it('offers the lines to write where they help', async () => {
    const { user, called } = await done([checked(), letIn({ remedy: 'check_keys' })]);
    expect(await screen.findByRole('region', { name: 'superset_config.py' })).toHaveTextContent('MCP_API_KEY_ENABLED = True');
    await user.click(screen.getByRole('button', { name: 'Copy fix' }));
    await waitFor(() => expect(called('copyText')[0]?.given.text).toContain('MCP_DEV_USERNAME = None\n'));
  });

  it('is over when the instance cannot be reached, in words', async () => {
    const { user, answers } = await run({ checkup: () => { throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); } });
    expect(await heading('Production was not checked')).toBeVisible();
    expect(screen.getByRole('heading', { name: 'Production does not answer' })).toBeVisible();
    expect(screen.getByText('Connect to your company VPN')).toBeVisible();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(await violations()).toEqual([]);
    answers.checkup = () => checkedUp([checked(), samePerson()]);
    await user.click(screen.getByRole('button', { name: 'Check again' }));
    expect(await heading('Production is ready')).toBeVisible();
  });

  it('shows a text that could not be copied', async () => {
    const { user, answers } = await done([checked(), samePerson()]);
    answers.copyText = () => { throw fail('clipboard'); };
    await user.click(await screen.findByRole('button', { name: 'Copy report' }));
    expect(await screen.findByRole('region', { name: 'Mark the text and copy it yourself.' })).toHaveTextContent('Check-up of Production');
  });
});

describe('a critical instance', () => {
  const last = criticalPast();

  it('is marked in the sidebar as soon as it is found', async () => {
    const all = await open({ checkup: () => checkedUp([letIn()]) });
    const nav = within(screen.getByRole('navigation'));
    expect(nav.getByRole('button', { name: /Production jane · Gamma/ })).toBeVisible();
    all.answers.listInstances = () => [instance({ last_checkup: last })];
    await all.user.click(screen.getByRole('button', { name: 'Check now' }));
    expect(await nav.findByRole('button', { name: /Production Lets anyone in/ })).toBeVisible();
    expect(screen.getByRole('tab', { name: 'Check-up critical' })).toBeVisible();
    // Its use moved the key's last-used time.
    await waitFor(() => expect(all.called('listKeys').length).toBeGreaterThan(1));
  });

  it('asks before it shows how to connect', async () => {
    const { user } = await open({ listInstances: () => [instance({ last_checkup: last })], listClients: () => [client()], renderSnippet: () => snippet() });
    expect(await screen.findByText('Connecting new AI clients is paused')).toBeVisible();
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    expect(await heading('This server lets anyone in as admin')).toBeVisible();
    expect(screen.queryByRole('listbox', { name: 'AI clients' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Create key' })).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Look at the check-up' }));
    expect(await heading('Production needs attention')).toBeVisible();
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    await user.click(await screen.findByRole('button', { name: 'Show the setup anyway' }));
    expect(await screen.findByRole('listbox', { name: 'AI clients' })).toBeVisible();
    expect(screen.getByRole('tabpanel')).toHaveFocus();
    await user.click(screen.getByRole('tab', { name: /Check-up/ }));
    expect(screen.queryByText('Connecting new AI clients is paused')).toBeNull();
  });

  it('says it in the setup where it is found there, and asks the next time', async () => {
    const { user, answers } = await open({ checkup: () => checkedUp([letIn()]), listClients: () => [client()], renderSnippet: () => snippet() });
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    answers.listInstances = () => [instance({ last_checkup: last })];
    await user.click(await screen.findByRole('button', { name: 'Check that it works' }));
    expect(await screen.findByText(/This server lets anyone in as admin\./, { selector: 'p' })).toBeVisible();
    expect(await screen.findByRole('button', { name: /Production Lets anyone in/ })).toBeVisible();
    expect(screen.getByRole('listbox', { name: 'AI clients' })).toBeVisible();
    await user.click(screen.getByRole('tab', { name: 'Keys 2' }));
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    expect(await screen.findByRole('button', { name: 'Show the setup anyway' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Show the setup anyway' }));
    // The same again is no news.
    answers.listInstances = () => [instance({ last_checkup: { ...last, checked: '2026-11-20T15:00:00Z' } })];
    await user.click(await screen.findByRole('button', { name: 'Check again' }));
    await user.click(screen.getByRole('tab', { name: 'Keys 2' }));
    await user.click(screen.getByRole('tab', { name: 'AI clients' }));
    expect(await screen.findByRole('listbox', { name: 'AI clients' })).toBeVisible();
  });
});
