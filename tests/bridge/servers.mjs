// Servers that are not Superset.
import { createServer } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { end, start, within } from '../clients/process.mjs';
import { emptyHome } from '../clients/room.mjs';
import { file, modernNode } from './packages.mjs';

export async function freePort() {
  const listening = createServer().listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address();
  listening.close();
  await once(listening, 'close');
  return port;
}

/** A Node program that prints a line when it listens. */
export async function listening(args, says, env = {}) {
  const child = start(modernNode, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: emptyHome(), ...env },
  });
  const ready = new Promise((resolve, reject) => {
    const said = [];
    child.on('error', reject).on('close', () => reject(new Error(`It ended: ${said.join('\n')}`)));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        said.push(line);
        if (line.includes(says)) resolve(line);
      });
    }
  });
  const line = await within(60, args[0], ready);
  return { line, child, stop: () => end(child) };
}

/** The reference server of the protocol's authors. */
export async function everything() {
  const port = await freePort();
  const program = file('@modelcontextprotocol/server-everything/dist/index.js');
  const server = await listening([program, 'streamableHttp'], 'listening on port', { PORT: String(port) });
  return { ...server, url: `http://127.0.0.1:${port}/mcp` };
}
