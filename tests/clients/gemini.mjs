// Gemini CLI: what `gemini mcp list` says of the server, and which of its tools the model is offered.
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { searched } from './installed.mjs';
import { content, masked } from './process.mjs';
import { emptyHome } from './room.mjs';

const TRUSTED = { GEMINI_CLI_TRUST_WORKSPACE: 'true' };

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
    await this.#run('bash', ['-c', command], variables, typed);
    return this;
  }

  #run(program, args, variables, input) {
    const env = { HOME: this.home, PATH: searched(this.bin), ...variables };
    return content(program, args, { cwd: this.home, env, input, seconds: 60 });
  }

  /** One word, such as Connected. */
  async says(variables = {}, trust = TRUSTED) {
    // It lists on stderr.
    const { stdout, stderr } = await this.#run('gemini', ['mcp', 'list'], { ...trust, ...variables });
    const line = `${stdout}\n${stderr}`.split('\n').find((text) => text.includes(' superset: '));
    if (!line) throw new Error(`gemini mcp list does not name superset:\n${masked(stdout + stderr)}`);
    return line.trim().split(' ').at(-1);
  }

  /** The server's tools among those that a model is offered. The model is ours and wants none of them. */
  async offers(variables = {}) {
    const offered = [];
    const model = createServer(async (request, response) => {
      const said = JSON.parse(Buffer.concat(await request.toArray()).toString() || '{}');
      for (const { functionDeclarations = [] } of said.tools ?? []) {
        offered.push(...functionDeclarations.map(({ name }) => name));
      }
      const content = { role: 'model', parts: [{ text: 'Hello.' }] };
      const answer = JSON.stringify({ candidates: [{ index: 0, content, finishReason: 'STOP' }] });
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${answer}\n\n`);
    }).listen(0, '127.0.0.1');
    await once(model, 'listening');
    const ours = {
      GOOGLE_GENAI_USE_VERTEXAI: 'true',
      GOOGLE_VERTEX_BASE_URL: `http://127.0.0.1:${model.address().port}`,
      GOOGLE_API_KEY: 'of-no-use',
    };
    try {
      // Tools that would need a yes are not even offered where nobody can give it.
      const args = ['--model', 'gemini-2.5-flash', '--approval-mode', 'yolo', '--prompt', 'Hello'];
      await this.#run('gemini', args, { ...TRUSTED, ...ours, ...variables });
    } finally {
      model.closeAllConnections();
      model.close();
    }
    if (offered.length === 0) throw new Error('gemini never asked the model');
    const prefix = 'mcp_superset_';
    return offered.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)).sort();
  }
}
