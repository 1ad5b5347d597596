// The 2026-07-28 protocol: no sessions, each request by itself, and the server asks by its answers.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { cache } from '../clients/places.mjs';
import { within } from '../clients/process.mjs';
import { here } from './packages.mjs';
import * as sdk2 from './sdk2.mjs';
import { listening } from './servers.mjs';
import { elsewhere } from './world.mjs';

const LIMIT = { timeout: 60_000 };
const SECONDS = 20;
const CAPABILITIES = { elicitation: {}, sampling: {}, roots: {} };

describe('the 2026-07-28 protocol', () => {
  let server;
  let straight;
  let across;
  before(async () => {
    server = await listening([join(here, 'modern-server.mjs')], 'http://', { SUPERSET_KEYS_CACHE: cache });
    await elsewhere.endpoint(server.line);
    straight = await met(sdk2.direct(server.line));
    across = await met(sdk2.bridged(elsewhere.entry()));
  }, LIMIT);
  after(async () => {
    await straight?.client.close();
    await across?.client.close();
    server?.stop();
  });

  /** Asks on both ways, one after the other; the answers must be equal. */
  async function same(ask) {
    const answers = [];
    for (const way of [straight, across]) answers.push(await within(SECONDS, 'an answer', ask(way)));
    assert.deepEqual(answers[1], answers[0]);
    return answers[1];
  }

  const call = ({ client }, name, args = {}, options = {}) =>
    client
      .callTool({ name, arguments: args }, options)
      .catch(({ name: kind, code, message, data }) => ({ refused: { kind, code, message, data } }));

  test('both ways speak it', LIMIT, async () => {
    assert.equal(await same(({ client }) => Promise.resolve(client.getProtocolEra())), 'modern');
    await same(({ client }) => Promise.resolve([client.getServerVersion(), client.getServerCapabilities()]));
  });

  test('lists, reads and completes', LIMIT, async () => {
    await same(({ client }) => client.listTools());
    await same(({ client }) => client.listResources());
    await same(({ client }) => client.readResource({ uri: 'test://watched' }));
    await same(({ client }) => client.listPrompts());
    await same(({ client }) => client.getPrompt({ name: 'greet', arguments: { whom: 'Jürgen' } }));
    const ref = { type: 'ref/prompt', name: 'greet' };
    await same(({ client }) => client.complete({ ref, argument: { name: 'whom', value: 'Pa' } }));
  });

  test('calls, errors and progress', LIMIT, async () => {
    await same((way) => call(way, 'echo', { text: 'Ünï\n"\\ \u{1f511}', number: 0.1, nothing: null }));
    await same((way) => call(way, 'breaks'));
    await same((way) => call(way, 'nowhere'));
    const { seen } = await same(async (way) => {
      const from = way.progress.length;
      const { content } = await call(way, 'steps', {}, { onprogress: () => {} });
      return { content, seen: way.progress.slice(from).map(({ progress, total }) => [progress, total]) };
    });
    assert.equal(seen.length, 3);
  });

  test('headers say what the body says', LIMIT, async () => {
    const { content } = await same((way) => call(way, 'headers', { region: 'us-west1', odd: ' padded ü' }));
    assert.equal(JSON.parse(content[0].text)['mcp-param-region'], 'us-west1');
  });

  test('the server asks the person and the model', LIMIT, async () => {
    const { content } = await same((way) => call(way, 'ask'));
    assert.equal(content[0].text, 'accept: {"name":"Jane “ü”"}');
    await same((way) => call(way, 'sample'));
  });

  test('who listens hears of changes', LIMIT, async () => {
    const heard = await same(async (way) => {
      const filter = { toolsListChanged: true, resourceSubscriptions: ['test://watched'] };
      const listening = await way.client.listen(filter);
      const both = Promise.all([
        way.next('notifications/resources/updated'),
        way.next('notifications/tools/list_changed'),
      ]);
      await call(way, 'touch');
      const [updated] = await both;
      await listening.close();
      return { honoured: listening.honoredFilter, uri: updated.uri, closed: await listening.closed };
    });
    assert.equal(heard.uri, 'test://watched');
  });

  test('a cancelled call ends on the server', LIMIT, async () => {
    const counts = [];
    for (const way of [straight, across]) {
      const stop = new AbortController();
      const options = { signal: stop.signal, onprogress: () => stop.abort('enough') };
      const slow = way.client.callTool({ name: 'slow', arguments: {} }, options);
      await assert.rejects(within(SECONDS, 'a refusal', slow));
      counts.push(await within(SECONDS, 'the end on the server', reached(way, counts.length + 1)));
    }
    assert.deepEqual(counts, [1, 2]);
  });

  /** Until the server counts that many ended calls. */
  async function reached(way, wanted) {
    const { content } = await call(way, 'cancelled');
    return Number(content[0].text) >= wanted ? Number(content[0].text) : reached(way, wanted);
  }
});

/** A client that answers when it is asked and keeps what it hears. */
async function met(transport) {
  const client = await sdk2.connected(transport, CAPABILITIES);
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { name: 'Jane “ü”' } }));
  client.setRequestHandler('sampling/createMessage', async ({ params }) => ({
    model: 'none',
    role: 'assistant',
    content: params.messages[0].content,
  }));
  const next = (method) =>
    new Promise((heard) => client.setNotificationHandler(method, ({ params }) => heard(params)));
  const way = { client, progress: [], next };
  const { onmessage } = transport;
  transport.onmessage = (message, extra) => {
    if (message.method === 'notifications/progress') way.progress.push(message.params);
    onmessage(message, extra);
  };
  return way;
}
