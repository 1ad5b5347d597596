import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { CodePart } from '../../components/CodeBlock.svelte';
import type { SnippetNote, SnippetRequest } from '../../ipc';
import { checked, checkedUp, client, fail, found, foundFile, instance, key, keychain, letIn, mockCommands, NOW, snippet, unmockCommands, type MockAnswers } from '../../test/fixtures';
import { Checkup } from '../../state/checkup.svelte';
import { Found } from '../../state/found.svelte';
import { highlight } from '../../parts/highlight';
import SnippetsView from './SnippetsView.svelte';

afterEach(() => {
  cleanup();
  unmockCommands();
});

const clients = [
  client(),
  client({
    id: 'claude-desktop', name: 'Claude Desktop', kind: 'app', checks: [{ how: 'open', what: 'Settings → Developer' }],
    deliveries: [
      { delivery: 'bridge', forms: ['config'], cannot: null },
      { delivery: 'helper', forms: [], cannot: 'commands_only' },
      { delivery: 'prompt', forms: [], cannot: 'no_prompt' },
      { delivery: 'variable', forms: [], cannot: 'commands_only' },
      { delivery: 'plaintext', forms: ['config'], cannot: null },
    ],
  }),
  client({ id: 'cursor', name: 'Cursor', kind: 'editor', deliveries: [
    { delivery: 'bridge', forms: ['config', 'link'], cannot: null },
    { delivery: 'helper', forms: [], cannot: 'no_helper' },
    { delivery: 'variable', forms: ['config', 'command', 'link'], cannot: null },
    { delivery: 'plaintext', forms: ['config'], cannot: null },
  ] }),
];
const rendered = ({ request }: Record<string, unknown>) => {
  const asked = request as SnippetRequest;
  return snippet({
    client: asked.client, delivery: asked.delivery ?? 'bridge', form: asked.form, holds_secret: asked.delivery === 'plaintext',
    masked: `{ "for": "${asked.client} ${asked.form} ${asked.key ?? 'default'}" }`, notes: [{ code: 'new_session_needed' }, { code: 'merge_if_file_exists' }],
  });
};

function show(answers: MockAnswers = {}, more = {}) {
  const mock = mockCommands({ listClients: () => clients, findClients: () => clients.map(({ id }) => found(id)), renderSnippet: rendered, copySnippet: () => 30, checkup: () => null, pastCheckups: () => [], ...answers });
  const oncreate = vi.fn();
  const onlook = vi.fn();
  const checkup = new Checkup('inst-production');
  const keys = [key({ id: 'k1' }), key({ id: 'k2', name: 'Second', is_default: true, hint: 'sst_…Kd7w' }), key({ id: 'gone', name: 'Gone', presence: 'not_here' })];
  const all = render(SnippetsView, { instance: instance(), keys, initialKey: null, initialClient: null, checkup, keychain: keychain(), found: new Found(),
    instances: [instance()], now: NOW, asks: () => false, onask: vi.fn(), onactivity: vi.fn(), onlook, oncreate, ...more });
  return { ...mock, ...all, oncreate, onlook, checkup, user: userEvent.setup() };
}
const code = (text: RegExp) => waitFor(() => expect(screen.getByRole('region', { name: /for/ })).toHaveTextContent(text));
const last = (calls: { command: string; given: Record<string, unknown> }[], command: string) => calls.filter((c) => c.command === command).at(-1)?.given;

it('shows the best way of the first client for the default key, and breaks no rule', async () => {
  const { calls } = show();
  await code(/claude-code config k2/);
  expect(last(calls, 'renderSnippet')).toEqual({ id: 'inst-production', request: { client: 'claude-code', key: 'k2', delivery: 'bridge', form: 'config' } });
  expect(screen.getByText('No secret inside')).toBeInTheDocument();
  expect(within(screen.getByLabelText('Key')).getAllByRole('option').map((option) => option.textContent)).toEqual(['Claude Code – laptop …9fQ2', 'Second …Kd7w (default)']);
  expect(screen.getByRole('radio', { name: 'Asked for by the client' })).toHaveAccessibleDescription('Claude Code has no way to ask for a key and keep it.');
  expect(await violations()).toEqual([]);
});

it('opens on what it was asked for', async () => {
  show({}, { initialKey: 'k1', initialClient: 'cursor' });
  await code(/cursor config k1/);
  expect(screen.getByRole('option', { name: /Cursor/ })).toHaveAttribute('aria-selected', 'true');
});

it('goes through the clients with the keyboard', async () => {
  show();
  await code(/claude-code/);
  const list = screen.getByRole('listbox');
  list.focus();
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  await code(/cursor config/);
  await fireEvent.keyDown(list, { key: 'End' });
  await code(/claude-desktop config/);
  expect(document.getElementById(list.getAttribute('aria-activedescendant') ?? '')).toHaveTextContent('Claude Desktop');
  expect(await violations()).toEqual([]);
});

describe('the list', () => {
  const groups = () => screen.getAllByRole('group').map((group) => `${group.getAttribute('aria-labelledby') ? group.firstElementChild?.textContent : ''}: ${within(group).getAllByRole('option').map((option) => option.textContent?.trim()).join(', ')}`);

  it('is told apart by kind', async () => {
    show();
    await code(/claude-code/);
    expect(groups()).toEqual(['Terminal: Claude Code', 'Editors: Cursor', 'Desktop apps: Claude Desktop']);
  });

  it('narrows as one types, and the arrow key goes into what was found', async () => {
    const { user } = show();
    await code(/claude-code/);
    const filter = screen.getByRole('searchbox', { name: 'Filter AI clients' });
    await user.type(filter, 'CURS');
    expect(groups()).toEqual(['Editors: Cursor']);
    await code(/claude-code/);
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('listbox')).toHaveFocus();
    await code(/cursor config/);
    await user.clear(filter);
    await user.type(filter, 'vim');
    expect(screen.getByText('No AI client is called “vim”.')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.keyboard('{Escape}');
    expect(groups()).toHaveLength(3);
  });
});

describe('clients that are not on this computer', () => {
  const here = (...ids: string[]) => ({ findClients: () => clients.map(({ id }) => found(id, { installed: ids.includes(id), files: [foundFile()] })) });
  const fold = () => screen.getByRole('button', { name: /^Not found on this computer/ });
  const options = () => screen.getAllByRole('option').filter((one) => one.hasAttribute('data-client')).map((one) => one.textContent.trim());

  it('are in one group, which opens with a click and closes again', async () => {
    const { user } = show(here('cursor'));
    await code(/cursor config/);
    expect(options()).toEqual(['CursorNot set up']);
    expect(fold()).toHaveTextContent('Not found on this computer (2)');
    await user.click(fold());
    expect(options()).toEqual(['CursorNot set up', 'Claude Code', 'Claude Desktop']);
    expect(within(screen.getByRole('listbox', { name: /^Not found/ })).getAllByRole('group')).toHaveLength(2);
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('option', { name: 'Claude Desktop' }));
    await code(/claude-desktop config/);
    await user.click(fold());
    expect(options()).toEqual(['CursorNot set up']);
  });

  it('are reached with the arrow keys, and left again', async () => {
    const { user } = show(here('cursor'));
    await code(/cursor config/);
    screen.getByRole('listbox', { name: 'AI clients' }).focus();
    await user.keyboard('{ArrowDown}');
    expect(fold()).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    await code(/claude-code config/);
    await waitFor(() => expect(screen.getByRole('listbox', { name: /^Not found/ })).toHaveFocus());
    await user.keyboard('{ArrowUp}');
    expect(fold()).toHaveFocus();
    await user.keyboard('{ArrowUp}');
    await code(/cursor config/);
  });

  it('are found by typing', async () => {
    const { user } = show(here('cursor'));
    await code(/cursor config/);
    await user.type(screen.getByRole('searchbox', { name: 'Filter AI clients' }), 'desk');
    expect(options()).toEqual(['Claude Desktop']);
    expect(fold()).toHaveTextContent('(1)');
    expect(await violations()).toEqual([]);
    await user.keyboard('{ArrowDown}');
    await code(/claude-desktop config/);
  });

  it('are in view where one was asked for, or nothing else is there', async () => {
    show(here('cursor'), { initialClient: 'claude-desktop' });
    await code(/claude-desktop config/);
    expect(fold()).toHaveAttribute('aria-expanded', 'true');
    cleanup();
    show(here());
    await code(/claude-code config/);
    expect(fold()).toHaveAttribute('aria-expanded', 'true');
  });

  it('are not told apart where nobody could look', async () => {
    show({ findClients: () => { throw fail('state_unusable', { path: '/x' }); } });
    await code(/claude-code config/);
    expect(screen.queryByRole('button', { name: /^Not found/ })).toBeNull();
    expect(options()).toHaveLength(3);
  });
});

it('says of a client that takes no key that it cannot be used, and nothing else', async () => {
  const none = client({ id: 'chatgpt', name: 'ChatGPT', kind: 'web', best_delivery: null, not_written: 'impossible', deliveries: [{ delivery: 'bridge', forms: [], cannot: 'no_place_for_key' }] });
  const { calls } = show({ listClients: () => [none] });
  expect(await screen.findByText('ChatGPT cannot use an API key.')).toBeVisible();
  expect(screen.queryByRole('radiogroup')).toBeNull();
  expect(screen.queryByRole('button', { name: /Copy/ })).toBeNull();
  expect(last(calls, 'renderSnippet')).toBeUndefined();
});

it('says why a person must put it there themselves', async () => {
  show({ listClients: () => [client({ not_written: 'unconfirmed' })] });
  expect(await screen.findByText(/nobody has shown exactly what Claude Code reads/)).toBeVisible();
});

it('offers the forms there are, and follows the choice', async () => {
  const { user } = show({}, { initialClient: 'cursor' });
  await code(/cursor config/);
  await user.click(screen.getByRole('radio', { name: 'Link' }));
  await code(/cursor link/);
  expect(screen.getByRole('button', { name: 'Copy link' })).toBeInTheDocument();
});

it('says when the text holds the key, and copies through Rust', async () => {
  const { user, calls } = show();
  await code(/claude-code/);
  await user.click(screen.getByRole('radio', { name: 'Plain text in file' }));
  expect(await screen.findByText('Holds your key')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Copy config' }));
  await waitFor(() => expect(screen.getByText(/Clipboard clears in/)).toBeInTheDocument());
  expect(last(calls, 'copySnippet')).toEqual({ id: 'inst-production', request: { client: 'claude-code', key: 'k2', delivery: 'plaintext', form: 'config' } });
});

it('tells what to do before and after, and how to check', async () => {
  show();
  await code(/claude-code/);
  expect(screen.getByText('Start a new session of Claude Code. An open one does not see the change.')).toBeInTheDocument();
  expect(screen.getByText('claude mcp list').closest('li')).toHaveTextContent('Run claude mcp list in a terminal.');
  expect(screen.getByText('Tried with Claude Code 2.1.0, 1 Nov 2026.')).toBeInTheDocument();
});

it('leaves out a note it has no words for', async () => {
  show({ renderSnippet: (given) => ({ ...rendered(given), notes: [{ code: 'from_the_future' } as unknown as SnippetNote] }) });
  await code(/claude-code/);
  expect(screen.queryByText('Before')).toBeNull();
});

describe('without a key', () => {
  it('still shows what needs none', async () => {
    const { user, oncreate, calls } = show({}, { keys: [] });
    await code(/claude-code config default/);
    expect(last(calls, 'renderSnippet')).toMatchObject({ request: { key: null, delivery: 'bridge' } });
    expect(screen.getByRole('radio', { name: 'Plain text in file' })).toBeDisabled();
    await user.click(screen.getByRole('button', { name: 'Create key' }));
    expect(oncreate).toHaveBeenCalledTimes(1);
  });

  it('has nothing to show for a client that takes it no other way', async () => {
    const needy = client({ deliveries: [{ delivery: 'bridge', forms: [], cannot: 'commands_only' }, { delivery: 'plaintext', forms: ['config'], cannot: null }] });
    const { calls } = show({ listClients: () => [needy] }, { keys: [] });
    expect(await screen.findByText(/There is no key on this computer to put in/)).toBeInTheDocument();
    expect(last(calls, 'renderSnippet')).toBeUndefined();
    expect(within(screen.getByRole('radiogroup', { name: /gets the key$/ })).queryByRole('radio', { checked: true })).toBeNull();
  });
});

describe('how the client gets the key', () => {
  const choice = (name: string) => screen.getByRole('radio', { name });

  it('is the bridge unless another way is chosen, and each way says what it means', async () => {
    show({}, { initialClient: 'cursor' });
    await code(/cursor config/);
    const ways = within(screen.getByRole('radiogroup', { name: 'How Cursor gets the key' })).getAllByRole('radio');
    expect(ways[0]).toBe(choice('Bridge'));
    expect(choice('Bridge')).toBeChecked();
    expect(choice('Bridge')).toHaveAccessibleDescription('Recommended No secret on disk. The app adds the key when Cursor connects.');
    expect(choice('Header helper')).toBeDisabled();
    expect(choice('Header helper')).toHaveAccessibleDescription('Cursor runs no program to get headers from.');
    expect(choice('Environment variable')).toHaveAccessibleDescription('Cursor reads SUPERSET_API_KEY. You set it in your shell.');
    expect(choice('Plain text in file')).toHaveAccessibleDescription('Not recommended Anyone who can read the file has your key.');
    expect(await violations()).toEqual([]);
  });

  it('is nothing that reads a keychain where there is none', async () => {
    show({}, { keychain: keychain({ ready: false, problem: 'keychain_absent' }) });
    await code(/claude-code config/);
    expect(screen.getByRole('radio', { name: /^Bridge/ })).toBeDisabled();
    expect(screen.getByRole('radio', { name: /^Environment variable/ })).toBeChecked();
    expect(screen.getAllByText('This computer has no keyring to take the key from.')[0]).toBeVisible();
    expect(screen.queryByText('Recommended')).toBeNull();
  });

  it('is chosen with the keyboard, past what cannot be', async () => {
    const { user, calls } = show({}, { initialClient: 'cursor' });
    await code(/cursor config/);
    choice('Bridge').focus();
    await user.keyboard('{ArrowDown}');
    expect(choice('Environment variable')).toHaveFocus();
    await waitFor(() => expect(last(calls, 'renderSnippet')).toMatchObject({ request: { delivery: 'variable' } }));
    await user.keyboard('{ArrowRight}{ArrowRight}');
    expect(choice('Bridge')).toHaveFocus();
    await waitFor(() => expect(last(calls, 'renderSnippet')).toMatchObject({ request: { delivery: 'bridge' } }));
  });

  it('is the best way again for the next client', async () => {
    const { user } = show();
    await code(/claude-code/);
    await user.click(choice('Header helper'));
    await user.click(screen.getByRole('option', { name: /Claude Desktop/ }));
    await code(/claude-desktop/);
    expect(choice('Bridge')).toBeChecked();
  });
});

it('says that other programs cannot ask for a key in memory', async () => {
  show({}, { keys: [key({ presence: 'memory' })] });
  await code(/claude-code/);
  expect(screen.getByRole('radio', { name: 'Bridge' })).toBeDisabled();
  expect(screen.getByRole('radio', { name: 'Header helper' })).toBeDisabled();
  expect(screen.getByRole('radio', { name: 'Environment variable' })).toBeChecked();
});

describe('whether it works', () => {
  it('is asked with the chosen key; another key is another question', async () => {
    const { user, calls, onlook } = show({ checkup: () => checkedUp([checked(), letIn()], { key: { id: 'k2', alias: 'b', name: 'Second', hint: 'sst_…Kd7w' } }), pastCheckups: () => [] });
    await code(/claude-code/);
    await user.click(screen.getByRole('button', { name: 'Check that it works' }));
    expect(await screen.findByText(/This server lets anyone in as admin\./, { selector: 'p' })).toBeVisible();
    expect(last(calls, 'checkup')).toEqual({ id: 'inst-production', key: 'k2' });
    await user.click(screen.getByRole('button', { name: 'See the check-up' }));
    expect(onlook).toHaveBeenCalledTimes(1);
    await user.selectOptions(screen.getByLabelText('Key'), 'k1');
    expect(screen.queryByText(/This server lets anyone in/)).toBeNull();
    expect(screen.getByRole('button', { name: 'Check that it works' })).toBeVisible();
  });

  it('is asked when a setup is copied, once for each key', async () => {
    const { user, calls } = show({ checkup: () => checkedUp([checked(), letIn()]) });
    await code(/claude-code/);
    await user.click(screen.getByRole('button', { name: 'Copy config' }));
    expect(await screen.findByText(/This server lets anyone in as admin\./, { selector: 'p' })).toBeVisible();
    await user.click(screen.getByRole('button', { name: /Cop/ }));
    expect(calls.filter((c) => c.command === 'checkup').map((c) => c.given)).toEqual([{ id: 'inst-production', key: 'k2' }]);
  });

  it('can be stopped', async () => {
    const { user, calls } = show({ checkup: () => new Promise<null>(() => undefined), stopCheckup: () => null, pastCheckups: () => [] });
    await code(/claude-code/);
    await user.click(screen.getByRole('button', { name: 'Check that it works' }));
    const stop = await screen.findByRole('button', { name: 'Stop' });
    // Not the second click of a double one.
    await fireEvent.click(stop, { detail: 1 });
    expect(await screen.findByText(/Stopped before the end\./, { selector: 'p' })).toBeVisible();
    expect(last(calls, 'stopCheckup')).toEqual({ id: 'inst-production' });
  });
});

describe('the MCP address', () => {
  const unknown = { instance: instance({ mcp_url: null }) };

  it('is asked for, typed, and then used', async () => {
    const { user, calls } = show({ setMcpUrl: ({ typed }) => instance({ mcp_url: String(typed) }) }, unknown);
    const form = await screen.findByRole('form', { name: 'Where is the MCP server?' });
    expect(last(calls, 'renderSnippet')).toBeUndefined();
    await user.click(within(form).getByRole('button', { name: 'Save' }));
    expect(screen.getByLabelText('MCP address')).toHaveAccessibleDescription('Type an address first.');
    await user.type(screen.getByLabelText('MCP address'), 'https://bi/mcp{Enter}');
    await code(/claude-code config/);
    expect(last(calls, 'setMcpUrl')).toEqual({ id: 'inst-production', typed: 'https://bi/mcp' });
  });

  it.each([
    [{ found: 'server' as const }, 'answers at this address', 'Save'],
    [{ found: 'something_else' as const }, 'something else answers at this address', 'Save anyway'],
    [{ found: 'closed' as const }, 'Strangers are not let in there', 'Save anyway'],
  ])('is looked at while one types: %o', async (seen, said, save) => {
    const { user, calls } = show({ lookAtMcp: () => ({ url: 'https://bi/mcp', unencrypted: false, redirected_to: null, ...seen }) }, unknown);
    await user.type(await screen.findByLabelText('MCP address'), 'https://bi/mcp');
    const verdict = within(screen.getByRole('form')).getByRole('status', { name: 'What is at this address' });
    await waitFor(() => expect(verdict).toHaveTextContent(said));
    expect(screen.getByRole('button', { name: save })).toBeEnabled();
    expect(last(calls, 'lookAtMcp')).toEqual({ id: 'inst-production', typed: 'https://bi/mcp' });
    expect(await violations()).toEqual([]);
  });

  it('can be kept where nothing answers, with the reason in view; typing on takes the reason back', async () => {
    const { user, calls } = show({ lookAtMcp: () => { throw fail('unreachable', { host: 'banana', kind: 'name_not_found' }); }, setMcpUrl: () => instance({ mcp_url: 'https://banana/' }) }, unknown);
    await user.type(await screen.findByLabelText('MCP address'), 'banana');
    expect(await screen.findByText(/No server is known as banana/)).toBeVisible();
    await user.type(screen.getByLabelText('MCP address'), 's');
    expect(screen.queryByText(/No server is known as banana/)).toBeNull();
    await user.click(await screen.findByRole('button', { name: 'Save anyway' }));
    await code(/claude-code config/);
    expect(last(calls, 'setMcpUrl')).toEqual({ id: 'inst-production', typed: 'bananas' });
  });

  it('is looked for again on demand', async () => {
    const { user, calls } = show({ setMcpUrl: () => { throw fail('mcp_url_unknown', { instance: 'production' }); } }, unknown);
    await user.click(await screen.findByRole('button', { name: 'Look again' }));
    await waitFor(() => expect(screen.getByLabelText('MCP address')).toHaveAccessibleDescription(/Still not found/));
    expect(last(calls, 'setMcpUrl')).toEqual({ id: 'inst-production', typed: null });
  });

  it('can be changed', async () => {
    const { user } = show();
    await code(/claude-code/);
    await user.click(screen.getByRole('button', { name: 'Change' }));
    expect(screen.getByLabelText('MCP address')).toHaveValue('https://superset.example.com/mcp');
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await code(/claude-code/);
  });
});

it('says why a snippet cannot be made, and tries again', async () => {
  const { user, answers } = show({ renderSnippet: () => { throw fail('keychain_locked'); }, unlockKeychain: () => ({ name: 'Ring', store: 'keychain', ready: true, locked: false, problem: null }) });
  const alert = await screen.findByRole('alert');
  expect(alert).toHaveTextContent('is locked');
  answers.renderSnippet = rendered;
  await user.click(within(alert).getByRole('button', { name: 'Unlock' }));
  await code(/claude-code/);
});

it('says plainly that 6.1 does not check keys at MCP, with more on demand', async () => {
  const { user } = show();
  await code(/claude-code/);
  const more = screen.getByRole('button', { name: 'What this means' });
  expect(more).toHaveAttribute('aria-expanded', 'false');
  await user.click(more);
  expect(screen.getByText(/MCP_AUTH_FACTORY/)).toBeVisible();
});

describe('colours', () => {
  const kinds = (parts: readonly CodePart[], kind: string) => parts.filter((part) => part.kind === kind).map((part) => part.text);

  it.each([
    ['json', '{ "a": "b\\"c", "n": [1, true] }'],
    ['toml', '[mcp_servers.superset]\nurl = "https://x"\nheaders = { "A" = \'b\' } # done\n'],
    ['shell', 'claude mcp add "x"'],
    ['yaml', 'extensions:\n  superset: # ours\n    cmd: /usr/bin/superset-keys\n    args:\n      - bridge\n      - "--key"\n    timeout: 300\n    envs: {}\n'],
    ['python', 'import os\n\nasync def main():\n    headers = {"Authorization": f"Bearer {os.environ[\'X\']}"}  # done\n'],
    ['typescript', 'import { Client } from "x";\nawait client.connect(new URL("https://x")); // done\n'],
  ] as const)('change no letter of %s', (language, text) => {
    expect(highlight(text, language).map((part) => part.text).join('')).toBe(text);
  });

  it('tell keys, strings and numbers of YAML apart', () => {
    const parts = highlight('a:\n  cmd: /usr/bin/x-y\n  list:\n    - "--key"\n  n: 300\n', 'yaml');
    expect(kinds(parts, 'key').map((text) => text.trim())).toEqual(['a', 'cmd', 'list', 'n']);
    expect(kinds(parts, 'string')).toEqual(['/usr/bin/x-y', '"--key"']);
    expect(kinds(parts, 'number')).toEqual(['300']);
  });

  it('tell keywords and strings of programs apart', () => {
    const python = highlight('from mcp import Client\nasync with Client(f"x {y}") as client:\n    pass', 'python');
    expect(kinds(python, 'key')).toEqual(['from', 'import', 'async', 'with', 'as']);
    expect(kinds(python, 'string')).toEqual(['f"x {y}"']);
    const typescript = highlight('const url = new URL("https://x");', 'typescript');
    expect(kinds(typescript, 'key')).toEqual(['const', 'new']);
    expect(kinds(typescript, 'string')).toEqual(['"https://x"']);
  });

  it('tell keys from strings', () => {
    const parts = highlight('{ "a": "b", "n": 1 }', 'json');
    expect(kinds(parts, 'key')).toEqual(['"a"', '"n"']);
    expect(kinds(parts, 'string')).toEqual(['"b"']);
    expect(kinds(parts, 'number')).toEqual(['1']);
  });
});
