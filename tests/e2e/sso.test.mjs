// Somebody signs in at their company's own page, in the private window, with a real OpenID provider before a real Superset.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Provider, closePrivateWindow, isGone, privateWindow } from './private-window.mjs';
import { App, Superset, cli, freePort, steps } from './window.mjs';

const folder = mkdtempSync(join(tmpdir(), 'sso-'));
let provider;
let superset;
let app;

before(async () => {
  const port = await freePort();
  provider = await Provider.start(`http://127.0.0.1:${port}`);
  const file = join(folder, 'superset_config.py');
  writeFileSync(file, provider.settings(['keycloak', 'okta'], 'SESSION_PROTECTION = "strong"'));
  superset = new Superset('main', ['--no-mcp', '--web-port', String(port), '--config', file]);
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
  provider?.stop();
  rmSync(folder, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);

step('the company’s own page signs somebody in, and they stay in by a key', async () => {
  app = await App.open();
  await app.type('Address', superset.url);
  await app.see(app.text('API keys are on'));
  await app.type('Name', 'Production');
  await app.look('90-sso');
  const { asked } = provider;
  await app.click('Sign in with Keycloak');
  await privateWindow();
  await app.look('91-sso-waiting');
  await provider.signInAs('gamma', asked);
  await isGone();
  await app.see(app.text('Superset Keys on'));
  const list = JSON.parse(cli(app, 'keys', 'list', 'production', '--json')).data.keys;
  assert.equal(list.length, 1);
  assert.deepEqual([list[0].status, list[0].replace_in_time, list[0].is_default], ['active', true, false]);
  await app.look('92-sso-signed-in');
});

step('keys are made and revoked with it', async () => {
  await app.click('Create key');
  app.inDialog();
  await app.type('Name', 'Laptop');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.click('Done');
  app.inWindow();
  cli(app, 'keys', 'revoke', 'production', 'laptop', '--yes');
});

step('another provider makes another person, and says so', async () => {
  cli(app, 'sign-out', 'production');
  await app.click('Sign in');
  app.inDialog();
  const { asked } = provider;
  await app.click('Sign in with Okta');
  await provider.signInAs('gamma', asked);
  await app.see(app.text('You are okta_gamma here'));
  await app.look('93-sso-other-person');
  await app.click('Stay as okta_gamma');
  app.inWindow();
  assert.equal(JSON.parse(cli(app, 'instances', 'show', 'production', '--json')).data.user.username, 'okta_gamma');
});

step('a window that is closed leaves nothing behind', async () => {
  cli(app, 'sign-out', 'production');
  await app.click('Sign in');
  app.inDialog();
  await app.click('Sign in with Keycloak');
  closePrivateWindow(await privateWindow());
  await app.see(app.text('The window was closed'));
  assert.equal(JSON.parse(cli(app, 'instances', 'show', 'production', '--json')).data.session, 'signed_out');
  await app.look('94-sso-closed');
});
