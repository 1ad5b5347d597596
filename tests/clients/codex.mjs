// Codex, asked over its app-server what its MCP servers offer, and to call their tools. No account is needed for that.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppServer } from './app-server.mjs';
import { searched } from './installed.mjs';
import { must } from './process.mjs';
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

  /** Answers what `work` answers, given a Codex that runs; then Codex is closed. */
  async runs(variables, work) {
    const server = new AppServer(join(this.bin, 'codex'), this.#computer(variables));
    try {
      await server.begins();
      const answer = await work(server);
      await server.ends();
      return answer;
    } finally {
      server.gone();
    }
  }

  /** The names of the server's tools, and in Codex's words why there are none. */
  sees(variables = {}) {
    return this.runs(variables, (server) => server.lists());
  }
}
