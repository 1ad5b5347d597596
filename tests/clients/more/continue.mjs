// Continue's `cn`: a model of ours tells whose tools it is offered, and calls one.
import { chatCompletions } from '../chat-completions.mjs';
import { talked } from './connecting.mjs';
import { OTHER, onNode } from './world.mjs';

const { program, missing } = onNode('@continuedev/cli', '../../.bin/cn');

export const continueDev = {
  id: 'continue',
  name: 'Continue',
  missing,
  file: '.continue/config.yaml',
  text: `# Whatever a person notes.
name: Mine
version: 0.0.1
schema: v1
mcpServers:
  - name: other # Mine.
    command: ${JSON.stringify(OTHER.program)}
    args: ${JSON.stringify(OTHER.words)}
models:
  - name: model
    provider: openai
    model: model
    apiBase: "\${{ secrets.MODEL }}"
    apiKey: of-no-use
    capabilities: [tool_use]
`,
  deliveries: ['bridge', 'variable'],

  // It names tools without their server. Without a window it gives up when one server fails, and says which.
  async sees(computer, variables) {
    let failed = false;
    const start = async (url) => {
      const ours = { MODEL: `${url}/v1`, CONTINUE_TELEMETRY_ENABLED: '0' };
      const { all } = await computer.says(program, ['--auto', '--print', 'Hello'], { ...ours, ...variables });
      failed = /MCP server\(s\) failed to load:\\nsuperset: /.test(all);
    };
    try {
      return await talked(chatCompletions, (_server, tool) => tool, start);
    } catch (error) {
      if (failed) return ['other'];
      throw error;
    }
  },
};
