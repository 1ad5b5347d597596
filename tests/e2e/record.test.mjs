// What was done stands in the record, in the real window; and no secret of it in any file that the app or its web view wrote.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { keepProcesses, search } from '../canary/search.mjs';
import { App, Key, Superset, cli, clipboard, password, steps, waitFor } from './window.mjs';

let superset;
let app;
const room = mkdtempSync(join(tmpdir(), 'canary-'));
const temp = join(room, 'temp');
const secrets = {};

before(() => {
  superset = new Superset();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
  rmSync(room, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);

async function toRecord() {
  await app.click('Settings');
  await app.click('Open');
  await app.see(app.text('What was done here with keys'));
}

step('a key is made, copied and shown, and a client connected', async () => {
  mkdirSync(temp, { recursive: true });
  app = await App.open({ env: { RUST_BACKTRACE: 'full', RUST_LOG: 'trace', TMPDIR: temp } });
  await app.type('Address', superset.url);
  await app.see(app.text('API keys are on'));
  await app.type('Name', 'Production');
  await app.type('Username', 'gamma');
  await app.type('Password', 'wrong-canary-5Nc8');
  await app.click('Sign in');
  await app.see(app.text('That did not match'));
  await app.type('Password', password('gamma'));
  await app.click('Sign in');
  Object.assign(secrets, { 'password': password('gamma'), 'wrong password': 'wrong-canary-5Nc8' });
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Laptop');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.click('Copy');
  const key = await waitFor('the key on the clipboard', () => clipboard().match(/^sst_[\w-]{43}$/)?.[0]);
  secrets.key = key.slice(4);
  const eye = await app.see(app.button('Hold to show'), 3000).catch(() => null);
  if (eye) {
    await app.driver.actions().move({ origin: eye }).press().pause(300).release().perform();
  }
  await app.click('Done');
  app.inWindow();
  cli(app, 'instances', 'mcp-url', 'production', superset.mcpUrl);
  cli(app, 'connect', 'cursor', 'production', '--delivery', 'bridge');
  cli(app, 'keys', 'print', 'production', 'laptop');
  assert.ok(keepProcesses(app.home, join(room, 'seen')) > 2);
});

step('nothing takes the page’s place', async () => {
  const refused = () => readFileSync(join(app.home, 'state/superset-keys.log'), 'utf8').split('the page was to be replaced').length - 1;
  for (const [times, address] of [superset.url, 'https://example.invalid/'].entries()) {
    await app.driver.executeScript('location.assign(arguments[0])', address);
    await waitFor(`a word about ${address}`, () => refused() === times + 1);
  }
  await app.see(app.text('Laptop'));
  assert.match(await app.driver.getCurrentUrl(), /^(tauri:\/\/localhost|http:\/\/tauri\.localhost)/);
});

step('the record tells it, and holds', async () => {
  await toRecord();
  for (const words of ['Added the instance', 'Signed in as gamma by a password', 'Created laptop', 'Copied laptop', 'Printed laptop', 'Connected cursor by the bridge']) {
    await app.see(app.text(words));
  }
  await app.look('120-record');
  await app.click('Verify');
  await app.see(app.text('as they were written, and none between them is missing'));
  await app.look('121-record-holds');
  await app.sized(760, 600);
  await app.look('122-record-narrow');
  await app.sized(1180, 760);
});

step('what somebody did to it is named', async () => {
  const file = join(app.home, 'state/record.jsonl');
  const before = readFileSync(file, 'utf8');
  const lines = before.trimEnd().split('\n');
  writeFileSync(file, [...lines.slice(0, 2), ...lines.slice(3, -1)].join('\n') + '\n');
  await app.click('Verify');
  await app.see(app.text('The record was changed in 2 places'));
  await app.see(app.text('line 3: number 3 is missing before it'));
  await app.see(app.text('the end was cut off'));
  await app.look('123-record-changed');
  writeFileSync(file, before);
  await app.click('Verify');
  await app.see(app.text('none between them is missing'));
});

step('no file of the app or of its web view holds a secret, and no process was handed one', async () => {
  const { home } = app;
  keepProcesses(home, join(room, 'seen'));
  await app.driver.actions().sendKeys(Key.ESCAPE).perform();
  await app.close({ keepHome: true });
  app = null;
  const folders = { ours: home, seen: join(room, 'seen'), temp };
  for (const [name, variable] of [['person', 'HOME'], ['data', 'XDG_DATA_HOME'], ['cache', 'XDG_CACHE_HOME'], ['config', 'XDG_CONFIG_HOME'], ['runtime', 'XDG_RUNTIME_DIR']]) {
    if (process.env[variable]) folders[name] = process.env[variable];
  }
  const told = search(secrets, folders);
  rmSync(home, { recursive: true, force: true });
  assert.ok(told.searched.files > 20, JSON.stringify(told.searched));
  assert.deepEqual(told.found, []);
  console.log(told.searched, Object.keys(secrets));
});
