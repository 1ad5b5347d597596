// An authorization server on loopback: panva's oidc-provider, pinned here and installed in the cache folder.
//   node tests/oauth/provider.mjs --resource http://127.0.0.1:5008/mcp… [--access-seconds 300] [--no-registration]
//   node tests/oauth/provider.mjs --web http://127.0.0.1:8088      for people who sign in to that Superset itself
// To raise its version: package.json, then `npm install --package-lock-only` in this folder.
// Prints {"issuer":…}, then a line for each event, and ends with its stdin. Anybody signs in, with any password.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { installed } from '../clients/installed.mjs';

const { values } = parseArgs({
  options: {
    resource: { type: 'string', multiple: true, default: [] },
    web: { type: 'string' },
    'access-seconds': { type: 'string', default: '300' },
    'no-registration': { type: 'boolean', default: false },
  },
});
const bin = await installed(dirname(fileURLToPath(import.meta.url)));
const required = createRequire(join(bin, '../../package.json'));
const { Provider, errors } = await import(pathToFileURL(required.resolve('oidc-provider')));

// What the library has to say is not for whoever reads our lines.
console.info = console.error;
const tell = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const seconds = Number(values['access-seconds']);
const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });

const provider = new Provider(issuer, {
  jwks: { keys: [{ ...key, kid: 'test', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['for tests alone'] },
  scopes: ['openid', 'offline_access', 'profile', 'email', 'mcp:read', 'mcp:write'],
  claims: { openid: ['sub'], email: ['email'], profile: ['preferred_username', 'given_name', 'family_name', 'name'] },
  conformIdTokenClaims: false,
  clients: [
    {
      client_id: 'keys-desktop',
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      redirect_uris: ['http://127.0.0.1/callback'],
    },
    // A token of the client itself names the client, and Superset takes that for a user's name.
    {
      client_id: 'gamma',
      client_secret: 'secret for tests: a+b',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: 'mcp:read mcp:write',
    },
    ...(values.web
      ? [
          {
            client_id: 'superset-web',
            client_secret: 'secret for tests',
            redirect_uris: ['keycloak', 'okta'].map((name) => `${values.web}/oauth-authorized/${name}`),
          },
        ]
      : []),
  ],
  // Superset's own client sends none unless it is told to.
  pkce: { required: (_ctx, client) => client.clientId !== 'superset-web' },
  // Where Flask-AppBuilder looks for who somebody is, at a provider that it calls keycloak.
  routes: { userinfo: '/openid-connect/userinfo' },
  features: {
    devInteractions: { enabled: true },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
    registration: { enabled: !values['no-registration'] },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: (_ctx, indicator) => {
        if (!values.resource.includes(indicator)) throw new errors.InvalidTarget();
        return {
          scope: 'mcp:read mcp:write',
          audience: indicator,
          accessTokenTTL: seconds,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        };
      },
    },
  },
  ttl: { AccessToken: seconds, ClientCredentials: seconds, Grant: 14_400, RefreshToken: 14_400, Session: 14_400 },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, preferred_username: id, name: id, given_name: id, family_name: 'Example', email: `${id}@example.com` }),
  }),
});
for (const event of ['interaction.started', 'grant.success', 'grant.error', 'grant.revoked', 'authorization.error', 'server_error'])
  provider.on(event, (ctx, error) => {
    const { params } = ctx?.oidc ?? {};
    tell({ event, grant: params?.grant_type ?? null, error: error?.error ?? error?.message ?? null });
  });
server.on('request', provider.callback());
tell({ issuer });
process.stdin.on('end', () => process.exit(0)).resume();
