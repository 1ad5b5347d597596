// Debian's Chromium with its own defaults, spoken to over a pipe (Chrome DevTools Protocol). Nothing to install: a program
// that drives it usually also changes what it does with other sites' storage, which is what is looked at here.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ARGS = ['--headless=new', '--disable-gpu', '--no-first-run', '--no-default-browser-check', '--disable-background-networking',
  '--disable-component-update', '--remote-debugging-pipe', '--window-size=1200,900'];

export class Chromium {
  #child;
  #home = mkdtempSync(join(tmpdir(), 'embedding-chromium-'));
  #waiting = new Map();
  #listeners = new Set();
  #last = 0;

  constructor() {
    // Root has no sandbox there, as in a container.
    const more = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    this.#child = spawn('chromium', [...ARGS, ...more, `--user-data-dir=${this.#home}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    let text = '';
    this.#child.stdio[4].setEncoding('utf8').on('data', (more) => {
      text += more;
      for (let end = text.indexOf('\0'); end >= 0; end = text.indexOf('\0')) {
        this.#heard(JSON.parse(text.slice(0, end)));
        text = text.slice(end + 1);
      }
    });
    this.#child.stdio[3].on('error', () => {});
    this.#child.on('exit', () => {
      for (const { refuse } of this.#waiting.values()) refuse(new Error('Chromium has ended'));
    });
  }

  #heard({ id, result, error, method, params, sessionId }) {
    if (method) {
      for (const listen of this.#listeners) listen(method, params, sessionId);
      return;
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.refuse(new Error(`${waiting.method}: ${error.message}`));
    else waiting?.resolve(result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = (this.#last += 1);
    const answered = new Promise((resolve, refuse) => this.#waiting.set(id, { resolve, refuse, method }));
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answered;
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A tab at an address. */
  async open(url) {
    const tab = new Tab(this);
    await tab.begin(url);
    return tab;
  }

  async close() {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await ended;
    // Its other processes may write for a moment yet, and what is left in a temporary folder is no failure.
    for (let tries = 0; tries < 30 && existsSync(this.#home); tries += 1) {
      try {
        rmSync(this.#home, { recursive: true, force: true });
      } catch {
        await new Promise((again) => setTimeout(again, 100));
      }
    }
  }
}

class Tab {
  #browser;
  #target;
  #session;
  #sessions = new Set();
  /** Where scripts run: that of the page, and those of frames, in other processes too. */
  #contexts = [];
  #deaf;
  /** What the console says. */
  said = [];

  constructor(browser) {
    this.#browser = browser;
  }

  async begin(url) {
    const browser = this.#browser;
    this.#deaf = browser.listen((method, params, session) => this.#heard(method, params, session));
    ({ targetId: this.#target } = await browser.send('Target.createTarget', { url: 'about:blank' }));
    ({ sessionId: this.#session } = await browser.send('Target.attachToTarget', { targetId: this.#target, flatten: true }));
    await this.#look(this.#session);
    await browser.send('Page.enable', {}, this.#session);
    await browser.send('Page.navigate', { url }, this.#session);
  }

  async #look(session) {
    this.#sessions.add(session);
    const browser = this.#browser;
    // Frames of other sites come as targets of their own.
    await browser.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: true }, session);
    await browser.send('Runtime.enable', {}, session);
    await browser.send('Log.enable', {}, session);
  }

  #heard(method, params, session) {
    if (!this.#sessions.has(session)) return;
    if (method === 'Target.attachedToTarget') this.#look(params.sessionId).catch(() => {});
    if (method === 'Log.entryAdded') this.said.push(params.entry.text);
    if (method === 'Runtime.consoleAPICalled') this.said.push(params.args.map(({ value }) => value).join(' '));
    if (method === 'Runtime.executionContextCreated') {
      const { id, origin, auxData } = params.context;
      if (auxData?.isDefault) this.#contexts.push({ id, origin, session, main: auxData.frameId === this.#target });
    }
    if (method === 'Runtime.executionContextDestroyed') {
      this.#forget((one) => one.session === session && one.id === params.executionContextId);
    }
    if (method === 'Runtime.executionContextsCleared') this.#forget((one) => one.session === session);
    if (method === 'Target.detachedFromTarget') {
      this.#sessions.delete(params.sessionId);
      this.#forget((one) => one.session === params.sessionId);
    }
  }

  #forget(gone) {
    this.#contexts = this.#contexts.filter((one) => !gone(one));
  }

  async #evaluated(context, expression) {
    if (!context) return undefined;
    const asked = { expression, contextId: context.id, returnByValue: true, awaitPromise: true };
    try {
      return (await this.#browser.send('Runtime.evaluate', asked, context.session)).result.value;
    } catch {
      // It has just gone.
      return undefined;
    }
  }

  /** What an expression is in the page. */
  inPage(expression) {
    return this.#evaluated(this.#contexts.findLast(({ main }) => main), expression);
  }

  /** What it is in the frame of this origin; nothing where none runs. */
  inFrame(origin, expression) {
    return this.#evaluated(this.#contexts.findLast((one) => !one.main && one.origin === origin), expression);
  }

  async close() {
    this.#deaf();
    await this.#browser.send('Target.closeTarget', { targetId: this.#target });
  }
}
