// Byte by byte: what goes in comes out, and nothing of the key is to be seen.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, describe, test } from 'node:test';
import { Pipe, Server } from './pipe.mjs';
import { elsewhere } from './world.mjs';

const LIMIT = { timeout: 60_000 };
const SESSION = 'session-1';
const HELLO = JSON.stringify({
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'proof', version: '1' } },
});
const WELCOME = '{"jsonrpc":"2.0","id":0,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{}}}';
const READY = '{"jsonrpc":"2.0","method":"notifications/initialized"}';
/** What a parser that rounds, sorts, drops or unescapes would change. */
const DELICATE = [
  '"big":12345678901234567890123,"exact":0.1000000000000000055,"one":1.0,"far":1e400,"minus":-0.0',
  '"b":1,"a":2,"unknown":{"x-y":null},"text":"\\u00fc ü \\ud83d\\udd11 \\/ \\u2028"',
].join(',');

/** The usual beginning, and `answer` for all that comes after it. */
const server = (answer) =>
  new Server((request, response, body) => {
    if (body === HELLO) json(response, WELCOME, { 'mcp-session-id': SESSION });
    else if (body === READY) response.writeHead(202).end();
    else if (request.method === 'DELETE') response.writeHead(200).end();
    else if (request.method === 'GET' && !request.headers['last-event-id']) events(response).write(': \n\n');
    else answer(request, response, body);
  }).listens();

function json(response, text, headers) {
  response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(text);
}

const events = (response) => response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('byte by byte', () => {
  let open = [];
  afterEach(() => {
    for (const one of open) one();
    open = [];
  });

  async function begun(answer) {
    const far = await server(answer);
    await elsewhere.endpoint(far.url);
    const pipe = new Pipe(elsewhere.entry());
    open.push(() => far.stop(), pipe.kill);
    assert.equal(await pipe.say(HELLO).heard(), WELCOME);
    pipe.say(READY);
    return { far, pipe };
  }

  test('a request and its answer arrive as they were sent', LIMIT, async () => {
    const request = `{"id": "sEven" , "jsonrpc":"2.0","method":"tools/call","params":{${DELICATE}}}`;
    const answer = `{"jsonrpc":"2.0","id":"sEven","result":{${DELICATE}}}`;
    const { far, pipe } = await begun((_, response) => json(response, answer));
    assert.equal(await pipe.say(request).heard(), answer);
    assert.equal(far.requests.at(-1).body, request);
  });

  test('so do answers spread over lines and events', LIMIT, async () => {
    const answer = { jsonrpc: '2.0', id: 1, result: { text: 'ü'.repeat(100_000) } };
    const { pipe } = await begun((_, response, body) => {
      if (body.includes('"lines"')) return json(response, JSON.stringify(answer, null, 2));
      const stream = events(response);
      stream.write('event: message\r\nid: 1\r\ndata: {"jsonrpc":"2.0","method":"notifications/a"}\r\n\r\n');
      // Cut within a letter.
      const bytes = Buffer.from(`data: ${JSON.stringify(answer)}\n\n`);
      stream.write(bytes.subarray(0, 101), () => stream.end(bytes.subarray(101)));
      return undefined;
    });
    const request = (name) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name } });
    assert.deepEqual(JSON.parse(await pipe.say(request('lines')).heard()), answer);
    assert.equal(await pipe.say(request('events')).heard(), '{"jsonrpc":"2.0","method":"notifications/a"}');
    assert.deepEqual(JSON.parse(await pipe.heard()), answer);
  });

  test('a stream that breaks is taken up where it broke', LIMIT, async () => {
    const answer = '{"jsonrpc":"2.0","id":1,"result":{}}';
    const { far, pipe } = await begun((request, response) => {
      const stream = events(response);
      if (request.method === 'POST') {
        const first = 'retry: 10\nid: here\ndata: {"jsonrpc":"2.0","method":"notifications/a"}\n\n';
        stream.write(first, () => request.socket.destroy());
      } else {
        stream.end(`data: ${answer}\n\n`);
      }
    });
    pipe.say('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}}');
    assert.equal(await pipe.heard(), '{"jsonrpc":"2.0","method":"notifications/a"}');
    assert.equal(await pipe.heard(), answer);
    const resumed = await far.got('resumption', ({ headers }) => headers['last-event-id']);
    assert.equal(resumed.headers['last-event-id'], 'here');
    assert.equal(resumed.headers['mcp-session-id'], SESSION);
  });

  test('a cancellation reaches the server while the request is open', LIMIT, async () => {
    const { far, pipe } = await begun((_, response, body) => {
      if (body.includes('cancelled')) response.writeHead(202).end();
    });
    pipe.say('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow"}}');
    await far.got('the call', ({ body }) => body.includes('tools/call'));
    const cancel = '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"enough"}}';
    pipe.say(cancel);
    await far.got('the cancellation', ({ body }) => body === cancel);
  });

  test('the key is in the one header and nowhere else', LIMIT, async () => {
    const { far, pipe } = await begun();
    await far.got('the stream', ({ method }) => method === 'GET');
    const key = await elsewhere.plaintext();
    for (const { headers } of far.requests) assert.equal(headers.authorization, `Bearer ${key}`);
    for (const file of ['cmdline', 'environ']) {
      const text = readFileSync(`/proc/${pipe.child.pid}/${file}`, 'utf8');
      assert.ok(!text.includes(key), `the key is in ${file}`);
    }
  });

  test('when the client hangs up, the session is ended and so is the bridge', LIMIT, async () => {
    const { far, pipe } = await begun();
    assert.equal(await pipe.hungUp(), 0);
    const { headers } = await far.got('the end', ({ method }) => method === 'DELETE');
    assert.equal(headers['mcp-session-id'], SESSION);
  });

  test('SIGTERM ends it too', LIMIT, async () => {
    const { far, pipe } = await begun();
    assert.equal(await pipe.signalled('SIGTERM'), 0);
    await far.got('the end', ({ method }) => method === 'DELETE');
  });
});
