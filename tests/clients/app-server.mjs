// Codex's app-server, which its desktop app and its editor extensions talk to: JSON-RPC on its stdin and stdout.
import { createInterface } from 'node:readline';
import { noBridges } from './bridges.mjs';
import { end, masked, start, within } from './process.mjs';

// No model is needed. Without this one Codex would already look for its usual one when a thread starts.
const NOWHERE = 'model_providers.none={name="None", base_url="http://127.0.0.1:9"}';
const NO_MODEL = ['-c', 'model_provider="none"', '-c', NOWHERE];

export class AppServer {
  #asked = new Map();
  #count = 0;
  #said = '';
  #closed;
  #thread;

  constructor(program, options) {
    this.process = start(program, ['app-server', ...NO_MODEL], { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
    this.process.stdin.on('error', () => {});
    this.process.stderr.setEncoding('utf8').on('data', (text) => (this.#said += text));
    this.#closed = new Promise((resolve) => this.process.on('error', resolve).on('close', resolve));
    this.#closed.then(() => {
      for (const { reject } of this.#asked.values()) reject(new Error(`codex app-server ended\n${masked(this.#said)}`));
    });
    createInterface(this.process.stdout).on('line', (line) => {
      const message = JSON.parse(line);
      // Requests and notices of its own have a method.
      if (message.method) return;
      const { resolve, reject } = this.#asked.get(message.id);
      this.#asked.delete(message.id);
      if (message.error) reject(Object.assign(new Error(message.error.message), { answered: true }));
      else resolve(message.result);
    });
  }

  #say(message) {
    this.process.stdin.write(`${JSON.stringify(message)}\n`);
  }

  #ask(method, params) {
    const id = (this.#count += 1);
    const answer = new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    this.#say({ id, method, params });
    return within(40, `codex ${method}`, answer);
  }

  async begins() {
    await this.#ask('initialize', { clientInfo: { name: 'test', version: '1' } });
    this.#say({ method: 'initialized' });
  }

  /** Every server it knows. */
  async servers() {
    return (await this.#ask('mcpServerStatus/list', {})).data;
  }

  /** The names of the server's tools, and in Codex's words why there are none. */
  async lists() {
    const superset = (await this.servers()).find(({ name }) => name === 'superset');
    if (!superset) throw new Error('codex knows no server called superset');
    return { tools: Object.keys(superset.tools).sort(), why: superset.toolsError ?? '' };
  }

  /** The text a tool answers, or in Codex's words why it does not. All calls are made in one thread. */
  async calls(tool, args) {
    this.#thread ??= (await this.#ask('thread/start', { ephemeral: true })).thread.id;
    try {
      const params = { threadId: this.#thread, server: 'superset', tool, arguments: args };
      const { content, isError } = await this.#ask('mcpServer/tool/call', params);
      const [{ text }] = content;
      return isError ? { text: '', why: text } : { text, why: '' };
    } catch (error) {
      if (!error.answered) throw error;
      return { text: '', why: error.message };
    }
  }

  /** As when its app is closed, or after it was killed. Its bridges must go with it. */
  async ends() {
    try {
      this.process.stdin.end();
      await within(20, 'the end of codex app-server', this.#closed);
      await noBridges(this.process);
    } finally {
      this.gone();
    }
  }

  gone() {
    end(this.process);
  }
}
