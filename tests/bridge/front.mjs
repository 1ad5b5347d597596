// A streamable-HTTP server in front of a stdio one: one process per session, messages handed over as they are.
// It lets the conformance suite, which knows HTTP servers only, examine what comes out of the bridge.
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { end, start } from '../clients/process.mjs';
import { load } from './packages.mjs';

const { StreamableHTTPServerTransport } = await load('@modelcontextprotocol/sdk/server/streamableHttp.js');

/** `entry` says how the stdio server is started. */
export async function front(entry) {
  const sessions = new Map();
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writableEnded || response.writeHead(500).end(error.message));
  });

  async function answer(request, response) {
    const id = request.headers['mcp-session-id'];
    const known = sessions.get(id);
    if (id && !known) return response.writeHead(404).end();
    const session = known ?? (await opened(entry, sessions));
    return session.handleRequest(request, response);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    for (const session of sessions.values()) await session.close();
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/mcp`, stop };
}

async function opened({ command, args, env }, sessions) {
  const child = start(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, transport),
  });
  const open = [];
  transport.onmessage = (message) => {
    if (message.method && message.id !== undefined) open.push(message.id);
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  createInterface(child.stdout).on('line', (line) => {
    const message = JSON.parse(line);
    const answered = message.method ? -1 : open.indexOf(message.id);
    if (answered >= 0) open.splice(answered, 1);
    // stdio does not tell what a message of the server's own belongs to: it goes with the newest open request.
    const relatedRequestId = message.method ? open.at(-1) : undefined;
    transport.send(message, { relatedRequestId }).catch(() => {});
  });
  transport.onclose = () => {
    sessions.delete(transport.sessionId);
    child.stdin.end();
  };
  child.on('close', () => end(child));
  await transport.start();
  return transport;
}
