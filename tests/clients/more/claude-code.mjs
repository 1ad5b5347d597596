// Claude Code: `claude mcp list` connects to every server and needs no account. The other server is one that it
// wrote itself, beside all else that it keeps in that file. Our entry too, where its program is found; a key it is
// never given.
import { dirname } from 'node:path';
import { OTHER, packaged } from './world.mjs';

const { program, missing } = packaged('@anthropic-ai/claude-code-linux-x64', 'claude');

export const claudeCode = {
  id: 'claude-code',
  name: 'Claude Code',
  missing,
  file: '.claude.json',
  programs: [dirname(program)],
  deliveries: ['bridge', 'helper', 'variable', 'plaintext'],

  lives: (computer) =>
    computer.does(program, ['mcp', 'add', '--scope', 'user', 'other', '--', OTHER.program, ...OTHER.words]),

  async sees(computer, variables) {
    const { stdout } = await computer.does(program, ['mcp', 'list'], variables);
    return [...stdout.matchAll(/^(\w+): .* - ✔ Connected$/gm)].map(([, name]) => name).sort();
  },
};

export const claudeCodeUnfound = {
  ...claudeCode,
  name: 'Claude Code, its program not found',
  programs: [],
  deliveries: ['bridge', 'helper', 'variable'],
};
