// The bridge, spoken to byte by byte, and a server of our own that keeps what it was sent.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { end, start, within } from '../clients/process.mjs';

const SECONDS = 20;

/** A started bridge. */
export class Pipe {
  #lines = [];
  #waiting = [];

  constructor({ command, args, env }) {
    this.child = start(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.ended = once(this.child, 'close').then(([code, signal]) => code ?? signal);
    createInterface(this.child.stdout).on('line', (line) => {
      const waiting = this.#waiting.shift();
      if (waiting) waiting(line);
      else this.#lines.push(line);
    });
  }

  /** Sends lines exactly as they are. */
  say(...lines) {
    this.child.stdin.write(lines.map((line) => `${line}\n`).join(''));
    return this;
  }

  /** The next line, exactly as it is. */
  heard() {
    const line = this.#lines.shift();
    return within(SECONDS, 'the bridge', line ?? new Promise((resolve) => this.#waiting.push(resolve)));
  }

  /** Ends its input; the exit code. */
  async hungUp() {
    this.child.stdin.end();
    return within(SECONDS, 'ending', this.ended);
  }

  async signalled(signal) {
    this.child.kill(signal);
    return within(SECONDS, 'ending', this.ended);
  }

  kill = () => end(this.child);
}

/** A server whose answers are a function of the request: `answer(request, response, body)`. */
export class Server {
  requests = [];
  #waiting = [];

  constructor(answer) {
    this.http = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      const kept = { method: request.method, headers: request.headers, body };
      this.requests.push(kept);
      answer(request, response, body);
      const done = this.#waiting.filter(({ wanted }) => wanted(kept));
      this.#waiting = this.#waiting.filter((one) => !done.includes(one));
      for (const { found } of done) found(kept);
    });
  }

  async listens() {
    this.http.listen(0, '127.0.0.1');
    await once(this.http, 'listening');
    this.url = `http://127.0.0.1:${this.http.address().port}/mcp`;
    return this;
  }

  /** The first request like that, when it has come. */
  got(what, wanted) {
    const kept = this.requests.find(wanted);
    return within(SECONDS, what, kept ?? new Promise((found) => this.#waiting.push({ wanted, found })));
  }

  stop() {
    this.http.closeAllConnections();
    this.http.close();
  }
}
