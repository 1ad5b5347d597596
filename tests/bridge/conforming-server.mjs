// A server with everything the conformance suite asks servers for: `node conforming-server.mjs http|stdio`.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from './packages.mjs';
import { PROMPTS, RESOURCES, TOOLS } from './conforming-contents.mjs';

const { Server } = await load('@modelcontextprotocol/sdk/server/index.js');
const { StdioServerTransport } = await load('@modelcontextprotocol/sdk/server/stdio.js');
const { StreamableHTTPServerTransport } = await load('@modelcontextprotocol/sdk/server/streamableHttp.js');
const types = await load('@modelcontextprotocol/sdk/types.js');

const text = (words) => ({ content: [{ type: 'text', text: words }] });

/** Tools that do more than answer. */
const BEHAVIOUR = {
  async test_tool_with_logging(_, { sendNotification }) {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await sendNotification({ method: 'notifications/message', params: { level: 'info', data } });
      await pause(50);
    }
    return text('Logged');
  },
  async test_tool_with_progress(_, { sendNotification, _meta }) {
    const { progressToken } = _meta ?? {};
    for (const progress of [0, 50, 100]) {
      const params = { progressToken, progress, total: 100 };
      if (progressToken !== undefined) await sendNotification({ method: 'notifications/progress', params });
      await pause(50);
    }
    return text('Done');
  },
  async test_reconnection(_, { closeSSEStream }) {
    closeSSEStream?.();
    await pause(100);
    return text('Reconnection test completed successfully');
  },
  async test_sampling({ prompt }, { sendRequest }) {
    const messages = [{ role: 'user', content: { type: 'text', text: prompt } }];
    const request = { method: 'sampling/createMessage', params: { messages, maxTokens: 100 } };
    const { content } = await sendRequest(request, types.CreateMessageResultSchema);
    return text(`LLM response: ${content.text}`);
  },
};

/** Tools that ask the person. */
async function asked(message, requestedSchema, { sendRequest }) {
  const request = { method: 'elicitation/create', params: { message, requestedSchema } };
  const { action, content } = await sendRequest(request, types.ElicitResultSchema);
  return text(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`);
}

function newServer() {
  const capabilities = { tools: {}, resources: { subscribe: true }, prompts: {}, completions: {}, logging: {} };
  const server = new Server({ name: 'conforming', version: '1.0.0' }, { capabilities });
  const on = (schema, answer) => server.setRequestHandler(types[`${schema}RequestSchema`], answer);
  on('ListTools', async () => ({ tools: TOOLS.map(({ answer: _, asks: __, ...described }) => described) }));
  on('CallTool', async ({ params: { name, arguments: args = {} } }, extra) => {
    const tool = TOOLS.find((one) => one.name === name);
    if (BEHAVIOUR[name]) return BEHAVIOUR[name](args, extra);
    if (tool?.asks) return asked(args.message ?? 'Please answer', tool.asks, extra);
    if (tool) return tool.answer;
    throw new types.McpError(types.ErrorCode.InvalidParams, `No tool ${name}`);
  });
  on('ListResources', async () => ({
    resources: RESOURCES.map(({ uri, mimeType }) => ({ uri, mimeType, name: uri })),
  }));
  on('ListResourceTemplates', async () => ({
    resourceTemplates: [{ uriTemplate: 'test://template/{id}/data', name: 'template', mimeType: 'application/json' }],
  }));
  on('ReadResource', async ({ params: { uri } }) => ({
    contents: [RESOURCES.find((one) => one.uri === uri) ?? filled(uri)],
  }));
  on('Subscribe', async () => ({}));
  on('Unsubscribe', async () => ({}));
  on('ListPrompts', async () => ({ prompts: PROMPTS.map(({ says: _, ...described }) => described) }));
  on('GetPrompt', async ({ params: { name, arguments: args = {} } }) => ({
    messages: PROMPTS.find((one) => one.name === name).says(args).map((content) => ({ role: 'user', content })),
  }));
  on('Complete', async () => ({ completion: { values: ['paris', 'park', 'party'], total: 150, hasMore: false } }));
  on('SetLevel', async () => ({}));
  return server;
}

function filled(uri) {
  const id = uri.match(/^test:\/\/template\/(.+)\/data$/)?.[1];
  if (!id) throw new types.McpError(types.ErrorCode.InvalidParams, `No resource ${uri}`);
  const data = { id, templateTest: true, data: `Data for ID: ${id}` };
  return { uri, mimeType: 'application/json', text: JSON.stringify(data) };
}

/** What a session said, so that a client that lost its stream gets the rest. */
class Kept {
  #events = [];

  async storeEvent(stream, message) {
    const id = `${stream}/${this.#events.length}`;
    this.#events.push({ id, stream, message });
    return id;
  }

  async replayEventsAfter(last, { send }) {
    const from = this.#events.findIndex(({ id }) => id === last);
    const stream = this.#events[from]?.stream;
    for (const event of this.#events.slice(from + 1).filter((one) => one.stream === stream)) {
      await send(event.id, event.message);
    }
    return stream;
  }
}

function serve() {
  const sessions = new Map();
  const http = createServer(async (request, response) => {
    const id = request.headers['mcp-session-id'];
    if (id && !sessions.has(id)) return response.writeHead(404).end();
    const transport = sessions.get(id) ?? (await opened(sessions));
    return transport.handleRequest(request, response);
  });
  http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${http.address().port}/mcp`));
}

async function opened(sessions) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: new Kept(),
    retryInterval: 200,
    onsessioninitialized: (id) => sessions.set(id, transport),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await newServer().connect(transport);
  return transport;
}

if (process.argv[2] === 'stdio') await newServer().connect(new StdioServerTransport());
else serve();
