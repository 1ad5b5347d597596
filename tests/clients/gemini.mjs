// Gemini CLI: what `gemini mcp list` says of the server, which of its tools the model is offered, and what it is
// told when it calls one.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noBridges } from './bridges.mjs';
import { searched } from './installed.mjs';
import { conversed, events } from './model.mjs';
import { content, masked, run } from './process.mjs';
import { emptyHome } from './room.mjs';

export const TRUSTED = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };

const spoken = (...parts) =>
  events(JSON.stringify({ candidates: [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }] }));

/** What it speaks with a model. */
export const generateContent = {
  tools: ({ tools = [] }) =>
    tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations.map(({ name }) => name)),
  results: ({ contents = [] }) =>
    contents
      .flatMap(({ parts }) => parts)
      .filter(({ functionResponse }) => functionResponse)
      .map(({ functionResponse: { response } }) => response.error ?? unwrapped(response.output)),
  call: (name, args) => spoken({ functionCall: { name, args } }),
  text: (text) => spoken({ text }),
};

/** Gemini CLI wraps what a server says, so that the model does not take orders from it. */
const unwrapped = (output) => output.replace(/^<untrusted_context>\n([^]*)\n<\/untrusted_context>$/, '$1');

export class Gemini {
  constructor(bin) {
    this.bin = bin;
    this.home = emptyHome();
  }

  configured(text) {
    mkdirSync(join(this.home, '.gemini'));
    writeFileSync(join(this.home, '.gemini/settings.json'), text, { mode: 0o600 });
    return this;
  }

  /** `typed` goes to what the command asks for. */
  async told(command, { typed = '', ...variables } = {}) {
    await content('bash', ['-c', command], { ...this.#computer(variables), input: typed });
    return this;
  }

  #computer(variables) {
    const env = { HOME: this.home, PATH: searched(this.bin), ...variables };
    return { cwd: this.home, env, seconds: 60, ended: noBridges };
  }

  /** One word, such as Connected. */
  async says(variables = {}, trust = TRUSTED) {
    // It lists on stderr.
    const computer = this.#computer({ ...trust, ...variables });
    const { stdout, stderr } = await content('gemini', ['mcp', 'list'], computer);
    const line = `${stdout}\n${stderr}`.split('\n').find((text) => text.includes(' superset: '));
    if (!line) throw new Error(`gemini mcp list does not name superset:\n${masked(stdout + stderr)}`);
    return line.trim().split(' ').at(-1);
  }

  /**
   * Looks until it says that word, four times at most: it gives a server five seconds, and a busy computer may need
   * another look. Each miss is told, with what it says at length.
   */
  async comesToSay(word, variables) {
    for (let looks = 1; ; looks += 1) {
      const said = await this.says(variables);
      if (said === word || looks === 4) return said;
      const computer = this.#computer({ ...TRUSTED, ...variables });
      const { stdout, stderr } = await content('gemini', ['--debug', 'mcp', 'list'], computer);
      console.error(`gemini mcp list said ${said}, then\n${masked(stdout + stderr)}`);
    }
  }

  /** A conversation with our model, as `model.mjs` tells; with `debug`, `said` holds what is logged for a person. */
  converses(variables = {}, { afterCall, debug = false, ...plan } = {}) {
    let client;
    const hooked = { ...plan, afterCall: afterCall && (() => afterCall(client)) };
    return conversed(generateContent, 'mcp_superset_', hooked, (url) => {
      const ours = {
        GOOGLE_GENAI_USE_VERTEXAI: 'true',
        GOOGLE_VERTEX_BASE_URL: url,
        GOOGLE_API_KEY: 'of-no-use',
      };
      // Tools that would need a yes are not even offered where nobody can give it.
      const args = ['--model', 'gemini-2.5-flash', '--approval-mode', 'yolo', '--prompt', 'Hello'];
      const computer = this.#computer({ ...TRUSTED, ...ours, ...variables });
      // Where it is killed, it cannot be content.
      const to = afterCall ? run : content;
      return to('gemini', debug ? ['--debug', ...args] : args, { ...computer, begun: (child) => (client = child) });
    });
  }

  /** The server's tools among those that a model is offered. */
  async offers(variables) {
    return (await this.converses(variables)).offered;
  }
}
