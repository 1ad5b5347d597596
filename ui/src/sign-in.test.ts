// Signing in at a company's own page: the dialog and the first page are to do the same.
import { cleanup, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../test/help';
import FirstRun from './features/first-run/FirstRun.svelte';
import SignInDialog from './features/sign-in/SignInDialog.svelte';
import type { BrowserEnd, BrowserRefusal, InstanceView } from './ipc';
import { noteProvider } from './parts/last-provider';
import { detection, emitBrowserAt, fail, instance, keychain, mockCommands, unmockCommands, type MockAnswers } from './test/fixtures';

const KEY = 'sst_canary-key-81';
const over = { session: 'over', way: 'browser' } as const;
const oauth = (...others: string[]) => detection({ sign_in: { password: false, ldap: false, existing_key: true, others, known: true } });
const arrived = (view: Partial<InstanceView> = {}, more: { before?: string | null; own_key?: string | null } = {}): BrowserEnd => ({
  end: 'signed_in', view: { instance: instance({ way: 'browser', ...view }), before: null, own_key: null, ...more },
});
const asOkta = () => arrived({ user: { id: 7, username: 'okta_jane', roles: ['Gamma'] }, last_username: 'okta_jane' }, { before: 'jane' });
const refusal = (more: Partial<BrowserRefusal> = {}): BrowserEnd => ({ end: 'refused', refusal: { told: null, loops: false, stayed: false, passed: false, ...more } });

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 20 });
});
afterEach(async () => {
  cleanup();
  vi.useRealTimers();
  // What waited for a window lets go of it.
  await new Promise((soon) => setTimeout(soon, 20));
  unmockCommands();
});

/** A window that is open until the test says how it ended. */
function privateWindow() {
  const waits: { end: (end: BrowserEnd) => void; fail: (reason: unknown) => void }[] = [];
  return {
    answers: {
      signInInBrowser: () => new Promise<BrowserEnd>((end, fail) => waits.push({ end, fail })),
      showBrowser: () => null,
      stopBrowser: () => { waits.at(-1)?.end({ end: 'closed' }); return null; },
    } satisfies MockAnswers,
    end: (end: BrowserEnd) => waits.at(-1)?.end(end),
    fail: (reason: unknown) => waits.at(-1)?.fail(reason),
  };
}

interface Wanted {
  answers?: MockAnswers;
  others?: string[];
  over?: Partial<InstanceView>;
}

async function show(where: 'dialog' | 'page', { answers = {}, others = ['keycloak'], over: more = {} }: Wanted = {}) {
  const open = privateWindow();
  const mock = mockCommands({
    keychainState: () => keychain(), detectInstance: () => oauth(...others), copyText: () => null, signIn: () => instance(), listInstances: () => [instance(over)],
    addInstance: () => instance({ session: 'signed_out', way: null, user: null, ...more }), signOut: () => ({ ...instance({ session: 'signed_out' }), left_behind: 0 }),
    ...open.answers, ...answers,
  });
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  const onin = vi.fn();
  const onleft = vi.fn();
  let unmount: () => void;
  if (where === 'dialog') {
    ({ unmount } = render(SignInDialog, { open: true, instance: instance({ ...over, ...more }), onclose: onleft, onsignedin: onin }));
  } else {
    ({ unmount } = render(FirstRun, { onadded: (added: InstanceView, left: boolean) => (added.session === 'signed_in' ? onin(added, left) : onleft(added)), oncancel: onleft, onnetwork: onleft }));
    await user.type(screen.getByLabelText('Address'), 'bi.example.com');
    await vi.advanceTimersByTimeAsync(500);
  }
  const called = (command: string) => mock.calls.filter((call) => call.command === command);
  return { ...mock, ...open, user, onin, onleft, unmount, called };
}
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const group = (name: string | RegExp) => screen.findByRole('group', { name });
const request = (calls: { given: Record<string, unknown> }[]) => calls.at(-1)?.given.request;

/** Waits for the window, and answers what there is once it shows a page of `host`. */
async function begin(where: 'dialog' | 'page', wanted: Wanted = {}, name = 'Sign in with Keycloak', host: string | null = 'login.example.com') {
  const shown = await show(where, wanted);
  await shown.user.click(await screen.findByRole('button', { name }));
  await waitFor(() => expect(shown.called('signInInBrowser')).toHaveLength(1));
  if (host) await emitBrowserAt({ instance: 'inst-production', host });
  await vi.advanceTimersByTimeAsync(10);
  return shown;
}
async function end(where: 'dialog' | 'page', how: BrowserEnd, wanted: Wanted = {}, name?: string) {
  const shown = await begin(where, wanted, name);
  shown.end(how);
  await vi.advanceTimersByTimeAsync(50);
  return shown;
}
const spoken = () => screen.getAllByRole('status').map((region) => region.textContent).join(' ');
async function axe(): Promise<string[]> {
  vi.useRealTimers();
  return violations();
}

describe.each(['dialog', 'page'] as const)('in the %s', (where) => {
  describe('what is offered', () => {
    it('is a button with the provider’s name, staying, and what opens', async () => {
      await show(where);
      expect(await screen.findByRole('button', { name: 'Sign in with Keycloak' })).toHaveAttribute('type', 'submit');
      const stay = screen.getByRole('checkbox', { name: 'Stay signed in' });
      expect(stay).toBeChecked();
      expect(stay).toHaveAccessibleDescription(/“Superset Keys on this computer”, for 90 days in GNOME Keyring .* last-used time/);
      expect(screen.getByText(/A private window opens with the provider’s own page/)).toBeInTheDocument();
      expect(screen.queryByText(/Another provider makes you/)).toBeNull();
      expect(screen.queryByLabelText('Password')).toBeNull();
      expect(await axe()).toEqual([]);
    });

    it('is one button for each of several, with what they mean', async () => {
      await show(where, { others: ['azure', 'github', 'auth0', 'authentik', 'corp'] });
      await screen.findByRole('button', { name: 'Sign in with Microsoft' });
      for (const name of ['GitHub', 'Auth0', 'authentik', 'Corp']) expect(button(`Sign in with ${name}`)).toBeInTheDocument();
      expect(screen.getByText('Another provider makes you another Superset user.')).toBeInTheDocument();
    });

    it.each([['remote_user', 'Sign in through your company’s proxy'], ['saml', 'Sign in with SAML'], ['openid', 'Sign in with OpenID']])('names %s', async (way, name) => {
      const { called } = await begin(where, { others: [way] }, name);
      expect(request(called('signInInBrowser'))).toMatchObject({ way });
    });

    it('can be without staying', async () => {
      const { user, called } = await show(where);
      await user.click(await screen.findByRole('checkbox', { name: 'Stay signed in' }));
      await user.click(button('Sign in with Keycloak'));
      await waitFor(() => expect(request(called('signInInBrowser'))).toMatchObject({ stay: false }));
      expect(screen.queryByText('Key for this app')).toBeNull();
    });

    it.each([
      [{ problem: 'keychain_absent' }, 'This computer has no keyring to keep a key in.'], [{ locked: true, problem: 'keychain_locked' }, 'GNOME Keyring is locked, so no key can be kept in it.'],
    ] as const)('does not promise to stay without a keychain: %j', async (ring, why) => {
      const { called } = await begin(where, { answers: { keychainState: () => keychain({ ready: false, ...ring }) } });
      expect(request(called('signInInBrowser'))).toMatchObject({ stay: false });
      await vi.advanceTimersByTimeAsync(10);
      await userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) }).click(button('Stop'));
      const stay = await screen.findByRole('checkbox', { name: 'Stay signed in' });
      expect(stay).toBeDisabled();
      expect(stay).not.toBeChecked();
      expect(stay).toHaveAccessibleDescription(expect.stringContaining(why));
    });

    it('leads to a key in its place, and back', async () => {
      const { user, called, onin } = await show(where);
      await user.click(await screen.findByRole('button', { name: 'Paste a key instead' }));
      await waitFor(() => expect(screen.getByLabelText('API key')).toHaveFocus());
      await user.click(button('Other ways to sign in'));
      await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
      await user.click(button('Paste a key instead'));
      await user.type(screen.getByLabelText('API key'), KEY);
      await user.click(button('Sign in'));
      await waitFor(() => expect(onin).toHaveBeenCalled());
      expect(called('signIn')[0]?.given.credentials).toEqual({ way: 'api_key', key: KEY, stay: true });
    });

    it('is the server’s own page where it does not tell its ways', async () => {
      const unknown = () => detection({ sign_in: { password: false, ldap: false, existing_key: true, others: [], known: false } });
      const { user, called } = await show(where, { answers: { detectInstance: unknown }, over: { way: 'password' } });
      await user.click(await screen.findByRole('radio', { name: 'Browser' }));
      await user.click(button('Sign in in a private window'));
      await waitFor(() => expect(request(called('signInInBrowser'))).toMatchObject({ way: null }));
    });
  });

  describe('while it waits', () => {
    it('says what is asked for, where, and for how long', async () => {
      const { called } = await begin(where, {}, undefined, null);
      expect(called('signInInBrowser')[0]?.given).toEqual({
        id: 'inst-production', request: { way: 'keycloak', stay: true, user_agent: navigator.userAgent, title: 'private sign-in to Production' },
      });
      expect(await group('Finish in the private window')).toHaveFocus();
      const steps = within(screen.getByRole('list', { name: 'Signing in' })).getAllByRole('listitem');
      expect(steps.map((step) => step.getAttribute('aria-current'))).toEqual(['step', null, null, null]);
      await emitBrowserAt({ instance: 'inst-production', host: 'login.example.com' });
      await waitFor(() => expect(spoken()).toContain('You sign in at login.example.com.'));
      const now = within(screen.getByRole('list', { name: 'Signing in' })).getAllByRole('listitem')[1];
      expect(now).toHaveAttribute('aria-current', 'step');
      expect(now).toHaveTextContent('Is it the address your company uses?');
      await vi.advanceTimersByTimeAsync(42_000);
      expect(now).toHaveTextContent(/0:4\d/);
      expect(await axe()).toEqual([]);
    });

    it('speaks of another host, never of the seconds', async () => {
      await begin(where);
      expect(spoken()).toContain('You sign in at login.example.com.');
      await vi.advanceTimersByTimeAsync(5_000);
      expect(spoken()).not.toMatch(/0:0/);
      await emitBrowserAt({ instance: 'inst-other', host: 'evil.example.com' });
      await vi.advanceTimersByTimeAsync(10);
      expect(spoken()).not.toContain('evil');
      await emitBrowserAt({ instance: 'inst-production', host: 'mfa.example.com' });
      await vi.advanceTimersByTimeAsync(10);
      expect(spoken()).toContain('You sign in at mfa.example.com.');
    });

    it('says after a minute at one host that it takes long', async () => {
      await begin(where);
      await vi.advanceTimersByTimeAsync(50_000);
      await emitBrowserAt({ instance: 'inst-production', host: 'login.example.com' });
      await emitBrowserAt({ instance: 'inst-production', host: 'mfa.example.com' });
      await vi.advanceTimersByTimeAsync(55_000);
      expect(screen.queryAllByText(/may be slow/)).toEqual([]);
      await vi.advanceTimersByTimeAsync(8_000);
      expect(screen.getAllByText(/may be slow, or its page wants something/)[0]).toBeVisible();
      for (const name of ['Show the window', 'Stop', 'Use another way']) expect(button(name)).toBeInTheDocument();
    });

    it('brings the window to the front, and stops it', async () => {
      const { user, called } = await begin(where);
      await user.click(button('Show the window'));
      expect(called('showBrowser')).toHaveLength(1);
      await user.click(button('Stop'));
      expect(called('stopBrowser')).toHaveLength(1);
      await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
      expect(spoken()).toContain('The window was closed. Nothing was kept.');
    });

    it('comes back when the person closes the window', async () => {
      const { user, called } = await end(where, { end: 'closed' });
      await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
      expect(spoken()).toContain('The window was closed. Nothing was kept.');
      await user.click(button('Sign in with Keycloak'));
      await waitFor(() => expect(called('signInInBrowser')).toHaveLength(2));
      expect(called('addInstance')).toHaveLength(where === 'page' ? 1 : 0);
    });

    it('goes on by itself when the person is in', async () => {
      const { onin } = await end(where, arrived({}, { own_key: 'key-own' }));
      await waitFor(() => expect(onin).toHaveBeenCalledTimes(1));
      expect(onin.mock.calls[0]?.[0]).toMatchObject({ user: { username: 'jane' } });
    });

    it('closes the window with the page, once', async () => {
      const { unmount, called, onin } = await begin(where);
      unmount();
      await vi.advanceTimersByTimeAsync(10);
      expect(called('stopBrowser')).toHaveLength(1);
      expect(onin).not.toHaveBeenCalled();
    });
  });

  describe('refused', () => {
    it('says what was seen apart from what it may mean', async () => {
      await end(where, refusal());
      expect(await group('Superset did not let you in')).toHaveFocus();
      const seen = within(screen.getByRole('list', { name: 'What we saw' })).getAllByRole('listitem').map((line) => line.textContent);
      expect(seen[0]).toContain('Keycloak sent you back');
      expect(seen[1]).toContain('Superset returned to its sign-in page');
      expect(screen.getByRole('heading', { name: 'One of these, we cannot tell which' })).toBeInTheDocument();
      expect(screen.getByText('Your account here is deactivated')).toBeInTheDocument();
      expect(screen.getByText('Nothing was kept. The window and its session are closed.')).toBeInTheDocument();
      expect(screen.getByText(/^Production, through Keycloak, \d\d:\d\d$/)).toBeInTheDocument();
      expect(await axe()).toEqual([]);
    });

    it.each([
      ['access_denied', 'access is denied'], ['login_required', 'not signed in there'], ['temporarily_unavailable', 'overloaded or down'], ['server_error', 'a fault of its own'],
      ['toString', 'a reason of its own'],
    ])('gives the provider’s own reason: %s', async (told, words) => {
      await end(where, refusal({ told }));
      expect(await group('Keycloak did not let you in')).toHaveFocus();
      const seen = within(await screen.findByRole('list', { name: 'What we saw' }));
      expect(seen.getByRole('listitem')).toHaveTextContent('Keycloak refused');
      expect(seen.getByRole('listitem')).toHaveTextContent(words);
      expect(seen.getByText(told)).toBeInTheDocument();
      expect(screen.queryByRole('heading', { name: /One of these/ })).toBeNull();
    });

    it.each([
      [{ loops: true }, ['keycloak'], 'Sign in with Keycloak', 'over 4 KB', 'SESSION_SERVER_SIDE = True'],
      [{ stayed: true }, ['remote_user'], 'Sign in through your company’s proxy', 'Stock Superset 6.1 signs in nobody this way', 'register_superset_auth_view = False'],
      [{ stayed: true }, ['keycloak'], 'Sign in with Keycloak', 'Superset does not reach Keycloak', 'It did not send me to Keycloak'],
      [{ passed: true }, ['remote_user'], 'Sign in through your company’s proxy', 'The proxy did not name you, or not where Superset looks', 'AUTH_REMOTE_USER_ENV_VAR'],
      [{ passed: true }, ['keycloak'], 'Sign in with Keycloak', 'Its cookie is lost on the way, as where a proxy drops it', 'SESSION_PROTECTION'],
      [{ told: 'invalid_request' }, ['keycloak'], 'Sign in with Keycloak', 'Your admin can mend that', 'code_challenge_method'],
      [{}, ['keycloak'], 'Sign in with Keycloak', 'You have no account here', 'AUTH_USER_REGISTRATION'],
    ] as const)('says of %j through %j what mends it', async (how, others, name, guess, mends) => {
      const { user, called } = await end(where, refusal(how), { others: [...others] }, name);
      expect(await screen.findByText(new RegExp(guess))).toBeInTheDocument();
      await user.click(button('Copy message for your admin'));
      const text = String(called('copyText').at(-1)?.given.text);
      for (const part of [mends, 'https://superset.example.com']) expect(text).toContain(part);
      if (how && 'stayed' in how && name.includes('proxy')) expect(text).toContain('CUSTOM_SECURITY_MANAGER');
    });

    it('can be tried again', async () => {
      const { user, called, end: ends, onin } = await end(where, refusal());
      await user.click(button('Try again'));
      await waitFor(() => expect(called('signInInBrowser')).toHaveLength(2));
      ends(arrived());
      await waitFor(() => expect(onin).toHaveBeenCalled());
    });

    it('leads to a key', async () => {
      const { user } = await end(where, refusal());
      await user.click(button('Paste a key instead'));
      await waitFor(() => expect(screen.getByLabelText('API key')).toHaveFocus());
      expect(screen.queryByText('Superset did not let you in')).toBeNull();
    });
  });

  describe('as somebody else', () => {
    it('says who, and that nothing is mixed', async () => {
      const { onin } = await end(where, asOkta(), { others: ['keycloak', 'okta'] }, 'Sign in with Okta');
      const shown = await group('You are okta_jane here');
      expect(shown).toHaveFocus();
      expect(shown).toHaveTextContent('okta_jane (Gamma)');
      expect(shown).toHaveTextContent('Through Okta');
      expect(shown).toHaveTextContent(/Before\s*jane/);
      expect(shown).toHaveTextContent('Nothing is mixed. If you stay, jane’s keys are shown apart');
      expect(onin).not.toHaveBeenCalled();
      expect(await axe()).toEqual([]);
    });

    it('stays', async () => {
      const { user, onin, called } = await end(where, asOkta());
      await user.click(button('Stay as okta_jane'));
      expect(onin.mock.calls[0]?.[0]).toMatchObject({ user: { username: 'okta_jane' } });
      expect(called('signOut')).toEqual([]);
    });

    it('goes to another provider where there is one, and is then the one from before', async () => {
      const { user, called, end: ends, onin } = await end(where, asOkta(), { others: ['keycloak', 'okta'] }, 'Sign in with Okta');
      await user.click(button('Sign in with Keycloak instead'));
      await waitFor(() => expect(request(called('signInInBrowser'))).toMatchObject({ way: 'keycloak' }));
      ends(arrived({}, { before: 'okta_jane' }));
      await waitFor(() => expect(onin).toHaveBeenCalledTimes(1));
      expect(onin.mock.calls[0]?.[0]).toMatchObject({ user: { username: 'jane' } });
    });

    it('is asked again when the other window is closed', async () => {
      const { user, called, end: ends, onin } = await end(where, asOkta(), { others: ['keycloak', 'okta'] }, 'Sign in with Okta');
      await user.click(button('Sign in with Keycloak instead'));
      await waitFor(() => expect(called('signInInBrowser')).toHaveLength(2));
      ends({ end: 'closed' });
      expect(await group('You are okta_jane here')).toHaveTextContent('Through Okta');
      expect(onin).not.toHaveBeenCalled();
    });

    it('offers no other provider where there is none', async () => {
      await end(where, asOkta());
      await group('You are okta_jane here');
      expect(screen.queryByRole('button', { name: /instead/ })).toBeNull();
    });

    it('is signed out again by Cancel', async () => {
      const { user, called, onin, onleft } = await end(where, asOkta());
      await user.click(button('Cancel'));
      await waitFor(() => expect(called('signOut')).toHaveLength(1));
      expect(called('signOut')[0]?.given).toEqual({ id: 'inst-production' });
      if (where === 'dialog') await waitFor(() => expect(onleft).toHaveBeenCalledTimes(1));
      else await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
      expect(onin).not.toHaveBeenCalled();
    });

    it('says when signing out did not work', async () => {
      const { user, onleft } = await end(where, asOkta(), { answers: { signOut: () => { throw fail('state_busy'); } } });
      await user.click(button('Cancel'));
      expect(await screen.findByRole('alert')).toHaveTextContent('Another program is busy with your keys');
      expect(onleft).not.toHaveBeenCalled();
      expect(button('Stay as okta_jane')).toBeInTheDocument();
    });
  });

  describe('elsewhere', () => {
    it('is where Google is, and no window opens', async () => {
      const { user, called } = await show(where, { others: ['google'] });
      await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
      expect(await group('Sign in in your browser')).toHaveFocus();
      expect(screen.getByText('Google does not let people sign in inside other programs, so one key is the way in.')).toBeInTheDocument();
      expect(called('signInInBrowser')).toEqual([]);
      expect(await axe()).toEqual([]);
    });

    it('gives address and code to copy', async () => {
      const { user, called } = await show(where, { others: ['google'], answers: { detectInstance: () => ({ ...oauth('google'), version: '6.1.0' }) } });
      await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
      await user.click(button('Copy address'));
      expect(called('copyText').at(-1)?.given.text).toBe('https://superset.example.com');
      await user.click(button('Copy code'));
      const code = "fetch('/api/v1/security/api_keys/', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({name: 'Superset Keys'})}).then(r => r.json()).then(j => j.result.key)";
      expect(called('copyText').at(-1)?.given.text).toBe(code);
      expect(screen.getByRole('region', { name: 'Code that makes a key' })).toHaveTextContent(code);
    });

    it('names the key page of a later version', async () => {
      const { user } = await show(where, { others: ['google'], answers: { detectInstance: () => ({ ...oauth('google'), version: '6.2.0' }) } });
      await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
      expect(await screen.findByText('Create an API key there')).toBeInTheDocument();
      expect(screen.queryByRole('region', { name: 'Code that makes a key' })).toBeNull();
    });

    it('takes the key, and says that it can be replaced by one that ends', async () => {
      const { user, called, onin } = await show(where, { others: ['google'] });
      await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
      expect(screen.getByLabelText('API key')).toHaveAccessibleDescription('A key made so has no end. You can replace it here by one that ends.');
      await user.click(button('Check key'));
      await waitFor(() => expect(screen.getByLabelText('API key')).toHaveFocus());
      expect(screen.getByLabelText('API key')).toHaveAccessibleDescription(expect.stringContaining('Paste a key first.'));
      await user.type(screen.getByLabelText('API key'), KEY);
      await user.click(button('Check key'));
      await waitFor(() => expect(onin).toHaveBeenCalledTimes(1));
      expect(called('signIn')[0]?.given.credentials).toEqual({ way: 'api_key', key: KEY, stay: true });
    });

    it('says on the field that a key is not taken', async () => {
      const { user } = await show(where, { others: ['google'], answers: { signIn: () => { throw fail('key_rejected'); } } });
      await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
      await user.type(screen.getByLabelText('API key'), KEY);
      await user.click(button('Check key'));
      await waitFor(() => expect(screen.getByLabelText('API key')).toHaveAccessibleDescription(expect.stringContaining('does not take this key')));
      expect(screen.getByLabelText('API key')).toHaveFocus();
    });

    it.each([['waiting'], ['refused']] as const)('is a way on from %s, and leads back', async (from) => {
      const { user, called } = from === 'waiting' ? await begin(where) : await end(where, refusal());
      await user.click(button('Use another way'));
      expect(await group('Sign in in your browser')).toHaveFocus();
      expect(called('stopBrowser')).toHaveLength(from === 'waiting' ? 1 : 0);
      await vi.advanceTimersByTimeAsync(50);
      expect(spoken()).not.toContain('The window was closed');
      await user.click(button('Back'));
      await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
    });
  });

  describe('a problem', () => {
    it('is said with the ways still there', async () => {
      const shown = await begin(where);
      shown.fail(fail('unreachable', { host: 'bi', kind: 'timed_out' }));
      expect(await screen.findByRole('alert')).toHaveTextContent('does not answer');
      await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
      expect(screen.queryByRole('button', { name: 'Go on without staying signed in' })).toBeNull();
      expect(await axe()).toEqual([]);
    });

    it('with the app’s own key leaves the person in, if they want that', async () => {
      const shown = await begin(where, { answers: { listInstances: () => [instance({ way: 'browser' })] } });
      shown.fail(fail('keychain_locked'));
      expect(await screen.findByRole('alert')).toHaveTextContent('GNOME Keyring is locked');
      expect(screen.getByText('You are in as jane until the app closes.')).toBeInTheDocument();
      await shown.user.click(button('Go on without staying signed in'));
      expect(shown.onin.mock.calls[0]?.[0]).toMatchObject({ user: { username: 'jane' } });
      expect(shown.called('signInInBrowser')).toHaveLength(1);
    });

    it('with the app’s own key asks whether it is the right person', async () => {
      const shown = await begin(where, { answers: { listInstances: () => [asOkta()].flatMap((end) => (end.end === 'signed_in' ? [end.view.instance] : [])) } });
      shown.fail(fail('forbidden'));
      await shown.user.click(await screen.findByRole('button', { name: 'Go on without staying signed in' }));
      expect(await group('You are okta_jane here')).toHaveFocus();
      expect(shown.onin).not.toHaveBeenCalled();
    });

    it('with the app’s own key is tried again without one where nobody is in', async () => {
      const shown = await begin(where);
      shown.fail(fail('forbidden'));
      await shown.user.click(await screen.findByRole('button', { name: 'Go on without staying signed in' }));
      await waitFor(() => expect(request(shown.called('signInInBrowser'))).toMatchObject({ stay: false }));
    });

    it('is taken back by Cancel', async () => {
      const shown = await begin(where, { answers: { listInstances: () => [instance({ way: 'browser' })] } });
      shown.fail(fail('not_created'));
      await screen.findByRole('alert');
      await shown.user.click(button(where === 'dialog' ? 'Cancel' : 'Sign in later'));
      await waitFor(() => expect(shown.onleft).toHaveBeenCalledTimes(1));
      expect(shown.called('signOut')).toHaveLength(1);
      expect(shown.onin).not.toHaveBeenCalled();
    });

    it('of a server that takes everybody for a stranger has a message for its admin', async () => {
      const shown = await begin(where);
      shown.fail(fail('public_role'));
      await shown.user.click(await within(await screen.findByRole('alert')).findByRole('button', { name: 'Copy message for your admin' }));
      expect(String(shown.called('copyText').at(-1)?.given.text)).toContain('PUBLIC_ROLE_LIKE');
    });
  });
});

describe('in the dialog alone', () => {
  it('the provider of last time comes first', async () => {
    noteProvider('inst-production', 'okta');
    await show('dialog', { others: ['keycloak', 'okta'] });
    await waitFor(() => expect(button('Sign in with Keycloak')).toBeInTheDocument());
    const names = screen.getAllByRole('button', { name: /^Sign in with/ }).map((each) => each.textContent.trim());
    expect(names).toEqual(['Sign in with Okta', 'Sign in with Keycloak']);
    await waitFor(() => expect(button('Sign in with Okta')).toHaveFocus());
  });

  it('it is remembered when the person is in, also where the app’s own key lets them in', async () => {
    const { unmount, onin } = await end('dialog', arrived(), { others: ['keycloak', 'okta'] }, 'Sign in with Okta');
    await waitFor(() => expect(onin).toHaveBeenCalled());
    unmount();
    await show('dialog', { others: ['keycloak', 'okta'], over: { way: 'api_key' } });
    expect(await screen.findByRole('button', { name: 'Sign in with Keycloak' })).toBeInTheDocument();
    expect(screen.getAllByRole('button', { name: /^Sign in with/ })[0]).toHaveTextContent('Okta');
  });

  it('whoever pastes a key begins with a key', async () => {
    await show('dialog', { over: { way: 'api_key' } });
    expect(await screen.findByLabelText('API key')).toBeInTheDocument();
    expect(await screen.findByRole('button', { name: 'Other ways to sign in' })).toBeInTheDocument();
  });

  it('nothing is offered before the server has told', async () => {
    await show('dialog', { answers: { detectInstance: () => new Promise(() => undefined) } });
    expect(screen.getAllByText('Asking the server how it signs people in…')[0]).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Sign in/ })).toBeNull();
    expect(screen.queryByLabelText('Username')).toBeNull();
  });

  it('a server that does not tell has a page of its own', async () => {
    await show('dialog', { answers: { detectInstance: () => { throw fail('unreachable', { host: 'bi' }); } } });
    expect(await screen.findByRole('button', { name: 'Sign in in a private window' })).toBeInTheDocument();
    expect(screen.getByRole('alert')).toHaveTextContent('Production does not answer');
  });

  it('the focus is on the way in as soon as there is one', async () => {
    let tell: (seen: ReturnType<typeof oauth>) => void = () => undefined;
    await show('dialog', { answers: { detectInstance: () => new Promise((done) => (tell = done)) } });
    await vi.advanceTimersByTimeAsync(50);
    tell(oauth('keycloak'));
    await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
  });

  it('the focus is on the way in when the server has told of another one', async () => {
    await show('dialog', { over: { way: 'password' } });
    await waitFor(() => expect(button('Sign in with Keycloak')).toHaveFocus());
  });

  it('Escape stops the window and closes', async () => {
    const { user, called, onleft } = await begin('dialog');
    await user.keyboard('{Escape}');
    await waitFor(() => expect(onleft).toHaveBeenCalledTimes(1));
    cleanup();
    await vi.advanceTimersByTimeAsync(10);
    expect(called('stopBrowser')).toHaveLength(1);
  });

  it.each([['works', () => ({ ...instance({ session: 'signed_out' }), left_behind: 0 })], ['does not', () => { throw fail('state_busy'); }]] as const)(
    'Escape is no yes to being somebody else: signing out %s', async (_, signOut) => {
      const { user, called, onin, onleft } = await end('dialog', asOkta(), { answers: { signOut } });
      await group('You are okta_jane here');
      await user.keyboard('{Escape}');
      await waitFor(() => expect(onleft).toHaveBeenCalledTimes(1));
      expect(called('signOut')).toHaveLength(1);
      expect(onin).not.toHaveBeenCalled();
    },
  );

  it('below an app root the code asks below it', async () => {
    const { user } = await show('dialog', { others: ['google'], over: { url: 'https://bi.example.com/bi', host: 'bi.example.com/bi' } });
    await user.click(await screen.findByRole('button', { name: 'Sign in with Google' }));
    expect(screen.getByRole('region', { name: 'Code that makes a key' })).toHaveTextContent("fetch('/bi/api/v1/security/api_keys/'");
  });
});

describe('on the first page alone', () => {
  it('the instance is added first, once, and no name is made up', async () => {
    const { calls, called } = await begin('page');
    expect(called('addInstance')[0]?.given).toMatchObject({ instance: { address: 'bi.example.com', username: null } });
    const order = calls.map(({ command }) => command);
    expect(order.indexOf('addInstance')).toBeLessThan(order.indexOf('signInInBrowser'));
  });

  it('an address that is refused opens no window', async () => {
    const { user, called } = await show('page', { answers: { addInstance: () => { throw fail('not_superset', { host: 'bi' }); } } });
    await user.click(button('Sign in with Keycloak'));
    await waitFor(() => expect(screen.getByLabelText('Address')).toHaveFocus());
    expect(called('signInInBrowser')).toEqual([]);
  });

  it('Enter in the address is the first provider', async () => {
    const { user, called } = await show('page', { others: ['okta', 'keycloak'] });
    await user.type(screen.getByLabelText('Address'), '{Enter}');
    await waitFor(() => expect(request(called('signInInBrowser'))).toMatchObject({ way: 'okta' }));
  });

  it('an address that is refused with a pasted key comes back into view', async () => {
    const { user } = await show('page', { others: ['google'], answers: { addInstance: () => { throw fail('not_superset', { host: 'bi' }); } } });
    await user.click(button('Sign in with Google'));
    await user.type(screen.getByLabelText('API key'), KEY);
    await user.click(button('Check key'));
    await waitFor(() => expect(screen.getByLabelText('Address')).toHaveFocus());
  });

  it('whoever came in while the page was left is on the list', async () => {
    const { unmount, end: ends, onin } = await begin('page', { answers: { stopBrowser: () => null } });
    unmount();
    ends(arrived());
    await waitFor(() => expect(onin).toHaveBeenCalledWith(expect.objectContaining({ session: 'signed_in' }), true));
  });

  it('whoever is asked about is on the list when the page is left', async () => {
    const { unmount, onin } = await end('page', asOkta());
    await group('You are okta_jane here');
    unmount();
    expect(onin).toHaveBeenCalledWith(expect.objectContaining({ user: expect.objectContaining({ username: 'okta_jane' }) as unknown }), true);
  });
});
