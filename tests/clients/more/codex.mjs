// Codex: its app-server lists every server's tools.
import { join } from 'node:path';
import { AppServer } from '../app-server.mjs';
import { missing } from '../installed.mjs';
import { serversOf } from './connecting.mjs';
import { OTHER, everyRunBin } from './world.mjs';

export const codex = {
  id: 'codex',
  name: 'Codex',
  missing: await missing('codex', everyRunBin),
  file: '.codex/config.toml',
  text: `# Whatever a person notes.
[mcp_servers.other] # Mine.
command = ${JSON.stringify(OTHER.program)}
args = ${JSON.stringify(OTHER.words)}

[history]
persistence = "none"
`,
  deliveries: ['bridge', 'variable'],

  async sees(computer, variables) {
    const server = new AppServer(join(everyRunBin, 'codex'), { cwd: computer.home, env: computer.env(variables) });
    try {
      await server.begins();
      const servers = await server.servers();
      await server.ends();
      const tools = servers.flatMap(({ name, tools }) => Object.keys(tools).map((tool) => `${name}.${tool}`));
      return serversOf(tools, (server, tool) => `${server}.${tool}`);
    } finally {
      server.gone();
    }
  },
};
