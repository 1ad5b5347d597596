// What AI clients are let in with: MCP access, and signed tokens.
import type { Claim, ClaimView, Heed, McpAccess, Received, Signature, TokenNote } from '../ipc';

/** What the server did with what AI clients show. */
const ours = (received: Received, meant: string | null): string => {
  switch (received.was) {
    case 'let_in': return meant === null || meant === received.user ? `It acted as ${received.user}.` : `It acted as ${received.user}, not as ${meant}.`;
    case 'refused': return `It refused what AI clients show (status ${received.status}).`;
    case 'no_user': return 'It let AI clients in and knew no user to act as.';
    case 'refused_by_tool': return 'It let AI clients in, and its tool said no.';
    case 'odd': return `It answered in a way that says nothing (status ${received.status}).`;
  }
};

const heed: Record<Exclude<Heed, 'must_match'>, string> = {
  names_user: 'Its tools run as this user',
  names_user_with_lines: 'Names the user only with the lines for 6.1',
  ends: 'Refused from then on, and never without it',
  not_looked_at: 'Not looked at',
  if_demanded: 'Needed only if the server demands scopes',
};

const matches = (fits: boolean | null): string =>
  fits === null ? 'Must match, where the server has one' : fits ? 'Must match, and does' : 'Must match, and does not';

const signatures: Record<Signature, (instance: string) => string> = {
  kept: (instance) => `Signed by the secret kept for ${instance}`,
  other: (instance) => `Not signed by the secret kept for ${instance}, or changed since`,
  other_kind: () => 'Not signed with a shared secret, so only its maker’s key can tell',
  not_compared: () => 'Who signed it was not compared: no secret is kept here',
};

const notes: Record<TokenNote, string> = {
  never_ends: 'It has no end: whoever has it stays in until the secret changes.',
  end_unreadable: 'Its end is no time, so the server refuses it.',
  ended: 'It has ended, so the server refuses it.',
  long_lived: 'It is good for more than a day.',
  other_algorithm: 'It is not HS256, the one kind that Superset takes where a secret is shared.',
  names_nobody: 'It names no user, so tools find nobody to run as.',
  begin_ignored: 'It says that it begins later, and nobody looks at that.',
  empty_scope: 'Its empty scope hides what scp says.',
};

/** "41 min", "3 h", "2 days" */
function span(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}
const left = (seconds: number): string => (seconds > 0 ? `in ${span(seconds)}` : `${span(-seconds)} ago`);

export const access = {
  title: 'MCP access',
  all: 'All AI clients',
  /** Under the title in the list of AI clients. */
  line: (what: McpAccess): string => (what.kind === 'signed' ? `Signed tokens · acts as ${what.subject}` : what.kind === 'oauth' ? 'OAuth' : 'API key'),
  shownTo: 'What AI clients show to',
  shownToNobody: 'What AI clients show to the MCP server',
  reading: 'Reading what AI clients are let in with…',
  tryAgain: 'Try again',
  facts: { inUse: 'In use', actsAs: 'Acts as', proof: 'Last proof' },
  apiKey: 'API key',
  noDefault: 'no default key yet',
  oauth: 'OAuth',
  oauthLife: 'tokens of an authorization server, renewed on this computer',
  oauthText: 'You sign in once in your browser. This app renews tokens of minutes, and nothing is edited in clients on the bridge.',
  oauthNobody: 'nobody is signed in, so AI clients do not get in',
  signIn: 'Sign in',
  oauthWho: 'Whoever signed in there',
  oauthNote: 'A proof shows whom the server takes them for.',
  signed: 'Signed tokens',
  signedLife: 'of 5 minutes, made on this computer',
  owner: 'the owner of the default key',
  ownerUnknown: 'The owner of the default key',
  you: 'the same person as your sign-in',
  another: 'another person than your sign-in',
  nobody: 'Nobody',
  nobodyYet: 'until a key is the default one',
  toKeys: 'Show keys',
  prove: 'Prove',
  proveAgain: 'Prove again',
  proving: 'Proving…',
  notProven: 'Not proven yet in this window',
  proof: {
    ours,
    closed: 'It let in neither a made-up token nor a call without one.',
    unclear: 'Whether others get in could not be told.',
    open: { nobody: 'It also let in a call without a token.', made_up: 'It also let in a made-up token.', both: 'It also let in a made-up token, and a call without one.' },
  },
  open: {
    title: 'This MCP server lets in anyone',
    text: {
      nobody: (user: string) => `We came with nothing, and it acted as ${user}. Whoever reaches the address can do the same.`,
      made_up: (user: string) => `We came with a token that nobody signed, and it acted as ${user}. Whoever reaches the address can do the same.`,
    },
    look: 'See the check-up',
  },
  noAddress: { title: 'The MCP address is not known', text: 'Name it, and it can be proven who gets in there.', name: 'Name the address' },
  ways: 'Ways in',
  inUse: 'In use',
  apiKeyText: 'Stays the same until it ends or is revoked. Whoever has it is its owner.',
  signedText: 'Made on this computer for 5 minutes at a time. Your admin puts a shared secret on the server.',
  server: { takes: 'Takes it', refuses: 'Does not take it', unclear: 'Cannot tell', open: 'Takes anything', notProven: 'Not proven yet', noSecret: 'No secret yet', secretKept: 'Secret is kept' },
  follow: 'AI clients on the bridge follow by themselves. An entry that names its own key keeps to it.',
  foot: 'No client’s file is changed.',
  useKeys: 'Use API keys',
  changing: 'Changing…',
  setUpSigned: 'Set up signed tokens',
  goOnSigned: 'Go on with signed tokens',
  openSigned: 'Signed tokens',
  setUpOauth: 'Set up OAuth',
  goOnOauth: 'Go on with OAuth',
  openOauth: 'OAuth',
  usesKeys: 'AI clients use API keys now.',
  withoutDefault: {
    title: 'Use API keys without a default one?',
    text: 'No key is the default yet. AI clients whose entry names no key get in with nothing until one is.',
    keep: { api_key: 'Keep API keys', signed: 'Keep signed tokens', oauth: 'Keep OAuth' } satisfies Record<McpAccess['kind'], string>,
    confirm: 'Use API keys',
  },
};

export const signing = {
  title: 'Signed tokens',
  text: 'A secret that Superset and this app share signs each token',
  sections: { label: 'Signed tokens', secret: 'Secret', make: 'Make one', inspect: 'Inspect' },
  steps: { label: 'Steps', secret: 'Secret made', server: 'On the server', proved: 'Proved', said: { done: 'done', now: 'next', later: 'later' } },
  /** Making, or keeping the server's. */
  fresh: {
    title: 'A secret to sign with',
    label: 'Where it comes from',
    make: { title: 'Make a new one', text: (ring: string) => `56 random letters, kept in ${ring}. You copy it for the server.` },
    paste: { title: 'Paste the server’s', text: (ring: string) => `If the server has one already. It is kept in ${ring}.` },
    field: 'Secret of the server',
    fieldHint: 'At least 32 letters, exactly as on the server. It is not shown again here.',
    missing: 'Paste the secret first.',
    more: 'More',
    issuer: 'Issuer',
    audience: 'Audience',
    moreHint: 'The server compares both, letter for letter.',
    confirm: { make: 'Make secret', paste: 'Keep secret' },
    busy: 'Keeping…',
    foot: 'Nothing changes for AI clients yet.',
  },
  secret: 'Secret',
  masked: 'The secret, hidden',
  since: (day: string, ring: string) => `since ${day}, in ${ring}`,
  compared: 'Signed for',
  replace: {
    open: 'Replace…',
    title: 'Replace the secret?',
    text: 'Tokens of the old one end when the server has the new one.',
    inUse: 'From now on AI clients sign with the new one. Until the server has it too, they do not get in.',
    keep: 'Keep the old one',
    confirm: 'Replace secret',
    done: 'The secret is replaced. Now the server needs the new one.',
  },
  forget: {
    open: 'Forget…',
    title: 'Forget the secret?',
    text: (ring: string) => `It is deleted from ${ring}. The server goes on taking tokens that were signed with it.`,
    keep: 'Keep secret',
    confirm: 'Forget secret',
    busy: 'Forgetting…',
    done: 'The secret is forgotten.',
    toAccess: 'To MCP access',
  },
  actsAs: 'Clients act as',
  actsAsHint: 'The user name, capitals as in Superset.',
  userMissing: 'Type a user name.',
  config: {
    title: 'For superset_config.py',
    version: 'Superset version',
    versions: { v6_1: '6.1.0', later: 'Later versions' },
    label: 'Lines for superset_config.py',
    noSecret: 'No secret inside',
    copy: 'Copy config',
    copied: 'Config copied',
    byHand: 'Lines to copy by hand',
    reading: 'Writing the lines…',
    variable: 'The lines take the secret from the variable SUPERSET_MCP_JWT_SECRET, and never contain it.',
    lines: 'On 6.1.0 a token passes and names no user without the function at the end.',
    slip: 'A slip in the algorithm, or no secret, opens the server to anyone. So step 3 also asks without a token.',
    copySecret: 'Copy secret for the server',
    only: 'only if it still holds this secret',
    message: (url: string, config: string) => [
      `Hello, could you let AI clients in to the MCP server of our Superset, ${url}, with signed tokens?`,
      '',
      '1. Put these lines into superset_config.py:',
      '',
      config.trimEnd(),
      '',
      '2. Give the MCP server the variable SUPERSET_MCP_JWT_SECRET. You get its value from me another way, not in a message.',
      '3. Start the MCP server anew.',
      '',
      'Thank you.',
    ].join('\n'),
  },
  use: {
    first: 'It is on the server: prove and use',
    other: 'Prove and use',
    again: 'Prove again',
    busy: 'Proving…',
    done: (user: string) => `AI clients use signed tokens now, and act as ${user}.`,
  },
  needsSecret: { title: 'No secret to sign with yet', text: 'Make one first, or paste the server’s.', action: 'To the secret' },
  make: {
    notNeeded: 'AI clients on the bridge need none.',
    notNeededText: (user: string | null) => `${user === null ? '' : `A token of 5 minutes for ${user} is made at each need. `}Make one by hand only for a script or another computer.`,
    user: 'For the Superset user',
    userHint: 'The user name, capitals as in Superset. An e-mail address does not work.',
    hours: 'Works for',
    option: (hours: number, until: string) => `${hours === 1 ? '1 hour' : `${hours} hours`}, until ${until}`,
    hoursHint: 'At most 24 hours here, and never without an end.',
    scope: 'Scope',
    scopeNone: 'None',
    scopeHint: 'Only if the server demands one.',
    with: 'Signed with',
    from: (issuer: string, audience: string) => `${issuer} to ${audience}`,
    token: (user: string, letters: number) => `Token for ${user}, hidden, ${letters} letters`,
    about: (user: string, until: string, letters: number) => `For ${user} until ${until}, ${letters} letters. Not kept: when you leave this page it is gone.`,
    copy: 'Copy',
    only: 'only if it still holds this token',
    gone: 'That token is not held any more. Make another.',
    final: 'It cannot be called back.',
    finalText: (user: string, until: string, v6_1: boolean) =>
      `To end it before ${until}, replace the secret on the server, which ends all tokens. ${v6_1 ? 'With the lines for 6.1 in place' : 'On later versions'}, deactivating ${user} ends it too.`,
    foot: (user: string) => `Whether ${user} exists is known at the first call.`,
    footEmpty: 'Nothing is sent to the server.',
    confirm: 'Make token',
    another: 'Make another',
    busy: 'Signing…',
    inspect: 'Inspect it',
    done: (user: string) => `A token for ${user} is made.`,
  },
  inspect: {
    field: 'Token',
    fieldHint: 'It is read as soon as you paste it, kept in memory only, and sent to nobody.',
    confirm: 'Inspect',
    busy: 'Reading…',
    missing: 'Paste a token first.',
    pasteAgain: 'Paste the token once more.',
    made: 'Inspect the one just made',
    masked: (letters: number) => `A token, hidden, ${letters} letters`,
    letters: (letters: number) => `${letters} letters, in memory only`,
    clear: 'Clear',
    gone: 'No token is held any more. Paste it again.',
    signatures,
    ends(here: number, server: number | null): { m: string; rest: string } {
      const m = `${here > 0 ? 'Ends' : 'Ended'} ${left(here)}`;
      if (server === null) return { m, rest: 'by this computer’s clock. The server’s was not seen.' };
      return left(server) === left(here) ? { m, rest: 'by this computer’s clock, and by the server’s.' } : { m, rest: `by this computer’s clock, ${left(server)} by the server’s.` };
    },
    noEnd: 'It says no time at which it ends',
    table: 'What it says',
    columns: { claim: 'Claim', says: 'Says', does: (version: string | null) => `What Superset ${version === null ? '' : `${version} `}does with it` },
    notThere: 'Not there',
    does: (claim: ClaimView): string => (claim.heed === 'must_match' ? matches(claim.fits) : heed[claim.heed]),
    names: { sub: 'user', iss: 'issuer', aud: 'audience', exp: 'end', iat: 'made', nbf: 'begin', scope: 'rights' } satisfies Record<Claim, string>,
    others: (names: readonly string[]) => `It also holds: ${names.join(', ')}.`,
    notes,
    final: 'Nobody can call a token back. Only a new secret ends it early.',
    foot: 'Nothing was sent.',
  },
};
