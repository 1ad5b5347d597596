// Ways to an MCP server, for one measuring client: bytes are cut into messages by hand on each of them, so that
// what a library costs is in none.
import { connect } from 'node:net';
import { once } from 'node:events';
import { end, start, within } from '../../clients/process.mjs';

const SECONDS = 60;

/** What all ways share: requests, and who waits for which answer. */
class Way {
  #next = 0;
  #waiting = new Map();
  notifications = 0;

  request(method, params) {
    const id = (this.#next += 1);
    const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    return answered;
  }

  notify(method) {
    this.send(JSON.stringify({ jsonrpc: '2.0', method }));
  }

  take(text) {
    const { id, method, result, error } = JSON.parse(text);
    if (method) {
      this.notifications += 1;
      return;
    }
    const { resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  /** Until the first request is answered. */
  async greet() {
    const clientInfo = { name: 'bench', version: '1' };
    const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    await within(SECONDS, 'initialize', this.request('initialize', hello));
    this.notify('notifications/initialized');
    return this;
  }
}

/** A program that speaks MCP on its standard input and output. */
export class Stdio extends Way {
  #rest = '';

  constructor({ command, args, env }) {
    super();
    this.child = start(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.pid = this.child.pid;
    this.child.stdin.on('error', () => {});
    this.child.stdout.setEncoding('utf8').on('data', (part) => {
      const lines = (this.#rest + part).split('\n');
      this.#rest = lines.pop();
      for (const line of lines) this.take(line);
    });
  }

  send(text) {
    this.child.stdin.write(`${text}\n`);
  }

  async close() {
    const closed = once(this.child, 'close');
    this.child.stdin.end();
    await within(SECONDS, 'ending', closed).finally(() => end(this.child));
  }
}

/** The server itself, over connections that stay open; a message takes one that is free. */
export class Direct extends Way {
  #free = [];
  #all = [];
  #session = '';

  constructor({ url, key }) {
    super();
    this.url = new URL(url);
    this.key = key;
  }

  send(text) {
    const connection = this.#free.pop() ?? this.#opened();
    const head = [
      `POST ${this.url.pathname} HTTP/1.1`,
      `host: ${this.url.host}`,
      `authorization: Bearer ${this.key}`,
      'accept: application/json, text/event-stream',
      'content-type: application/json',
      'mcp-protocol-version: 2025-11-25',
      ...(this.#session ? [`mcp-session-id: ${this.#session}`] : []),
      `content-length: ${Buffer.byteLength(text)}`,
    ];
    connection.write(`${head.join('\r\n')}\r\n\r\n${text}`);
  }

  #opened() {
    const connection = connect(Number(this.url.port), this.url.hostname);
    connection.setNoDelay(true);
    const answers = new Answers(
      (text) => this.take(text),
      (session) => {
        this.#session ||= session;
        this.#free.push(connection);
      },
    );
    // A length counts bytes; nothing is read of the texts in the answers.
    connection.setEncoding('latin1').on('data', (part) => answers.add(part));
    this.#all.push(connection);
    return connection;
  }

  async close() {
    for (const connection of this.#all) connection.destroy();
  }
}

/** HTTP answers out of bytes: of a length, or in chunks with server-sent events in them. */
class Answers {
  #rest = '';
  #body;
  #events = '';

  constructor(onMessage, onEnd) {
    this.onMessage = onMessage;
    this.onEnd = onEnd;
  }

  add(part) {
    this.#rest += part;
    while (this.#body ? this.#body() : this.#head());
  }

  #head() {
    const length = this.#rest.indexOf('\r\n\r\n');
    if (length < 0) return false;
    const head = this.#rest.slice(0, length).toLowerCase();
    this.#rest = this.#rest.slice(length + 4);
    const field = (name) => head.match(new RegExp(`\\r\\n${name}: *([^\\r]*)`))?.[1];
    this.session = field('mcp-session-id');
    const chunked = field('transfer-encoding') === 'chunked';
    this.events = field('content-type')?.startsWith('text/event-stream');
    this.#body = chunked ? () => this.#chunk() : () => this.#whole(Number(field('content-length') ?? 0));
    return true;
  }

  #whole(length) {
    if (this.#rest.length < length) return false;
    const text = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    if (length > 0) this.#given(text);
    return this.#ended();
  }

  #chunk() {
    const line = this.#rest.indexOf('\r\n');
    if (line < 0) return false;
    const length = Number.parseInt(this.#rest.slice(0, line), 16);
    if (this.#rest.length < line + 4 + length) return false;
    const text = this.#rest.slice(line + 2, line + 2 + length);
    this.#rest = this.#rest.slice(line + 4 + length);
    if (length === 0) return this.#ended();
    this.#given(text);
    return true;
  }

  #given(text) {
    if (!this.events) return this.onMessage(text);
    const events = (this.#events + text).split(/\r?\n\r?\n/);
    this.#events = events.pop();
    for (const event of events) {
      const data = event.split(/\r?\n/).filter((field) => field.startsWith('data: ')).map((field) => field.slice(6));
      if (data.length > 0) this.onMessage(data.join('\n'));
    }
    return undefined;
  }

  #ended() {
    this.#body = undefined;
    this.#events = '';
    this.onEnd(this.session);
    return true;
  }
}
