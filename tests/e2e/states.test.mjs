// What the window shows when something is in the way.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, clipboard, lockKeyring, password, steps, waitFor } from './window.mjs';

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
  await button.click();
  opened.inDialog();
  await opened.type('Username', user);
  await opened.type('Password', password(user));
  await opened.click('Sign in');
  opened.inWindow();
  await prepare(opened);
  return opened;
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

step('a locked keychain locks the keys, not the list', async () => {
  app = await signedIn(main, 'alpha', async (opened) => {
    await opened.see(opened.text('alpha'));
    cli(opened, 'keys', 'create', 'test', '--name', 'Behind the lock');
  });
  await app.see(app.text('Behind the lock'));
  lockKeyring();
  const { home } = app;
  await app.close({ keepHome: true });
  app = await App.open({ home });
  await app.see(app.text('GNOME Keyring is locked.'));
  await app.see(app.text('Behind the lock'));
  await app.look('26-locked');
});

step('without a keyring a new key is shown once, and the panel stays until it is saved', async () => {
  const nowhere = { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' } };
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
