// A person on a computer without a keychain: one dialog, and their keys are kept. Then one who moves from a keychain and back.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, password, steps, waitFor } from './window.mjs';

const PASSPHRASE = 'teapot gravel monday cloud';
const OF_THE_EXPORT = 'window ladder forty pickle';
/** As on a server, in a container, or where nobody set up a keyring. */
const nowhere = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };

let superset;
let app;

before(() => {
  superset = new Superset();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
}, { timeout: 60_000 });

const step = steps(() => app);

/** The command line there, and what it ended with. */
function there(...words) {
  const program = join(process.env.CARGO_TARGET_DIR, 'debug/superset-keys');
  return spawnSync(program, words, { encoding: 'utf8', env: { ...process.env, ...nowhere, SUPERSET_KEYS_HOME: app.home }, timeout: 60_000 });
}

const files = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());

/** What no page should hold once its dialog is gone. */
async function nothingTyped(...words) {
  const page = `${await app.markup()} ${await app.driver.executeScript("return [...document.querySelectorAll('input')].map((one) => one.value).join(' ') + JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage })")}`;
  for (const word of words) assert.ok(!page.includes(word), 'a passphrase is still in the page');
}

/** Types into the system's own file dialog. */
async function saveAs(title, path) {
  const id = await waitFor(`the dialog “${title}”`, () => spawnSync('xdotool', ['search', '--onlyvisible', '--name', `^${title}$`], { encoding: 'utf8', timeout: 5000 }).stdout.trim().split('\n')[0]);
  spawnSync('xdotool', ['windowfocus', '--sync', id], { timeout: 5000 });
  await new Promise((soon) => setTimeout(soon, 300));
  spawnSync('xdotool', ['key', '--clearmodifiers', 'ctrl+a'], { timeout: 5000 });
  spawnSync('xdotool', ['type', '--clearmodifiers', '--delay', '5', path], { timeout: 20_000 });
  spawnSync('xdotool', ['key', '--clearmodifiers', 'Return'], { timeout: 5000 });
}

async function twice(label, words) {
  await app.type(label, words);
  await app.type('Once more', words);
}

step('the first page offers a vault where there is no keyring, and one dialog makes it', async () => {
  app = await App.open({ env: nowhere });
  await app.see(app.text('This computer has no keyring'));
  await app.look('90-first-run-no-keyring');
  await app.sized(760, 600);
  await app.see(app.button('Set up vault'));
  await app.look('90-first-run-no-keyring-narrow');
  await app.sized(1180, 760);
  await app.click('Set up vault');
  app.inDialog();
  await app.see(app.text('Nobody can reset it.'));
  await twice('Passphrase', PASSPHRASE);
  await app.see(app.text('if it is no quotation and no name'));
  await app.look('90-vault-set-up');
  await app.sized(760, 600);
  await app.look('90-vault-set-up-narrow');
  await app.sized(1180, 760);
  // With the keyboard alone.
  await (await app.see(app.field('Once more'))).sendKeys(Key.ENTER);
  app.inWindow();
  await app.see(app.text('The vault is set up and unlocked.'));
  await app.see(app.text('Stored in your vault'));
  await nothingTyped(PASSPHRASE);
});

step('a key that is made there is in the vault, and the command line reads it through the app', async () => {
  await app.signIn(superset, 'gamma');
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Laptop');
  await app.see(app.text('Keep in the vault'));
  await app.look('91-create-in-vault');
  await app.click('Create key');
  await app.see(app.text('Stored in the vault.'));
  await app.click('Done');
  app.inWindow();
  await app.click(app.text('Laptop'));
  await app.see(app.text('In the vault on this computer'));
  await app.see(app.text('Your keys are in one file.'));
  await app.look('92-key-in-vault');
  const headers = there('headers', 'production');
  assert.equal(headers.status, 0, headers.stderr);
  const [, key] = headers.stdout.match(/Bearer (sst_[\w-]+)/);
  for (const path of files(app.home)) assert.ok(!readFileSync(path).includes(key), `the key is in ${path}`);
});

step('the store is tried, and locked for everybody', async () => {
  await app.click(By.xpath("//nav//button[.//*[normalize-space(.)='Vault']]"));
  await app.see(app.text('In use, unlocked'));
  await app.click('Test the vault');
  await app.see(app.text('The vault works: something made up was stored, read back and deleted.'));
  await app.look('93-kept');
  await app.sized(760, 600);
  await app.look('93-kept-narrow');
  await app.sized(1180, 760);
  await app.click('Lock now');
  await app.see(app.text('Vault is locked'));
  const headers = there('headers', 'production');
  assert.equal(headers.status, 75, headers.stdout + headers.stderr);
  assert.match(headers.stderr, /vault is locked/i);
});

step('copying asks for the passphrase, tells a wrong one, and goes on with what was asked', async () => {
  await app.click('Back');
  await app.see(app.text('The vault is locked.'));
  await app.look('94-vault-locked');
  await app.click('Copy');
  app.inDialog();
  await app.type('Passphrase', 'not this one at all');
  await app.click('Unlock');
  await app.see(app.text('That did not open it. The file itself is whole.'));
  await app.look('95-unlock-wrong');
  await app.click('Forgotten?');
  await app.see(app.text('Nobody can reset it, and neither can we.'));
  await app.look('95-forgotten');
  await app.sized(760, 600);
  await app.look('95-forgotten-narrow');
  await app.sized(1180, 760);
  await (await app.type('Passphrase', PASSPHRASE)).sendKeys(Key.ENTER);
  app.inWindow();
  await app.see(app.text('Copied. The clipboard clears in'));
  await app.gone(app.text('Vault is locked'));
  await nothingTyped(PASSPHRASE, 'not this one at all');
  assert.equal(there('headers', 'production').status, 0);
});

step('the app locks with it, answers nobody meanwhile, and is unlocked by the passphrase', async () => {
  await app.control('l');
  await app.see(app.text('Superset Keys is locked'));
  await app.see(app.text('The vault is locked, and asks for its passphrase.'));
  assert.equal(there('headers', 'production').status, 75);
  await app.look('96-app-locked');
  await app.click('Unlock');
  app.inDialog();
  await (await app.type('Passphrase', PASSPHRASE)).sendKeys(Key.ENTER);
  app.inWindow();
  await app.gone(app.text('Superset Keys is locked'));
  assert.equal(there('headers', 'production').status, 0);
  await nothingTyped(PASSPHRASE);
});

step('AI clients go on while it is locked, where its person said so', async () => {
  assert.equal(there('settings', 'set', 'bridges-when-locked', 'on').status, 0);
  await app.control('l');
  await app.see(app.text('Superset Keys is locked'));
  await waitFor('somebody to answer', () => there('headers', 'production').status === 0);
  await app.see(app.text('The vault is open for AI clients, so a click unlocks.'));
  await app.look('96-clients-go-on');
  await app.click('Unlock');
  await app.gone(app.text('Superset Keys is locked'));
  // That of the agent goes on, and `vault lock` is for all of them.
  assert.equal(there('vault', 'lock').status, 0);
  assert.equal(there('headers', 'production').status, 75);
  assert.equal(there('settings', 'set', 'bridges-when-locked', 'off').status, 0);
  assert.equal(spawnSync(join(process.env.CARGO_TARGET_DIR, 'debug/superset-keys'), ['vault', 'unlock', '--passphrase-stdin'], { input: `${PASSPHRASE}\n`, env: { ...process.env, ...nowhere, SUPERSET_KEYS_HOME: app.home }, timeout: 60_000 }).status, 0);
});

step('an export has a passphrase of its own, and nothing in it can be read', async () => {
  await app.click('Export…');
  app.inDialog();
  await app.click('Save export');
  await app.see(app.text('Choose where it goes.'));
  await app.click('Choose…');
  const file = join(app.home, 'for-the-laptop.vault');
  await saveAs('Export to one file', file);
  await app.see(app.text('for-the-laptop.vault'));
  await twice('Passphrase for this file', OF_THE_EXPORT);
  await app.look('96-export');
  await app.sized(760, 600);
  await app.look('96-export-narrow');
  await app.sized(1180, 760);
  await app.click('Save export');
  app.inWindow();
  await app.see(app.text('exported to'));
  await app.gone(app.text('Your keys are in one file.'));
  assert.ok(existsSync(file));
  const bytes = readFileSync(file).toString('latin1');
  for (const word of ['Production', '127.0.0.1', 'Laptop', 'gamma', 'sst_']) assert.ok(!bytes.includes(word), `${word} can be read in the export`);
  await nothingTyped(OF_THE_EXPORT);
});

step('a file that is damaged is told apart, and its copy is put back', async () => {
  const { home } = app;
  await app.close({ keepHome: true });
  // Whoever answered has gone without a word, and the vault is locked for all.
  assert.equal(there('headers', 'production').status, 75);
  const [file] = files(home).filter((path) => path.endsWith('vault.stronghold'));
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.subarray(0, bytes.length - 40));
  app = await App.open({ home, env: nowhere });
  await app.see(app.text('The vault is locked.'));
  await app.click('Unlock');
  app.inDialog();
  await (await app.type('Passphrase', PASSPHRASE)).sendKeys(Key.ENTER);
  await app.see(app.text('The vault’s file is damaged.'));
  await app.look('97-damaged');
  await app.click(By.xpath("//button[starts-with(normalize-space(.), 'Use the copy from')]"));
  await app.see(app.text('Now your passphrase.'));
  await (await app.type('Passphrase', PASSPHRASE)).sendKeys(Key.ENTER);
  app.inWindow();
  await app.gone(app.text('The vault is locked.'));
  await app.close();
  app = null;
});

step('with a keychain, everything moves into the vault and back', async () => {
  app = await App.open();
  await app.see(app.field('Address'));
  cli(app, 'instances', 'add', superset.url, '--name', 'Test');
  await app.see(app.text('Sign in to Test'));
  await app.click('Sign in');
  app.inDialog();
  await app.type('Username', 'alpha');
  await app.type('Password', password('alpha'));
  await app.click('Sign in');
  app.inWindow();
  await app.see(app.text('No keys yet'));
  for (const name of ['One', 'Two', 'Three']) cli(app, 'keys', 'create', 'test', '--name', name);
  await app.click(By.xpath("//nav//button[.//*[normalize-space(.)='GNOME Keyring']]"));
  await app.see(app.text('Not set up'));
  await app.look('98-kept-keychain');
  await app.click('Move to the vault…');
  app.inDialog();
  await twice('Passphrase', PASSPHRASE);
  await app.click('Set up vault');
  await app.see(app.text('Move to the vault'));
  await app.see(app.text('in one place or in both, never in none'));
  await app.look('99-move');
  await app.click('Move');
  await app.see(app.text('Moved to the vault'));
  await app.look('99-moved');
  await app.click('Done');
  app.inWindow();
  await app.see(app.text('In use, unlocked'));
  const presences = () => JSON.parse(cli(app, 'keys', 'list', 'test', '--json')).data.keys.map(({ presence }) => presence);
  assert.deepEqual(presences(), ['vault', 'vault', 'vault']);
  await app.click('Test GNOME Keyring');
  await app.see(app.text('GNOME Keyring works'));
  await app.look('99-kept-vault');
  await app.click('Move to GNOME Keyring…');
  app.inDialog();
  await app.click('Move');
  await app.see(app.text('Moved to GNOME Keyring'));
  await app.click('Done');
  app.inWindow();
  assert.deepEqual(presences(), ['keychain', 'keychain', 'keychain']);
});
