// An MCP server that answers at once, so that what lies between it and a client shows. Prints its address.
import { createServer } from 'node:http';

const SESSION = 'bench';
const NOTIFICATION = JSON.stringify({
  jsonrpc: '2.0',
  method: 'notifications/message',
  params: { level: 'info', logger: 'bench', data: 'One of many, as long as a line of a log usually is.' },
});

const server = createServer((request, response) => {
  // mcp-remote looks for a sign-in first.
  if (request.url !== '/mcp') return response.writeHead(404).end();
  if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': \n\n');
  if (request.method === 'DELETE') return response.writeHead(200).end();
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => answer(JSON.parse(Buffer.concat(parts)), response));
});
server.keepAliveTimeout = 600_000;

function answer({ id, method, params }, response) {
  if (id === undefined) return response.writeHead(202).end();
  if (method === 'tools/call' && params.name === 'many') return many(id, params.arguments.count, response);
  const text = JSON.stringify({ jsonrpc: '2.0', id, result: RESULTS[method](params) });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'mcp-session-id': SESSION,
  });
  response.end(text);
}

const RESULTS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {}, logging: {} },
    serverInfo: { name: 'bench', version: '1' },
  }),
  'tools/list': () => ({ tools: [] }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: params.arguments.text }] }),
};

async function many(id, count, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'mcp-session-id': SESSION });
  const batch = `event: message\ndata: ${NOTIFICATION}\n\n`.repeat(100);
  for (let sent = 0; sent < count; sent += 100) {
    if (!response.write(batch)) await new Promise((free) => response.once('drain', free));
  }
  const result = { content: [{ type: 'text', text: 'done' }] };
  response.end(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
}

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/mcp`));
