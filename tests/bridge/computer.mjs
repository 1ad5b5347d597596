// Somebody's computer with the command line on it, signed in to the real Superset as gamma.
import { join } from 'node:path';
import { commandLine } from '../clients/places.mjs';
import { masked, run } from '../clients/process.mjs';
import { emptyHome } from '../clients/room.mjs';

const PASSWORD = 'demo-gamma\n';
/** What an AI client passes on to what it starts, and the private keychain's bus. */
const PASSED_ON = ['HOME', 'PATH', 'USER', 'DBUS_SESSION_BUS_ADDRESS', 'XDG_RUNTIME_DIR'];

export class Computer {
  constructor(program = commandLine) {
    this.program = program;
    this.home = join(emptyHome(), 'keys home');
  }

  /** With one instance, `test`, and one stored key, `k`. */
  static async signedIn({ web_url: url, mcp_url: mcpUrl }, program) {
    const computer = new Computer(program);
    await computer.says('instances', 'add', url, '--name', 'Test', '--mcp-url', mcpUrl, '--json');
    await computer.#told(['sign-in', 'test', '--username', 'gamma', '--password-stdin'], PASSWORD);
    await computer.newKey('k');
    return computer;
  }

  says(...words) {
    return this.#told(words);
  }

  async #told(words, input) {
    const options = { env: process.env, input, seconds: 60 };
    const { code, stdout, stderr } = await run(this.program, ['--home', this.home, ...words], options);
    if (code !== 0) throw new Error(`superset-keys ${words[0]} answered ${code}: ${masked(stderr)}`);
    return stdout;
  }

  /** Makes a key and answers its uuid. */
  async newKey(alias) {
    const said = await this.says('keys', 'create', 'test', '--name', alias, '--alias', alias, '--json');
    return JSON.parse(said).data.key.id;
  }

  revoke(alias) {
    return this.says('keys', 'revoke', 'test', alias, '--yes', '--json');
  }

  /** The key itself, for the direct way. */
  async plaintext(alias = 'k') {
    return (await this.says('keys', 'print', 'test', alias)).trimEnd();
  }

  /** Lets the instance's MCP endpoint be somewhere else. */
  endpoint(url) {
    return this.says('instances', 'mcp-url', 'test', url);
  }

  /** How an AI client starts the bridge. */
  entry(instance = 'test', ...more) {
    const env = Object.fromEntries(PASSED_ON.filter((name) => process.env[name]).map((n) => [n, process.env[n]]));
    return { command: this.program, args: ['--home', this.home, 'bridge', instance, ...more], env };
  }
}
