// Qwen Code: what `qwen mcp list` says of servers, and whose tools a model of ours is offered.
import assert from 'node:assert/strict';
import { chatCompletions } from '../chat-completions.mjs';
import { jsonText, talked } from './connecting.mjs';
import { OTHER, onNode } from './world.mjs';

const { program, missing } = onNode('@qwen-code/qwen-code', '../../.bin/qwen');

export const qwen = {
  id: 'qwen',
  name: 'Qwen Code',
  missing,
  file: '.qwen/settings.json',
  // As it writes the file itself; and a model sees all tools at once, not only one to search for them.
  text: jsonText(
    'mcpServers',
    { command: OTHER.program, args: OTHER.words },
    { $version: 4, tools: { toolSearch: { enabled: false } } },
  ),
  deliveries: ['bridge', 'variable'],

  async sees(computer, variables) {
    const { all } = await computer.does(program, ['mcp', 'list'], variables);
    const connected = [...all.matchAll(/^✓ (\w+): .* - Connected$/gm)].map(([, name]) => name).sort();
    const offered = await talked(chatCompletions, (server, tool) => `mcp__${server}__${tool}`, (url) => {
      // Without the last it may ask the model before it has asked the servers.
      const ours = {
        OPENAI_BASE_URL: `${url}/v1`,
        OPENAI_API_KEY: 'of-no-use',
        OPENAI_MODEL: 'model',
        QWEN_CODE_LEGACY_MCP_BLOCKING: '1',
      };
      const words = ['--auth-type', 'openai', '--yolo', '--prompt', 'Hello'];
      return computer.does(program, words, { ...ours, ...variables });
    });
    assert.deepEqual(offered, connected);
    return connected;
  },
};
