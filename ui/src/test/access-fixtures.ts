// Samples of what AI clients are let in with, and of tokens.
import type { ClaimView, InspectedToken, McpAccessView, McpProofView, MintedView, OAuthFoundView, OAuthView, SigningView } from '../ipc';
import { HOUR, time } from './fixtures';

const MINUTE = 60_000;

export function signingView(over: Partial<SigningView> = {}): SigningView {
  return { algorithm: 'HS256', issuer: 'superset-mcp', audience: 'superset-mcp-clients', since: '2026-11-19T09:00:00Z', stored: 'keychain', ...over };
}

/** By the default key of the sample instance. */
export function accessView(over: Partial<McpAccessView> = {}): McpAccessView {
  return { access: { kind: 'api_key' }, default_key: 'claude-code-laptop', signing: null, oauth: null, ...over };
}

export function signedAccess(over: Partial<McpAccessView> = {}): McpAccessView {
  return accessView({ access: { kind: 'signed', subject: 'jane', scope: null }, default_key: null, signing: signingView(), ...over });
}

/** What an MCP server announces, and what its authorization server says of itself. */
export function oauthFound(over: Partial<OAuthFoundView> = {}): OAuthFoundView {
  return {
    issuer: 'https://login.example.com/realms/bi', resource: 'https://superset.example.com/mcp', scopes: ['mcp:read'], grants: ['code', 'device', 'client_credentials'], registers: true, ...over,
  };
}

/** Set up, and somebody is signed in. */
export function oauthView(over: Partial<OAuthView> = {}): OAuthView {
  return {
    issuer: 'https://login.example.com/realms/bi', client_id: 'superset-keys', has_secret: false, registered: false, grant: 'code', scopes: ['mcp:read'], resource: 'https://superset.example.com/mcp',
    audience: null, redirect: 'http://127.0.0.1/callback', since: '2026-11-19T09:00:00Z', signed_in: { subject: 'okta_jane', at: time(0).utc, renews: true }, ...over,
  };
}

/** Taken, and nobody else is. */
export function proof(over: Partial<McpProofView> = {}): McpProofView {
  return { ours: { was: 'let_in', user: 'jane' }, meant: null, nobody: { was: 'refused', status: 401 }, made_up: { was: 'refused', status: 401 }, at: time(0).utc, ...over };
}

export function minted(over: Partial<MintedView> = {}): MintedView {
  return { user: 'jane', issuer: 'superset-mcp', audience: 'superset-mcp-clients', expires: time(8 * HOUR).utc, letters: 412, ...over };
}

const claims: ClaimView[] = [
  { claim: 'sub', says: 'gamma', heed: 'names_user_with_lines', fits: null },
  { claim: 'iss', says: 'superset-mcp', heed: 'must_match', fits: true },
  { claim: 'aud', says: 'someone-else', heed: 'must_match', fits: false },
  { claim: 'exp', says: time(41 * MINUTE).utc, heed: 'ends', fits: null },
  { claim: 'iat', says: time(-19 * MINUTE).utc, heed: 'not_looked_at', fits: null },
  { claim: 'nbf', says: null, heed: 'not_looked_at', fits: null },
  { claim: 'scope', says: null, heed: 'if_demanded', fits: null },
];

export function inspected(over: Partial<InspectedToken> = {}): InspectedToken {
  return { algorithm: 'HS256', signature: 'kept', claims, others: [], end: { at: time(41 * MINUTE).utc, left: 41 * 60, left_on_server: 40 * 60 }, notes: [], letters: 412, ...over };
}
