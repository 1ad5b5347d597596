// droid: what `droid mcp list` says of servers, and whose tools `droid exec --list-tools` knows. Neither needs an
// account.
import assert from 'node:assert/strict';
import { jsonText, serversOf } from './connecting.mjs';
import { OTHER, packaged } from './world.mjs';

const { program, missing } = packaged('@factory/cli-linux-x64-baseline', 'bin/droid');

export const droid = {
  id: 'droid',
  name: 'droid',
  missing,
  file: '.factory/mcp.json',
  text: jsonText('mcpServers', { type: 'stdio', command: OTHER.program, args: OTHER.words }),
  deliveries: ['bridge', 'variable'],

  async sees(computer, variables) {
    const listed = (await computer.does(program, ['mcp', 'list'], variables)).stdout;
    const connected = [...listed.matchAll(/^ +(\w+) +\w+ +connected /gm)].map(([, name]) => name).sort();
    const { stdout } = await computer.does(program, ['exec', '--list-tools'], variables);
    const tools = [...stdout.matchAll(/• (\S+)/g)].map(([, name]) => name);
    assert.deepEqual(serversOf(tools, (server, tool) => `${server}___${tool}`), connected);
    return connected;
  },
};
