// Somebody with the command line on a computer of their own, signed in as gamma.
import { copyFileSync, linkSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { commandLine } from './places.mjs';
import { must } from './process.mjs';
import { room } from './room.mjs';

const PASSWORD = 'demo-gamma\n';

export class Person {
  constructor() {
    // A copy, because helper snippets name the program they were printed by: see `lendTheBus`.
    mkdirSync(join(room, 'bin'));
    this.program = join(room, 'bin/superset-keys');
    copyFileSync(commandLine, this.program);
  }

  static async signedIn(url, mcpUrl) {
    const person = new Person();
    await person.says('instances', 'add', url, '--name', 'Test', '--mcp-url', mcpUrl, '--json');
    await person.#run(['sign-in', 'test', '--username', 'gamma', '--password-stdin'], PASSWORD);
    return person;
  }

  says(...words) {
    return this.#run(words);
  }

  /** The same where a client lives in this home, and only these folders' programs are found. */
  saysAt(home, folders, ...words) {
    const PATH = [...folders, '/usr/bin', '/bin'].join(delimiter);
    // Those would say that the clients' files are elsewhere.
    return this.#run(words, '', { HOME: home, PATH, XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined });
  }

  #run(words, input, variables) {
    const env = { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys home'), ...variables };
    return must(this.program, words, { env, input, seconds: 30 });
  }

  /** Makes a key and answers its text. */
  async newKey(alias) {
    await this.says('keys', 'create', 'test', '--name', alias, '--alias', alias, '--json');
    return (await this.says('keys', 'print', 'test', alias)).trimEnd();
  }

  revoke(alias) {
    return this.says('keys', 'revoke', 'test', alias, '--yes', '--json');
  }

  async uuid(alias) {
    const { data } = JSON.parse(await this.says('keys', 'list', 'test', '--json'));
    return data.keys.find((key) => key.alias === alias).id;
  }

  makeDefault(alias) {
    return this.says('keys', 'default', 'test', alias, '--json');
  }

  /** Exactly what is printed. Without a key it is for whatever is the default one. */
  snippet(client, delivery, form, key) {
    const named = key ? ['--key', key] : [];
    return this.says('snippet', client, 'test', ...named, '--delivery', delivery, '--as', form);
  }

  /**
   * Codex starts a helper with HOME and PATH alone, and so a bridge whose entry its own command wrote. On a desktop
   * they then find the bus, and with it the keychain, at its usual place, /run/user/<uid>/bus. The private keychain
   * of a test is not there, and a test must not touch the one that is. So the program that snippets have named until
   * now becomes a script that adds the address of the test's bus and goes on as the real one. The snippets stay as
   * they were printed.
   */
  lendTheBus() {
    const behind = join(room, "bin/it's behind");
    mkdirSync(behind);
    const real = join(behind, 'superset-keys');
    linkSync(this.program, real);
    const script = join(room, 'bin/lent');
    const bus = `export DBUS_SESSION_BUS_ADDRESS=${quoted(process.env.DBUS_SESSION_BUS_ADDRESS ?? '')}`;
    writeFileSync(script, `#!/bin/sh\n${bus}\nexec ${quoted(real)} "$@"\n`, { mode: 0o755 });
    renameSync(script, this.program);
    this.program = real;
  }
}

const quoted = (word) => `'${word.replaceAll("'", `'\\''`)}'`;
