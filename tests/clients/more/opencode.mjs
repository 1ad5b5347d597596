// opencode: `opencode mcp list` connects.
import { missing, program } from '../installed.mjs';
import { ALONE } from '../opencode.mjs';
import { OTHER, everyRunBin } from './world.mjs';

/** A file of opencode's and those made from it, with what they would add themselves. */
export const text = (added) => `{
  ${added}
  // Whatever a person notes.
  "mcp": {
    "other": { "type": "local", "command": ${JSON.stringify([OTHER.program, ...OTHER.words])} }, // Mine.
  },
}
`;

export const connectedIn = ({ stdout }) => [...stdout.matchAll(/✓ (\w+) +connected/g)].map(([, name]) => name).sort();

export const opencode = {
  id: 'opencode',
  name: 'opencode',
  missing: await missing('opencode', everyRunBin),
  file: '.config/opencode/opencode.jsonc',
  text: text('"$schema": "https://opencode.ai/config.json",'),
  deliveries: ['bridge', 'variable'],

  sees: async (computer, variables) =>
    connectedIn(await computer.does(program('opencode', everyRunBin), ['mcp', 'list'], { ...ALONE, ...variables })),
};
