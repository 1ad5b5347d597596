// Somebody's computer: a home that is theirs alone, and the programs in it.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { noBridges } from '../bridges.mjs';
import { content, masked, run } from '../process.mjs';
import { emptyHome } from '../room.mjs';
import { node } from './world.mjs';

const PATH = [dirname(node.program), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);

export class Computer {
  home = emptyHome();
  /** What the programs said so far, for a test's report. */
  #said = '';

  /** The environment a program is started with: the desktop's own, and `variables`. */
  env(variables = {}) {
    const { DBUS_SESSION_BUS_ADDRESS } = process.env;
    return { HOME: this.home, PATH, LANG: 'C.UTF-8', DBUS_SESSION_BUS_ADDRESS, ...variables };
  }

  /** A file of the home, written as its owner does. */
  writes(file, text) {
    mkdirSync(dirname(join(this.home, file)), { recursive: true });
    writeFileSync(join(this.home, file), text, { mode: 0o600 });
  }

  reads(file) {
    return readFileSync(join(this.home, file), 'utf8');
  }

  /** Runs a program to its end, whatever that is, and answers all it said, without colours. */
  async says(program, args, variables) {
    return this.#ran(run, program, args, variables);
  }

  /** The same, and it must be content. */
  async does(program, args, variables) {
    return this.#ran(content, program, args, variables);
  }

  async #ran(how, program, args, variables) {
    const options = { cwd: this.home, env: this.env(variables), seconds: 90, ended: noBridges };
    const { stdout, stderr } = await how(program, args, options);
    const [plain, besides] = [stdout, stderr].map((text) => text.replaceAll(/\x1b\[[\d;]*m/g, ''));
    this.#said += `\n${besides}${plain}`;
    return { stdout: plain, stderr: besides, all: `${plain}\n${besides}` };
  }

  get said() {
    return masked(this.#said).slice(-4000);
  }

  /** Some leave a program behind that would go on without them, in a session of its own. */
  ends() {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        if (variables.includes(`HOME=${this.home}`)) process.kill(Number(pid), 'SIGKILL');
      } catch {
        // Somebody else's, or gone meanwhile.
      }
    }
  }
}
