// The real app in a real window, on a computer of its own: a private home, a real Superset, and, through
// tests/keyring-session.sh, a real keychain.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Builder, By, Capabilities, Key, until } from 'selenium-webdriver';

const require = createRequire(import.meta.url);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const cache =
  process.env.SUPERSET_KEYS_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'superset-keys-dev');
const target = join(process.env.CARGO_TARGET_DIR ?? join(cache, 'target'), 'debug');

/** Where screenshots go; ./dev test leaves them for a person to look at. */
export const pictures = join(root, 'tests/e2e/out');
const LIMIT = 20_000;
const QUIT = 10_000;

export { By, Key };
export const password = (user) => `demo-${user}`;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Waits until `look` answers something; fails with `what` after `limit` milliseconds. */
export async function waitFor(what, look, limit = LIMIT) {
  const end = Date.now() + limit;
  let last;
  for (;;) {
    try {
      const seen = await look();
      if (seen) return seen;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${limit} ms`, { cause: last });
    await new Promise((soon) => setTimeout(soon, 50));
  }
}

const told = (locator) => (locator.named === undefined ? String(locator) : `"${locator.named}"`);

/** A process and all it has started. */
function family(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.flatMap((child) => family(Number(child)))];
}

export class Superset {
  constructor(variant = 'main', options = []) {
    this.folder = mkdtempSync(join(tmpdir(), 'superset-'));
    const told = this.#run([
      'up', '--json', '--variant', variant, '--web-port', '0', '--mcp-port', '0',
      '--watch-pid', String(process.pid), '--run-dir', this.folder, ...options,
    ]);
    const { web_url, mcp_url, pids, proxy } = JSON.parse(told);
    this.url = web_url;
    this.mcpUrl = mcp_url;
    this.pids = pids;
    /** The doors of the proxy before it, where there is one. */
    this.proxy = proxy;
  }

  /** Its MCP server takes connections and answers nothing, until it is let go. */
  holdMcp() {
    process.kill(this.pids.mcp, 'SIGSTOP');
  }

  letMcpGo() {
    process.kill(this.pids.mcp, 'SIGCONT');
  }

  /** The same of its web server, whose workers answer. */
  holdWeb() {
    family(this.pids.web).forEach((pid) => process.kill(pid, 'SIGSTOP'));
  }

  letWebGo() {
    family(this.pids.web).forEach((pid) => process.kill(pid, 'SIGCONT'));
  }

  state(name, ...options) {
    return this.#run(['state', name, '--run-dir', this.folder, ...options]);
  }

  /** One more MCP server beside it, which ends with it. Answers where it is. */
  mcp(...options) {
    return JSON.parse(this.#run(['mcp', '--json', '--run-dir', this.folder, ...options])).mcp_url;
  }

  stop() {
    this.#run(['down', '--run-dir', this.folder]);
  }

  remove() {
    this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(words) {
    const done = spawnSync('python3', [join(root, 'tests/superset/superset_server.py'), ...words], {
      encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 300_000,
    });
    if (done.status !== 0) throw new Error(`superset ${words[0]} ended with ${done.status}`);
    return done.stdout;
  }
}

export class App {
  /** Where buttons are looked for: the whole window, or the open dialog. */
  scope = '';

  inDialog() {
    this.scope = '[role=dialog], [role=alertdialog]';
  }

  inWindow() {
    this.scope = '';
  }

  /**
   * `home` outlives the window where it is given, so that the app can be started again in it. With a `text` of 2 all
   * text is twice as large, as a person can set it for their desktop, and half as much of the page fits in.
   */
  static async open({ home = mkdtempSync(join(tmpdir(), 'superset-keys-')), env = {}, text = 1 } = {}) {
    const app = new App();
    app.home = home;
    app.scale = text;
    const [port, native] = [await freePort(), await freePort()];
    app.driverProcess = spawn(
      'tauri-driver', ['--port', String(port), '--native-port', String(native)],
      { env: { ...process.env, SUPERSET_KEYS_HOME: home, GDK_DPI_SCALE: String(text), ...env }, stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const capabilities = new Capabilities();
    capabilities.setBrowserName('wry');
    capabilities.set('tauri:options', { application: join(target, 'superset-keys-desktop') });
    app.driver = await waitFor('a window', () =>
      new Builder().withCapabilities(capabilities).usingServer(`http://127.0.0.1:${port}/`).build(),
    );
    await app.driver.manage().setTimeouts({ script: 10_000, pageLoad: 20_000 });
    await app.sized(1180, 760);
    return app;
  }

  /** The window at this size, with everything in its place: what moves on is clicked beside. */
  async sized(width, height) {
    await this.driver.manage().window().setRect({ width, height });
    await waitFor(`a window of ${width} by ${height}`, () =>
      this.driver.executeAsyncScript(
        `const [width, height, done] = arguments;
         requestAnimationFrame(() => requestAnimationFrame(() => done(innerWidth === width && innerHeight === height)));`,
        Math.round(width / this.scale), Math.round(height / this.scale),
      ),
    );
  }

  /** For a person to see what a failed step left. */
  async lastLook() {
    mkdirSync(pictures, { recursive: true });
    writeFileSync(join(pictures, 'failed.png'), await this.driver.takeScreenshot(), 'base64');
    writeFileSync(join(pictures, 'failed.html'), await this.markup());
    // With the windows of others on it.
    spawnSync('import', ['-window', 'root', join(pictures, 'failed-screen.png')], { timeout: 5000 });
  }

  async close({ keepHome = false } = {}) {
    try {
      await within(QUIT, this.driver?.quit());
    } finally {
      this.driverProcess.kill();
      endAll(this.home);
      if (!keepHome) rmSync(this.home, { recursive: true, force: true });
    }
  }

  /** Anything to press that a person would call by this name, in the window or in the open dialog. */
  button(name) {
    return { named: name, within: this.scope };
  }

  field(label) {
    const said = JSON.stringify(label);
    return By.xpath(`//input[@id=//label[starts-with(normalize-space(.), ${said})]/@for or @aria-label=${said}] | //label[starts-with(normalize-space(.), ${said})]//input`);
  }

  text(words) {
    return By.xpath(`//*[contains(normalize-space(.), ${JSON.stringify(words)})][not(.//*[contains(normalize-space(.), ${JSON.stringify(words)})])]`);
  }

  async all(locator) {
    if (locator.named === undefined) return this.driver.findElements(locator);
    return this.driver.executeScript(
      `const [name, within] = arguments;
       const pressable = 'button, a, [role=button], [role=tab], [role=menuitem], [role=radio], [role=switch], [role=checkbox], [role=option]';
       return [...document.querySelectorAll(within || 'body')].flatMap((room) => [...room.querySelectorAll(pressable)])
         .filter((one) => (one.getAttribute('aria-label') ?? one.innerText.trim()) === name || one.innerText.trim() === name)`,
      locator.named, locator.within,
    );
  }

  /** The element, once it is there and visible. */
  async see(locator, limit = LIMIT) {
    return waitFor(`to see ${told(locator)}`, async () => {
      for (const element of await this.all(locator)) {
        if (await element.isDisplayed()) return element;
      }
      return null;
    }, limit);
  }

  async gone(locator, limit = LIMIT) {
    await waitFor(`${told(locator)} to go`, async () => {
      for (const element of await this.all(locator)) {
        if (await element.isDisplayed().catch(() => false)) return false;
      }
      return true;
    }, limit);
  }

  async click(name) {
    const locator = typeof name === 'string' ? this.button(name) : name;
    await waitFor(`to click ${told(locator)}`, async () => {
      const element = await this.see(locator, 1000);
      await this.driver.wait(until.elementIsEnabled(element), 1000);
      await this.press(element);
      return true;
    });
  }

  /** The driver knows nothing of larger text and would point elsewhere. */
  async press(element) {
    // As a person would: the driver takes half a button for a whole one.
    await this.driver.executeScript("arguments[0].scrollIntoView({ block: 'nearest' })", element);
    if (this.scale === 1) await element.click();
    else await this.driver.executeScript('arguments[0].click()', element);
  }

  async type(label, words) {
    const field = await this.see(this.field(label));
    await field.clear();
    await field.sendKeys(words);
    return field;
  }

  async keys(...keys) {
    await this.driver.actions().sendKeys(...keys).perform();
  }

  async control(letter) {
    await this.driver.actions().keyDown(Key.CONTROL).sendKeys(letter).keyUp(Key.CONTROL).perform();
  }

  async page() {
    return this.driver.executeScript('return document.body.innerText');
  }

  async markup() {
    return this.driver.executeScript('return document.documentElement.outerHTML');
  }

  /** From the first page, with a password, to the instance's own. */
  async signIn(superset, user) {
    await this.type('Address', superset.url);
    await this.see(this.text('API keys are on'));
    await this.type('Name', 'Production');
    await this.type('Username', user);
    await this.type('Password', password(user));
    await this.click('Sign in');
  }

  /** A picture of the window in each theme, and nothing serious for axe to say in either. */
  async look(name) {
    mkdirSync(pictures, { recursive: true });
    const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
    const before = await this.driver.executeScript('return document.documentElement.dataset.theme');
    for (const theme of ['light', 'dark']) {
      await this.driver.executeScript('document.documentElement.dataset.theme = arguments[0]', theme);
      // Colours move for a moment; axe would measure them on their way.
      await this.driver.executeAsyncScript(
        'const done = arguments[0]; Promise.all(document.getAnimations().filter((a) => a.effect.getComputedTiming().iterations !== Infinity).map((a) => a.finished.catch(() => 0))).then(() => requestAnimationFrame(() => requestAnimationFrame(() => done())))',
      );
      writeFileSync(join(pictures, `${name}-${theme}.png`), await this.driver.takeScreenshot(), 'base64');
      await this.driver.executeScript(source);
      const serious = await this.driver.executeAsyncScript(`
        const done = arguments[0];
        // It takes a label that is scrolled out of sight for none; that each control has a name, other rules see to.
        axe.run(document, { resultTypes: ['violations'], rules: { 'label-title-only': { enabled: false } } }).then((results) => done(results.violations
          .filter((found) => found.impact === 'serious' || found.impact === 'critical')
          .map((found) => found.id + ': ' + found.nodes.map((node) => node.html.slice(0, 160)).join(' | '))));`);
      if (serious.length > 0) throw new Error(`${name} (${theme}): ${serious.join('\n')}`);
    }
    await this.driver.executeScript('document.documentElement.dataset.theme = arguments[0]', before);
  }
}

async function within(limit, promise) {
  let timer;
  const late = new Promise((_, refuse) => (timer = setTimeout(() => refuse(new Error('the window did not close')), limit)));
  await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Our program and what it started for its window. */
function processesOf(home) {
  const isOurs = (pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`SUPERSET_KEYS_HOME=${home}`);
    } catch {
      // It has ended, or is another person's.
      return false;
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && isOurs(name));
}

/** The most that a core file of each process may hold, by the program's name. The drivers are not ours. */
export function coreLimits(app) {
  const limit = (pid) => readFileSync(`/proc/${pid}/limits`, 'utf8').match(/^Max core file size +(\S+)/m)[1];
  const named = processesOf(app.home).map((pid) => [readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), pid]);
  const ours = named.filter(([name]) => !['tauri-driver', 'WebKitWebDriver'].includes(name));
  return ours.map(([name, pid]) => [name, limit(pid)]);
}

/** A driver that ends before it has closed its window leaves the app behind, and a test run would wait for it. */
function endAll(home) {
  for (const pid of processesOf(home)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

/**
 * How a file names its steps. A picture is left of a window in which one failed; `app` answers the open window. In a
 * story the steps after a failed one are left out, for they tell nothing new. With `end`, which closes the window, each
 * step stands alone.
 */
export function steps(app, { limit = 120_000, end } = {}) {
  let broken = false;
  return (name, run) =>
    test(name, { timeout: limit }, async (t) => {
      if (broken) return t.skip('an earlier step failed');
      // Until it has passed: one that never ends is a failed one too.
      broken = !end;
      try {
        await run();
        broken = false;
      } catch (error) {
        await app()?.lastLook().catch(() => {});
        throw error;
      } finally {
        await end?.();
      }
    });
}

/** What another program sees on the clipboard. */
export function clipboard() {
  const seen = spawnSync('xclip', ['-selection', 'clipboard', '-out'], { encoding: 'utf8', timeout: 5000 });
  return seen.status === 0 ? seen.stdout : '';
}

/** The forms in which the clipboard's content is offered to other programs. */
export function clipboardForms() {
  const words = ['-selection', 'clipboard', '-out', '-target', 'TARGETS'];
  const seen = spawnSync('xclip', words, { encoding: 'utf8', timeout: 5000 });
  return seen.status === 0 ? seen.stdout.split('\n').filter(Boolean) : [];
}

/** Puts something of another program's on the clipboard. */
export function copyElsewhere(text) {
  spawnSync('xclip', ['-selection', 'clipboard', '-in'], { input: text, timeout: 5000 });
}

/** Asks the window to close, as the button in its title bar does. */
export function pressClose() {
  const found = spawnSync('xdotool', ['search', '--onlyvisible', '--name', 'Superset Keys$'], { encoding: 'utf8', timeout: 5000 });
  const [window] = found.stdout.trim().split('\n');
  const done = spawnSync('python3', [join(root, 'tests/e2e/press_close.py'), window ?? ''], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 5000 });
  if (done.status !== 0) throw new Error('the window could not be asked to close');
}

/** The command line in the same home. */
export function cli(app, ...words) {
  const { input = '', any = false } = typeof words.at(-1) === 'object' ? words.pop() : {};
  const done = spawnSync(join(target, 'superset-keys'), words, {
    encoding: 'utf8', env: { ...process.env, SUPERSET_KEYS_HOME: app.home }, timeout: 60_000, input,
  });
  if (done.status !== 0 && !any) throw new Error(`superset-keys ${words.join(' ')}: ${done.stderr}`);
  return done.stdout;
}

/** The command line's own copy, which stays for as long as its key does. */
export function copyByCli(app, ...words) {
  const env = { ...process.env, SUPERSET_KEYS_HOME: app.home };
  return spawn(join(target, 'superset-keys'), ['keys', 'copy', ...words], { env, stdio: 'ignore' });
}

/** Locks the session's keyring, as going away from the computer does. */
export function lockKeyring() {
  const done = spawnSync('gdbus', [
    'call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets',
    '--method', 'org.freedesktop.Secret.Service.Lock', "['/org/freedesktop/secrets/collection/login']",
  ], { timeout: 5000 });
  if (done.status !== 0) throw new Error('the keyring could not be locked');
}

/** How often each text lies in the memory of the app's processes, by what the program is called; null where nobody may look. */
export function inMemory(app, texts) {
  const named = processesOf(app.home).map((pid) => [readFileSync(`/proc/${pid}/comm`, 'utf8').trim(), pid]);
  const ours = named.filter(([name]) => !['tauri-driver', 'WebKitWebDriver'].includes(name));
  const done = spawnSync('python3', [join(root, 'tests/e2e/memory.py'), ...ours.map(([, pid]) => pid)], {
    encoding: 'utf8', input: texts.map((text) => JSON.stringify(text)).join('\n'), timeout: 60_000, maxBuffer: 1 << 26,
  });
  if (done.status !== 0) {
    if (/PermissionError/.test(done.stderr)) return null;
    throw new Error(done.stderr);
  }
  const answer = JSON.parse(done.stdout);
  return ours.map(([name, pid]) => ({ name, ...answer[pid] }));
}
