// The app is locked: by hand, by the system, after a time; with a real keychain, and a look into the memory of the real window.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { System } from './away.mjs';
import { App, By, Key, Superset, cli, clipboard, clipboardForms, copyByCli, copyElsewhere, inMemory, lockKeyring, steps, waitFor } from './window.mjs';

let superset;
let system;
let app;
/** The key, as the command line prints it. */
let canary;

before(async () => {
  superset = new Superset();
  system = await System.start();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  system?.end();
  superset?.remove();
}, { timeout: 60_000 });

const step = steps(() => app, { limit: 90_000 });
// Of what is freed, the system's allocator writes over the first bytes alone: what is looked for is the rest.
const rest = (key) => key.slice(20);
const JWT = String.raw`re:\.eyJ[\w-]{20,}\.[\w-]{20,}`;
const locked = () => app.see(app.text('Superset Keys is locked'));
const isOurs = ({ name }) => name.startsWith('superset-keys');
const isPage = ({ name }) => name.startsWith('WebKitWebProc');

async function unlock() {
  await app.click('Unlock');
  await app.gone(app.text('Superset Keys is locked'));
}

/** What of these the processes of one kind hold. */
function held(kind, texts) {
  const all = inMemory(app, texts);
  if (all === null) return null;
  const found = all.filter(kind);
  assert.ok(found.length > 0, JSON.stringify(all.map(({ name }) => name)));
  return found.map(({ counts, where }) => ({ counts, where }));
}

const sum = (found, n) => found.reduce((all, { counts }) => all + counts[n], 0);

step('a key that is copied, and never shown, is in the app’s memory and not in its page’s', async () => {
  app = await App.open({ env: { DBUS_SYSTEM_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS } });
  await app.signIn(superset, 'gamma');
  await app.click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Laptop');
  await app.click('Create key');
  await app.see(app.text('Key created'));
  await app.click('Copy');
  canary = await waitFor('the key on the clipboard', () => clipboard().match(/^sst_[\w-]{43}$/)?.[0]);
  assert.ok(clipboardForms().includes('x-kde-passwordManagerHint'));
  const ours = held(isOurs, [rest(canary), JWT]);
  if (ours) {
    assert.ok(sum(ours, 0) > 0, 'the search finds nothing');
    assert.ok(sum(ours, 1) > 0, 'the search finds no token');
    assert.equal(sum(held(isPage, [rest(canary)]), 0), 0, 'the page has held a key that was only copied');
  }
  await app.click('Done');
  app.inWindow();
});

step('Ctrl L locks: no key and no token is in the app’s memory, and its copy is off the clipboard', async () => {
  // Looking into memory takes its time, and a copy does not stay for ever.
  await app.click(app.text('Laptop'));
  await app.click('Copy');
  await waitFor('the key on the clipboard', () => clipboard() === canary);
  await app.control('l');
  await locked();
  await waitFor('the clipboard to be cleared', () => clipboard() === '');
  await app.see(app.text('The clipboard was cleared'));
  await app.look('100-locked');
  await app.sized(760, 600);
  await app.look('101-locked-narrow');
  await app.sized(1180, 760);
  let ours;
  await waitFor('the memory to be clean', () => {
    ours = held(isOurs, [rest(canary), JWT]);
    return ours === null || sum(ours, 0) + sum(ours, 1) === 0;
  }, 5000).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(ours)}`);
  });
});

step('each way to copy a secret marks it for what keeps histories', async () => {
  await unlock();
  const [{ id }] = JSON.parse(cli(app, '--json', 'instances', 'list')).data;
  const invoke = (command, given) =>
    app.driver.executeAsyncScript(
      `const [command, given, done] = arguments;
      window.__TAURI_INTERNALS__.invoke(command, given).then((answer) => done({ answer }), (refused) => done({ refused }));`, command, given);
  const ways = [
    ['copy_signing_secret', 'keep_signing_secret', { signing: { replace: false } }],
    ['copy_token', 'mint_token', { wanted: { user: 'gamma', hours: 1, scope: null } }],
  ];
  for (const [copy, first, given] of ways) {
    const { refused } = await invoke(first, { id, ...given });
    assert.equal(refused, undefined, first);
    const before = clipboard();
    assert.equal((await invoke(copy, { id })).answer, 30, copy);
    await waitFor(copy, () => clipboard() !== before && clipboard() !== '');
    assert.ok(clipboardForms().includes('x-kde-passwordManagerHint'), copy);
  }
  const copying = copyByCli(app, 'production', 'laptop');
  await waitFor('the key on the clipboard', () => clipboard() === canary);
  assert.ok(clipboardForms().includes('x-kde-passwordManagerHint'), 'keys copy');
  copying.kill('SIGINT');
  await waitFor('the clipboard to be cleared', () => clipboard() === '');
  await app.control('l');
  await locked();
});

step('the lists are there without keys, and whatever takes one asks first', async () => {
  await app.click('Show the lists without keys');
  await app.see(app.text('Laptop'));
  await app.look('102-locked-lists');
  await app.sized(760, 600);
  await app.look('103-locked-lists-narrow');
  await app.sized(1180, 760);
  await app.click('Copy');
  app.inDialog();
  await app.see(app.text('Unlock Superset Keys?'));
  await app.look('104-unlock-asked');
  assert.equal(clipboard(), '');
  await app.click('Unlock');
  app.inWindow();
  await app.gone(app.text('Superset Keys is locked'));
  await app.click('Copy');
  await waitFor('the key on the clipboard', () => clipboard() === canary);
});

step('what was copied elsewhere meanwhile is left alone by a lock', async () => {
  copyElsewhere('something else');
  await app.control('l');
  await locked();
  assert.equal(clipboard(), 'something else');
  await app.gone(app.text('The clipboard was cleared'));
  // By the keyboard alone: the button has the focus.
  await app.keys(Key.ENTER);
  await app.gone(app.text('Superset Keys is locked'));
});

step('it locks when the screen is locked, the session is locked, and the computer sleeps', async () => {
  const ways = [
    () => system.locksScreen(true),
    () => system.locksScreen(true, 'org.freedesktop.ScreenSaver'),
    () => system.locksSession(),
    () => system.sleeps(true),
  ];
  for (const way of ways) {
    way();
    await locked();
    await unlock();
  }
  system.sleeps(false);
  system.locksScreen(false);
});

step('each of them is a setting, and so is the time', async () => {
  await app.control(',');
  await app.see(app.text('Lock after'));
  await app.look('105-lock-settings');
  await app.click(By.xpath("//*[@role='switch'][@aria-labelledby=//*[normalize-space(.)='Lock when the computer sleeps']/@id]"));
  await waitFor('it to be off', () => /^lock-on-suspend\s+(0|off)\b/m.test(cli(app, 'settings', 'show')));
  system.sleeps(true);
  system.locksScreen(true);
  // The second came after the first, and is what locked it.
  await locked();
  await app.see(app.text('when the screen was locked'));
  await unlock();
  cli(app, 'settings', 'set', 'lock-on-suspend', 'default');
});

step('it locks when nobody has been at it for the minutes that are set', async () => {
  await app.driver.actions().keyDown(Key.ALT).sendKeys(Key.ARROW_LEFT).keyUp(Key.ALT).perform();
  await app.click(app.text('Laptop'));
  cli(app, 'settings', 'set', 'lock-after-minutes', '1');
  const began = Date.now();
  await waitFor('the lock', async () => (await app.page()).includes('after 1 minute without you'), 80_000);
  assert.ok(Date.now() - began > 45_000, 'somebody was there a moment ago');
  cli(app, 'settings', 'set', 'lock-after-minutes', 'never');
  await unlock();
});

step('a key that is nowhere else stops it with a question', async () => {
  await app.control('n');
  app.inDialog();
  await app.type('Name', 'By hand');
  await app.click(By.xpath("//*[@role='switch'][@aria-labelledby=//*[starts-with(normalize-space(.), 'Keep in')]/@id]"));
  await app.click('Create key');
  await app.see(app.text('Save this key now'));
  system.locksScreen(true);
  await app.see(app.text('Save the new key first'));
  await app.look('106-unsaved');
  await app.click('Lock anyway');
  app.inWindow();
  await locked();
  await unlock();
  await app.see(app.text('By hand'));
});

step('it stays locked for as long as its keychain does', async () => {
  await app.control('l');
  await locked();
  lockKeyring();
  await app.click('Unlock');
  await app.see(app.text('still locked'));
  await app.look('107-keyring-locked');
  await locked();
});
