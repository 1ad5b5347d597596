// Everything the reference server can do, asked for once. What comes back is the same on every way to it.
import { createHash } from 'node:crypto';
import { within } from '../clients/process.mjs';
import { newClient, types } from './sdk1.mjs';

const SUBSCRIBED = 'demo://resource/dynamic/text/1';
/** The simulated logging says one of eight things. */
const AT_RANDOM = /[- ]level[- ]message/;
// Whether one more arrives after a cancellation is chance.
const LATE = 'progress notification for an unknown token';
const CAPABILITIES = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } };

/** All answers, and everything the server said by itself, without what differs from session to session. */
export async function everythingOn(transport) {
  const heard = new Heard();
  const client = newClient(CAPABILITIES);
  answerTheServer(client, heard);
  const errors = [];
  client.onerror = ({ message }) => message.includes(LATE) || errors.push(message);
  await client.connect(transport);
  const progress = progressOn(transport);
  const answers = {};
  try {
    for (const [name, ask] of Object.entries(QUESTIONS)) {
      answers[name] = await within(30, name, ask(client, heard, progress));
    }
  } finally {
    client.onerror = undefined;
    await transport.terminateSession?.();
    await client.close();
  }
  return { answers: steady(answers), heard: heard.counted(), errors };
}

/** What the server said by itself. */
class Heard {
  #all = [];
  #waiting = [];

  add(message) {
    this.#all.push(JSON.stringify(steady(message)));
    const done = this.#waiting.filter(({ words }) => this.#has(words));
    this.#waiting = this.#waiting.filter((one) => !done.includes(one));
    for (const { enough } of done) enough();
  }

  #has = (words) => this.#all.some((text) => words.test(text));

  /** Until something with these words was heard. */
  of(words) {
    return new Promise((enough) => (this.#has(words) ? enough() : this.#waiting.push({ words, enough })));
  }

  // Streams side by side have no order, and a message at random may come once more.
  counted = () => [...new Set(this.#all)].filter((text) => !AT_RANDOM.test(text)).sort();
}

function answerTheServer(client, heard) {
  client.fallbackNotificationHandler = async (message) => heard.add(message);
  client.setRequestHandler(types.ListRootsRequestSchema, async ({ method, params }) => {
    heard.add({ method, params });
    return { roots: [{ uri: 'file:///a%20folder', name: 'Ordner “ä”' }] };
  });
  client.setRequestHandler(types.CreateMessageRequestSchema, async ({ method, params }) => {
    heard.add({ method, params });
    return { model: 'none', role: 'assistant', content: { type: 'text', text: 'Grüße, 世界 \u2028' } };
  });
  client.setRequestHandler(types.ElicitRequestSchema, async ({ method, params }) => {
    heard.add({ method, params });
    if (params.mode === 'url') return { action: 'decline' };
    return { action: 'accept', content: { name: 'Jane', check: true, integer: 7, number: 0.1 } };
  });
}

/** What arrives as progress. The SDK itself drops what it reads together with the answer. */
function progressOn(transport) {
  const seen = [];
  const { onmessage } = transport;
  transport.onmessage = (message, extra) => {
    if (message.method === 'notifications/progress') seen.push(message.params);
    onmessage(message, extra);
  };
  return seen;
}

const call = (client, name, args, options) =>
  client.callTool({ name, arguments: args }, undefined, options).catch(refusal);
const refusal = ({ name, code, message, data }) => ({ refused: { name, code, message, data } });

const QUESTIONS = {
  who: async (client) => ({
    version: client.getServerVersion(),
    capabilities: client.getServerCapabilities(),
    instructions: client.getInstructions(),
  }),
  ping: (client) => client.ping(),
  tools: (client) => client.listTools(),
  echo: (client) => call(client, 'echo', { message: 'Ünï\n"\\ \u{1f511} \u0000 '.repeat(3) }),
  long: (client) => call(client, 'echo', { message: 'x'.repeat(1_000_000) }),
  sum: (client) => call(client, 'get-sum', { a: 0.1, b: 9007199254740991 }),
  image: (client) => call(client, 'get-tiny-image', {}),
  annotated: (client) => call(client, 'get-annotated-message', { messageType: 'error', includeImage: true }),
  structured: (client) => call(client, 'get-structured-content', { location: 'New York' }),
  links: (client) => call(client, 'get-resource-links', { count: 4 }),
  reference: (client) => call(client, 'get-resource-reference', { resourceType: 'Blob', resourceId: 3 }),
  wrongArguments: (client) => call(client, 'get-sum', { a: 'one' }),
  noSuchTool: (client) => call(client, 'no-such-tool', {}),
  noSuchMethod: (client) => client.request({ method: 'no/such' }, types.EmptyResultSchema).catch(refusal),
  progress: async (client, _, progress) => {
    const from = progress.length;
    const onprogress = () => {};
    const answer = await call(client, 'trigger-long-running-operation', { duration: 0.4, steps: 4 }, { onprogress });
    return { answer, seen: progress.slice(from) };
  },
  cancellation: async (client) => {
    const stop = new AbortController();
    const seen = [];
    const onprogress = (progress) => {
      seen.push(progress);
      stop.abort('enough');
    };
    const options = { onprogress, signal: stop.signal };
    const answer = await call(client, 'trigger-long-running-operation', { duration: 2, steps: 20 }, options);
    return { answer, seen: seen.length, after: await client.ping() };
  },
  sideBySide: async (client) => {
    const calls = Array.from({ length: 16 }, (_, n) => call(client, 'get-sum', { a: n, b: n }));
    return Promise.all(calls);
  },
  sampling: (client) => call(client, 'trigger-sampling-request', { prompt: 'Hello', maxTokens: 5 }),
  elicitation: (client) => call(client, 'trigger-elicitation-request', {}),
  roots: async (client, heard) => {
    await heard.of(/Roots updated/);
    return call(client, 'get-roots-list', {});
  },
  logging: async (client, heard) => {
    const set = await client.setLoggingLevel('debug');
    const answer = await call(client, 'toggle-simulated-logging', {});
    await heard.of(AT_RANDOM);
    return { set, answer, off: await call(client, 'toggle-simulated-logging', {}) };
  },
  resources: (client) => client.listResources(),
  templates: (client) => client.listResourceTemplates(),
  text: (client) => client.readResource({ uri: 'demo://resource/dynamic/text/7' }),
  blob: (client) => client.readResource({ uri: 'demo://resource/dynamic/blob/7' }),
  noSuchResource: (client) => client.readResource({ uri: 'demo://nowhere' }).catch(refusal),
  subscription: async (client, heard) => {
    const set = await client.subscribeResource({ uri: SUBSCRIBED });
    const answer = await call(client, 'toggle-subscriber-updates', {});
    await heard.of(/resources\/updated/);
    const off = await call(client, 'toggle-subscriber-updates', {});
    const unset = await client.unsubscribeResource({ uri: SUBSCRIBED });
    // It tells of both on the stream of its own, which has no place among the answers.
    await Promise.all([heard.of(/Received Subscribe/), heard.of(/Received Unsubscribe/)]);
    return { set, answer, off, unset };
  },
  prompts: (client) => client.listPrompts(),
  prompt: (client) => client.getPrompt({ name: 'args-prompt', arguments: { city: 'Köln', state: 'NRW' } }),
  noSuchPrompt: (client) => client.getPrompt({ name: 'nowhere' }).catch(refusal),
  completion: (client) =>
    client.complete({
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'name', value: 'D' },
      context: { arguments: { department: 'Sales' } },
    }),
};

/** Without session ids and times. */
function steady(value) {
  const text = JSON.stringify(value)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'SESSION')
    .replaceAll(/\d{1,2}:\d\d:\d\d( [AP]M)?/g, 'TIME');
  return JSON.parse(text, (key, found) => {
    if (typeof found !== 'string') return found;
    if (key === 'blob') return steadyBlob(found);
    return found.length > 5000 ? createHash('sha256').update(found).digest('hex') : found;
  });
}

// The server writes the time into its blobs.
const steadyBlob = (text) =>
  Buffer.from(text, 'base64').toString('utf8').replaceAll(/\d{1,2}:\d\d:\d\d( [AP]M)?/g, 'TIME');
