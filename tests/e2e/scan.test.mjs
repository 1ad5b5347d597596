// Keys that lie in files, found and moved in the real window: the files lie in a home of this story's own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { App, Key, Superset, cli, steps } from './window.mjs';

const person = mkdtempSync(join(tmpdir(), 'superset-keys-person-'));
const cursor = join(person, '.cursor/mcp.json');
const stranger = `sst_${'Zq3xV7mK1pLw9TbN5cRd'.repeat(3).slice(0, 43)}`;

let superset;
let app;
let secret;
let given;

before(() => {
  superset = new Superset();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
  rmSync(person, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);

step('a computer without keys in its files', async () => {
  app = await App.open({ env: { HOME: person, XDG_CONFIG_HOME: join(person, '.config') } });
  await app.signIn(superset, 'gamma');
  await app.see(app.text('No keys yet'));
  cli(app, 'instances', 'mcp-url', 'production', superset.mcpUrl);
  await app.click('Keys on this computer');
  await app.see(app.text('It only reads, and nothing is sent.'));
  await app.look('70-scan-start');
  await app.click('Look for keys');
  await app.see(app.text('No key lies in the usual files.'));
  await app.look('71-scan-empty');
});

step('finds them, and shows none', async () => {
  cli(app, 'keys', 'create', 'production', '--name', 'Cursor – laptop');
  secret = cli(app, 'exec', 'production', '--', 'printenv', 'SUPERSET_API_KEY').trim();
  given = JSON.stringify({ mcpServers: { docs: { command: 'docs-mcp' }, superset: { url: superset.mcpUrl, headers: { Authorization: `Bearer ${secret}` } } } }, null, 2);
  mkdirSync(join(person, '.cursor'));
  writeFileSync(cursor, given, { mode: 0o600 });
  writeFileSync(join(person, '.env'), `OTHER=${stranger}\n`);
  spawnSync('git', ['-C', person, 'init', '-q']);
  spawnSync('git', ['-C', person, 'add', '.env']);
  await app.click('Look again');
  await app.see(app.text('2 keys in 2 places.'));
  await app.see(app.text('Cursor – laptop on Production'));
  await app.see(app.text('~/.cursor/mcp.json:'));
  await app.see(app.text('taking the line out leaves it in earlier commits'));
  const markup = await app.markup();
  assert.ok(!markup.includes(secret) && !markup.includes(stranger), 'a key is in the window');
  await app.look('72-scan-found');
});

step('asks whether they work only after a question', async () => {
  await app.click('Ask whether they work');
  app.inDialog();
  await app.see(app.text('This asks Production.'));
  await app.look('73-scan-ask');
  await app.click('Ask');
  app.inWindow();
  await app.see(app.text('Active'));
});

step('moves one into the keychain, and puts it back', async () => {
  await app.click('Move to keychain');
  app.inDialog();
  await app.see(app.text('Cursor gets the bridge in its place.'));
  await app.look('74-scan-move');
  assert.equal(readFileSync(cursor, 'utf8'), given, 'written before it was agreed to');
  await app.click('Move to keychain');
  app.inWindow();
  await app.see(app.text('Cursor gets it through the bridge.'));
  const moved = readFileSync(cursor, 'utf8');
  assert.ok(!moved.includes(secret), 'it still lies there');
  assert.match(moved, /"bridge",\s*"production"/);
  assert.match(moved, /"docs-mcp"/);
  await app.look('75-scan-moved');
  await app.click('Undo');
  await app.see(app.text('are back as they were, with the key.'));
  assert.equal(readFileSync(cursor, 'utf8'), given);
  await app.sized(760, 600);
  await app.look('76-scan-narrow');
});

step('looks through one folder', async () => {
  await app.sized(1180, 760);
  mkdirSync(join(person, 'work/deep'), { recursive: true });
  writeFileSync(join(person, 'work/deep/notes.txt'), `the key is ${secret}\n`);
  await app.click('One folder');
  await app.type('Folder', '~/nowhere');
  await app.click('Look for keys');
  await app.see(app.text('There is no folder'));
  await app.see(app.text('~/.cursor/mcp.json:'));
  await app.look('77-scan-no-folder');
  const field = await app.type('Folder', '~/work');
  await field.sendKeys(Key.ENTER);
  await app.see(app.text('1 key in 1 place.'));
  await app.see(app.text('~/work/deep/notes.txt:1'));
  await app.see(app.text('Cursor – laptop on Production'));
  assert.ok(!(await app.markup()).includes(secret), 'a key is in the window');
  await app.look('78-scan-folder');
  mkdirSync(join(person, 'empty'));
  await (await app.type('Folder', '~/empty')).sendKeys(Key.ENTER);
  await app.see(app.text('No key lies in ~/empty.'));
  await app.look('79-scan-folder-empty');
  await app.sized(760, 600);
  await app.look('80-scan-folder-narrow');
});
