// From nothing to a working key and back, in the real window: every screen is looked at, light and dark.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, clipboard, clipboardForms, copyElsewhere, coreLimits, password, steps, waitFor } from './window.mjs';

let superset;
let app;

before(() => {
  superset = new Superset();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
}, { timeout: 60_000 });

const step = steps(() => app, { limit: 90_000 });

step('the window opens on a new computer and asks for an address', async () => {
  app = await App.open();
  await app.see(app.field('Address'));
  await app.look('01-new');
});

step('what is at an address is told before a password is typed', async () => {
  await app.type('Address', 'ftp://somewhere');
  await app.see(app.text('address'));
  await app.type('Address', '127.0.0.1:1');
  await app.see(app.text('does not answer'));
  await app.look('02-nothing-there');
  await app.type('Address', superset.url);
  await app.see(app.text('Superset 6.1.0'));
  await app.see(app.text('API keys are on'));
  await app.type('Name', 'Production');
  await app.look('02-found');
});

step('a wrong password is said plainly, and the right one signs in', async () => {
  await app.type('Username', 'gamma');
  await app.type('Password', 'wrong');
  await app.click('Sign in');
  await app.see(app.text('That did not match'));
  await app.look('03-first-run');
  await app.type('Password', password('gamma'));
  await app.click('Sign in');
  await app.see(app.text('No keys yet'));
  assert.ok(!(await app.markup()).includes(password('gamma')), 'the password is still in the page');
  assert.equal(JSON.parse(cli(app, '--json', 'instances', 'list')).data.length, 1, 'it was added twice');
  await app.look('04-empty');
});

step('a key is made, kept, and never in the page until asked for', async () => {
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Claude Code – laptop');
  await app.look('05-create');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.see(app.text('Stored in GNOME Keyring.'));
  assert.doesNotMatch(await app.markup(), /sst_[\w-]{43}/);
  await app.look('06-created');
});

step('the page reaches no server, runs no words of its own making, and loads nothing from elsewhere', async () => {
  const refused = await app.driver.executeAsyncScript(
    `const [url, done] = arguments;
    const seen = [];
    document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.head.append(script);
    const picture = document.createElement('img');
    picture.src = url + '/static/assets/images/favicon.png';
    const frame = document.createElement('iframe');
    frame.src = url;
    document.body.append(picture, frame);
    const form = document.createElement('form');
    form.action = url;
    // Where it is let, the page goes on.
    const aside = document.createElement('iframe');
    aside.name = 'aside';
    form.target = 'aside';
    document.body.append(aside, form);
    form.submit();
    const asked = fetch(url + '/health').then(() => 'answered', () => 'refused');
    const end = Date.now() + 5000;
    const all = async () => {
      const fetched = await asked;
      if (seen.length < 5 && Date.now() < end) return setTimeout(all, 20);
      for (const added of [script, picture, frame, aside, form]) added.remove();
      done({ fetched, ran: window.ran === true, seen: [...new Set(seen)].sort() });
    };
    all();`,
    superset.url,
  );
  const directives = ['connect-src', 'form-action', 'frame-src', 'img-src', 'script-src-elem'];
  assert.deepEqual(refused, { fetched: 'refused', ran: false, seen: directives });
});

step('no process of the app leaves its memory in a core file', async () => {
  const limits = coreLimits(app);
  assert.ok(limits.some(([name]) => name.startsWith('superset-keys')), JSON.stringify(limits));
  assert.ok(limits.some(([name]) => name.startsWith('WebKit')), JSON.stringify(limits));
  for (const [name, limit] of limits) assert.equal(limit, '0', name);
});

step('it is copied, seen by another program, and taken off the clipboard again', async () => {
  await app.click('Copy');
  const key = await waitFor('the key on the clipboard', () => clipboard().match(/^sst_[\w-]{43}$/)?.[0]);
  // What clipboard histories look for before they keep something.
  assert.ok(clipboardForms().includes('x-kde-passwordManagerHint'), clipboardForms().join(' '));
  assert.doesNotMatch(await app.markup(), /sst_[\w-]{43}/);
  copyElsewhere('something else');
  await waitFor('the copy to be left alone', async () => (await app.page()).match(/left alone|clear/i));
  assert.equal(clipboard(), 'something else');
  await app.click('Copy');
  await waitFor('the key again', () => clipboard() === key);
  await waitFor('the clipboard to be cleared', () => clipboard() === '', 40_000);
});

step('it is shown while it is asked for and not longer', async () => {
  const show = await app.see(app.button('Hold to show'));
  await app.driver.actions().move({ origin: show }).press().perform();
  await waitFor('the key in the page', async () => /sst_[\w-]{43}/.test(await app.page()));
  await waitFor('a hold', () => new Promise((held) => setTimeout(() => held(true), 400)));
  await app.driver.actions().release().perform();
  await waitFor('the key to go', async () => !/sst_[\w-]{43}/.test(await app.markup()));
  await app.click('Done');
  app.inWindow();
});

// [name, created days ago, last used days ago, ends in days, revoked days ago]
const others = [
  ['Airflow export job', 48, 0.01, 317],
  ['Sales dashboard bot', 155, 0.25, 211],
  ['Cursor – work', 35, 1.1, 55],
  ['Weekly KPI notebook', 84, 3, 6.4],
  ['dbt docs sync', 292, 5],
  ['Old laptop', 255, 134],
  ['Q3 report 2025', 508, 212, -142],
  ['n8n trial', 226, undefined, undefined, 200],
];

step('the list shows it among others, and its details', async () => {
  for (const [name, created, used, expires, revoked] of others) {
    const days = { '--created': created, '--last-used': used, '--expires': expires, '--revoked': revoked };
    const given = Object.entries(days).filter(([, value]) => value !== undefined).map(([option, value]) => `${option}=${value}`);
    superset.state('add-keys', '--user', 'gamma', '--name', name, ...given);
  }
  await app.control('r');
  await app.see(app.text('9 keys'));
  await app.see(app.text('Expires soon'));
  await app.see(app.text('Claude Code – laptop'));
  await app.click(By.xpath("//*[@role='row'][.//*[contains(., 'Claude Code – laptop')]]"));
  await app.see(app.text('In GNOME Keyring on this computer'));
  await app.look('07-keys');
});

step('the keyboard alone moves, copies and opens', async () => {
  await app.keys(Key.ESCAPE);
  await app.keys('/');
  await waitFor('the filter to have the focus', () => app.driver.executeScript("return document.activeElement?.tagName === 'INPUT'"));
  await app.keys('nothing like it');
  await app.see(app.text('No key matches'));
  await app.look('08-no-match');
  await app.click('Clear filter');
  await app.see(app.text('Claude Code – laptop'));
});

step('a snippet is ready for each client, without a secret where the client allows it', async () => {
  await app.click(By.xpath("//*[@role='tab'][starts-with(normalize-space(.), 'AI clients')]"));
  // The MCP server of this test is at no usual place, so its address is asked for.
  await app.see(app.text('Where is the MCP server?'));
  await app.type('MCP address', 'not an address');
  await app.click('Save');
  await app.look('09-where-is-mcp');
  await app.type('MCP address', superset.mcpUrl);
  await app.click('Save');
  await app.see(app.text('No secret inside'));
  await app.look('10-snippet');
  assert.match(await app.page(), /"bridge",\s+"production"/);
  await app.click(By.xpath("//*[@role='radio'][contains(., 'Header helper')]"));
  await app.see(app.text('headersHelper'));
  // Whatever is on this computer: typing finds the others too.
  await app.type('Filter AI clients', 'c');
  await app.click(By.xpath("//*[@role='option'][contains(., 'Cursor')]"));
  await app.see(app.text('The app adds the key when Cursor connects.'));
  await app.see(app.text('~/.cursor/mcp.json'));
  await app.look('10-snippet-cursor');
  await app.click(By.xpath("//*[@role='option'][contains(., 'Codex')]"));
  await app.see(app.text('mcp_servers'));
  assert.match(await app.page(), /args = \[\s*"--home"/);
  await app.click(By.xpath("//*[@role='radio'][contains(., 'Plain text')]"));
  await app.see(app.text('Holds your key'));
  assert.doesNotMatch(await app.markup(), /sst_[\w-]{43}/, 'a snippet in the window is masked');
  await app.look('11-snippet-plain');
  await app.click('Copy config');
  await waitFor('the snippet on the clipboard', () => /Bearer sst_[\w-]{43}/.test(clipboard()));
  assert.ok(clipboardForms().includes('x-kde-passwordManagerHint'), 'a snippet with a key is a secret too');
});

step('what the command line does is seen at once', async () => {
  await app.click(By.xpath("//*[@role='tab'][starts-with(normalize-space(.), 'Keys')]"));
  cli(app, 'instances', 'rename', 'production', 'Renamed elsewhere');
  await app.see(app.text('Renamed elsewhere'));
  cli(app, 'instances', 'rename', 'production', 'Production');
  await app.gone(app.text('Renamed elsewhere'));
});

step('a restart keeps the session, the list and the key', async () => {
  const { home } = app;
  await app.close({ keepHome: true });
  app = await App.open({ home });
  await app.see(app.text('Claude Code – laptop'));
  await app.see(app.text('gamma'));
});

step('revoking takes no check-up for a use, and is sure of it', async () => {
  await app.click(By.xpath("//*[@role='row'][.//*[contains(., 'Claude Code – laptop')]]"));
  await app.click('Revoke');
  app.inDialog();
  await app.see(app.text('Not used yet, except by this app’s own checks.'));
  await app.look('12-revoke');
  const list = JSON.parse(cli(app, '--json', 'keys', 'list', 'production')).data.keys;
  const key = list.find((key) => key.name === 'Claude Code – laptop');
  assert.deepEqual([typeof key.last_used?.utc, key.before_own_use], ['string', { kind: 'never' }]);
  const confirm = await app.driver.findElements(By.xpath("//*[@role='dialog' or @role='alertdialog']//input"));
  assert.equal(confirm.length, 0, 'nothing relies on it, so nothing is to be typed');
  await app.click('Revoke key');
  app.inWindow();
  await app.see(app.text('is revoked'));
  await app.look('13-revoked');
  const after = JSON.parse(cli(app, '--json', 'keys', 'list', 'production')).data.keys;
  assert.equal(after.find((key) => key.name === 'Claude Code – laptop').status, 'revoked');
});
