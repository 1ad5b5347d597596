// Claude Desktop is not on npm, so its entries are started here as it starts them: with the key in the file, that is
// `npx mcp-remote`. npx takes the one that is installed, without asking anybody.
import { createInterface } from 'node:readline';
import { noBridges } from '../bridges.mjs';
import { end, start, within } from '../process.mjs';
import { jsonText, serversOf } from './connecting.mjs';
import { OTHER, modules, onNode } from './world.mjs';

const { missing } = onNode('mcp-remote', 'dist/proxy.js');

export const claudeDesktop = {
  id: 'claude-desktop',
  name: "Claude Desktop's entries, and mcp-remote",
  missing,
  file: '.config/Claude/claude_desktop_config.json',
  text: jsonText('mcpServers', { command: OTHER.program, args: OTHER.words }, { globalShortcut: '' }),
  deliveries: ['bridge', 'plaintext'],

  async sees(computer) {
    const { mcpServers } = JSON.parse(computer.reads('.config/Claude/claude_desktop_config.json'));
    const listed = Object.entries(mcpServers).map(async ([name, entry]) =>
      (await listing(computer, entry)).map((tool) => `${name}.${tool}`),
    );
    return serversOf((await Promise.all(listed)).flat(), (server, tool) => `${server}.${tool}`);
  },
};

/** The names of a server's tools; none where it does not come up. */
async function listing(computer, { command, args, env }) {
  const child = start(command, args, { cwd: modules, env: computer.env(env) });
  const asked = new Map();
  const tell = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const ask = (id, method, params) => {
    tell({ id, method, params });
    return new Promise((resolve) => asked.set(id, resolve));
  };
  child.stdin.on('error', () => {});
  child.stderr.resume();
  createInterface(child.stdout).on('line', (line) => {
    const message = JSON.parse(line);
    asked.get(message.id)?.(message);
  });
  const closed = new Promise((resolve) => child.on('error', resolve).on('close', resolve));
  const gone = closed.then(() => ({ error: 'gone' }));
  const client = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const talk = async () => {
    const begun = await Promise.race([ask(1, 'initialize', client), gone]);
    if (begun.error) return [];
    tell({ method: 'notifications/initialized' });
    const { result } = await Promise.race([ask(2, 'tools/list', {}), gone]);
    return result?.tools.map(({ name }) => name) ?? [];
  };
  try {
    return await within(60, command, talk());
  } finally {
    child.stdin.end();
    await noBridges(child);
    end(child);
  }
}
