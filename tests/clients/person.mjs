// Somebody with the command line on a computer of their own, signed in as gamma.
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

  #run(words, input) {
    const env = { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys home') };
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

  /** Exactly what is printed. */
  snippet(client, delivery, form, key) {
    return this.says('snippet', client, 'test', '--key', key, '--delivery', delivery, '--as', form);
  }

  /**
   * Codex starts a helper with HOME and PATH alone. On a desktop the helper then finds the bus, and with it
   * the keychain, at its usual place, /run/user/<uid>/bus. The private keychain of a test is not there, and
   * a test must not touch the one that is. So the program that helper snippets name becomes a script that
   * adds the address of the test's bus and goes on as the real one. The snippets stay as they were printed.
   */
  lendTheBus() {
    const script = join(room, 'bin/lent');
    const bus = `export DBUS_SESSION_BUS_ADDRESS=${quoted(process.env.DBUS_SESSION_BUS_ADDRESS ?? '')}`;
    writeFileSync(script, `#!/bin/sh\n${bus}\nexec ${quoted(commandLine)} "$@"\n`, { mode: 0o755 });
    renameSync(script, this.program);
    this.program = commandLine;
  }
}

const quoted = (word) => `'${word.replaceAll("'", `'\\''`)}'`;
