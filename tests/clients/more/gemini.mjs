// Gemini CLI: what `gemini mcp list` says of servers, and whose tools a model of ours is offered.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { TRUSTED, generateContent } from '../gemini.mjs';
import { missing } from '../installed.mjs';
import { jsonText, talked } from './connecting.mjs';
import { OTHER, everyRunBin } from './world.mjs';

const program = join(everyRunBin, 'gemini');

export const gemini = {
  id: 'gemini',
  name: 'Gemini CLI',
  missing: await missing('gemini', everyRunBin),
  file: '.gemini/settings.json',
  text: jsonText('mcpServers', { command: OTHER.program, args: OTHER.words }, { general: { vimMode: true } }),
  deliveries: ['bridge', 'variable'],

  async sees(computer, variables) {
    const { all } = await computer.does(program, ['mcp', 'list'], { ...TRUSTED, ...variables });
    const connected = [...all.matchAll(/^✓ (\w+): .* - Connected$/gm)].map(([, name]) => name).sort();
    const offered = await talked(generateContent, (server, tool) => `mcp_${server}_${tool}`, (url) => {
      const ours = {
        GOOGLE_GENAI_USE_VERTEXAI: 'true',
        GOOGLE_VERTEX_BASE_URL: url,
        GOOGLE_API_KEY: 'of-no-use',
      };
      const words = ['--model', 'gemini-2.5-flash', '--approval-mode', 'yolo', '--prompt', 'Hello'];
      return computer.does(program, words, { ...TRUSTED, ...ours, ...variables });
    });
    assert.deepEqual(offered, connected);
    return connected;
  },
};
