// A server of the 2026-07-28 protocol, made of the TypeScript SDK 2.x. Prints its address.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { load } from './packages.mjs';

const { Server, createMcpHandler, inputRequired, inputResponse } = await load('@modelcontextprotocol/server');

const WATCHED = 'test://watched';
let cancelled = 0;

const text = (words) => ({ content: [{ type: 'text', text: words }] });
const anything = { type: 'object' };
const header = (name) => ({ type: 'string', 'x-mcp-header': name });
const mirroring = { type: 'object', properties: { region: header('Region'), odd: header('Odd') } };

const TOOLS = {
  echo: (args) => text(JSON.stringify(args)),
  /** What of a call's arguments was in its headers. */
  headers: (_, { http }) => text(JSON.stringify(mirrored(http.req))),
  async steps(_, { mcpReq }) {
    const { progressToken } = mcpReq._meta ?? {};
    for (const progress of [1, 2, 3]) {
      if (progressToken === undefined) break;
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 3 } });
    }
    return text('Done');
  },
  async slow(_, { mcpReq }) {
    const { progressToken } = mcpReq._meta ?? {};
    await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
    await pause(20_000, undefined, { signal: mcpReq.signal }).catch(() => (cancelled += 1));
    return text('Too late');
  },
  cancelled: () => text(String(cancelled)),
  ask(_, { mcpReq }) {
    const name = inputResponse(mcpReq.inputResponses, 'name');
    if (name.kind === 'missing') {
      const requestedSchema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
      const message = 'What is your name? “ü”';
      return inputRequired({ inputRequests: { name: inputRequired.elicit({ message, requestedSchema }) } });
    }
    return text(`${name.action}: ${JSON.stringify(name.content)}`);
  },
  sample(_, { mcpReq }) {
    const said = inputResponse(mcpReq.inputResponses, 'said');
    if (said.kind === 'missing') {
      const messages = [{ role: 'user', content: { type: 'text', text: 'Hello' } }];
      return inputRequired({ inputRequests: { said: inputRequired.createMessage({ messages, maxTokens: 9 }) } });
    }
    return text(JSON.stringify(said.result));
  },
  touch() {
    handler.notify.resourceUpdated(WATCHED);
    handler.notify.toolsChanged();
    return text('Touched');
  },
  breaks() {
    throw new Error('It breaks');
  },
};

function mirrored(request) {
  const names = ['mcp-method', 'mcp-name', 'mcp-protocol-version', 'mcp-param-region', 'mcp-param-odd'];
  return Object.fromEntries(names.map((name) => [name, request.headers.get(name)]));
}

function newServer() {
  const capabilities = { tools: { listChanged: true }, resources: { subscribe: true }, prompts: {}, completions: {} };
  const server = new Server({ name: 'modern', version: '1.0.0' }, { capabilities, instructions: 'Be kind.' });
  server.setRequestHandler('tools/list', () => ({
    tools: Object.keys(TOOLS).map((name) => ({ name, inputSchema: name === 'headers' ? mirroring : anything })),
  }));
  server.setRequestHandler('tools/call', ({ params }, context) => TOOLS[params.name](params.arguments, context));
  server.setRequestHandler('resources/list', () => ({ resources: [{ uri: WATCHED, name: 'Watched' }] }));
  server.setRequestHandler('resources/read', ({ params: { uri } }) => ({ contents: [{ uri, text: 'Grüße' }] }));
  server.setRequestHandler('prompts/list', () => ({ prompts: [{ name: 'greet', arguments: [{ name: 'whom' }] }] }));
  server.setRequestHandler('prompts/get', ({ params }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `Greet ${params.arguments.whom}` } }],
  }));
  server.setRequestHandler('completion/complete', ({ params }) => ({
    completion: { values: [`${params.argument.value}ris`], hasMore: false },
  }));
  return server;
}

const handler = createMcpHandler(newServer, { legacy: 'reject' });

const http = createServer(async (request, response) => {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const asked = new Request(`http://${request.headers.host}${request.url}`, {
    method: request.method,
    headers: request.headers,
    body: request.method === 'POST' ? Readable.toWeb(request) : undefined,
    duplex: 'half',
    signal: gone.signal,
  });
  const answer = await handler.fetch(asked);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) Readable.fromWeb(answer.body).on('error', () => {}).pipe(response);
  else response.end();
});
http.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${http.address().port}/mcp`));
