import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import type { McpAccessView, McpProofView } from '../../ipc';
import { accessView, oauthView, proof, signedAccess, signingView } from '../../test/access-fixtures';
import { client, emitStateChanged, fail, found, instance, key, keychain, keyList, NOW, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

const laptop = key({ is_default: true });

/** Opens the page; `view` may change while a test runs. */
async function open(view: McpAccessView | (() => McpAccessView | Promise<McpAccessView>), answers: MockAnswers = {}) {
  const opened = openWindow({
    listInstances: () => [instance({ default_key: laptop.id })], listKeys: () => keyList([laptop]), listClients: () => [client()], findClients: () => [found('claude-code', { installed: true })],
    renderSnippet: () => { throw fail('mcp_url_unknown'); }, pastCheckups: () => [], mcpAccess: typeof view === 'function' ? view : () => view, proveMcpAccess: () => proof(), ...answers,
  });
  await opened.user.click(await screen.findByRole('tab', { name: /AI clients/ }));
  await opened.user.click(await row());
  await screen.findByRole('heading', { name: 'MCP access' });
  return opened;
}
/** In the list of AI clients. */
const row = () => screen.findByRole('button', { name: /^MCP access/ });
const fact = (name: string) => screen.findByText(name, { selector: '.what' }).then((label) => label.closest('.ln') as HTMLElement);
const way = (name: string) => within(screen.getByRole('region', { name: 'Ways in' })).getByText(name, { selector: '.m' }).closest('li') as HTMLElement;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  closeWindow();
});

describe('the page', () => {
  it('is the first row of the list, says what is in use and whom it acts as, and breaks no rule', async () => {
    const { user } = await open(accessView());
    expect(await fact('In use')).toHaveTextContent('API key Claude Code – laptop');
    expect(await fact('Acts as')).toHaveTextContent('jane (Gamma) the same person as your sign-in');
    expect(await fact('Last proof')).toHaveTextContent('Not proven yet in this window');
    expect(way('API key')).toHaveTextContent('In use');
    expect(way('API key')).toHaveTextContent('Not proven yet');
    expect(way('Signed tokens')).toHaveTextContent('No secret yet');
    expect(way('Signed tokens')).not.toHaveTextContent('In use');
    expect(screen.getByText('AI clients on the bridge follow by themselves. An entry that names its own key keeps to it.')).toBeVisible();
    expect(await row()).toHaveAttribute('aria-current', 'page');
    expect(await row()).toHaveTextContent('API key');
    expect(screen.getByRole('option', { name: /Claude Code/ })).toHaveAttribute('aria-selected', 'false');
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('option', { name: /Claude Code/ }));
    expect(await screen.findByRole('heading', { name: 'Claude Code' })).toBeVisible();
    expect(screen.queryByRole('heading', { name: 'MCP access' })).toBeNull();
    expect(await row()).not.toHaveAttribute('aria-current');
  });

  it('is left by Alt Left and by Escape', async () => {
    const { user } = await open(accessView());
    await user.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await screen.findByRole('heading', { name: 'Claude Code' })).toBeVisible();
    await user.click(await row());
    await screen.findByRole('heading', { name: 'MCP access' });
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('heading', { name: 'Claude Code' })).toBeVisible();
  });

  it('shows tokens of an authorization server, whom a proof showed, and the way back to keys', async () => {
    let view: McpAccessView = accessView({ access: { kind: 'oauth' }, default_key: null, oauth: oauthView({ signed_in: { subject: null, at: NOW.toISOString(), renews: true } }) });
    const { user, called } = await open(() => view, {
      proveMcpAccess: () => proof({ ours: { was: 'let_in', user: 'okta_jane' } }),
      setMcpAccess: () => { view = accessView(); return null; },
    });
    expect(await fact('In use')).toHaveTextContent('OAuth tokens of an authorization server');
    expect(await fact('Acts as')).toHaveTextContent('Whoever signed in there');
    expect(way('OAuth')).toHaveTextContent('In use');
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Prove' }));
    await waitFor(async () => expect(await fact('Acts as')).toHaveTextContent('okta_jane'));
    await user.click(screen.getByRole('button', { name: 'Use API keys' }));
    await waitFor(() => expect(called('setMcpAccess').at(-1)?.given).toMatchObject({ access: { kind: 'api_key' } }));
    await waitFor(() => expect(way('OAuth')).not.toHaveTextContent('In use'));
  });

  it('tells of another person than the one signed in', async () => {
    await open(accessView(), { listKeys: () => keyList([{ ...laptop, belongs_to: 'mara' }]) });
    expect(await fact('Acts as')).toHaveTextContent('mara the owner of the default key');
  });

  it('does not guess whose a pasted key is', async () => {
    await open(accessView(), { listKeys: () => keyList([{ ...laptop, pasted: true }]) });
    expect(await fact('Acts as')).toHaveTextContent(/^Acts as ?The owner of the default key ?$/);
  });

  it('leads to the keys where none is the default one', async () => {
    const { user } = await open(accessView({ default_key: null }));
    expect(await fact('In use')).toHaveTextContent('no default key yet');
    expect(await fact('Acts as')).toHaveTextContent('Nobody until a key is the default one');
    await user.click(screen.getByRole('button', { name: 'Show keys' }));
    expect(await screen.findByRole('tab', { name: /Keys/ })).toHaveAttribute('aria-selected', 'true');
  });

  it('says that it reads where that takes a while', async () => {
    await open(() => new Promise(() => undefined));
    expect(await screen.findByText('Reading what AI clients are let in with…')).toBeInTheDocument();
    expect(await violations()).toEqual([]);
  });

  it('leaves the list its room in a narrow window, and the page below it takes that', async () => {
    vi.stubGlobal('matchMedia', (media: string) => ({ matches: true, media, addEventListener: () => undefined, removeEventListener: () => undefined }));
    const { user } = await open(accessView());
    expect(screen.getByRole('option', { name: /Claude Code/ })).toBeVisible();
    await user.click(await screen.findByRole('button', { name: 'Set up signed tokens' }));
    await screen.findByRole('heading', { name: 'Signed tokens' });
    expect(screen.queryByRole('option', { name: /Claude Code/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Back' }));
    expect(await screen.findByRole('option', { name: /Claude Code/ })).toBeVisible();
  });

  it('has a way on where it cannot be read', async () => {
    let broken = true;
    const { user } = await open(() => { if (broken) throw fail('state_unusable', { path: '/home/jane/keys.json' }); return accessView(); });
    expect(await screen.findByRole('heading', { name: 'We cannot read or write our file' })).toBeVisible();
    expect(await violations()).toEqual([]);
    broken = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await fact('In use')).toHaveTextContent('API key');
  });
});

describe('a proof', () => {
  it('is asked of the server, said, and shown as long as the window is open', async () => {
    const { user, called } = await open(accessView());
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    expect(await fact('Last proof')).toHaveTextContent(/Today, \d\d:\d\d\. It acted as jane\. It let in neither a made-up token nor a call without one\./);
    expect(screen.getByText(/^It acted as jane\. It let in neither/, { selector: '[role="status"]' })).toBeInTheDocument();
    expect(way('API key')).toHaveTextContent('Takes it');
    expect(called('proveMcpAccess').map(({ given }) => given.id)).toEqual(['inst-production']);
    await user.click(screen.getByRole('tab', { name: /Keys/ }));
    await user.click(screen.getByRole('tab', { name: /AI clients/ }));
    await user.click(await row());
    expect(await fact('Last proof')).toHaveTextContent('It acted as jane');
    expect(screen.getByRole('button', { name: 'Prove again' })).toBeVisible();
    expect(await violations()).toEqual([]);
  });

  it('is of what was in use then, and gone when that is another', async () => {
    let view = accessView();
    const { user } = await open(() => view);
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    await screen.findByRole('button', { name: 'Prove again' });
    view = accessView({ default_key: 'another' });
    await emitStateChanged();
    expect(await screen.findByText('Not proven yet in this window')).toBeVisible();
  });

  it('is not asked for twice at once', async () => {
    let answer: ((view: McpProofView) => void) | undefined;
    const { user, called } = await open(accessView(), { proveMcpAccess: () => new Promise((then) => { answer = then; }) });
    const prove = await screen.findByRole('button', { name: 'Prove' });
    await user.click(prove);
    expect(prove).toHaveAttribute('aria-busy', 'true');
    await user.click(prove);
    expect(called('proveMcpAccess')).toHaveLength(1);
    answer?.(proof());
    expect(await screen.findByRole('button', { name: 'Prove again' })).toHaveFocus();
  });

  it.each<[string, Partial<McpProofView>, string, string]>([
    ['refused', { ours: { was: 'refused', status: 401 } }, 'It refused what AI clients show (status 401).', 'Does not take it'],
    ['for nobody', { ours: { was: 'no_user' } }, 'It let AI clients in and knew no user to act as.', 'Does not take it'],
    ['refused by the tool', { ours: { was: 'refused_by_tool' } }, 'It let AI clients in, and its tool said no.', 'Does not take it'],
    ['odd', { ours: { was: 'odd', status: 502 } }, 'It answered in a way that says nothing (status 502).', 'Cannot tell'],
    ['for somebody else', { ours: { was: 'let_in', user: 'admin' }, meant: 'jane' }, 'It acted as admin, not as jane.', 'Does not take it'],
    ['unclear of others', { nobody: { was: 'odd', status: 500 } }, 'It acted as jane. Whether others get in could not be told.', 'Takes it'],
  ])('says what the server did: %s', async (_, over, text, mark) => {
    const { user } = await open(accessView(), { proveMcpAccess: () => proof(over) });
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    await waitFor(async () => expect(await fact('Last proof')).toHaveTextContent(text));
    expect(way('API key')).toHaveTextContent(mark);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each<[string, Partial<McpProofView>, string, string]>([
    ['with nothing', { nobody: { was: 'let_in', user: 'admin' } }, 'We came with nothing, and it acted as admin.', 'It also let in a call without a token.'],
    ['with a made-up token', { made_up: { was: 'let_in', user: 'admin' } }, 'We came with a token that nobody signed, and it acted as admin.', 'It also let in a made-up token.'],
    ['with either', { nobody: { was: 'let_in', user: 'admin' }, made_up: { was: 'let_in', user: 'admin' } }, 'We came with nothing, and it acted as admin.', 'a made-up token, and a call without one.'],
  ])('speaks up where whoever comes is let in %s, and leads to the check-up', async (_, over, text, line) => {
    const { user } = await open(accessView(), { proveMcpAccess: () => proof(over) });
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('This MCP server lets in anyone.');
    expect(alert).toHaveTextContent(text);
    expect(await fact('Last proof')).toHaveTextContent(line);
    expect(way('API key')).toHaveTextContent('Takes anything');
    expect(await violations()).toEqual([]);
    await user.click(within(alert).getByRole('button', { name: 'See the check-up' }));
    expect(screen.getByRole('tab', { name: /Check-up/ })).toHaveAttribute('aria-selected', 'true');
  });

  it('goes on when the keychain is unlocked', async () => {
    let locked = true;
    const { user, called } = await open(accessView(), {
      proveMcpAccess: () => { if (locked) throw fail('keychain_locked'); return proof(); }, unlockKeychain: () => { locked = false; return keychain(); },
    });
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('GNOME Keyring is locked.');
    await user.click(within(alert).getByRole('button', { name: 'Unlock' }));
    expect(await fact('Last proof')).toHaveTextContent('It acted as jane');
    expect(called('proveMcpAccess')).toHaveLength(2);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says that the server is away, and is tried again', async () => {
    let away = true;
    const { user } = await open(accessView(), { proveMcpAccess: () => { if (away) throw fail('unreachable', { host: 'superset.example.com', kind: 'timed_out' }); return proof(); } });
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    const alert = await screen.findByRole('alert');
    expect(await fact('Last proof')).toHaveTextContent('Not proven yet in this window');
    away = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    expect(await fact('Last proof')).toHaveTextContent('It acted as jane');
  });

  it('waits for an address, and leads to where one is named', async () => {
    const { user } = await open(accessView(), { listInstances: () => [instance({ mcp_url: null, default_key: laptop.id })] });
    expect(await fact('Last proof')).toHaveTextContent('The MCP address is not known.');
    expect(screen.queryByRole('button', { name: 'Prove' })).toBeNull();
    expect(await violations()).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Name the address' }));
    expect(await screen.findByRole('form', { name: 'Where is the MCP server?' })).toBeVisible();
  });

  it('leads to the keys where the default one cannot be used', async () => {
    const { user } = await open(accessView(), { proveMcpAccess: () => { throw fail('default_key_unusable', { instance: 'production' }); } });
    await user.click(await screen.findByRole('button', { name: 'Prove' }));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The default key cannot be used any more.');
    await user.click(within(alert).getByRole('button', { name: 'Show keys' }));
    expect(screen.getByRole('tab', { name: /Keys/ })).toHaveAttribute('aria-selected', 'true');
  });
});

describe('the other way', () => {
  it('leads to signed tokens, and further where a secret is kept', async () => {
    const { user } = await open(accessView());
    await user.click(await screen.findByRole('button', { name: 'Set up signed tokens' }));
    const heading = await screen.findByRole('heading', { name: 'Signed tokens' });
    await waitFor(() => expect(heading).toHaveFocus());
  });

  it('says that a secret is kept already', async () => {
    await open(accessView({ signing: signingView() }));
    expect(way('Signed tokens')).toHaveTextContent('Secret is kept');
    expect(screen.getByRole('button', { name: 'Go on with signed tokens' })).toBeVisible();
  });

  it('goes back to API keys at once, and says so in the list', async () => {
    let view = signedAccess();
    const { user, called } = await open(() => view, { setMcpAccess: () => { view = accessView({ signing: signingView() }); return null; } });
    expect(await row()).toHaveTextContent('Signed tokens · acts as jane');
    expect(await fact('In use')).toHaveTextContent('Signed tokens of 5 minutes, made on this computer');
    expect(await fact('Acts as')).toHaveTextContent('jane the same person as your sign-in');
    expect(way('Signed tokens')).toHaveTextContent('In use');
    await user.click(screen.getByRole('button', { name: 'Use API keys' }));
    await waitFor(() => expect(way('API key')).toHaveTextContent('In use'));
    expect(called('setMcpAccess').map(({ given }) => given)).toEqual([{ id: 'inst-production', access: { kind: 'api_key' } }]);
    expect(await row()).toHaveTextContent(/API key$/);
    expect(screen.getByText('AI clients use API keys now.', { selector: '[role="status"]' })).toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole('heading', { name: 'MCP access' })).toHaveFocus());
  });

  it('asks first where no key is the default one, and is answered with no by itself', async () => {
    const { user, called } = await open(signedAccess(), { listInstances: () => [instance()], setMcpAccess: () => null });
    await user.click(await screen.findByRole('button', { name: 'Use API keys' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('AI clients whose entry names no key get in with nothing until one is.');
    await waitFor(() => expect(within(dialog).getAllByRole('button', { name: 'Keep signed tokens' }).at(-1)).toHaveFocus());
    expect(await violations()).toEqual([]);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    expect(called('setMcpAccess')).toHaveLength(0);
    await user.click(screen.getByRole('button', { name: 'Use API keys' }));
    await user.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Use API keys' }));
    await waitFor(() => expect(called('setMcpAccess')).toHaveLength(1));
  });

  it('says why it was not changed, and tries that again', async () => {
    let busy = true;
    let view = signedAccess();
    const { user } = await open(() => view, { setMcpAccess: () => { if (busy) throw fail('state_busy'); view = accessView(); return null; } });
    await user.click(await screen.findByRole('button', { name: 'Use API keys' }));
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('Another program is busy with your keys.');
    expect(way('Signed tokens')).toHaveTextContent('In use');
    busy = false;
    await user.click(within(alert).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(way('API key')).toHaveTextContent('In use'));
  });

  it('tells of another person than the one signed in', async () => {
    await open(signedAccess({ access: { kind: 'signed', subject: 'mara' } }));
    expect(await fact('Acts as')).toHaveTextContent('mara another person than your sign-in');
  });
});
