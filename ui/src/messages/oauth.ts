// How AI clients get tokens of an authorization server.
import type { OAuthGrant, OAuthPageWords, OAuthSignInView, OAuthView, Received, Revoked } from '../ipc';

/** Without the scheme that almost all have. */
const bare = (address: string): string => address.replace(/^https:\/\//, '');

const host = (address: string): string => {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
};

const pages: OAuthPageWords = {
  done: { title: 'Done here', text: 'You can close this page. Superset Keys goes on, and says whether it worked.' },
  refused: { title: 'Not signed in', text: 'You can close this page. Superset Keys says why.' },
  unknown: { title: 'Nothing to do here', text: 'No sign-in that is under way leads here. You can close this page.' },
};

const grants: Record<OAuthGrant, { label: string; text: string; action: string }> = {
  code: { label: 'In your browser', text: 'Your own browser opens and comes back here. PKCE protects the way.', action: 'Sign in in your browser' },
  device: { label: 'Code on another device', text: 'You get an address and a code, and sign in there on any device.', action: 'Get a code' },
  client_credentials: { label: 'As a program', text: 'Nobody signs in: the client shows its secret. Superset 6.1 takes the client id for a user name.', action: 'Get a token' },
};

const list = (words: readonly string[]): string => (words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`);
const short: Record<OAuthGrant, string> = { code: 'browser', device: 'device', client_credentials: 'program' };

const revoked: Record<Revoked, (at: string) => string> = {
  done: () => 'Signed out. The sign-in is revoked; a token that was handed out works to its end, minutes from now.',
  nothing: () => 'Signed out. There was no sign-in to revoke, and this computer keeps no token.',
  not_offered: (at) => `Signed out here, and this computer keeps no token. ${at} has no way to revoke a sign-in: it ends there by itself.`,
  failed: (at) => `Signed out here, and this computer keeps no token. ${at} did not revoke the sign-in: end it on its own page.`,
};

export const oauth = {
  title: 'OAuth',
  text: 'Tokens of your company’s authorization server, renewed on this computer',
  pages,
  grants,
  bare,
  host,
  /** Where a browser comes back to, as the authorization server is to know it. */
  redirect: 'http://127.0.0.1/callback',
  client: ({ registered, has_secret: secret }: OAuthView): string => (registered ? 'made there for this app' : secret ? 'with a secret' : 'public, without a secret'),
  byDefault: 'what it gives by default',
  facts: {
    issuer: 'Signs you in', signedIn: 'Signed in', resource: 'Tokens are for', client: 'This app', scopes: 'Asks for', audience: 'Audience', grant: 'Way', back: 'Way back', proof: 'Last proof',
  },
  letters: 'sent letter for letter',
  registers: 'Registers itself there',
  anyPort: 'with any port',
  copyAddress: 'Copy address',
  copied: 'Address copied',
  byHand: 'Address to copy by hand',
  cancel: 'Cancel',
  close: 'Close',
  none: { title: 'OAuth is not set up', text: 'AI clients can be let in with tokens of your company’s authorization server. You sign in there once.', action: 'Set up OAuth' },
  nobody: 'Nobody',
  nobodyText: 'until you sign in',
  asClient: 'The client itself',
  since: (time: string): string => `since ${time}`,
  once: 'Its first token is its last: the server gave nothing to renew it.',
  signInAgain: 'Sign in again',
  change: 'Set up anew…',

  setUp: {
    title: 'Set up OAuth',
    looking: 'Asking the MCP server who signs people in…',
    found: 'Found by itself',
    says: 'The MCP server says who signs people in.',
    saysText: (time: string): string => `We asked it without a token at ${time}, then read the provider’s description.`,
    byHand: 'By hand',
    nothing: 'This server announces nothing, so your admin must tell you the first two.',
    needsClient: 'The MCP server says who signs people in. That one makes no client by itself, so your admin must tell you its id.',
    replaces: 'Setting it up anew signs out whoever is signed in.',
    replacesInUse: 'AI clients use it. Setting it up anew signs out whoever is signed in, and they do not get in until somebody is.',
    way: 'How you sign in',
    not: (ways: readonly OAuthGrant[]): string => `It does not offer: ${list(ways.map((way) => grants[way].label.toLowerCase()))}.`,
    known: 'Whom Superset takes you for is known after sign-in. We ask it, and show the name before any client is switched.',
    kept: (ring: string): string => `The sign-in is kept in ${ring}, and only there.`,
    enter: 'Enter by hand',
    useClient: 'Use a client id',
    change: 'Change',
    useFound: 'Use what was found',
    lookAgain: 'Ask the MCP server again',
    issuer: 'Issuer',
    issuerHint: 'As its tokens name it. The MCP server’s MCP_JWT_ISSUER is the same.',
    describing: 'Reading what it says of itself…',
    described: (ways: readonly OAuthGrant[], registers: boolean): string =>
      `Described there: ${list(ways.map((way) => short[way]))} sign-in. ${registers ? 'It makes a client for this app by itself.' : 'It makes no client by itself.'}`,
    issuerMissing: 'Type the issuer.',
    clientId: 'Client id',
    clientIdHint: 'From your admin',
    clientIdFree: 'Leave it empty and it makes one',
    clientIdMissing: 'It makes no client by itself: type the id of one.',
    secret: 'Client secret',
    secretHint: (ring: string): string => `Only if the provider asks. Kept in ${ring}`,
    secretMissing: 'A program needs the client’s secret.',
    again: 'Type its secret again: it is not shown here.',
    advanced: 'Advanced',
    scopes: 'Scopes',
    scopesHint: 'Those the MCP server demands',
    audience: 'Audience',
    audienceHint: 'Only Auth0 and a few. Leave empty if unsure',
    resource: 'Resource',
    resourceHint: 'The MCP address unless told. The provider compares it letter for letter, the slash at the end too.',
    back: 'Your admin registers',
    backRest: 'as the way back. Any port must be allowed.',
    busy: 'Setting up…',
    message: (url: string, resource: string): string => [
      `Hello, could you let AI clients of our Superset, ${url}, in with OAuth?`,
      '',
      '1. Register a public (native) client with PKCE (S256) and refresh tokens, and tell me its id.',
      `2. Its redirect address is ${oauth.redirect}; any port goes with it (RFC 8252).`,
      `3. It gets tokens for ${resource}. The MCP server’s MCP_JWT_AUDIENCE is the same.`,
      '4. Tell me the issuer, as MCP_JWT_ISSUER has it, and the scopes that MCP_REQUIRED_SCOPES demands.',
      '',
      'Thank you.',
    ].join('\n'),
  },

  waiting: {
    title: { code: 'Finish in your browser', device: 'Finish on any device', client_credentials: 'Getting a token' } satisfies Record<OAuthGrant, string>,
    text: { code: 'This goes on by itself when you are in.', device: 'This goes on by itself when you are in.', client_credentials: 'Nobody needs to sign in for this.' } satisfies Record<OAuthGrant, string>,
    steps: 'Signing in',
    beginning: (at: string): string => `${at} is asked`,
    opened: 'Your browser was opened',
    notOpened: 'No browser was opened. Copy the address into one on this computer',
    openedAgain: 'Your browser was opened again.',
    at: (at: string): string => `You sign in at ${at}`,
    code: 'Open this address on any device',
    codeIs: 'Enter this code there',
    token: 'The token comes',
    named: 'Superset names you',
    slow: 'It waits for 10 minutes. The provider’s page may want something of you.',
    address: 'Address of the sign-in page',
    openAgain: 'Open again',
    copyCode: 'Copy code',
    copiedCode: 'Code copied',
    theCode: 'Code for the sign-in page',
    stop: 'Stop',
    stopping: 'Stopping…',
    said: { done: 'done', now: 'under way', later: 'to come' },
  },

  refused: {
    title: (who: string | null): string => (who === null ? 'Nobody is signed in' : `${who} stays signed in`),
    stopped: 'The sign-in was stopped. OAuth stays set up, and no AI client was switched.',
    again: 'Try again',
    change: 'Change the set-up',
  },

  seen: {
    signedIn: 'You are signed in',
    asking: 'Asking the MCP server whom it sees…',
    sees: (user: string): string => `Superset sees ${user}`,
    not: 'Signed in, and not let in',
    text: (at: string): string => `At ${at}. No client was switched yet.`,
    textInUse: (at: string): string => `At ${at}. AI clients use it.`,
    there: (at: string): string => `At ${at}`,
    here: 'In Superset',
    unnamed: 'Its token names nobody that can be read',
    received: (received: Received): string => {
      switch (received.was) {
        case 'let_in': return received.user;
        case 'refused': return `It refused the token (status ${received.status}).`;
        case 'no_user': return 'It let the token in and knew no user to act as.';
        case 'refused_by_tool': return 'It let the token in, and its tool said no.';
        case 'odd': return `It answered in a way that says nothing (status ${received.status}).`;
      }
    },
    helps: {
      refused: 'Its MCP_JWKS_URI, MCP_JWT_ISSUER, MCP_JWT_AUDIENCE and MCP_REQUIRED_SCOPES must fit the token. A key that is new at the provider takes it half a minute.',
      no_user: 'Its MCP server must name the user of a token. Superset 6.1 does so with lines in superset_config.py, and the name must be one of its users, letter for letter.',
      refused_by_tool: 'Whom it sees there may not use this tool. Ask your admin.',
      odd: 'Something may stand before it. Try again, or look at the check-up.',
    } satisfies Record<Exclude<Received['was'], 'let_in'>, string>,
    copyLines: 'Copy the lines',
    copiedLines: 'Lines copied',
    lines: 'Lines for superset_config.py',
    use: 'Use it for AI clients',
    using: 'Changing…',
    later: 'Not now',
    done: 'Done',
    again: 'Prove again',
    proving: 'Proving…',
    used: (user: string | null): string => (user === null ? 'AI clients use OAuth now.' : `AI clients use OAuth now, and act as ${user}.`),
  },

  signOut: {
    open: 'Sign out…',
    title: (at: string): string => `Sign out at ${at}?`,
    text: 'The sign-in is revoked there, and its tokens are deleted here. OAuth stays set up.',
    inUse: 'AI clients use it. They do not get in until somebody signs in again, or they use API keys.',
    keep: 'Stay signed in',
    confirm: 'Sign out',
    busy: 'Signing out…',
    done: (what: Revoked, at: string, left: number): string => `${revoked[what](at)}${left > 0 ? ' What is left in the keychain is deleted when that is open again.' : ''}`,
  },

  /** In the row of the way, and in the page’s foot. */
  state: (set: OAuthView | null): 'none' | 'set' | 'in' => (set === null ? 'none' : set.signed_in === null ? 'set' : 'in'),
  server: { none: 'Not set up', set: 'Nobody signed in', in: 'Signed in' },
  /** Who is signed in for the AI clients, as far as can be read. */
  who: (signedIn: OAuthSignInView | null, grant: OAuthGrant): string | null =>
    signedIn === null ? null : grant === 'client_credentials' ? oauth.asClient : (signedIn.subject ?? 'Somebody'),
};
