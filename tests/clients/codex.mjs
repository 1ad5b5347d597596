// Codex, asked over its app-server what its MCP servers offer. No account is needed for that.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { searched } from './installed.mjs';
import { end, must, start, within } from './process.mjs';
import { emptyHome } from './room.mjs';

export class Codex {
  constructor(bin) {
    this.bin = bin;
    this.home = emptyHome();
  }

  /** Puts a snippet where its first line says. */
  configured(text) {
    mkdirSync(join(this.home, '.codex'));
    writeFileSync(join(this.home, '.codex/config.toml'), text, { mode: 0o600 });
    return this;
  }

  async told(command) {
    await must('bash', ['-c', command], { ...this.#computer({}), seconds: 30 });
    return this;
  }

  /** Its file as it is now. */
  written() {
    return readFileSync(join(this.home, '.codex/config.toml'), 'utf8');
  }

  #computer(variables) {
    return { cwd: this.home, env: { HOME: this.home, PATH: searched(this.bin), ...variables } };
  }

  /** The names of the server's tools, and in Codex's words why there are none. */
  async sees(variables = {}) {
    const options = { ...this.#computer(variables), stdio: ['pipe', 'pipe', 'ignore'] };
    const server = start(join(this.bin, 'codex'), ['app-server'], options);
    server.stdin.on('error', () => {});
    const say = (message) => server.stdin.write(`${JSON.stringify(message)}\n`);
    const answer = new Promise((resolve, reject) => {
      server.on('error', reject).on('close', () => reject(new Error('codex app-server ended')));
      createInterface(server.stdout).on('line', (line) => {
        const message = JSON.parse(line);
        if (message.error) reject(new Error(JSON.stringify(message.error)));
        if (message.id === 'tools') resolve(message.result.data);
      });
    });
    try {
      say({ id: 'hello', method: 'initialize', params: { clientInfo: { name: 'test', version: '1' } } });
      say({ method: 'initialized' });
      say({ id: 'tools', method: 'mcpServerStatus/list', params: {} });
      const servers = await within(40, 'codex mcpServerStatus/list', answer);
      const superset = servers.find(({ name }) => name === 'superset');
      if (!superset) throw new Error('codex knows no server called superset');
      return { tools: Object.keys(superset.tools).sort(), why: superset.toolsError ?? '' };
    } finally {
      end(server);
    }
  }
}
