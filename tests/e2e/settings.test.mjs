// What is set for the whole program, in the real window: it holds at once, and after the next start.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, clipboard, steps, waitFor } from './window.mjs';

let superset;
let app;
let notifier;

before(() => {
  superset = new Superset();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  notifier?.kill();
  superset?.remove();
}, { timeout: 60_000 });

const step = steps(() => app);
const theme = () => app.driver.executeScript('return document.documentElement.dataset.theme');

async function choose(label, words) {
  const named = `//select[@aria-labelledby=//*[normalize-space(.)=${JSON.stringify(label)}]/@id]`;
  await (await app.see(By.xpath(named))).findElement(By.xpath(`.//option[normalize-space(.)=${JSON.stringify(words)}]`)).click();
}

step('a copied key leaves the clipboard after the seconds that are set', async () => {
  app = await App.open();
  await app.signIn(superset, 'gamma');
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Laptop');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.click('Done');
  app.inWindow();
  await app.control(',');
  await app.see(app.text('Clear the clipboard after'));
  await app.look('80-settings');
  await choose('Clear the clipboard after', '10 seconds');
  await waitFor('the command line to read it', () => /^clipboard-seconds\s+10\b/m.test(cli(app, 'settings', 'show')));
  await app.driver.actions().keyDown(Key.ALT).sendKeys(Key.ARROW_LEFT).keyUp(Key.ALT).perform();
  await app.click(app.text('Laptop'));
  await app.click('Copy');
  await waitFor('the key on the clipboard', () => clipboard().startsWith('sst_'));
  const began = Date.now();
  await waitFor('the clipboard to be cleared', () => !clipboard().startsWith('sst_'));
  const took = Date.now() - began;
  assert.ok(took > 7_000 && took < 15_000, `${took} ms`);
});

step('what the command line sets is followed, and fits where the window is small', async () => {
  await app.click('Settings');
  cli(app, 'settings', 'set', 'call-timeout', '45');
  await waitFor('what holds now', async () => (await app.markup()).includes('45 seconds'));
  await app.sized(760, 600);
  await app.look('81-settings-narrow');
  await app.sized(1180, 760);
});

step('the theme lasts over a start', async () => {
  await app.click('Dark');
  assert.equal(await theme(), 'dark');
  await app.driver.navigate().refresh();
  await app.see(app.text('Laptop'));
  assert.equal(await theme(), 'dark');
});

/** What the desktop's own program has shown. */
function told() {
  execFileSync('dunstctl', ['close-all']);
  return JSON.parse(execFileSync('dunstctl', ['history'], { encoding: 'utf8' })).data.flat().map((one) => one.summary.data);
}

step('notifications stay off where nothing shows them, and tell of a key that ended where something does', async () => {
  const toggle = By.xpath('//*[@role="switch"][@aria-labelledby=//*[normalize-space(.)="Notify me of keys that end"]/@id]');
  await app.click('Settings');
  await app.press(await app.see(toggle));
  await app.see(app.text('This desktop shows no notifications'));
  assert.equal(await (await app.see(toggle)).getAttribute('aria-checked'), 'false');
  await app.look('82-settings-no-notifications');
  notifier = spawn('dunst', [], { stdio: 'ignore' });
  await waitFor('a program that shows notifications', () => { try { return execFileSync('dunstctl', ['count'], { stdio: ['ignore', 'pipe', 'ignore'] }); } catch { return false; } });
  await app.press(await app.see(toggle));
  await waitFor('one that says that they are on', () => told().includes('Notifications are on'));
  await waitFor('the switch', async () => (await (await app.see(toggle)).getAttribute('aria-checked')) === 'true');
  superset.state('expire', '--uuid', JSON.parse(cli(app, 'keys', 'list', 'production', '--json')).data.keys[0].id, '--days-ago', '0.01');
  cli(app, 'keys', 'list', 'production');
  await waitFor('the key that ended', () => told().some((summary) => /^“Laptop” on Production expired .* ago$/.test(summary)));
});
