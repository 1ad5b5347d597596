// GitHub Copilot CLI: its own list does not connect, so a model of ours tells whose tools it is offered, and calls
// one: it remembers tools that it was once given.
import { join } from 'node:path';
import { chatCompletions } from '../chat-completions.mjs';
import { room } from '../room.mjs';
import { jsonText, talked } from './connecting.mjs';
import { OTHER, packaged } from './world.mjs';

const { program, missing } = packaged('@github/copilot-linux-x64', 'copilot');

export const copilot = {
  id: 'copilot',
  name: 'GitHub Copilot CLI',
  missing,
  file: '.copilot/mcp-config.json',
  text: jsonText('mcpServers', { type: 'local', command: OTHER.program, args: OTHER.words, tools: ['*'] }),
  deliveries: ['bridge', 'variable'],

  sees: (computer, variables) =>
    talked(chatCompletions, (server, tool) => `${server}-${tool}`, (url) => {
      const ours = {
        COPILOT_OFFLINE: 'true',
        COPILOT_AUTO_UPDATE: 'false',
        COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
        COPILOT_MODEL: 'gpt-4.1',
        // It unpacks itself there, 190 MB.
        XDG_CACHE_HOME: join(room, 'copilot'),
      };
      return computer.does(program, ['--allow-all-tools', '--prompt', 'Hello'], { ...ours, ...variables });
    }),
};
