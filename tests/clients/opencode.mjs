// opencode: what `opencode mcp list` says of the server, which of its tools the model is offered, and what it is
// told when it calls one.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noBridges } from './bridges.mjs';
import { chatCompletions } from './chat-completions.mjs';
import { program, searched } from './installed.mjs';
import { conversed } from './model.mjs';
import { content, masked, run } from './process.mjs';
import { emptyHome } from './room.mjs';

// It would look for newer versions, for models and for packages of its own, none of which the calls need.
export const ALONE = {
  npm_config_registry: 'http://127.0.0.1:9',
  OPENCODE_DISABLE_AUTOUPDATE: 'true',
  OPENCODE_DISABLE_DEFAULT_PLUGINS: 'true',
  OPENCODE_DISABLE_LSP_DOWNLOAD: 'true',
  OPENCODE_DISABLE_MODELS_FETCH: 'true',
};

export class Opencode {
  constructor(bin) {
    this.bin = bin;
    this.home = emptyHome();
    this.folder = join(this.home, '.config/opencode');
  }

  /** Writes an entry by hand, as https://opencode.ai/docs/mcp-servers shows it for local servers. */
  configured(command) {
    const entry = { type: 'local', command, enabled: true };
    const file = { $schema: 'https://opencode.ai/config.json', mcp: { superset: entry } };
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'opencode.json'), JSON.stringify(file), { mode: 0o600 });
    return this;
  }

  /** Has opencode write the entry. */
  async told(command) {
    await content(program('opencode', this.bin), ['mcp', 'add', 'superset', '--', ...command], this.#computer({}));
    return this;
  }

  /** The entry it wrote. */
  written() {
    return JSON.parse(readFileSync(join(this.folder, 'opencode.jsonc'), 'utf8')).mcp.superset;
  }

  #computer(variables) {
    const env = { HOME: this.home, PATH: searched(this.bin), ...ALONE, ...variables };
    return { cwd: this.home, env, seconds: 60, ended: noBridges };
  }

  /** What it shows of the server: a word such as connected, and why not. */
  async says(variables) {
    const { stdout } = await content(program('opencode', this.bin), ['mcp', 'list'], this.#computer(variables));
    const lines = stdout.replaceAll(/\x1b\[\d*m/g, '').split('\n');
    const at = lines.findIndex((line) => line.includes(' superset '));
    if (at === -1) throw new Error(`opencode mcp list does not name superset:\n${masked(stdout)}`);
    return { word: lines[at].trim().split(' ').at(-1), why: lines[at + 1].replace('│', '').trim() };
  }

  /** A conversation with our model, as `model.mjs` tells. */
  converses(variables = {}, { afterCall, ...plan } = {}) {
    let client;
    const hooked = { ...plan, afterCall: afterCall && (() => afterCall(client)) };
    return conversed(chatCompletions, 'superset_', hooked, (url) => {
      const provider = {
        npm: '@ai-sdk/openai-compatible',
        name: 'Ours',
        options: { baseURL: `${url}/v1`, apiKey: 'of-no-use' },
        models: { model: { name: 'Model' } },
      };
      const ours = { model: 'ours/model', small_model: 'ours/model', share: 'disabled', provider: { ours: provider } };
      const computer = this.#computer({ OPENCODE_CONFIG_CONTENT: JSON.stringify(ours), ...variables });
      // Where it is killed, it cannot be content.
      const to = afterCall ? run : content;
      const begun = (child) => (client = child);
      return to(program('opencode', this.bin), ['run', 'Hello'], { ...computer, begun });
    });
  }
}
