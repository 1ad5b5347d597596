// The check-up in the window, on real servers: one that checks keys, one that lets anyone in, one that ignores keys.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, clipboard, lockKeyring, password, steps, waitFor } from './window.mjs';

const servers = new Map();
let app;

function superset(mode) {
  if (!servers.has(mode)) servers.set(mode, new Superset('main', ['--mcp-mode', mode]));
  return servers.get(mode);
}

before(() => superset('guarded'), { timeout: 300_000 });
after(async () => {
  await app?.close();
  for (const server of servers.values()) server.remove();
}, { timeout: 120_000 });

const step = steps(() => app, { limit: 180_000, end: async () => { await app?.close().catch(() => {}); app = undefined; } });

const tab = (name) => By.xpath(`//*[@role='tab'][starts-with(normalize-space(.), ${JSON.stringify(name)})]`);
const row = (name) => By.xpath(`//ul[@aria-label='Checks']//button[.//*[normalize-space(.)=${JSON.stringify(name)}]]`);

/** A window with one instance, its person signed in and a key made, on the check-up. */
async function opened(server, user, { key = true } = {}) {
  app = await App.open();
  await app.see(app.field('Address'));
  cli(app, 'instances', 'add', server.url, '--name', 'Test', '--mcp-url', server.mcpUrl);
  await app.see(app.text('Sign in to Test'));
  await app.click('Sign in');
  app.inDialog();
  await app.type('Username', user);
  await app.type('Password', password(user));
  await app.click('Sign in');
  app.inWindow();
  await app.gone(By.css('[role=dialog]'));
  if (key) {
    cli(app, 'keys', 'create', 'test', '--name', 'Claude Code – laptop');
    await app.control('r');
    await app.see(app.text('Claude Code – laptop'));
  }
  await app.click(tab('Check-up'));
  await app.see(app.button('Check now'));
}

const holdsNoKey = async (words) => assert.doesNotMatch(words, /sst_[\w-]{43}/);

step('a server that checks keys is ready, with the keyboard alone', async () => {
  const server = superset('guarded');
  await opened(server, 'gamma');
  await app.see(app.text('Never checked'));
  await app.look('30-checkup-ready');
  await app.driver.executeScript('arguments[0].focus()', await app.see(tab('Check-up')));
  await waitFor('the button to have the focus', async () => {
    await app.keys(Key.TAB);
    return app.driver.executeScript("return document.activeElement.innerText.includes('Check now')");
  });
  await app.keys(Key.ENTER);
  await app.see(app.text('Test is ready'), 60_000);
  await app.see(app.text('Ready for AI clients'));
  await app.see(app.text('The MCP server says gamma, as Superset does'));
  assert.equal(await app.driver.executeScript('return document.activeElement.innerText.trim()'), 'Check again');
  assert.equal((await app.driver.findElements(By.css('[role=alert]'))).length, 0, 'a false alarm');
  await app.look('31-checkup-good');
  await app.click('Copy report');
  const report = await waitFor('the report on the clipboard', () => clipboard().match(/^Check-up of Test[^]*$/)?.[0]);
  holdsNoKey(report);
  holdsNoKey(await app.markup());
  assert.match(report, /\[Passed\] Rejects a made-up key: /);
  await app.sized(760, 600);
  await app.look('32-checkup-good-narrow');
});

step('each result is shown as it comes, and a person can stop', async () => {
  const server = superset('guarded');
  await opened(server, 'gamma');
  server.holdMcp();
  try {
    await app.click('Check now');
    await app.see(app.text('Superset 6.1.0'));
    await app.see(app.text('Looking for it…'));
    await waitFor('the row to turn', async () => (await app.driver.findElements(By.css("ul[aria-label='Checks'] li:last-child .spin"))).length > 0);
    await app.look('33-checkup-running');
    await app.click('Stop');
    await app.see(app.text('The check of Test was stopped'));
    await app.look('34-checkup-stopped');
  } finally {
    server.letMcpGo();
  }
  await app.click('Check again');
  await app.see(app.text('Test is ready'), 60_000);
});

step('a server that lets anyone in is named, and connecting to it asks first', async () => {
  await opened(superset('dev-user'), 'gamma');
  await app.click('Check now');
  const alert = await app.see(By.css('[role=alert]'), 60_000);
  assert.match(await alert.getText(), /This server lets anyone in as admin/);
  await app.see(app.text('Lets anyone in'));
  await app.look('35-checkup-critical');
  await app.click(row('Who you are'));
  await app.click(By.xpath("//button[contains(., 'checks passed')]"));
  await app.look('36-checkup-critical-open');
  await app.click('Copy message for your admin');
  await waitFor('the message on the clipboard', () => clipboard().includes('does not check API keys'));
  await app.click(tab('AI clients'));
  await app.see(app.button('Show the setup anyway'));
  await app.look('37-gate');
  await app.click('Show the setup anyway');
  await app.see(app.text('No secret inside'));
  await app.see(app.text('This server lets anyone in as admin.'));
  // Another start of the app knows it still.
  const { home } = app;
  await app.close({ keepHome: true });
  app = await App.open({ home });
  await app.see(app.text('Lets anyone in'));
  await app.click(tab('Check-up'));
  await app.see(app.text('This server lets anyone in as admin'));
  await app.sized(760, 600);
  await app.look('38-checkup-critical-narrow');
});

step('a server that ignores keys needs attention', async () => {
  await opened(superset('stock'), 'admin');
  await app.click('Check now');
  await app.see(app.text('Test needs attention'), 60_000);
  await app.see(app.text('The MCP server does not know what a key is'));
  await app.see(app.text('Copy message for your admin'));
  const scrolled = 'return [document.scrollingElement.scrollTop, document.body.scrollTop, document.documentElement.scrollHeight - innerHeight]';
  assert.deepEqual(await app.driver.executeScript(scrolled), [0, 0, 0], 'the window itself scrolls');
  assert.equal((await app.driver.findElements(By.css('[role=alert]'))).length, 0, 'nobody gets in');
  await app.look('39-checkup-attention');
});

step('a new key and a client are tried in one line', async () => {
  await opened(superset('guarded'), 'alpha', { key: false });
  await app.see(app.text('There is no key on this computer'));
  await app.look('40-checkup-no-key');
  await app.click('Create key');
  app.inDialog();
  await app.type('Name', 'Fresh');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.see(app.text('Works: the MCP server takes this key as alpha.'), 60_000);
  await app.look('41-created-works');
  await app.click('See all clients');
  app.inWindow();
  await app.see(app.text('Works: the MCP server takes this key as alpha.'));
  await app.driver.executeScript('arguments[0].scrollIntoView({ block: "center" })', await app.see(app.button('See the check-up')));
  await app.look('42-client-works');
});

step('without an answer it says so, and with a locked keychain it does the rest', async () => {
  const server = new Superset('main', ['--mcp-mode', 'guarded']);
  servers.set('gone', server);
  await opened(server, 'gamma');
  lockKeyring();
  const { home } = app;
  await app.close({ keepHome: true });
  app = await App.open({ home });
  await app.see(app.text('GNOME Keyring is locked.'));
  await app.click(tab('Check-up'));
  await app.click('Check now');
  await app.see(app.text('so your key was not tried'), 60_000);
  await app.look('43-checkup-locked');
  server.stop();
  await app.click('Check again');
  await app.see(app.text('Test was not checked'), 60_000);
  await app.see(app.text('Check the proxy setting of this computer'));
  await app.look('44-checkup-unreachable');
});
