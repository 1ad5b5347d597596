import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { ErrorCode, InspectedToken, McpAccess, McpAccessView, NewSigningSecret } from '../../ipc';
import { accessView, inspected, minted, proof, signedAccess, signingView } from '../../test/access-fixtures';
import { client, emitClipboardEnded, fail, found, instance, key, keychain, keyList, NOW, time, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });
const LINES = 'import os\n\nMCP_AUTH_ENABLED = True\nMCP_JWT_SECRET = os.environ["SUPERSET_MCP_JWT_SECRET"]\n';
const kept = accessView({ signing: signingView() });
/** Nothing of these may stay in the page. */
const SECRET = 'the-secret-of-the-server-which-is-long-enough';
const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJnYW1tYSJ9.c2lnbmF0dXJl';

/** Opens the page; what is kept and in use changes as commands do. */
async function open(view: McpAccessView, answers: MockAnswers = {}, section?: string) {
  const world = { view };
  const opened = openWindow({
    listInstances: () => [instance({ default_key: laptop.id })], listKeys: () => keyList([laptop]), listClients: () => [client()], findClients: () => [found('claude-code', { installed: true })],
    pastCheckups: () => [], mcpAccess: () => world.view, proveMcpAccess: () => proof({ meant: 'jane' }), dropToken: () => null,
    setMcpAccess: ({ access }) => { world.view = { ...world.view, access: access as McpAccess, default_key: null }; return proof({ meant: (access as { subject: string }).subject }); },
    keepSigningSecret: () => { world.view = { ...world.view, signing: signingView({ since: time(0).utc }) }; return signingView(); },
    forgetSigningSecret: () => { world.view = { ...world.view, signing: null }; return null; },
    signingConfig: ({ server }) => `${LINES}# for ${String(server)}\n`, copySigningSecret: () => 30, mintToken: () => minted(), copyToken: () => 30, inspectToken: () => inspected(), ...answers,
  });
  const { user } = opened;
  await user.click(await screen.findByRole('tab', { name: /AI clients/ }));
  await user.click(await screen.findByRole('button', { name: /^MCP access/ }));
  await user.click(await screen.findByRole('button', { name: /^(Set up signed tokens|Go on with signed tokens|Signed tokens)$/ }));
  await screen.findByRole('heading', { name: 'Signed tokens' });
  if (section) await user.click(screen.getByRole('radio', { name: section }));
  return { ...opened, world };
}
const inPage = (text: string): boolean =>
  document.documentElement.outerHTML.includes(text) || [...document.querySelectorAll('input')].some(({ value }) => value.includes(text));
const step = (name: RegExp) => within(screen.getByRole('list', { name: 'Steps' })).getByText(name).closest('li') as HTMLElement;
const press = (name: string) => screen.findByRole('button', { name });
const rows = () => within(screen.getByRole('table', { name: 'What it says' })).getAllByRole('row').map((row) => row.textContent.replace(/\s+/g, ' ').trim());
const row = () => screen.getByRole('button', { name: /^MCP access/ });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

describe('a secret', () => {
  it('is made by default, and then waits for the server', async () => {
    const { user, called } = await open(accessView());
    expect(step(/^Secret made/)).toHaveAttribute('aria-current', 'step');
    expect(screen.getByRole('radio', { name: 'Make a new one' })).toBeChecked();
    expect(await violations()).toEqual([]);
    await user.click(await press('Make secret'));
    expect(await screen.findByRole('img', { name: 'The secret, hidden' })).toBeVisible();
    expect(called('keepSigningSecret').map(({ given }) => given)).toEqual([{ id: 'inst-production', signing: { issuer: 'superset-mcp', audience: 'superset-mcp-clients', secret: null, replace: false } }]);
    expect(screen.getByText('since 20 Nov 2026, in GNOME Keyring')).toBeVisible();
    expect(step(/^Secret made/)).toHaveTextContent('Secret made, done');
    expect(step(/^On the server/)).toHaveAttribute('aria-current', 'step');
    await screen.findByText('superset_config.py');
    expect(await violations()).toEqual([]);
  });

  it('of the server is pasted, and is nowhere in the page once it was handed over', async () => {
    const { user, called } = await open(accessView());
    await user.click(screen.getByRole('radio', { name: 'Paste the server’s' }));
    const field = await screen.findByLabelText('Secret of the server');
    expect(field).toHaveAttribute('type', 'password');
    expect(await violations()).toEqual([]);
    await user.click(field);
    await user.paste(SECRET);
    await user.click(await press('Keep secret'));
    await screen.findByRole('img', { name: 'The secret, hidden' });
    expect((called('keepSigningSecret')[0]?.given.signing as NewSigningSecret).secret).toBe(SECRET);
    expect(inPage(SECRET)).toBe(false);
  });

  it('that cannot be one is said at its field, which is empty again', async () => {
    const { user } = await open(accessView(), { keepSigningSecret: () => { throw fail('signing_secret_unusable', { problem: 'published' }); } });
    await user.click(screen.getByRole('radio', { name: 'Paste the server’s' }));
    await user.click(await press('Keep secret'));
    expect(await screen.findByText('Paste the secret first.')).toBeVisible();
    const field = screen.getByLabelText('Secret of the server');
    await user.click(field);
    await user.paste(SECRET);
    await user.click(await press('Keep secret'));
    expect(await screen.findByText('That cannot be a secret to sign with. It stands in a guide that everybody can read.')).toBeVisible();
    await waitFor(() => expect(field).toHaveFocus());
    expect(field).toHaveAttribute('aria-invalid', 'true');
    expect(inPage(SECRET)).toBe(false);
  });

  it('is not kept in the field where the person turns to a new one after all', async () => {
    const { user } = await open(accessView());
    await user.click(screen.getByRole('radio', { name: 'Paste the server’s' }));
    await user.click(await screen.findByLabelText('Secret of the server'));
    await user.paste(SECRET);
    await user.click(screen.getByRole('radio', { name: 'Make a new one' }));
    await user.click(screen.getByRole('radio', { name: 'Paste the server’s' }));
    expect(await screen.findByLabelText('Secret of the server')).toHaveValue('');
  });

  it('goes with the issuer and the audience that the server compares', async () => {
    const { user, called } = await open(accessView());
    await user.click(screen.getByText('More'));
    await user.clear(screen.getByLabelText('Issuer'));
    await user.type(screen.getByLabelText('Issuer'), 'keys-of-acme');
    await user.clear(screen.getByLabelText('Audience'));
    await user.click(await press('Make secret'));
    await waitFor(() => expect(called('keepSigningSecret')[0]?.given.signing).toMatchObject({ issuer: 'keys-of-acme', audience: null }));
  });

  it('is kept when the keychain is unlocked', async () => {
    let locked = true;
    const { user, called } = await open(accessView(), { keepSigningSecret: () => { if (locked) throw fail('keychain_locked'); return signingView(); }, unlockKeychain: () => { locked = false; return keychain(); } });
    await user.click(await press('Make secret'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('GNOME Keyring is locked.');
    await user.click(within(alert).getByRole('button', { name: 'Unlock' }));
    await waitFor(() => expect(called('keepSigningSecret')).toHaveLength(2));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('made by somebody else meanwhile is shown, and not written over', async () => {
    const { user, world } = await open(accessView(), { keepSigningSecret: () => { world.view = kept; throw fail('signing_secret_kept', { instance: 'production' }); } });
    await user.click(await press('Make secret'));
    expect(await screen.findByText('since 19 Nov 2026, in GNOME Keyring')).toBeVisible();
  });

  it('is replaced only after a question, which is answered with no by itself', async () => {
    const { user, called } = await open(signedAccess());
    await user.click(await press('Prove again'));
    await waitFor(() => expect(step(/^Proved/)).toHaveTextContent('Proved, done'));
    await user.click(await press('Replace…'));
    let dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('Tokens of the old one end when the server has the new one.');
    expect(dialog).toHaveTextContent('Until the server has it too, they do not get in.');
    await waitFor(() => expect(within(dialog).getAllByRole('button', { name: 'Keep the old one' }).at(-1)).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('keepSigningSecret')).toHaveLength(0);
    await user.click(await press('Replace…'));
    dialog = await screen.findByRole('alertdialog');
    await user.click(within(dialog).getByRole('radio', { name: 'Paste the server’s' }));
    await user.click(await within(dialog).findByLabelText('Secret of the server'));
    await user.paste(SECRET);
    await user.click(within(dialog).getByRole('button', { name: 'Replace secret' }));
    expect(await screen.findByText('The secret is replaced. Now the server needs the new one.', { selector: '.toast *' })).toBeVisible();
    expect(called('keepSigningSecret')[0]?.given.signing).toMatchObject({ secret: SECRET, replace: true });
    expect(inPage(SECRET)).toBe(false);
    // What was proven was proven of the old one.
    expect(step(/^On the server/)).toHaveAttribute('aria-current', 'step');
    expect(screen.queryByText(/AI clients use signed tokens now/)).toBeNull();
  });

  it('is forgotten only after a question', async () => {
    const { user, called } = await open(kept);
    await user.click(await press('Forget…'));
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('It is deleted from GNOME Keyring. The server goes on taking tokens that were signed with it.');
    await waitFor(() => expect(within(dialog).getAllByRole('button', { name: 'Keep secret' }).at(-1)).toHaveFocus());
    expect(await violations()).toEqual([]);
    expect(called('forgetSigningSecret')).toHaveLength(0);
    await user.click(within(dialog).getByRole('button', { name: 'Forget secret' }));
    expect(await press('Make secret')).toBeVisible();
    expect(await screen.findByText('The secret is forgotten.', { selector: '.toast *' })).toBeVisible();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Signed tokens' })).toHaveFocus());
  });

  it('stays as long as AI clients are let in with it, and says where that is changed', async () => {
    const { user, called } = await open(signedAccess());
    await user.click(await press('Forget…'));
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('AI clients are let in with it. Let them in with an API key first.');
    expect(within(dialog).queryByRole('button', { name: 'Forget secret' })).toBeNull();
    await user.click(within(dialog).getByRole('button', { name: 'To MCP access' }));
    expect(await press('Use API keys')).toBeVisible();
    expect(called('forgetSigningSecret')).toHaveLength(0);
  });

  it('stays also where that was chosen meanwhile', async () => {
    const { user } = await open(kept, { forgetSigningSecret: () => { throw fail('signing_secret_in_use', { instance: 'production' }); } });
    await user.click(await press('Forget…'));
    const dialog = await screen.findByRole('alertdialog');
    await user.click(within(dialog).getByRole('button', { name: 'Forget secret' }));
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('AI clients are let in with it.');
    expect(within(dialog).queryByRole('button', { name: 'Forget secret' })).toBeNull();
  });
});

describe('the lines for the server', () => {
  const shown = () => screen.findByRole('region', { name: 'Lines for superset_config.py' });

  it('are those for its version, are copied, and go to an admin without the secret', async () => {
    const { user, called } = await open(kept);
    expect(await shown()).toHaveTextContent('# for v6_1');
    expect(screen.getByRole('radio', { name: '6.1.0' })).toBeChecked();
    expect(screen.getByText(/from the variable SUPERSET_MCP_JWT_SECRET, and never contain it\./)).toBeVisible();
    await user.click(screen.getByRole('radio', { name: 'Later versions' }));
    await waitFor(async () => expect(await shown()).toHaveTextContent('# for later'));
    await user.click(await press('Copy config'));
    await user.click(await press('Copy message for your admin'));
    await waitFor(() => expect(called('copyText')).toHaveLength(2));
    const [config, message] = called('copyText').map(({ given }) => String(given.text));
    expect(config).toBe(`${LINES}# for later\n`);
    expect(message).toContain('https://superset.example.com, with signed tokens?');
    expect(message).toContain(LINES);
    expect(message).toContain('You get its value from me another way');
  });

  it.each([['6.2.0', 'Later versions'], ['7.0.0', 'Later versions'], ['6.1.2', '6.1.0'], ['5.0.0', '6.1.0'], [null, '6.1.0'], ['main', '6.1.0']])('of Superset %s are "%s"', async (version, chosen) => {
    await open(kept, { listInstances: () => [instance({ version, default_key: laptop.id })] });
    await shown();
    expect(screen.getByRole('radio', { name: chosen })).toBeChecked();
  });

  it('come with the secret on the clipboard alone, and for a while', async () => {
    const { user, called } = await open(kept);
    await user.click(await press('Copy secret for the server'));
    expect(await screen.findByText(/Clipboard clears in 30 s/)).toBeVisible();
    expect(screen.getByText(/only if it still holds this secret/)).toBeVisible();
    expect(called('copySigningSecret').map(({ given }) => given)).toEqual([{ id: 'inst-production' }]);
    await emitClipboardEnded({ instance: 'inst-production', key: null, cleared: true } as Parameters<typeof emitClipboardEnded>[0]);
    expect((await screen.findAllByText('The clipboard is clear again.')).length).toBeGreaterThan(0);
  });

  it('say why the secret was not copied', async () => {
    const { user } = await open(kept, { copySigningSecret: () => { throw fail('clipboard'); } });
    await user.click(await press('Copy secret for the server'));
    expect(await screen.findByRole('alert')).toHaveTextContent('The clipboard cannot be used.');
  });

  it('are asked for again where they could not be written', async () => {
    let broken = true;
    const { user } = await open(kept, { signingConfig: () => { if (broken) throw fail('internal'); return LINES; } });
    const alert = await screen.findByRole('alert');
    expect(screen.queryByRole('button', { name: 'Copy message for your admin' })).toBeNull();
    broken = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await shown()).toHaveTextContent('MCP_AUTH_ENABLED');
  });
});

describe('using them', () => {
  it('takes a proof for the person signed in, and says that AI clients use them now', async () => {
    const { user, called } = await open(kept);
    expect(screen.getByLabelText('Clients act as')).toHaveValue('jane');
    await user.click(await press('It is on the server: prove and use'));
    expect(await screen.findByText('AI clients use signed tokens now, and act as jane.', { selector: 'p' })).toBeVisible();
    expect(screen.getByText(/It let in neither a made-up token nor a call without one\.$/, { selector: 'p' })).toBeVisible();
    expect(called('setMcpAccess').map(({ given }) => given)).toEqual([{ id: 'inst-production', access: { kind: 'signed', subject: 'jane', scope: null } }]);
    expect(row()).toHaveTextContent('Signed tokens · acts as jane');
    expect(step(/^Proved/)).toHaveTextContent('Proved, done');
    expect(await press('Prove again')).toHaveFocus();
    expect(await violations()).toEqual([]);
  });

  it.each<[ErrorCode, Record<string, string>, string]>([
    ['token_not_taken', { host: 'superset.example.com' }, 'superset.example.com does not take it. Its secret, issuer, audience, scopes and clock must fit, and it must have been started anew. Nothing was changed.'],
    ['token_names_nobody', { host: 'superset.example.com', user: 'jane' }, 'superset.example.com knows no user jane. Capitals count'],
    ['token_of_another', { host: 'superset.example.com', user: 'jane', acts_as: 'admin' }, 'superset.example.com acts as admin. A token for jane should act as nobody else'],
    ['no_signing_secret', { instance: 'production' }, 'No secret for Production is kept.'],
    ['unexpected_answer', { what: 'MCP tool', status: '502' }, 'We did not understand the server.'],
  ])('does nothing where the server does not take them: %s', async (code, params, words) => {
    const { user } = await open(kept, { setMcpAccess: () => { throw fail(code, params); } });
    await user.click(await press('It is on the server: prove and use'));
    expect(await screen.findByRole('alert')).toHaveTextContent(words);
    expect(row()).toHaveTextContent(/API key$/);
    expect(step(/^On the server/)).toHaveAttribute('aria-current', 'step');
    expect(screen.queryByText(/AI clients use signed tokens now/)).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it('leads to where the MCP address is named', async () => {
    const { user } = await open(kept, { listInstances: () => [instance({ mcp_url: null })], setMcpAccess: () => { throw fail('mcp_url_unknown', { instance: 'production' }); } });
    await user.click(await press('It is on the server: prove and use'));
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Name the address' }));
    expect(await screen.findByRole('form', { name: 'Where is the MCP server?' })).toBeVisible();
  });

  it('is tried again where the server was away', async () => {
    let away = true;
    const { user } = await open(kept, { setMcpAccess: () => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return proof({ meant: 'jane' }); } });
    await user.click(await press('It is on the server: prove and use'));
    const alert = await screen.findByRole('alert');
    away = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  });

  it('needs a name', async () => {
    const { user, called } = await open(kept);
    const field = screen.getByLabelText('Clients act as');
    await user.clear(field);
    await user.click(await press('It is on the server: prove and use'));
    expect(await screen.findByText('Type a user name.')).toBeVisible();
    expect(field).toHaveFocus();
    expect(called('setMcpAccess')).toHaveLength(0);
  });

  it('is proven once more as it is, and used for another name with the scope it has', async () => {
    const { user, called } = await open(signedAccess({ access: { kind: 'signed', subject: 'jane', scope: 'mcp' } }));
    expect(step(/^Proved/)).toHaveAttribute('aria-current', 'step');
    await user.click(await press('Prove again'));
    await waitFor(() => expect(step(/^Proved/)).toHaveTextContent('Proved, done'));
    expect([called('proveMcpAccess').length, called('setMcpAccess').length]).toEqual([1, 0]);
    const field = screen.getByLabelText('Clients act as');
    await user.clear(field);
    await user.type(field, ' mara ');
    await user.click(await press('Prove and use'));
    await waitFor(() => expect(row()).toHaveTextContent('acts as mara'));
    expect(called('setMcpAccess')[0]?.given.access).toEqual({ kind: 'signed', subject: 'mara', scope: 'mcp' });
  });

  it('speaks up where the server takes them, and whoever comes too', async () => {
    const { user } = await open(signedAccess(), { proveMcpAccess: () => proof({ meant: 'jane', made_up: { was: 'let_in', user: 'admin' } }) });
    await user.click(await press('Prove again'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This MCP server lets in anyone.');
    expect(step(/^Proved/)).toHaveAttribute('aria-current', 'step');
    await user.click(within(alert).getByRole('button', { name: 'See the check-up' }));
    expect(screen.getByRole('tab', { name: /Check-up/ })).toHaveAttribute('aria-selected', 'true');
  });
});

describe('a token made by hand', () => {
  it('needs a secret first', async () => {
    const { user } = await open(accessView(), {}, 'Make one');
    expect(await screen.findByRole('heading', { name: 'No secret to sign with yet' })).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(await press('To the secret'));
    expect(await press('Make secret')).toBeVisible();
  });

  it('is made for whom and as long as asked, stays hidden, and is copied by Rust', async () => {
    const { user, called } = await open(signedAccess(), { mintToken: () => minted({ user: 'gamma', expires: time(2 * 3_600_000).utc }) }, 'Make one');
    expect(screen.getByText('A token of 5 minutes for jane is made at each need. Make one by hand only for a script or another computer.')).toBeVisible();
    const name = screen.getByLabelText('For the Superset user');
    expect(name).toHaveValue('jane');
    const hours = screen.getByRole('combobox', { name: 'Works for' });
    expect(hours).toHaveDisplayValue(/^8 hours, until (today|tomorrow), \d\d:\d\d$/);
    expect(within(hours).getAllByRole('option').at(-1)).toHaveTextContent(/^24 hours/);
    expect(await violations()).toEqual([]);
    await user.clear(name);
    await user.type(name, 'gamma');
    await user.selectOptions(hours, '2');
    await user.type(screen.getByLabelText('Scope'), 'mcp');
    await user.click(await press('Make token'));
    expect(await screen.findByRole('img', { name: 'Token for gamma, hidden, 412 letters' })).toBeVisible();
    expect(called('mintToken').map(({ given }) => given)).toEqual([{ id: 'inst-production', wanted: { user: 'gamma', hours: 2, scope: 'mcp' } }]);
    expect(screen.getByText(/^For gamma until today, \d\d:\d\d, 412 letters\. Not kept: when you leave this page it is gone\.$/)).toBeVisible();
    expect(screen.getByText('It cannot be called back.')).toBeVisible();
    expect(screen.getByText('Whether gamma exists is known at the first call.')).toBeVisible();
    await user.click(await press('Copy'));
    expect(await screen.findByText(/only if it still holds this token/)).toBeVisible();
    expect(await press('Make another')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('says what is wrong with the name at its field', async () => {
    const { user, called } = await open(kept, { mintToken: () => { throw fail('name_unprintable'); } }, 'Make one');
    const name = await screen.findByLabelText('For the Superset user');
    await user.clear(name);
    await user.click(await press('Make token'));
    expect(await screen.findByText('Type a user name.')).toBeVisible();
    expect(called('mintToken')).toHaveLength(0);
    await user.type(name, 'gam');
    await user.click(await press('Make token'));
    await waitFor(() => expect(name).toHaveAttribute('aria-invalid', 'true'));
    expect(name).toHaveFocus();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('is made when the keychain is unlocked', async () => {
    let locked = true;
    const { user } = await open(kept, { mintToken: () => { if (locked) throw fail('keychain_locked'); return minted(); }, unlockKeychain: () => { locked = false; return keychain(); } }, 'Make one');
    await user.click(await press('Make token'));
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Unlock' }));
    expect(await screen.findByRole('img', { name: /^Token for jane/ })).toBeVisible();
  });

  it('that is not held any more is not copied', async () => {
    const { user } = await open(kept, { copyToken: () => null }, 'Make one');
    await user.click(await press('Make token'));
    await user.click(await press('Copy'));
    expect(await screen.findByText('That token is not held any more. Make another.')).toBeVisible();
    expect(screen.queryByRole('img', { name: /^Token for/ })).toBeNull();
    expect(screen.queryByText(/Clipboard clears/)).toBeNull();
  });

  it('is inspected where it is held', async () => {
    const { user, called } = await open(kept, {}, 'Make one');
    await user.click(await press('Make token'));
    await user.click(await press('Inspect it'));
    expect(await screen.findByText('Signed by the secret kept for Production')).toBeVisible();
    expect(called('inspectToken').map(({ given }) => given.pasted)).toEqual([{ token: null }]);
    await user.click(screen.getByRole('radio', { name: 'Make one' }));
    expect(await screen.findByRole('img', { name: /^Token for jane/ })).toBeVisible();
  });
});

describe('a pasted token', () => {
  async function paste(over: Partial<InspectedToken> = {}, answers: MockAnswers = {}) {
    const opened = await open(kept, { inspectToken: () => inspected(over), ...answers }, 'Inspect');
    const field = await screen.findByLabelText('Token');
    await opened.user.click(field);
    await opened.user.paste(` ${TOKEN}\n`);
    return { ...opened, field };
  }

  it('is read as soon as it is pasted, and is nowhere in the page', async () => {
    const { called } = await paste({ others: ['jti', 'realm_access'] });
    expect(await screen.findByText('Signed by the secret kept for Production')).toBeVisible();
    expect(called('inspectToken').map(({ given }) => given)).toEqual([{ id: 'inst-production', pasted: { token: TOKEN } }]);
    expect(inPage(TOKEN)).toBe(false);
    expect(inPage('eyJ')).toBe(false);
    expect(screen.getByRole('img', { name: 'A token, hidden, 412 letters' })).toBeVisible();
    expect(screen.getByText('Ends in 41 min')).toBeVisible();
    expect(screen.getByText(/by this computer’s clock, in 40 min by the server’s\./)).toBeVisible();
    const [head, ...body] = rows();
    expect(head).toBe('ClaimSaysWhat Superset 6.1.0 does with it');
    expect(body).toEqual([
      expect.stringMatching(/^sub user ?gamma ?Names the user only with the lines for 6\.1$/),
      expect.stringMatching(/^iss issuer ?superset-mcp ?Must match, and does$/),
      expect.stringMatching(/^aud audience ?someone-else ?Must match, and does not$/),
      expect.stringMatching(/^exp end ?Today, \d\d:46:00 ?Refused from then on, and never without it$/),
      expect.stringMatching(/^iat made ?Today, \d\d:46:00 ?Not looked at$/),
      expect.stringMatching(/^nbf begin ?Not there ?Not looked at$/),
      expect.stringMatching(/^scope rights ?Not there ?Needed only if the server demands scopes$/),
    ]);
    expect(screen.getByText('It also holds: jti, realm_access.')).toBeVisible();
    expect(screen.getByText('Nothing was sent.')).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('may be typed, which leaves nothing behind either', async () => {
    const { user, called } = await open(accessView(), { inspectToken: () => inspected({ signature: 'not_compared' }) }, 'Inspect');
    const field = await screen.findByLabelText('Token');
    expect(field).toHaveAttribute('type', 'password');
    expect(await violations()).toEqual([]);
    await user.click(await press('Inspect'));
    expect(await screen.findByText('Paste a token first.')).toBeVisible();
    await user.type(field, `${TOKEN}{Enter}`);
    expect(await screen.findByText('Who signed it was not compared: no secret is kept here')).toBeVisible();
    expect(called('inspectToken')[0]?.given.pasted).toEqual({ token: TOKEN });
    expect(inPage(TOKEN)).toBe(false);
    // Nor does the field remember it.
    await user.click(await press('Clear'));
    expect(await screen.findByLabelText('Token')).toHaveValue('');
  });

  it('that is none is said at the field, which is empty', async () => {
    const { field } = await paste({}, { inspectToken: () => { throw fail('not_a_token'); } });
    expect(await screen.findByText('That is no token. One has three parts with dots between them: paste all of it.')).toBeVisible();
    expect(field).toHaveValue('');
    expect(field).toHaveFocus();
    expect(inPage(TOKEN)).toBe(false);
    expect(screen.queryByRole('table')).toBeNull();
  });

  it.each<[string, Partial<InspectedToken>, string[]]>([
    ['signed by another', { signature: 'other' }, ['Not signed by the secret kept for Production, or changed since']],
    ['of another kind, which nobody takes', { signature: 'other_kind', algorithm: 'RS256', notes: ['other_algorithm'] }, ['Not signed with a shared secret, so only its maker’s key can tell', 'It is not HS256, the one kind that Superset takes where a secret is shared.']],
    ['over', { end: { at: time(-300_000).utc, left: -300, left_on_server: -301 }, notes: ['ended'] }, ['Ended 5 min ago', 'by this computer’s clock, and by the server’s.', 'It has ended, so the server refuses it.']],
    ['without an end', { end: null, notes: ['never_ends', 'names_nobody'] }, ['It says no time at which it ends', 'It has no end: whoever has it stays in until the secret changes.', 'It names no user, so tools find nobody to run as.']],
    ['where the server’s clock was not seen', { end: { at: time(7_200_000).utc, left: 7200, left_on_server: null } }, ['Ends in 2 h', 'by this computer’s clock. The server’s was not seen.']],
    ['with an end that is none', { end: null, notes: ['end_unreadable', 'begin_ignored', 'empty_scope', 'long_lived'] }, ['Its end is no time, so the server refuses it.', 'It says that it begins later, and nobody looks at that.', 'Its empty scope hides what scp says.', 'It is good for more than a day.']],
  ])('is told of: %s', async (_, over, words) => {
    await paste(over);
    for (const text of words) expect(await screen.findByText(text)).toBeVisible();
  });

  it('shows text of other people’s choosing for what it is', async () => {
    await paste({ claims: [{ claim: 'sub', says: 'jane\u202Enimda', heed: 'names_user', fits: null }, { claim: 'exp', says: 'soon', heed: 'ends', fits: null }], others: ['x\u200By'] });
    expect(await screen.findByText('jane⟨U+202E⟩nimda')).toBeVisible();
    expect(screen.getByText('soon')).toBeVisible();
    expect(screen.getByText('Its tools run as this user')).toBeVisible();
    expect(screen.getByText('It also holds: x⟨U+200B⟩y.')).toBeVisible();
  });

  it('is dropped by Clear', async () => {
    const { user, called } = await paste();
    await user.click(await press('Clear'));
    await waitFor(async () => expect(await screen.findByLabelText('Token')).toHaveFocus());
    expect(called('dropToken')).toHaveLength(1);
    expect(screen.queryByRole('table')).toBeNull();
  });

  it('takes the place of the one made here, which cannot be copied any more', async () => {
    const { user } = await open(kept, {}, 'Make one');
    await user.click(await press('Make token'));
    await screen.findByRole('img', { name: /^Token for/ });
    await user.click(screen.getByRole('radio', { name: 'Inspect' }));
    await user.click(await screen.findByLabelText('Token'));
    await user.paste(TOKEN);
    await screen.findByRole('table');
    await user.click(screen.getByRole('radio', { name: 'Make one' }));
    expect(await press('Make token')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Copy' })).toBeNull();
  });

  it('is pasted once more when the keychain is unlocked: nobody holds what could not be read', async () => {
    let locked = true;
    const { user, called } = await paste({}, { inspectToken: () => { if (locked) throw fail('keychain_locked'); return inspected(); }, unlockKeychain: () => { locked = false; return keychain(); } });
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Unlock' }));
    expect(await screen.findByText('Paste the token once more.')).toBeVisible();
    expect(screen.getByLabelText('Token')).toHaveFocus();
    expect(called('inspectToken')).toHaveLength(1);
    await user.paste(TOKEN);
    expect(await screen.findByText('Signed by the secret kept for Production')).toBeVisible();
  });

  it('made here that is not held any more is said', async () => {
    const { user } = await open(kept, { inspectToken: () => null }, 'Make one');
    await user.click(await press('Make token'));
    await user.click(screen.getByRole('radio', { name: 'Inspect' }));
    await user.click(await press('Inspect the one just made'));
    expect(await screen.findByText('No token is held any more. Paste it again.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Inspect the one just made' })).toBeNull();
  });
});

describe('leaving', () => {
  it('goes back to MCP access, and drops what is held', async () => {
    const { user, called } = await open(kept, {}, 'Make one');
    await user.click(await press('Make token'));
    await screen.findByRole('img', { name: /^Token for/ });
    expect(called('dropToken')).toHaveLength(0);
    await user.click(await press('Back'));
    expect(await screen.findByRole('heading', { name: 'MCP access' })).toBeVisible();
    expect(called('dropToken')).toHaveLength(1);
  });

  it('goes back by Alt Left too, and another tab or a client drops it as well', async () => {
    const { user, called } = await open(kept);
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await screen.findByRole('heading', { name: 'MCP access' })).toBeVisible();
    await waitFor(() => expect(called('dropToken')).toHaveLength(1));
    await user.click(await press('Go on with signed tokens'));
    await screen.findByRole('heading', { name: 'Signed tokens' });
    await user.click(screen.getByRole('option', { name: /Claude Code/ }));
    await waitFor(() => expect(called('dropToken')).toHaveLength(2));
  });

  it('drops also what was still being read', async () => {
    let answer: ((read: InspectedToken) => void) | undefined;
    const { user, called } = await open(kept, { inspectToken: () => new Promise((then) => { answer = then; }) }, 'Inspect');
    await user.click(await screen.findByLabelText('Token'));
    await user.paste(TOKEN);
    await waitFor(() => expect(called('inspectToken')).toHaveLength(1));
    await user.click(await press('Back'));
    expect(called('dropToken')).toHaveLength(1);
    answer?.(inspected());
    await waitFor(() => expect(called('dropToken')).toHaveLength(2));
  });
});
