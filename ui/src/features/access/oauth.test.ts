import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { ErrorCode, McpAccess, McpAccessView, McpProofView, NewOAuth, OAuthPrompt, OAuthView, Received } from '../../ipc';
import { accessView, oauthFound, oauthView, proof } from '../../test/access-fixtures';
import { client, emitSignInPrompt, emitStateChanged, fail, found, instance, key, keychain, keyList, NOW, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });
const ISSUER = 'https://login.example.com/realms/bi';
const SECRET = 'canary-of-the-client';
const ADDRESS = `${ISSUER}/auth?client_id=superset-keys&state=abc`;
const BROWSER: OAuthPrompt = { kind: 'browser', url: ADDRESS };
const DEVICE: OAuthPrompt = { kind: 'device', url: 'https://login.example.com/device', complete: 'https://login.example.com/device?c=ABCD-EFGH', code: 'ABCD-EFGH' };

interface World {
  view: McpAccessView;
  /** Lets the sign-in under way come to its end. */
  end: (how: OAuthView | null | ReturnType<typeof fail>) => void;
}

/** As Rust does: what is set, signed in for and used changes as commands do. */
function answers(world: World, more: MockAnswers): MockAnswers {
  return {
    listInstances: () => [instance({ default_key: laptop.id })], listKeys: () => keyList([laptop]), listClients: () => [client()], findClients: () => [found('claude-code', { installed: true })],
    renderSnippet: () => { throw fail('mcp_url_unknown'); }, pastCheckups: () => [], mcpAccess: () => world.view, userLines: () => 'def MCP_AUTH_FACTORY(app): ...',
    findOauth: () => oauthFound(),
    setOauth: ({ oauth }) => {
      const wanted = oauth as NewOAuth;
      const set = oauthView({
        issuer: wanted.issuer ?? ISSUER, client_id: wanted.client_id ?? 'made', registered: !wanted.client_id, has_secret: !!wanted.client_secret, grant: wanted.grant ?? 'code', signed_in: null,
        redirect: wanted.grant === 'code' ? 'http://127.0.0.1/callback' : null,
      });
      world.view = { ...world.view, oauth: set };
      return set;
    },
    signInOauth: () => new Promise<OAuthView | null>((then, refuse) => {
      world.end = (how) => {
        if (how && 'code' in how) return refuse(how);
        if (how) world.view = { ...world.view, oauth: how };
        then(how);
      };
    }),
    stopSignIn: () => { world.end(null); return null; },
    openSignInPage: () => true,
    signOutOauth: () => { world.view = { ...world.view, oauth: world.view.oauth && { ...world.view.oauth, signed_in: null } }; return { revoked: 'done', left_behind: 0 }; },
    proveMcpAccess: () => proof(),
    setMcpAccess: ({ access }) => { world.view = { ...world.view, access: access as McpAccess, default_key: null }; return (access as McpAccess).kind === 'api_key' ? null : proof(); },
    ...more,
  };
}

/** Opens MCP access. */
async function open(view: McpAccessView = accessView(), more: MockAnswers = {}) {
  const world: World = { view, end: () => { throw new Error('nobody signs in'); } };
  const opened = openWindow(answers(world, more));
  await opened.user.click(await screen.findByRole('tab', { name: /AI clients/ }));
  await opened.user.click(await row());
  await screen.findByRole('heading', { name: 'MCP access' });
  return { ...opened, world };
}
/** Opens the page of what is set up. */
async function openPage(set: OAuthView = oauthView(), access: McpAccess = { kind: 'api_key' }, more: MockAnswers = {}) {
  const opened = await open(accessView({ oauth: set, access, default_key: access.kind === 'api_key' ? 'claude-code-laptop' : null }), more);
  await opened.user.click(await screen.findByRole('button', { name: access.kind === 'oauth' ? 'OAuth' : 'Go on with OAuth' }));
  await screen.findByRole('heading', { name: 'OAuth' });
  return opened;
}
const row = () => screen.findByRole('button', { name: /^MCP access/ });
const fact = (name: string) => screen.findByText(name, { selector: '.what' }).then((label) => label.closest('.ln') as HTMLElement);
const way = () => within(screen.getByRole('region', { name: 'Ways in' })).getByText('OAuth', { selector: '.m' }).closest('li') as HTMLElement;
const dialog = (name: string | RegExp) => screen.findByRole('dialog', { name });
const press = (name: string | RegExp) => screen.findByRole('button', { name });
const step = (name: RegExp) => within(screen.getByRole('list', { name: 'Signing in' })).getByText(name).closest('li') as HTMLElement;
const heard = (text: string | RegExp) => screen.findByText(text, { selector: '[role="status"]' });
const inPage = (text: string): boolean =>
  document.documentElement.outerHTML.includes(text) || [...document.querySelectorAll('input')].some(({ value }) => value.includes(text));

/** Set up by what was found, and waiting for a browser. */
async function waiting(prompt: OAuthPrompt | null = BROWSER, opened = true, more: MockAnswers = {}) {
  const all = await open(accessView(), more);
  await all.user.click(await press('Set up OAuth'));
  await dialog('Set up OAuth');
  if (prompt?.kind === 'device') await all.user.click(await screen.findByRole('radio', { name: 'Code on another device' }));
  await all.user.click(await press(prompt?.kind === 'device' ? 'Get a code' : 'Sign in in your browser'));
  await screen.findByRole('list', { name: 'Signing in' });
  await waitFor(() => expect(all.called('signInOauth')).toHaveLength(1));
  if (prompt) await emitSignInPrompt({ instance: 'inst-production', prompt, opened });
  return all;
}
/** Signed in, and the MCP server was asked. */
async function seen(ours: Received, more: MockAnswers = {}) {
  const all = await waiting(BROWSER, true, { proveMcpAccess: () => proof({ ours }), ...more });
  all.world.end(oauthView());
  await waitFor(() => expect(all.called('proveMcpAccess').length).toBeGreaterThan(0));
  return all;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  closeWindow();
});

describe('where the MCP server announces it', () => {
  it('asks nothing, shows what was found, and breaks no rule', async () => {
    const { user, called } = await open();
    expect(way()).toHaveTextContent('Not set up');
    await user.click(await press('Set up OAuth'));
    expect(await dialog('Set up OAuth')).toHaveTextContent('The MCP server says who signs people in.');
    expect(called('findOauth').map(({ given }) => given)).toEqual([{ id: 'inst-production', issuer: null }]);
    expect(await fact('Signs you in')).toHaveTextContent('login.example.com/realms/bi');
    expect(await fact('Tokens are for')).toHaveTextContent('https://superset.example.com/mcp');
    expect(await fact('This app')).toHaveTextContent('Registers itself there');
    expect(await fact('Asks for')).toHaveTextContent('mcp:read');
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.getByText(/The sign-in is kept in GNOME Keyring, and only there\./)).toBeVisible();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Sign in in your browser' })).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called('setOauth').map(({ given }) => given.oauth)).toEqual([
      { issuer: null, client_id: null, client_secret: null, scopes: [], resource: null, audience: null, grant: 'code' },
    ]));
  });

  it('offers no way that the authorization server does not have', async () => {
    const { user } = await open(accessView(), { findOauth: () => oauthFound({ grants: ['device', 'client_credentials'] }) });
    await user.click(await press('Set up OAuth'));
    expect(await screen.findByRole('radio', { name: 'In your browser' })).toBeDisabled();
    expect(screen.getByRole('radio', { name: 'Code on another device' })).toBeChecked();
    expect(screen.getByText(/It does not offer: in your browser\./)).toBeVisible();
    expect(await press('Get a code')).toBeEnabled();
  });

  it('asks for a client id where none is made, with all else filled in', async () => {
    const { user, called } = await open(accessView(), { findOauth: () => oauthFound({ registers: false }) });
    await user.click(await press('Set up OAuth'));
    expect(await dialog('Set up OAuth')).toHaveTextContent('That one makes no client by itself, so your admin must tell you its id.');
    const id = await screen.findByRole('textbox', { name: 'Client id' });
    await waitFor(() => expect(id).toHaveFocus());
    expect(screen.getByRole('textbox', { name: 'Issuer' })).toHaveValue(ISSUER);
    expect(screen.getByRole('textbox', { name: 'Scopes' })).toHaveValue('mcp:read');
    await user.click(await press('Sign in in your browser'));
    expect(await screen.findByText('It makes no client by itself: type the id of one.')).toBeVisible();
    expect(id).toHaveFocus();
    expect(called('setOauth')).toHaveLength(0);
    expect(await violations()).toEqual([]);
    await user.keyboard('superset-keys');
    await user.click(await press('Sign in in your browser'));
    await waitFor(() => expect(called('setOauth').at(-1)?.given.oauth).toMatchObject({ issuer: ISSUER, client_id: 'superset-keys', scopes: ['mcp:read'], resource: 'https://superset.example.com/mcp' }));
  });

  it('can be entered by hand all the same, and gone back to', async () => {
    const { user } = await open();
    await user.click(await press('Set up OAuth'));
    await user.click(await press('Enter by hand'));
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Client id' })).toHaveFocus());
    await user.click(await press('Use what was found'));
    expect(await screen.findByText('The MCP server says who signs people in.')).toBeVisible();
  });

  it('is left by Escape, and nothing was set', async () => {
    const { user, called } = await open();
    await user.click(await press('Set up OAuth'));
    await screen.findByText('The MCP server says who signs people in.');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(called('setOauth')).toHaveLength(0);
    expect(await press('Set up OAuth')).toHaveFocus();
  });

  it('says that it asks where that takes a while, and can be left', async () => {
    const { user } = await open(accessView(), { findOauth: () => new Promise(() => undefined) });
    await user.click(await press('Set up OAuth'));
    expect(await heard('Asking the MCP server who signs people in…')).toBeVisible();
    expect(await violations()).toEqual([]);
    await user.click(await press('Cancel'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('by hand', () => {
  const nothing: MockAnswers = {
    findOauth: ({ issuer }) => { if (issuer === null) throw fail('issuer_not_announced', { host: 'superset.example.com' }); return oauthFound({ issuer: String(issuer), scopes: [], registers: false }); },
  };
  async function byHand(more: MockAnswers = {}) {
    const all = await open(accessView(), { ...nothing, ...more });
    await all.user.click(await press('Set up OAuth'));
    const issuer = await screen.findByRole('textbox', { name: 'Issuer' });
    await waitFor(() => expect(issuer).toHaveFocus());
    return { ...all, issuer };
  }

  it('is what is left where nothing is announced, and breaks no rule', async () => {
    const { user, called } = await byHand();
    expect(await dialog('Set up OAuth')).toHaveTextContent('This server announces nothing, so your admin must tell you the first two.');
    expect(await dialog('Set up OAuth')).toHaveTextContent('Your admin registers http://127.0.0.1/callback as the way back. Any port must be allowed.');
    await user.click(await press('Copy message for your admin'));
    await waitFor(() => expect(called('copyText').at(-1)?.given.text).toContain('Its redirect address is http://127.0.0.1/callback'));
    expect(called('copyText').at(-1)?.given.text).toContain('It gets tokens for https://superset.example.com/mcp.');
    expect(await violations()).toEqual([]);
  });

  it('reads what the issuer says of itself when it is typed', async () => {
    const { user, called } = await byHand();
    await user.keyboard(`${ISSUER}{Tab}`);
    expect(await screen.findByText('Described there: browser, device and program sign-in. It makes no client by itself.')).toBeVisible();
    expect(called('findOauth').at(-1)?.given.issuer).toBe(ISSUER);
    await user.keyboard(`superset-keys{Tab}${SECRET}`);
    await user.click(screen.getByText('Advanced'));
    await user.type(screen.getByRole('textbox', { name: 'Scopes' }), 'mcp:read  mcp:write');
    await user.type(screen.getByRole('textbox', { name: 'Audience' }), 'superset');
    await user.click(await press('Sign in in your browser'));
    await waitFor(() => expect(called('setOauth').at(-1)?.given.oauth).toEqual({
      issuer: ISSUER, client_id: 'superset-keys', client_secret: SECRET, scopes: ['mcp:read', 'mcp:write'], resource: null, audience: 'superset', grant: 'code',
    }));
    await screen.findByRole('list', { name: 'Signing in' });
    expect(inPage(SECRET)).toBe(false);
  });

  it('wants an issuer first', async () => {
    const { user, called, issuer } = await byHand();
    await user.click(await press('Sign in in your browser'));
    expect(await screen.findByText('Type the issuer.')).toBeVisible();
    expect(issuer).toHaveFocus();
    expect(called('setOauth')).toHaveLength(0);
  });

  it('wants the secret of a program', async () => {
    const { user, called } = await byHand();
    await user.keyboard(`${ISSUER}{Tab}program`);
    await user.click(screen.getByRole('radio', { name: 'As a program' }));
    await user.click(await press('Get a token'));
    expect(await screen.findByText('A program needs the client’s secret.')).toBeVisible();
    expect(screen.getByLabelText('Client secret')).toHaveFocus();
    expect(called('setOauth')).toHaveLength(0);
  });

  it.each<[string, ErrorCode, Record<string, string>, string]>([
    ['nothing there', 'issuer_unusable', { host: 'login.example.com', problem: 'no_metadata' }, 'login.example.com cannot be used. It does not say what it is'],
    ['another one there', 'issuer_unusable', { host: 'login.example.com', problem: 'of_another' }, 'What stands there speaks of another issuer.'],
    ['without PKCE', 'issuer_unusable', { host: 'login.example.com', problem: 'no_pkce' }, 'It does not know PKCE with S256.'],
    ['not encrypted', 'insecure_address', { host: 'login.example.com' }, 'This address is not encrypted'],
    ['no address', 'invalid_address', { problem: 'not_an_address' }, 'It is not a web address.'],
  ])('says at the issuer what is wrong with it: %s', async (_, code, params, text) => {
    const { user, called, issuer } = await byHand({ findOauth: ({ issuer }) => { throw issuer === null ? fail('issuer_not_announced') : fail(code, params); } });
    await user.keyboard(ISSUER);
    await user.click(await press('Sign in in your browser'));
    await waitFor(() => expect(issuer).toHaveAccessibleDescription(expect.stringContaining(text)));
    expect(issuer).toHaveFocus();
    expect(called('setOauth')).toHaveLength(0);
    // Another one is another matter.
    await user.type(issuer, '2');
    expect(issuer).not.toHaveAttribute('aria-invalid');
  });

  it('says that the provider is silent, and is tried again', async () => {
    let away = true;
    const { user, called } = await byHand({
      findOauth: ({ issuer }) => { if (issuer === null) throw fail('issuer_not_announced'); if (away) throw fail('unreachable', { host: 'login.example.com', kind: 'timed_out' }); return oauthFound({ issuer: String(issuer) }); },
    });
    await user.keyboard(ISSUER);
    await user.click(await press('Sign in in your browser'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('login.example.com');
    away = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(called('setOauth')).toHaveLength(1));
  });

  it('says at the client id that one is needed', async () => {
    const { user } = await byHand({
      findOauth: ({ issuer }) => { if (issuer === null) throw fail('issuer_not_announced'); return oauthFound({ issuer: String(issuer) }); },
      setOauth: () => { throw fail('client_id_needed', { host: 'login.example.com' }); },
    });
    await user.keyboard(ISSUER);
    await user.click(await press('Sign in in your browser'));
    const id = screen.getByRole('textbox', { name: 'Client id' });
    await waitFor(() => expect(id).toHaveAccessibleDescription(expect.stringContaining('login.example.com makes no client by itself.')));
    expect(id).toHaveFocus();
  });

  it('says at the resource that it is no address', async () => {
    const { user } = await byHand({ setOauth: () => { throw fail('invalid_address', { problem: 'not_an_address' }); } });
    await user.keyboard(`${ISSUER}{Tab}superset-keys`);
    await user.click(screen.getByText('Advanced'));
    const resource = screen.getByRole('textbox', { name: 'Resource' });
    await user.type(resource, 'superset');
    await user.click(await press('Sign in in your browser'));
    await waitFor(() => expect(resource).toBeInvalid());
    expect(resource).toHaveFocus();
  });

  it('goes on when the keychain is unlocked', async () => {
    let locked = true;
    const { user, called } = await byHand({
      setOauth: () => { if (locked) throw fail('keychain_locked'); return oauthView({ signed_in: null }); }, unlockKeychain: () => { locked = false; return keychain(); },
    });
    await user.keyboard(`${ISSUER}{Tab}superset-keys{Tab}${SECRET}`);
    await user.click(await press('Sign in in your browser'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('GNOME Keyring is locked.');
    expect(await violations()).toEqual([]);
    await user.click(within(alert).getByRole('button', { name: 'Unlock' }));
    // With the secret, which was not lost on the way.
    await waitFor(() => expect(called('setOauth').map(({ given }) => (given.oauth as NewOAuth).client_secret)).toEqual([SECRET, SECRET]));
    expect(await screen.findByRole('list', { name: 'Signing in' })).toBeVisible();
  });

  it('says that the MCP server does not answer, and asks it once more', async () => {
    let away = true;
    const { user } = await open(accessView(), { findOauth: () => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return oauthFound(); } });
    await user.click(await press('Set up OAuth'));
    const alert = await screen.findByRole('alert');
    expect(screen.getByRole('textbox', { name: 'Issuer' })).toBeVisible();
    away = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('The MCP server says who signs people in.')).toBeVisible();
  });

  it('leads to where the MCP address is named', async () => {
    const { user } = await open(accessView(), { listInstances: () => [instance({ mcp_url: null, default_key: laptop.id })], findOauth: () => { throw fail('mcp_url_unknown'); } });
    await user.click(await press('Set up OAuth'));
    await user.click(within(await screen.findByRole('alert')).getByRole('button', { name: 'Name the address' }));
    expect(await screen.findByRole('form', { name: 'Where is the MCP server?' })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });
});

describe('while somebody signs in', () => {
  it('waits for the browser, opens it again, copies its address, and breaks no rule', async () => {
    const { user, called } = await waiting();
    expect(await dialog('Finish in your browser')).toHaveTextContent('This goes on by itself when you are in.');
    await waitFor(() => expect(step(/^Your browser was opened/)).toHaveTextContent('done'));
    expect(step(/^You sign in at login\.example\.com/)).toHaveAttribute('aria-current', 'step');
    expect(await heard('Your browser was opened')).toBeInTheDocument();
    expect(await violations()).toEqual([]);
    await user.click(await press('Open again'));
    expect(called('openSignInPage').map(({ given }) => given.id)).toEqual(['inst-production']);
    expect(await heard('Your browser was opened again.')).toBeInTheDocument();
    await user.click(await press('Copy address'));
    await waitFor(() => expect(called('copyText').at(-1)?.given.text).toBe(ADDRESS));
    expect(called('signInOauth')[0]?.given.pages).toMatchObject({ done: { title: 'Done here' }, refused: { title: 'Not signed in' } });
  });

  it('says that no browser was opened', async () => {
    const { user } = await waiting(BROWSER, false, { openSignInPage: () => false });
    await waitFor(() => expect(step(/^No browser was opened/)).toBeVisible());
    await user.click(await press('Open again'));
    expect(step(/^No browser was opened/)).toBeVisible();
    expect(await press('Copy address')).toBeVisible();
  });

  it('takes no word of another instance’s sign-in', async () => {
    await waiting(null);
    await emitSignInPrompt({ instance: 'inst-other', prompt: BROWSER, opened: true });
    expect(step(/^login\.example\.com is asked/)).toHaveAttribute('aria-current', 'step');
    expect(screen.queryByRole('button', { name: 'Open again' })).toBeNull();
  });

  it('shows the code for another device, and copies it', async () => {
    const { user, called } = await waiting(DEVICE, false);
    expect(await dialog('Finish on any device')).toBeVisible();
    expect(await screen.findByText('ABCD-EFGH')).toBeVisible();
    expect(screen.getByText('https://login.example.com/device')).toBeVisible();
    expect(await heard(/Enter this code there: ABCD-EFGH/)).toBeInTheDocument();
    expect(await violations()).toEqual([]);
    await user.click(await press('Copy code'));
    await waitFor(() => expect(called('copyText').at(-1)?.given.text).toBe('ABCD-EFGH'));
    await user.click(await press('Copy address'));
    await waitFor(() => expect(called('copyText').at(-1)?.given.text).toBe(DEVICE.kind === 'device' ? DEVICE.complete : ''));
    expect(called('openSignInPage')).toHaveLength(0);
  });

  it('is stopped, and can be begun again', async () => {
    const { user, called } = await waiting();
    await user.click(await press('Stop'));
    expect(await dialog('Nobody is signed in')).toHaveTextContent('The sign-in was stopped. OAuth stays set up, and no AI client was switched.');
    expect(called('stopSignIn')).toHaveLength(1);
    expect(screen.queryByRole('alert')).toBeNull();
    const again = await press('Try again');
    await waitFor(() => expect(again).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called('signInOauth')).toHaveLength(2));
    // What is set up stays so.
    expect(called('setOauth')).toHaveLength(1);
  });

  it('ends when the dialog is left', async () => {
    const { user, called } = await waiting();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(called('stopSignIn')).toHaveLength(1));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(called('proveMcpAccess')).toHaveLength(0);
    await waitFor(() => expect(way()).toHaveTextContent('Nobody signed in'));
  });

  it.each<[string, ErrorCode, Record<string, string>, string]>([
    ['refused', 'authorization_refused', { host: 'login.example.com', problem: 'access_denied' }, 'login.example.com refused. Whoever was asked said no, or may not.'],
    ['not for this client', 'authorization_refused', { host: 'login.example.com', problem: 'invalid_client' }, 'It does not know this client, or not with this secret.'],
    ['not for this resource', 'authorization_refused', { host: 'login.example.com', problem: 'invalid_target' }, 'It gives no tokens for this resource'],
    ['too late', 'sign_in_too_late', { host: 'login.example.com' }, 'Nobody signed in at login.example.com in time. Try again.'],
    ['silent', 'unreachable', { host: 'login.example.com', kind: 'timed_out' }, 'login.example.com'],
    ['of another', 'answer_of_another', { host: 'login.example.com' }, 'What came back is not from login.example.com. Nothing was kept.'],
    ['keychain away', 'keychain_absent', {}, 'This computer has no keyring.'],
  ])('says why nobody is signed in: %s', async (_, code, params, text) => {
    const { user, world, called } = await waiting();
    world.end(fail(code, params));
    await dialog('Nobody is signed in');
    expect(await screen.findByRole('alert')).toHaveTextContent(text);
    expect(await violations()).toEqual([]);
    expect(called('proveMcpAccess')).toHaveLength(0);
    await user.click(await press('Change the set-up'));
    expect(await screen.findByRole('textbox', { name: 'Issuer' })).toHaveValue(ISSUER);
  });
});

describe('after the sign-in', () => {
  it('shows whom Superset sees before any AI client is switched, then switches them', async () => {
    const { user, called, world } = await waiting();
    world.end(oauthView());
    expect(await dialog('Superset sees jane')).toHaveTextContent('No client was switched yet.');
    expect(called('proveMcpAccess').map(({ given }) => given)).toEqual([{ id: 'inst-production', access: { kind: 'oauth' } }]);
    expect(called('setMcpAccess')).toHaveLength(0);
    expect(await fact('At login.example.com')).toHaveTextContent('okta_jane');
    expect(await fact('In Superset')).toHaveTextContent('jane the same person as your sign-in');
    expect(screen.getByRole('dialog')).toHaveTextContent('It let in neither a made-up token nor a call without one.');
    expect(await violations()).toEqual([]);
    const use = await press('Use it for AI clients');
    await waitFor(() => expect(use).toHaveFocus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(called('setMcpAccess').map(({ given }) => given)).toEqual([{ id: 'inst-production', access: { kind: 'oauth' } }]));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(await heard('AI clients use OAuth now, and act as jane.')).toBeInTheDocument();
    expect(way()).toHaveTextContent('In use');
    expect(way()).toHaveTextContent('Takes it');
    expect(await row()).toHaveTextContent(/OAuth$/);
  });

  it('leaves AI clients as they are when it is not wanted', async () => {
    const { user, called } = await seen({ was: 'let_in', user: 'jane' });
    await user.click(await press('Not now'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(called('setMcpAccess')).toHaveLength(0);
    expect(way()).toHaveTextContent('Signed in');
    expect(way()).not.toHaveTextContent('In use');
    expect(await fact('Last proof')).toHaveTextContent('Not proven yet in this window');
  });

  it('says that it is another person than the one signed in here', async () => {
    await seen({ was: 'let_in', user: 'mara' });
    expect(await fact('In Superset')).toHaveTextContent('mara another person than your sign-in');
  });

  it.each<[string, Received, string, string]>([
    ['refused', { was: 'refused', status: 401 }, 'It refused the token (status 401).', 'Its MCP_JWKS_URI'],
    ['knows no user', { was: 'no_user' }, 'It let the token in and knew no user to act as.', 'Its MCP server must name the user of a token.'],
    ['refused by the tool', { was: 'refused_by_tool' }, 'It let the token in, and its tool said no.', 'Ask your admin.'],
    ['odd', { was: 'odd', status: 502 }, 'It answered in a way that says nothing (status 502).', 'Something may stand before it.'],
  ])('offers no switch where the server does not take it, and says what helps: %s', async (_, ours, text, helps) => {
    let now: Received = ours;
    const { user, called } = await seen(ours, { proveMcpAccess: () => proof({ ours: now }) });
    await dialog('Signed in, and not let in');
    expect(await fact('In Superset')).toHaveTextContent(text);
    expect(screen.getByRole('dialog')).toHaveTextContent(helps);
    expect(screen.queryByRole('button', { name: 'Use it for AI clients' })).toBeNull();
    expect(await violations()).toEqual([]);
    if (ours.was === 'no_user') {
      await user.click(await press('Copy the lines'));
      await waitFor(() => expect(called('copyText').at(-1)?.given.text).toContain('MCP_AUTH_FACTORY'));
    }
    now = { was: 'let_in', user: 'jane' };
    await user.click(await press('Prove again'));
    expect(await press('Use it for AI clients')).toBeVisible();
  });

  it('speaks up where the server lets in whoever comes', async () => {
    const all = await waiting(BROWSER, true, { proveMcpAccess: () => proof({ nobody: { was: 'let_in', user: 'admin' } }) });
    all.world.end(oauthView());
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This MCP server lets in anyone.');
    await all.user.click(within(alert).getByRole('button', { name: 'See the check-up' }));
    expect(screen.getByRole('tab', { name: /Check-up/ })).toHaveAttribute('aria-selected', 'true');
  });

  it('says that the MCP server is away, and asks again', async () => {
    let away = true;
    const { user } = await seen({ was: 'let_in', user: 'jane' }, { proveMcpAccess: () => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return proof(); } });
    const alert = await screen.findByRole('alert');
    expect(await dialog('You are signed in')).toBeVisible();
    away = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await dialog('Superset sees jane')).toBeVisible();
  });

  it('says why AI clients were not switched', async () => {
    const { user } = await seen({ was: 'let_in', user: 'jane' }, { setMcpAccess: () => { throw fail('token_not_taken', { host: 'superset.example.com' }); } });
    await user.click(await press('Use it for AI clients'));
    expect(await screen.findByRole('alert')).toHaveTextContent('superset.example.com does not take it.');
    expect(await dialog('Superset sees jane')).toBeVisible();
    expect(way()).not.toHaveTextContent('In use');
  });

  it('says that a sign-in cannot be renewed', async () => {
    const { world } = await waiting();
    world.end(oauthView({ signed_in: { subject: null, at: NOW.toISOString(), renews: false } }));
    expect(await screen.findByText('Its first token is its last: the server gave nothing to renew it.')).toBeVisible();
    expect(await fact('At login.example.com')).toHaveTextContent('Somebody');
  });
});

describe('the page', () => {
  it('shows what is set and who is signed in, and breaks no rule', async () => {
    const { called } = await openPage();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'OAuth' })).toHaveFocus());
    expect(await fact('Signed in')).toHaveTextContent('okta_jane since Today, ');
    expect(await fact('Signs you in')).toHaveTextContent('login.example.com/realms/bi');
    expect(await fact('This app')).toHaveTextContent('superset-keys public, without a secret');
    expect(await fact('Asks for')).toHaveTextContent('mcp:read');
    expect(await fact('Way back')).toHaveTextContent('http://127.0.0.1/callback with any port');
    expect(await fact('Last proof')).toHaveTextContent('Not proven yet in this window');
    expect(called('proveMcpAccess')).toHaveLength(0);
    expect(await violations()).toEqual([]);
  });

  it('proves before it is used, and uses it', async () => {
    const { user, called } = await openPage();
    await user.click(await press('Prove'));
    await waitFor(async () => expect(await fact('Last proof')).toHaveTextContent('It acted as jane.'));
    expect(called('proveMcpAccess').at(-1)?.given.access).toEqual({ kind: 'oauth' });
    await user.click(await press('Use it for AI clients'));
    expect(await heard('AI clients use OAuth now, and act as jane.')).toBeInTheDocument();
    await user.click(await press('Prove again'));
    // What is in use needs no other word for it.
    await waitFor(() => expect(called('proveMcpAccess').at(-1)?.given.access).toBeNull());
  });

  it('forgets what was proven when somebody else signs in', async () => {
    const { user, world } = await openPage();
    await user.click(await press('Prove'));
    await waitFor(async () => expect(await fact('Last proof')).toHaveTextContent('It acted as jane.'));
    world.view = { ...world.view, oauth: oauthView({ signed_in: { subject: 'mara', at: '2026-11-20T13:04:00Z', renews: true } }) };
    await emitStateChanged();
    await waitFor(async () => expect(await fact('Last proof')).toHaveTextContent('Not proven yet in this window'));
  });

  it('asks before it signs out, and is answered with no by itself', async () => {
    const { user, called } = await openPage(oauthView(), { kind: 'oauth' });
    await user.click(await press('Sign out…'));
    const question = await screen.findByRole('alertdialog', { name: 'Sign out at login.example.com?' });
    expect(question).toHaveTextContent('AI clients use it. They do not get in until somebody signs in again, or they use API keys.');
    await waitFor(() => expect(within(question).getAllByRole('button', { name: 'Stay signed in' }).at(-1)).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('signOutOauth')).toHaveLength(0);
    await user.click(await press('Sign out…'));
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Sign out' }));
    await waitFor(async () => expect(await fact('Signed in')).toHaveTextContent('Nobody until you sign in'));
    expect(await heard(/^Signed out\. The sign-in is revoked/)).toBeInTheDocument();
    // Nobody gets in, and there are ways on.
    expect(await press('Sign in in your browser')).toBeVisible();
    await user.click(await press('To MCP access'));
    expect(await fact('In use')).toHaveTextContent('nobody is signed in, so AI clients do not get in');
    await user.click(await press('Use API keys'));
    await waitFor(() => expect(called('setMcpAccess').at(-1)?.given.access).toEqual({ kind: 'api_key' }));
  });

  it.each<[McpProofView['at'], 'nothing' | 'not_offered' | 'failed', string]>([
    ['', 'nothing', 'There was no sign-in to revoke'], ['', 'not_offered', 'login.example.com has no way to revoke a sign-in'], ['', 'failed', 'login.example.com did not revoke the sign-in: end it on its own page.'],
  ])('stays to say what is left to be done elsewhere%s: %s', async (_, revoked, text) => {
    const { user } = await openPage(oauthView(), { kind: 'api_key' }, { signOutOauth: () => ({ revoked, left_behind: 1 }) });
    await user.click(await press('Sign out…'));
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Sign out' }));
    const said = await screen.findByText(new RegExp(text), { selector: '.note *, .note' });
    expect(said).toHaveTextContent('What is left in the keychain is deleted when that is open again.');
  });

  it('says why nobody was signed out', async () => {
    const { user } = await openPage(oauthView(), { kind: 'api_key' }, { signOutOauth: () => { throw fail('state_busy'); } });
    await user.click(await press('Sign out…'));
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getByRole('button', { name: 'Sign out' }));
    expect(await within(question).findByRole('alert')).toHaveTextContent('Another program is busy with your keys.');
    expect(within(question).getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  it('signs in again by what is set', async () => {
    const { user, called, world } = await openPage();
    await user.click(await press('Sign in again'));
    await dialog('Finish in your browser');
    expect(called('setOauth')).toHaveLength(0);
    await waitFor(() => expect(called('signInOauth')).toHaveLength(1));
    world.end(oauthView({ signed_in: { subject: 'mara', at: '2026-11-20T13:04:00Z', renews: true } }));
    await dialog('Superset sees jane');
    await user.click(await press('Not now'));
    await waitFor(async () => expect(await fact('Signed in')).toHaveTextContent('mara'));
  });

  it('ends a sign-in again with nothing to switch where AI clients use it', async () => {
    const { user, world, called } = await openPage(oauthView(), { kind: 'oauth' });
    await user.click(await press('Sign in again'));
    await waitFor(() => expect(called('signInOauth')).toHaveLength(1));
    world.end(oauthView());
    expect(await dialog('Superset sees jane')).toHaveTextContent('AI clients use it.');
    await user.click(await press('Done'));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(called('setMcpAccess')).toHaveLength(0);
  });

  it('is set up anew with what was set, and says what that ends', async () => {
    const { user, called } = await openPage(oauthView({ has_secret: true }), { kind: 'oauth' });
    await user.click(await press('Set up anew…'));
    const form = await dialog('Set up OAuth');
    expect(form).toHaveTextContent('AI clients use it. Setting it up anew signs out whoever is signed in, and they do not get in until somebody is.');
    expect(screen.getByRole('textbox', { name: 'Issuer' })).toHaveValue(ISSUER);
    expect(screen.getByRole('textbox', { name: 'Client id' })).toHaveValue('superset-keys');
    expect(screen.getByLabelText('Client secret')).toHaveAccessibleDescription('Type its secret again: it is not shown here.');
    expect(await violations()).toEqual([]);
    await user.clear(screen.getByRole('textbox', { name: 'Client id' }));
    await user.type(screen.getByRole('textbox', { name: 'Client id' }), 'another');
    await user.click(await press('Sign in in your browser'));
    await waitFor(() => expect(called('setOauth').at(-1)?.given.oauth).toMatchObject({ issuer: ISSUER, client_id: 'another', scopes: ['mcp:read'] }));
  });

  it('goes back to MCP access by Escape, and leaves the list its room', async () => {
    const { user } = await openPage();
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('heading', { name: 'MCP access' })).toBeVisible();
  });

  it('has a way on where it cannot be read', async () => {
    const { user, answers } = await openPage();
    await user.keyboard('{Escape}');
    await screen.findByRole('heading', { name: 'MCP access' });
    answers.proveMcpAccess = () => { throw fail('no_oauth_sign_in', { instance: 'production' }); };
    await user.click(await press('Go on with OAuth'));
    await user.click(await press('Prove'));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Nobody is signed in for the AI clients of Production.');
    await user.click(within(alert).getByRole('button', { name: 'Sign in' }));
    expect(await dialog('Finish in your browser')).toBeVisible();
  });
});

describe('MCP access', () => {
  it('says that nobody is signed in where AI clients need that, and leads to it', async () => {
    const { user, called } = await open(accessView({ access: { kind: 'oauth' }, default_key: null, oauth: oauthView({ signed_in: null }) }));
    expect(await fact('In use')).toHaveTextContent('OAuth nobody is signed in, so AI clients do not get in');
    expect(await fact('Acts as')).toHaveTextContent('Nobody until you sign in');
    expect(way()).toHaveTextContent('Nobody signed in');
    expect(await violations()).toEqual([]);
    await user.click(await press('Sign in'));
    await waitFor(() => expect(called('signInOauth')).toHaveLength(1));
  });

  it('names whom the token is of until the server was asked', async () => {
    await open(accessView({ access: { kind: 'oauth' }, default_key: null, oauth: oauthView() }));
    expect(await fact('Acts as')).toHaveTextContent('okta_jane A proof shows whom the server takes them for.');
  });

  it('asks first where no key is the default one', async () => {
    const { user, called } = await open(accessView({ access: { kind: 'oauth' }, default_key: null, oauth: oauthView() }), { listInstances: () => [instance()] });
    await user.click(await press('Use API keys'));
    const question = await screen.findByRole('alertdialog');
    await user.click(within(question).getAllByRole('button', { name: 'Keep OAuth' }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('setMcpAccess')).toHaveLength(0);
  });
});
