// What else signs people in, and what lets nobody in, on real servers: nginx that names people, sessions that the server
// keeps and ends, sessions that are short, refusals. docs/ways-in.md says of each what to expect.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Provider, closePrivateWindow, isGone, press, privateWindow, ready, type } from './private-window.mjs';
import { App, By, Superset, cli, clipboard, freePort, password, steps, waitFor } from './window.mjs';

/** What mends 6.1.0. */
const SETTING = 'register_superset_auth_view = False';
const ME = '/api/v1/me/';
/** As short as Superset's own cookie has it in seconds. */
const LIFETIME = 20;
const folder = mkdtempSync(join(tmpdir(), 'ways-in-'));
const servers = [];
let provider;
let app;
let mended;
let strict;

function superset(variant, settings, options = []) {
  const file = join(folder, `${variant}.py`);
  writeFileSync(file, settings);
  const server = new Superset(variant, ['--no-mcp', '--config', file, ...options]);
  servers.push(server);
  return server;
}

/** Before the next one starts. */
function end(server) {
  servers.splice(servers.indexOf(server), 1);
  server.remove();
}

before(async () => {
  app = await App.open();
}, { timeout: 60_000 });

after(async () => {
  await app?.close();
  servers.forEach((server) => server.remove());
  provider?.stop();
  rmSync(folder, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);
const shown = (name) => JSON.parse(cli(app, 'instances', 'show', name, '--json')).data;
const entry = (name) => By.xpath(`//nav//button[.//*[normalize-space(.)='${name}']]`);
const SIGN_IN_AGAIN = By.xpath("//nav//*[normalize-space(.)='Sign in again']");
const row = (name) => By.xpath(`//*[@role='row'][.//*[contains(., ${JSON.stringify(name)})]]`);

/** On the list, and open. */
async function add(url, name) {
  cli(app, 'instances', 'add', url, '--name', name);
  await app.click(entry(name));
  await app.see(app.text(`Sign in to ${name}`));
}

async function openSignIn() {
  app.inWindow();
  await app.click('Sign in');
  app.inDialog();
}

/** Until the app closes. */
async function withoutStaying() {
  await app.click(app.text('Stay signed in'));
}

async function createKey(name) {
  app.inWindow();
  await app.control('n');
  app.inDialog();
  await app.type('Name', name);
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.click('Done');
  app.inWindow();
  await app.see(row(name));
}

// ---------------------------------------------------------------- a proxy that names people

step('a proxy that names people signs in nobody on 6.1.0, and the setting that mends it is named', async () => {
  const stock = superset('remote-user', '');
  await app.type('Address', stock.url);
  await app.see(app.text('API keys are on'));
  await app.type('Name', 'Stock');
  await app.click('Sign in through your company’s proxy');
  await app.see(app.text('Superset did not let you in'));
  await app.see(app.text('Superset showed its sign-in page'));
  await app.see(app.text('Stock Superset 6.1 signs in nobody this way'));
  await isGone();
  await app.look('95-proxy-stock');
  await app.click('Copy message for your admin');
  await waitFor('the setting, for an admin', () => clipboard().includes(SETTING));
  assert.throws(() => cli(app, 'sign-in', 'stock', '--browser'), (failure) => failure.message.includes(SETTING));
  assert.equal(shown('stock').session, 'signed_out');
  await app.click('Sign in later');
  end(stock);
});

step('mended, it signs in, and keys are made and revoked by the session alone', async () => {
  mended = superset('remote-user-mended', `
SESSION_SERVER_SIDE = True
SESSION_TYPE = "filesystem"
SESSION_FILE_DIR = "${join(folder, 'sessions')}"
`);
  await add(mended.url, 'Mended');
  await openSignIn();
  await withoutStaying();
  await app.click('Sign in through your company’s proxy');
  app.inWindow();
  await app.see(app.text('No keys yet'));
  const { user, way } = shown('mended');
  assert.deepEqual([user.username, way], ['gamma', 'browser']);
  await createKey('Laptop');
  await createKey('Notebook');
  await app.click(row('Notebook'));
  await app.click('Revoke');
  app.inDialog();
  await app.click('Revoke key');
  await app.see(app.text('is revoked'));
  app.inWindow();
  await app.look('96-proxy-mended');
});

/** With the session that the app has: the proxy has seen it. */
async function browse(path) {
  const log = readFileSync(join(mended.folder, 'proxy-access.log'), 'utf8').trim().split('\n');
  const [, , , session] = log.findLast((line) => line.includes('/api/v1/security/api_keys/')).split(' ');
  return fetch(mended.url + path, { headers: { cookie: `session=${session}` }, redirect: 'manual' });
}

step('who signs out in Superset is out here too where the server keeps the sessions', async () => {
  assert.equal((await browse(ME)).status, 200);
  assert.equal((await browse('/logout/')).status, 302);
  assert.equal((await browse(ME)).status, 401);
  await app.control('r');
  await app.see(app.text('Sign in again to Mended'));
  await app.see(SIGN_IN_AGAIN);
  await app.see(row('Laptop'));
  await app.look('97-signed-out-there');
  await openSignIn();
  await app.click('Sign in through your company’s proxy');
  app.inWindow();
  await app.gone(SIGN_IN_AGAIN);
  await app.see(row('Superset Keys on'));
});

step('a proxy that asks does so in the private window, and who has no account is told', async () => {
  await add(mended.proxy.asks, 'Asks');
  await openSignIn();
  await app.click('Browser');
  await app.click('Sign in in a private window');
  await answerProxy('stranger');
  await app.see(app.text('Superset did not let you in'));
  await app.see(app.text('Superset signed in nobody'));
  await app.look('98-proxy-stranger');
  await app.click('Try again');
  await answerProxy('alpha');
  await isGone();
  app.inWindow();
  await app.see(app.text('Superset Keys on'));
  assert.equal(shown('asks').user.username, 'alpha');
  end(mended);
});

/** WebKit's own question, before there is a page. */
async function answerProxy(user) {
  await ready();
  type(user);
  press('Tab');
  type(password(user));
  press('Return');
}

// ---------------------------------------------------------------- refusals

step('a provider that refuses is quoted', async () => {
  const port = await freePort();
  provider = await Provider.start(`http://127.0.0.1:${port}`);
  // Nobody answers for one of them, and one is not set up at the provider.
  strict = superset('main', provider.settings(['keycloak', 'okta', 'azure', 'auth0'], `
AUTH_USER_REGISTRATION = False
PERMANENT_SESSION_LIFETIME = ${LIFETIME}
OAUTH_PROVIDERS[3]["remote_app"]["server_metadata_url"] = "http://127.0.0.1:${await freePort()}/"
`), ['--web-port', String(port)]);
  await add(strict.url, 'Strict');
  await openSignIn();
  const { asked } = provider;
  await app.click('Sign in with Keycloak');
  await provider.cancel(asked);
  await app.see(app.text('Keycloak did not let you in'));
  await app.see(app.text('access_denied'));
  await isGone();
  await app.look('100-refused-by-provider');
});

step('whom Superset does not know, it lets not in, and what may be behind it is told', async () => {
  const { asked } = provider;
  await app.click('Try again');
  await provider.signInAs('stranger', asked);
  await app.see(app.text('Superset did not let you in'));
  await app.see(app.text('Superset returned to its sign-in page'));
  await app.see(app.text('You have no account here'));
  await isGone();
  await app.look('101-refused-by-superset');
  assert.equal(shown('strict').session, 'signed_out');
});

step('a provider that cannot be reached is told of', async () => {
  await app.click('Cancel');
  await openSignIn();
  await app.click('Sign in with Auth0');
  await app.see(app.text('Superset did not send you to Auth0'));
  await isGone();
});

step('a provider’s own error page stays in view until it is stopped', async () => {
  await app.click('Cancel');
  await openSignIn();
  await app.click('Sign in with Microsoft');
  await app.see(app.text('You sign in at 127.0.0.1'));
  await ready();
  await app.look('102-error-page');
  await app.click('Stop');
  await app.see(app.text('The window was closed'));
  await isGone();
});

step('a window that is closed half-way signs nobody in', async () => {
  const { asked } = provider;
  await app.click('Sign in with Keycloak');
  await provider.name('gamma', asked);
  closePrivateWindow(await provider.question(asked + 2));
  await app.see(app.text('The window was closed'));
  assert.equal(shown('strict').session, 'signed_out');
});

// ---------------------------------------------------------------- short sessions

step('a session that ends while a key is being typed is said to be over, and nothing is lost', async () => {
  const { asked } = provider;
  await withoutStaying();
  await app.click('Sign in with Keycloak');
  await provider.signInAs('gamma', asked);
  app.inWindow();
  await app.see(app.text('No keys yet'));
  // It has begun by now, and the server counts whole seconds.
  const end = Date.now() + (LIFETIME + 1) * 1000;
  await createKey('Before the end');
  await app.control('n');
  app.inDialog();
  await app.type('Name', 'Half-way');
  await waitFor('the end of the session', () => Date.now() > end, (LIFETIME + 5) * 1000);
  await app.click('Create key');
  await app.see(app.text('Your session has ended'));
  await app.look('103-session-over');
  await app.click('Sign in');
  await app.see(SIGN_IN_AGAIN);
});

step('signing in again leads on with what was typed', async () => {
  const { asked } = provider;
  await app.click('Sign in with Keycloak');
  await provider.signInAs('gamma', asked);
  await app.see(app.text('It will work as'));
  const name = await app.see(app.field('Name'));
  assert.equal(await name.getAttribute('value'), 'Half-way');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.click('Done');
  app.inWindow();
  await app.gone(SIGN_IN_AGAIN);
  for (const key of ['Before the end', 'Half-way', 'Superset Keys on']) await app.see(row(key));
  await app.click(row('Before the end'));
  await app.see(app.text('In GNOME Keyring on this computer'));
});

step('another day the provider is still called by its name, also where the server does not answer', async () => {
  const { home } = app;
  await app.close({ keepHome: true });
  app = await App.open({ home });
  await app.click(entry('Strict'));
  await app.see(row('Half-way'));
  cli(app, 'sign-out', 'strict');
  end(strict);
  await openSignIn();
  await app.see(app.button('Sign in with Keycloak'));
  await app.look('104-another-day');
});
