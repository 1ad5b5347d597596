// What the window shows when something is in the way.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, clipboard, lockKeyring, password, pressClose, steps, waitFor } from './window.mjs';

const servers = [];
let app;

function superset(...given) {
  const server = new Superset(...given);
  servers.push(server);
  return server;
}

after(async () => {
  await app?.close();
  servers.forEach((server) => server.remove());
}, { timeout: 120_000 });

const step = steps(() => app, { end: async () => { await app?.close().catch(() => {}); app = undefined; } });

/** A window with one instance, signed in by the command line. */
async function signedIn(server, user, prepare = () => {}, options = {}) {
  const opened = await App.open(options);
  await opened.see(opened.field('Address'));
  cli(opened, 'instances', 'add', server.url, '--name', 'Test', ...(server.mcpUrl ? ['--mcp-url', server.mcpUrl] : []));
  await opened.see(opened.text('Test'));
  await opened.see(opened.text('Sign in to Test'));
  const button = await opened.see(opened.button('Sign in'));
  await opened.press(button);
  opened.inDialog();
  await opened.type('Username', user);
  await opened.type('Password', password(user));
  await opened.click('Sign in');
  opened.inWindow();
  await prepare(opened);
  return opened;
}

/** Each tab says what is in the way, and has something to press that helps. */
async function fromEachTab(picture, words, way) {
  for (const tab of ['AI clients', 'Check-up', 'Keys']) {
    await app.click(By.xpath(`//*[@role='tab'][starts-with(normalize-space(.), '${tab}')]`));
    await app.see(app.text(words));
    await app.see(app.button(way));
    await app.look(`${picture}-${tab.toLowerCase().replace(/\W/g, '-')}`);
  }
}

/** A computer without a keychain. */
const nowhere = { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' } };

/** The same person at the same computer, another day. */
async function again(options = {}) {
  const { home } = app;
  await app.close({ keepHome: true });
  app = await App.open({ home, ...options });
}

async function signInAgain(user) {
  await app.click('Sign in');
  app.inDialog();
  await app.type('Password', password(user));
  await app.click('Sign in');
  app.inWindow();
}

let main;
before(() => {
  main = superset('main');
}, { timeout: 300_000 });

step('a role without permissions is told what to ask for', async () => {
  app = await signedIn(main, 'nokeys');
  await app.see(app.text('Your role cannot'));
  await app.look('20-forbidden');
});

step('keys that are off are named, with the remedy', async () => {
  app = await signedIn(superset('keys-off', ['--no-mcp']), 'gamma');
  await app.see(app.text('API keys are turned off here'));
  await app.click('Copy message for your admin');
  await waitFor('the line that turns them on', () => app.driver.executeScript("return [...document.querySelectorAll('textarea')].some((box) => box.value.includes('FAB_API_KEY_ENABLED = True'))"));
  await app.look('21-keys-off');
  await app.keys(Key.ESCAPE);
  await fromEachTab('21-keys-off', 'API keys are turned off here', 'Copy message for your admin');
  await app.sized(760, 600);
  await app.click(By.xpath("//*[@role='tab'][starts-with(normalize-space(.), 'AI clients')]"));
  await app.look('21-keys-off-narrow');
});

step('ten thousand keys scroll, sort and filter', async () => {
  const server = superset('main', ['--no-mcp']);
  server.state('add-keys', '--user', 'gamma', '--count', '10000');
  app = await signedIn(server, 'gamma');
  await app.see(app.text('10,000 keys'));
  const rows = await app.driver.findElements(By.css("[role='row']"));
  assert.ok(rows.length < 200, `${rows.length} rows are drawn`);
  await app.look('22-ten-thousand');
  const began = Date.now();
  await app.click(By.xpath("//*[@role='columnheader'][contains(., 'Name')]//button"));
  await waitFor('the sorting', async () =>
    (await app.driver.findElements(By.xpath("//*[@role='columnheader'][contains(., 'Name')][@aria-sort='ascending' or @aria-sort='descending']"))).length > 0);
  assert.ok(Date.now() - began < 5000, 'sorting took seconds');
  await app.keys('/');
  await app.keys('no such key');
  await app.see(app.text('No key matches'));

  // The same server goes away: the last list stays, and says from when it is.
  await app.click('Clear filter');
  server.stop();
  await app.control('r');
  await app.see(app.text('does not answer'));
  await app.look('23-offline');
  await fromEachTab('23-offline', 'does not answer', 'Try again');
});

step('a narrow window keeps everything at hand', async () => {
  app = await signedIn(main, 'alpha', async (opened) => {
    await opened.see(opened.text('No keys yet'));
    cli(opened, 'keys', 'create', 'test', '--name', 'Made by the command line');
    await opened.control('r');
  });
  await app.see(app.text('Made by the command line'));
  await app.sized(760, 600);
  await app.look('24-narrow');
  await app.click(By.xpath("//*[@role='row'][.//*[contains(., 'Made by the command line')]]"));
  await app.see(app.text('In GNOME Keyring on this computer'));
  await app.look('25-narrow-details');
});

step('text twice as large cuts no name and leaves nothing outside', async () => {
  app = await signedIn(main, 'alpha', async (opened) => {
    await opened.gone(opened.text('Sign in to Test'));
    cli(opened, 'keys', 'create', 'test', '--name', 'Weekly KPI report');
    await opened.control('r');
  }, { text: 2 });
  await app.see(app.text('Weekly KPI report'));
  const outside = await app.driver.executeScript(`return [...document.querySelectorAll('main *, body *')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 0.5 && !one.closest('.sr, [aria-hidden=true]'))
    .map((one) => one.outerHTML.slice(0, 120))`);
  assert.deepEqual(outside, []);
  const cut = await app.driver.executeScript(`return [...document.querySelectorAll('[role=gridcell]:nth-child(-n+2) *, [role=tab], button')]
    .filter((one) => !one.closest('.sr') && one.scrollWidth > one.clientWidth && getComputedStyle(one).overflow !== 'visible')
    .map((one) => one.textContent.trim()).filter((words) => words !== '')`);
  assert.deepEqual(cut, []);
  await app.look('26-large-text');
});

step('without a keyring a new key is shown once, and the panel stays until it is saved', async () => {
  app = await signedIn(main, 'admin', () => {}, nowhere);
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Nowhere to keep it');
  await app.look('27-create-no-keyring');
  await app.click('Create key');
  await app.see(app.text('Save this key now'));
  await app.look('28-save-now');
  await app.keys(Key.ESCAPE);
  await app.see(app.text('Save this key now'));
  await app.click('Copy');
  await waitFor('the key on the clipboard', () => /^sst_[\w-]{43}$/.test(clipboard()));
  await app.click('I have saved it');
  app.inWindow();
  await app.see(app.text('Nowhere to keep it'));
  await app.see(app.text('Not on this computer'));
});

step('a table of keys that is missing is named, with the remedy', async () => {
  app = await signedIn(superset('no-key-table', ['--no-mcp']), 'gamma');
  await fromEachTab('29-no-table', 'The table of API keys is missing', 'Copy message for your admin');
  await app.click('Copy message for your admin');
  await waitFor('what brings the table', () => app.driver.executeScript("return [...document.querySelectorAll('textarea')].some((box) => box.value.includes('superset db upgrade'))"));
});

step('a session that is over asks for the password, whichever tab is open', async () => {
  app = await signedIn(main, 'alpha', async (opened) => opened.see(opened.text('alpha')), nowhere);
  await app.gone(app.text('Sign in to Test'));
  await again(nowhere);
  await fromEachTab('30-session-over', 'Sign in again to Test', 'Sign in');
  await signInAgain('alpha');
  await app.gone(app.text('Sign in again to Test'));
});

step('without the keychain one stayed signed in with, one signs out, in, and removes', async () => {
  app = await signedIn(main, 'gamma', async (opened) => opened.see(opened.text('No keys yet')));
  await again(nowhere);
  await fromEachTab('31-keychain-gone', 'This computer has no keyring', 'Sign in');
  await app.click('Actions for Test');
  await app.click('Sign out');
  await app.see(app.text('Not signed in'));
  await app.see(app.text('could not be deleted'));
  await app.look('31-signed-out');
  await signInAgain('gamma');
  await app.see(app.text('No keys yet'));
  await app.click('Actions for Test');
  await app.click('Remove…');
  await app.click('Remove instance');
  await app.see(app.text('Add your Superset'));
  assert.equal(JSON.parse(cli(app, '--json', 'instances', 'list')).data.length, 0);
});

step('a list that was damaged is said to be so, until it is begun anew', async () => {
  app = await signedIn(main, 'gamma', async (opened) => opened.see(opened.text('No keys yet')));
  const file = join(app.home, 'config/state.json');
  const whole = readFileSync(file, 'utf8');
  writeFileSync(file, whole.slice(0, 40));
  await again();
  await app.see(app.text('Your list was damaged'));
  await app.see(app.text('state.damaged-1.json'));
  await app.look('32-damaged');
  // It was not the first to come upon it, and still says so.
  await again();
  await app.see(app.text('Your list was damaged'));
  await app.click('Begin anew');
  await app.see(app.text('Add your Superset'));
  assert.equal(readFileSync(join(app.home, 'config/state.damaged-1.json'), 'utf8'), whole.slice(0, 40));
});

step('a window that is closed while a key is being created closes when it is kept', async () => {
  const server = superset('main', ['--no-mcp']);
  app = await signedIn(server, 'gamma', async (opened) => opened.see(opened.text('No keys yet')));
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'On the way');
  server.holdWeb();
  try {
    // Meanwhile connections that the server would find too old are dropped.
    await app.look('33-create');
    await app.click('Create key');
    await app.see(app.text('Creating'));
    pressClose();
    await app.see(app.text('The window closes when it is done'));
  } finally {
    server.letWebGo();
  }
  await waitFor('the window to close', async () => !(await app.page().then(() => true, () => false)));
  app.inWindow();
  await again();
  await app.see(app.text('On the way'));
  assert.equal(JSON.parse(cli(app, '--json', 'keys', 'list', 'test')).data.keys[0].presence, 'keychain');
});

step('closing brings back the dialog of a key that is kept nowhere', async () => {
  app = await signedIn(main, 'admin', async (opened) => opened.see(opened.text('admin')), nowhere);
  await app.control('n');
  app.inDialog();
  await app.type('Name', 'Kept nowhere');
  await app.click('Create key');
  await app.see(app.text('Save this key now'));
  app.inWindow();
  // A page that starts anew has forgotten the dialog.
  await app.driver.navigate().refresh();
  await app.see(app.text('Kept nowhere'));
  pressClose();
  await app.see(app.text('Save this key now'));
  app.inDialog();
  await app.click('I have saved it');
  app.inWindow();
  await app.gone(app.text('Save this key now'));
});

// The last one: the keychain is that of all of them.
step('a locked keychain locks the keys, not the list', async () => {
  app = await signedIn(main, 'alpha', async (opened) => {
    await opened.see(opened.text('alpha'));
    cli(opened, 'keys', 'create', 'test', '--name', 'Behind the lock');
  });
  await app.see(app.text('Behind the lock'));
  lockKeyring();
  await again();
  await app.see(app.text('GNOME Keyring is locked.'));
  await app.see(app.text('Behind the lock'));
  await app.look('26-locked');
});
