// Kilo: `kilo mcp list` connects. It is made from opencode.
import { connectedIn, text } from './opencode.mjs';
import { packaged } from './world.mjs';

const { program, missing } = packaged('@kilocode/cli-linux-x64-baseline', 'bin/kilo');
// It would look for newer versions, for models and for packages of its own.
const ALONE = {
  npm_config_registry: 'http://127.0.0.1:9',
  KILO_DISABLE_AUTOUPDATE: 'true',
  KILO_DISABLE_DEFAULT_PLUGINS: 'true',
  KILO_DISABLE_MODELS_FETCH: 'true',
};

export const kilo = {
  id: 'kilo',
  name: 'Kilo',
  missing,
  file: '.config/kilo/kilo.jsonc',
  text: text('"$schema": "https://app.kilo.ai/config.json", "permission": { "bash": "allow" },'),
  deliveries: ['bridge', 'variable'],

  sees: async (computer, variables) =>
    connectedIn(await computer.does(program, ['mcp', 'list'], { ...ALONE, ...variables })),
};
