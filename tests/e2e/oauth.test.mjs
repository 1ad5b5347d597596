// AI clients get tokens of a real authorization server, set up and signed in for in the window; the real MCP server says whom it sees.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { App, By, Key, Superset, cli, clipboard, freePort, password, steps, waitFor } from './window.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'oauth-'));
/** Where the stand-in for the system's browser writes each address that it is to open. */
const opened = join(folder, 'opened');
let provider;
let issuer;
let superset;
let app;
/** Two MCP servers of one Superset: as 6.1 is, and one that announces whom it believes. */
let silent;
let announcing;

before(async () => {
  const ports = [await freePort(), await freePort()];
  [silent, announcing] = ports.map((port) => ({ port, url: `http://127.0.0.1:${port}/mcp` }));
  provider = spawn('node', [join(here, '../oauth/provider.mjs'), '--resource', silent.url, '--resource', announcing.url], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: provider.stdout })[Symbol.asyncIterator]();
  ({ issuer } = JSON.parse((await lines.next()).value));
  // Nobody reads the rest, and it is not to wait for that.
  provider.stdout.resume();
  superset = new Superset('main', ['--no-mcp']);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${opened}'\n`);
  chmodSync(join(bin, 'xdg-open'), 0o755);
  app = await App.open({ env: { PATH: `${bin}${delimiter}${process.env.PATH}` } });
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
  provider?.stdin.end();
  rmSync(folder, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);
/** In the home that the test session has. */
const cursorFile = join(process.env.HOME, '.cursor/mcp.json');

/** Its settings, for tokens of the provider alone. */
const settings = (url, lines, more = '') => `
RESOURCE = '${url}'
MCP_AUTH_ENABLED = True
MCP_JWT_ALGORITHM = 'RS256'
MCP_JWKS_URI = '${issuer}/jwks'
MCP_JWT_ISSUER = '${issuer}'
MCP_JWT_AUDIENCE = RESOURCE
MCP_REQUIRED_SCOPES = ['mcp:read']
MCP_DEV_USERNAME = None


${lines}
${more}
`;
/** What RFC 9728 has, which 6.1 does not serve by itself. */
const ANNOUNCES = `
_named = MCP_AUTH_FACTORY


def MCP_AUTH_FACTORY(app):
    from fastmcp.server.auth import RemoteAuthProvider

    return RemoteAuthProvider(_named(app), [MCP_JWT_ISSUER], RESOURCE.removesuffix('/mcp'), scopes_supported=['mcp:read'])
`;

function startMcp({ url, port }, more) {
  const lines = cli(app, 'signing', 'config', 'production', '--user-only');
  const file = join(folder, `config-${port}.py`);
  writeFileSync(file, settings(url, lines, more));
  assert.equal(superset.mcp('--mode', 'jwt', '--port', String(port), '--config', file), url);
}

/** The addresses that the system's browser was to open until now. */
const addresses = () => (existsSync(opened) ? readFileSync(opened, 'utf8').split('\n').filter(Boolean) : []);
/** What a person does there, to the end; answers the last page. */
const browse = (address, user, ...what) => execFileSync('node', [join(here, '../oauth/browser.mjs'), address, user, ...what], { encoding: 'utf8', timeout: 30_000 });
const browserOpened = (count) => waitFor(`the browser to be opened ${count} times`, () => addresses().length === count && addresses().at(-1));
const status = () => JSON.parse(cli(app, '--json', 'oauth', 'status', 'production')).data;
const inUse = () => JSON.parse(cli(app, '--json', 'mcp-access', 'show', 'production')).data.access.kind;
const tab = (name) => app.click(By.xpath(`//*[@role='tab'][starts-with(normalize-space(.), '${name}')]`));

/** What an AI client does that asks for one thing through the program its entry names. */
function callOnce(command, args, env) {
  const messages = [
    { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'cursor', version: '1' } } },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: 'health_check', arguments: {} } },
  ].map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
  const answered = execFileSync(command, args, { input: messages, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 30_000 });
  assert.match(answered, /"id":2,"result"/);
}

/** The field or button of this name has the focus: a person goes on by the keyboard. */
const focused = (name) => waitFor(`${name} to have the focus`, async () => {
  const [field] = await app.all(app.field(name));
  return app.driver.executeScript(
    'const one = document.activeElement; return one === arguments[0] || one.innerText?.trim() === arguments[1]', field ?? null, name,
  );
});

/** At the size it opens with, and at the smallest. */
async function look(name) {
  await app.look(name);
  await app.sized(760, 600);
  await app.look(`${name}-small`);
  await app.sized(1180, 760);
}

step('where the MCP server announces nothing, an admin’s two words are enough', async () => {
  await app.see(app.field('Address'));
  cli(app, 'instances', 'add', superset.url, '--name', 'Production', '--mcp-url', silent.url);
  await app.see(app.text('Sign in to Production'));
  await app.press(await app.see(app.button('Sign in')));
  app.inDialog();
  await app.type('Username', 'gamma');
  await app.type('Password', password('gamma'));
  await app.click('Sign in');
  app.inWindow();
  await app.see(app.text('No keys yet'));
  cli(app, 'keys', 'create', 'production', '--name', 'Cursor, laptop', '--alias', 'cursor');
  cli(app, 'connect', 'cursor', 'production', '--key', 'cursor');
  startMcp(silent);
  await tab('AI clients');
  await app.click(By.xpath("//button[starts-with(normalize-space(.), 'MCP access')]"));
  await app.see(app.text('Ways in'));
  await look('95-oauth-access');
  await app.click('Set up OAuth');
  app.inDialog();
  await app.see(app.text('This server announces nothing'));
  await focused('Issuer');
  await look('95-oauth-by-hand');
  await app.type('Issuer', 'https://127.0.0.1:1');
  await app.type('Client id', 'keys-desktop');
  await app.click('Sign in in your browser');
  await app.see(app.text('does not answer'));
  await app.type('Issuer', issuer);
  await app.type('Client id', 'keys-desktop');
  await app.see(app.text('It makes a client for this app by itself.'));
  await app.click(By.xpath("//summary[contains(., 'Advanced')]"));
  await app.type('Scopes', 'mcp:read');
  await look('95-oauth-described');
  await app.keys(Key.RETURN);
  await app.see(app.text('Finish in your browser'));
});

step('who says no at the provider’s page is told so, and tries again', async () => {
  const address = await browserOpened(1);
  await app.see(app.text('Your browser was opened'));
  await look('96-oauth-waiting');
  await app.click('Open again');
  assert.equal(await browserOpened(2), address, 'another address was opened');
  await app.click('Copy address');
  await waitFor('the address to be copied', () => clipboard() === address);
  assert.match(browse(address, 'gamma', 'deny'), /Not signed in/);
  await app.see(app.text('Nobody is signed in'));
  await app.see(app.text('Whoever was asked said no, or may not.'));
  await look('96-oauth-refused');
  await focused('Try again');
  await app.keys(Key.RETURN);
  assert.match(browse(await browserOpened(3), 'gamma'), /You can close this page/);
});

step('whom Superset sees is shown before AI clients are switched', async () => {
  await app.see(app.text('Superset sees gamma'));
  assert.equal(inUse(), 'api_key', 'AI clients were switched unasked');
  assert.equal(status().signed_in.subject, 'gamma');
  await look('97-oauth-seen');
  await focused('Use it for AI clients');
  await app.click('Use it for AI clients');
  app.inWindow();
  await app.see(app.text('AI clients use OAuth now, and act as gamma.'));
  assert.equal(inUse(), 'oauth');
  const { Authorization } = JSON.parse(cli(app, 'headers', 'production'));
  assert.match(Authorization, /^Bearer eyJ/);
  assert.ok(!(await app.markup()).includes('eyJ'), 'a token is in the page');
  await app.see(app.text('It let in neither a made-up token nor a call without one.'));
  await look('97-oauth-in-use');
  await app.click('OAuth');
  await app.see(app.text('Way back'));
  await look('97-oauth-page');
});

step('a client with a key of its own moves too, and its next call proves it', async () => {
  await app.click('Back');
  await app.click('See who has moved');
  await app.see(app.text('AI clients with a key of their own keep it'));
  await look('97-move-none');
  await app.click('Move all clients');
  await app.see(app.text('Waits for its next call'));
  await app.see(app.text('Use Cursor once.'));
  await look('97-move-waits');
  const file = readFileSync(cursorFile, 'utf8');
  const { command, args, env } = JSON.parse(file).mcpServers.superset;
  callOnce(command, args, env);
  await app.click('Look again');
  await app.see(By.xpath("//*[starts-with(normalize-space(.), 'Call ')]"));
  assert.equal(readFileSync(cursorFile, 'utf8'), file);
  await look('97-move-proved');
  await app.click('Back');
  await app.click('OAuth');
});

step('signing out is asked first, revokes, and leads back to keys', async () => {
  await app.click('Sign out…');
  app.inDialog();
  await app.see(app.text('They do not get in until somebody signs in again'));
  await look('98-oauth-sign-out');
  await app.click('Sign out');
  app.inWindow();
  await app.see(app.text('Signed out. The sign-in is revoked'));
  assert.equal(status().signed_in, null);
  assert.throws(() => cli(app, 'headers', 'production'), /signed in/);
  await look('98-oauth-signed-out');
  await app.click('To MCP access');
  await app.see(app.text('nobody is signed in, so AI clients do not get in'));
  await app.click('Use API keys');
  await waitFor('API keys to be in use', () => inUse() === 'api_key');
});

step('where it is announced, nothing is asked; a code does for another device', async () => {
  startMcp(announcing, ANNOUNCES);
  cli(app, 'instances', 'mcp-url', 'production', announcing.url);
  await app.see(app.text(announcing.url.replace('http://', '')));
  await app.click('Go on with OAuth');
  await app.click('Set up anew…');
  app.inDialog();
  await app.click('Ask the MCP server again');
  await app.see(app.text('The MCP server says who signs people in.'));
  await look('99-oauth-found');
  await app.click('Code on another device');
  await app.click('Get a code');
  await app.see(app.text('Enter this code there'));
  await look('99-oauth-device');
  await app.click('Copy address');
  const address = await waitFor('the address to be copied', () => /user_code=/.test(clipboard()) && clipboard());
  browse(address, 'gamma');
  await app.see(app.text('Superset sees gamma'));
  assert.equal(addresses().length, 3, 'a browser was opened for another device');
  await app.click('Not now');
  app.inWindow();
  assert.deepEqual([status().registered, status().grant, status().signed_in.subject], [true, 'device', 'gamma']);
});

step('a sign-in that is stopped leaves whoever was in', async () => {
  await app.click('Sign in again');
  app.inDialog();
  await app.see(app.text('Enter this code there'));
  await app.click('Stop');
  await app.see(app.text('The sign-in was stopped.'));
  await app.click('Close');
  app.inWindow();
  assert.equal(status().signed_in.subject, 'gamma');
  assert.equal(inUse(), 'api_key');
});
