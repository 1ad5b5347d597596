// mcporter: `mcporter list` asks every server for its tools.
import { serversOf } from './connecting.mjs';
import { OTHER, onNode } from './world.mjs';

const { program, missing } = onNode('mcporter', '../.bin/mcporter');

export const mcporter = {
  id: 'mcporter',
  name: 'mcporter',
  missing,
  file: '.mcporter/mcporter.json',
  text: `{
  // Whatever a person notes.
  "mcpServers": {
    "other": ${JSON.stringify({ command: OTHER.program, args: OTHER.words })} // Mine.
  }
}
`,
  deliveries: ['bridge', 'variable'],

  async sees(computer, variables) {
    const { stdout } = await computer.says(program, ['list', '--json'], variables);
    const { servers } = JSON.parse(stdout);
    const tools = servers.flatMap(({ name, tools = [] }) => tools.map((tool) => `${name}.${tool.name}`));
    return serversOf(tools, (server, tool) => `${server}.${tool}`);
  },
};
