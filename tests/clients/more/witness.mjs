// Stands before the real MCP server, passes everything on as it is, and remembers who asked what: so that a test
// knows what reached the server, and with whose key, whatever a client says of itself. It can also announce OAuth, as
// a proxy before a server may.
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';

export class Witness {
  #server;
  #target;
  #announcesOauth;
  /** The address that clients are given. */
  url;
  /**
   * What was asked: `{key, method, status, tools}`, where `method` is JSON-RPC's. No tools: there was no answer with
   * tools, or the client hung up on it.
   */
  #seen = [];

  constructor({ announcesOauth = false } = {}) {
    this.#announcesOauth = announcesOauth;
  }

  async standsBefore(target) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => this.#passes(request, response)).listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const url = new URL(target);
    url.port = this.#server.address().port;
    this.url = url.href;
    return this.url;
  }

  ends() {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** What was asked with this key since it was last forgotten. */
  sawOf(key) {
    return this.#seen.filter((one) => one.key === key);
  }

  forgets(key) {
    this.#seen = this.#seen.filter((one) => one.key !== key);
  }

  async #passes(request, response) {
    const body = Buffer.concat(await request.toArray());
    const { hostname, port, host } = this.#target;
    const { method, url: path } = request;
    if (this.#announcesOauth && path.startsWith('/.well-known/oauth-')) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(this.#announcement(path)));
      return;
    }
    const onward = ask({ hostname, port, path, method, headers: { ...request.headers, host } });
    // One of the two went away; that ends the other.
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    onward.on('response', (answer) => {
      this.#remembers(request, body, answer);
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.end(body);
  }

  /** RFC 9728 of the server, RFC 8414 of who signs people in there: nobody does. */
  #announcement(path) {
    const { origin } = new URL(this.url);
    if (path.startsWith('/.well-known/oauth-protected-resource')) {
      return { resource: this.url, authorization_servers: [origin], bearer_methods_supported: ['header'] };
    }
    const [authorization_endpoint, token_endpoint, registration_endpoint] = ['authorize', 'token', 'register'].map(
      (name) => `${origin}/oauth/${name}`,
    );
    return {
      issuer: origin,
      authorization_endpoint,
      token_endpoint,
      registration_endpoint,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code'],
      code_challenge_methods_supported: ['S256'],
    };
  }

  #remembers({ headers, method, url }, body, answer) {
    // Some ask for a way to sign in besides, at other addresses.
    if (method !== 'POST' || url !== this.#target.pathname) return;
    const key = headers.authorization?.replace(/^Bearer /, '') ?? '';
    const one = { key, method: parsed(body)?.method, status: answer.statusCode, tools: undefined };
    this.#seen.push(one);
    const pieces = [];
    answer.on('data', (piece) => {
      pieces.push(piece);
      one.tools = toolsIn(Buffer.concat(pieces).toString());
    });
  }
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The names of the tools in an answer, which is JSON or events; nothing where it has no list of them. */
const toolsIn = (answer) =>
  answer
    .split('\n')
    .map((line) => parsed(line.replace(/^data: /, ''))?.result?.tools)
    .find((tools) => tools)
    ?.map(({ name }) => name)
    .sort();
