// Cline: its own list does not connect, so a model of ours tells whose tools it is offered, and calls one.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { chatCompletions } from '../chat-completions.mjs';
import { jsonText, talked } from './connecting.mjs';
import { OTHER, packaged } from './world.mjs';

const { program, missing } = packaged('@cline/cli-linux-x64', 'bin/cline');

export const cline = {
  id: 'cline',
  name: 'Cline',
  missing,
  file: '.cline/data/settings/cline_mcp_settings.json',
  text: jsonText('mcpServers', { command: OTHER.program, args: OTHER.words, disabled: false }),
  deliveries: ['bridge', 'plaintext'],

  sees: (computer, variables) =>
    talked(chatCompletions, (server, tool) => `${server}__${tool}`, async (url) => {
      // What it leaves running listens somewhere; not where another home's does.
      const ours = { CLINE_HUB_PORT: String(await freePort()), CLINE_NO_AUTO_UPDATE: '1', ...variables };
      const model = ['--modelid', 'model', '--apikey', 'of-no-use', '--baseurl', `${url}/v1`];
      await computer.does(program, ['auth', 'openai-compatible', ...model], ours);
      const words = ['--provider', 'openai-compatible', '--model', 'model', '--json', 'Say hello'];
      const said = await computer.does(program, words, ours);
      computer.ends();
      return said;
    }),
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
