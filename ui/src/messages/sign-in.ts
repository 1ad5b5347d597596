// Signing in, on the first page and in its dialog.
import type { SignInWay, SignInWays } from '../ipc';

const providers: Readonly<Record<string, string>> = {
  remote_user: 'its web server',
  saml: 'SAML',
  openid: 'OpenID',
};

/** "okta", "okta or google" */
const listed = (names: readonly string[]): string => {
  const words = names.map((name) => providers[name] ?? name);
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}` : (words[0] ?? '');
};

const ways: Record<SignInWay, string> = { password: 'Password', ldap: 'LDAP', api_key: 'Existing key' };

export const signIn = {
  title: (instance: string) => `Sign in to ${instance}`,
  label: 'Sign in',
  ways,
  others(offered: SignInWays): string {
    const names = listed(offered.others);
    const start = names ? `This server signs people in through ${names}.` : 'This server offers only ways to sign in that we do not have.';
    return `${start} ${offered.existing_key ? 'That is not possible here yet; paste an existing key instead.' : 'That is not possible here yet.'}`;
  },
  unknownWays: 'The server does not tell how it signs people in, so all ways are shown.',
  username: 'Username',
  password: 'Password',
  usernameMissing: 'Type your user name.',
  passwordMissing: 'Type your password.',
  keyMissing: 'Paste a key first.',
  passwordHint: 'Your password is used once to sign in and is not saved.',
  stay: 'Stay signed in',
  stayHint: (ring: string) => `Keeps a refresh token in ${ring}, never your password.`,
  stayLocked: (ring: string) => `${ring} is locked, so you will sign in again at the next start.`,
  stayNoRing: 'This computer has no keyring, so you will sign in again at the next start.',
  someRing: 'your keychain',
  key: 'API key',
  keyHint: (ring: string) => `We check it, then keep it in ${ring}. It can manage your other keys too, but each call moves its own last-used time.`,
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
};
