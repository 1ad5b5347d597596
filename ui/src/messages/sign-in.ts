// Signing in, on the first page and in its dialog.
import type { BrowserRefusal, SignInWay } from '../ipc';
import { atStart } from '../lib/plain';

const ways: Record<SignInWay, string> = { password: 'Password', ldap: 'LDAP', browser: 'Browser', api_key: 'Existing key' };

/** As people write them. */
const names: Readonly<Record<string, string>> = {
  keycloak: 'Keycloak', okta: 'Okta', azure: 'Microsoft', google: 'Google', github: 'GitHub', gitlab: 'GitLab', auth0: 'Auth0', authentik: 'authentik',
  saml: 'SAML', openid: 'OpenID', remote_user: 'your company’s proxy',
};

/** As the server names it; none where the server's own page offers what there is. */
type Provider = string | null;

const nameOf = (provider: Provider): string => {
  if (provider === null) return 'the server’s own page';
  return (Object.hasOwn(names, provider) && names[provider]) || `${provider.slice(0, 1).toUpperCase()}${provider.slice(1)}`;
};
const begun = (provider: Provider): string => `${nameOf(provider).slice(0, 1).toUpperCase()}${nameOf(provider).slice(1)}`;
/** Where a sentence begins; names that people write small stay so. */
const subject = (provider: Provider): string => (provider === null || provider === 'remote_user' ? begun(provider) : nameOf(provider));

const signInWith = (provider: Provider): string => {
  if (provider === null) return 'Sign in in a private window';
  return provider === 'remote_user' ? 'Sign in through your company’s proxy' : `Sign in with ${nameOf(provider)}`;
};

const told: Readonly<Record<string, string>> = {
  access_denied: 'It says that access is denied: you declined, or its rules keep you out.',
  login_required: 'It says that you are not signed in there.',
  consent_required: 'It wants your consent, and did not get it.',
  temporarily_unavailable: 'It says that it is overloaded or down for the moment. Try again in a few minutes.',
  server_error: 'It says that it has a fault of its own. Try again in a few minutes.',
  invalid_request: 'It says that Superset asks in a way it does not take. Your admin can mend that.',
  unauthorized_client: 'It says that this Superset may not sign people in there. Your admin can mend that.',
  invalid_scope: 'It says that Superset asks for more than it may. Your admin can mend that.',
};

export interface RefusalWords {
  /** What was seen, in order. */
  seen: readonly { ok: boolean; title: string; text: string; code?: string }[];
  /** What may be behind it. None where the provider said it. */
  guesses: readonly string[];
}

/** What was seen of a refusal, and apart from that what it may mean. */
function refused({ told: code, loops, stayed, passed }: BrowserRefusal, provider: Provider): RefusalWords {
  const returned = { ok: false, title: 'Superset returned to its sign-in page', text: 'It gives no reason, and none can be read.' };
  if (code !== null) {
    return {
      seen: [{ ok: false, title: `${subject(provider)} refused`, text: (Object.hasOwn(told, code) && told[code]) || 'It gives a reason of its own.', code }],
      guesses: [],
    };
  }
  if (loops) {
    return {
      seen: [
        { ok: true, title: `${subject(provider)} sent you back`, text: 'It passed no refusal of its own.' },
        { ok: false, title: 'The sign-in began anew again and again', text: 'Superset forgot each time that you had been there.' },
      ],
      guesses: ['Its cookie is over 4 KB, as with many groups in the token, so no browser keeps it', 'Its cookie is lost on the way, as where a proxy drops it'],
    };
  }
  if (passed) {
    const byProxy = provider === null || provider === 'remote_user';
    return {
      seen: [{ ok: false, title: 'Superset signed in nobody', text: 'You came to the end of its sign-in, and there it did not know you. It gives no reason.' }],
      guesses: byProxy
        ? ['The proxy did not name you, or not where Superset looks', 'You have no account here, and it makes none by itself', 'Your account here is deactivated']
        : ['Its sessions hold only at the address where they began, and you come from two, as through a proxy', 'Its cookie is lost on the way, as where a proxy drops it'],
    };
  }
  if (stayed && provider === 'remote_user') {
    return {
      seen: [{ ...returned, title: 'Superset showed its sign-in page', text: 'It signed in nobody, and gives no reason.' }],
      guesses: ['Stock Superset 6.1 signs in nobody this way: its page does not look at what the proxy says', 'The proxy did not name you'],
    };
  }
  if (stayed) {
    return {
      seen: [{ ...returned, title: `Superset did not send you to ${nameOf(provider)}` }],
      guesses: [`Superset does not reach ${nameOf(provider)}`, `${subject(provider)} is not set up here any more, or has another name`],
    };
  }
  return {
    seen: [{ ok: true, title: `${subject(provider)} sent you back`, text: 'It passed no refusal of its own.' }, returned],
    guesses: ['You have no account here, and it makes none by itself', 'Your account here is deactivated', 'The sign-in took too long, or was opened twice'],
  };
}

export const signIn = {
  title: (instance: string) => `Sign in to ${instance}`,
  label: 'Sign in',
  ways,
  noWay: 'This server offers only ways to sign in that we do not have.',
  unknownWays: 'The server does not tell how it signs people in, so all ways are shown.',
  username: 'Username',
  password: 'Password',
  usernameMissing: 'Type your user name.',
  passwordMissing: 'Type your password.',
  keyMissing: 'Paste a key first.',
  passwordHint: 'Your password is used once to sign in and is not saved.',
  stay: 'Stay signed in',
  stayHint: (ring: string) => `Keeps a refresh token in ${ring}, never your password.`,
  stayLocked: (ring: string) => `${atStart(ring)} is locked, so you will sign in again at the next start.`,
  stayNoRing: 'This computer has no keyring, so you will sign in again at the next start.',
  someRing: 'your keychain',
  key: 'API key',
  keyHint: (ring: string) => `We check it, then keep it in ${ring}. It can manage your other keys too, but each call moves its own last-used time.`,
  keyNotKept: 'This computer has no keyring, so you will paste it again at the next start. It can manage your other keys too, but each call moves its own last-used time.',
  submit: 'Sign in',
  busy: 'Signing in…',
  cancel: 'Cancel',
  close: 'Close',
  looking: 'Asking the server how it signs people in…',
  admin: {
    copy: 'Copy message for your admin',
    copied: 'Message copied',
    text: 'Message for your admin',
  },
  unlock: 'Unlock',
  unlocking: 'Unlocking…',

  /** Through a company's own page. */
  browser: {
    with: signInWith,
    instead: (provider: Provider) => `${signInWith(provider)} instead`,
    nameOf,
    through: (host: string) => `${host} signs people in through your company.`,
    another: 'Another provider makes you another Superset user.',
    stayHint: (ring: string) =>
      `Makes one key, “Superset Keys on this computer”, for 90 days in ${ring} and replaces it in time; its own use moves its last-used time. Without it you stay in until the app closes.`,
    stayLocked: (ring: string) => `${atStart(ring)} is locked, so no key can be kept in it. You stay in until the app closes.`,
    stayNoRing: 'This computer has no keyring to keep a key in. You stay in until the app closes.',
    private: (provider: Provider) =>
      `A private window opens with ${provider === null || provider === 'remote_user' ? 'the server’s' : 'the provider’s'} own page. We run nothing in it, and keep its session in memory only.`,
    elsewhereOnly: (provider: Provider) => `${subject(provider)} needs your own browser. We show you how.`,
    window: (instance: string) => `private sign-in to ${instance}`,
    closed: 'The window was closed. Nothing was kept.',
    paste: 'Paste a key instead',
    others: 'Other ways to sign in',
    goOn: 'Go on without staying signed in',
    isIn: (user: string) => `You are in as ${user} until the app closes.`,
    waiting: {
      title: 'Finish in the private window',
      text: 'This goes on by itself when you are in.',
      steps: 'Signing in',
      open: 'Private window open',
      at: (host: string | null) => (host ? `You sign in at ${host}` : 'You sign in'),
      isIt: 'Is it the address your company uses? It stands in the window’s title.',
      named: 'Superset names you',
      key: 'Key for this app',
      said: { done: 'done', now: 'under way', later: 'to come' },
      slow: 'The provider may be slow, or its page wants something of you.',
      show: 'Show the window',
      stop: 'Stop',
      another: 'Use another way',
    },
    refused: {
      title: (provider: Provider, byProvider: boolean) => `${byProvider ? subject(provider) : 'Superset'} did not let you in`,
      where: (instance: string, provider: Provider, time: string) => `${instance}, through ${nameOf(provider)}, ${time}`,
      seen: 'What we saw',
      guessed: 'One of these, we cannot tell which',
      words: refused,
      nothing: 'Nothing was kept. The window and its session are closed.',
      again: 'Try again',
      passed: 'went well',
      stopped: 'ended here',
    },
    other: {
      title: (user: string) => `You are ${user} here`,
      text: 'Another sign-in, another Superset user.',
      now: 'Now',
      before: 'Before',
      through: (provider: Provider) => `Through ${nameOf(provider)}`,
      memory: 'Until the app closes',
      kept: 'Stays signed in',
      nothingMixed: (before: string) => `Nothing is mixed. If you stay, ${before}’s keys are shown apart and can still be copied.`,
      stay: (user: string) => `Stay as ${user}`,
    },
    elsewhere: {
      title: 'Sign in in your browser',
      text: (provider: Provider, foreign: boolean) =>
        foreign ? `${nameOf(provider)} does not let people sign in inside other programs, so one key is the way in.` : 'No private window is needed for this: one key is the way in.',
      steps: 'With one key of your own',
      open: (host: string) => `Sign in at ${host} in your browser`,
      address: 'Address of the sign-in page',
      copyAddress: 'Copy address',
      copiedAddress: 'Address copied',
      run: 'Run this once in that page’s console',
      runText: (version: string | null) =>
        `${version ? `${version} has` : 'Superset 6.1 has'} no page for keys. F12 opens the console; it may ask you to type “allow pasting” first.`,
      later: 'A later Superset has a page for API keys, under your profile.',
      runHint: 'Makes one key, and shows it to you alone.',
      code: 'Code that makes a key',
      copyCode: 'Copy code',
      copiedCode: 'Code copied',
      page: 'Create an API key there',
      pageText: 'Open your profile at the top right, then API keys. Superset shows the key once.',
      paste: 'Paste what it answers',
      pastePage: 'Paste the key',
      noEnd: 'A key made so has no end. You can replace it here by one that ends.',
      check: 'Check key',
      checking: 'Checking…',
      back: 'Back',
    },
  },
};
