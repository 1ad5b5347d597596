// The golden files that the schemas look at are what the real `superset-keys connect` leaves behind: for each client,
// for each way that asks no keychain, for a person's own file and a project's.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { commandLine } from '../places.mjs';
import { must } from '../process.mjs';
import { emptyHome } from '../room.mjs';
import { connected, fixtures } from './files.mjs';

// As core's tests have it.
const KEY = { id: '7-laptop', alias: 'laptop', name: 'laptop', hint: 'sst_…SQIS' };
const PROD = {
  id: '7',
  short_name: 'prod',
  name: 'prod',
  url: 'https://prod.example.com/',
  mcp_url: 'https://prod.example.com/mcp',
  default_key: KEY.id,
  keys: [{ ...KEY, stored_at: '2026-11-20T20:56:50Z', stored: true }],
};
const HEAD = /^(\w+), (a new file|a file with another server): (.*)$/;

let folder, program;
before(() => {
  // A path that no format puts into quotes.
  folder = mkdtempSync(join(tmpdir(), 'superset-keys-'));
  program = join(folder, 'superset-keys');
  copyFileSync(commandLine, program);
});
after(() => rmSync(folder, { recursive: true }));

// Files lie elsewhere on other systems.
const skip = process.platform === 'linux' ? false : `the golden files are Linux's, not those of ${process.platform}`;

describe('superset-keys connect', { concurrency: 2, skip }, () => {
  const clients = readdirSync(join(fixtures, 'connect/written')).map((name) => basename(name, '.txt'));
  for (const client of clients) test(client, { timeout: 120_000 }, () => writes(client));
});

async function writes(client) {
  let compared = 0;
  for (const { what, text } of connected(client)) {
    const [, delivery, before, paths] = HEAD.exec(what);
    if (delivery === 'plaintext') continue;
    for (const path of paths.split(', ')) {
      const found = await written(client, delivery, path, before === 'a new file' ? undefined : given(client));
      assert.equal(found, text.replaceAll('/usr/bin/superset-keys', program), `${delivery} ${path}`);
      compared += 1;
    }
  }
  assert.notEqual(compared, 0);
}

/** The file at this place of a home, after connecting. */
async function written(client, delivery, path, before) {
  const home = emptyHome();
  const project = join(home, 'project');
  mkdirSync(project);
  put(join(home, '.config/superset-keys/state.json'), JSON.stringify({ version: 1, instances: [PROD] }));
  const file = join(home, path.replace('~/', ''));
  if (before !== undefined) put(file, before);
  const scope = path.startsWith('~/project/') ? ['--scope', 'project', '--project', project] : [];
  const env = { HOME: home, PATH: '/usr/bin:/bin' };
  await must(program, ['connect', client, 'prod', '--delivery', delivery, ...scope], { env, cwd: home, seconds: 30 });
  return readFileSync(file, 'utf8');
}

function given(client) {
  const folder = join(fixtures, 'connect/given');
  return readFileSync(join(folder, readdirSync(folder).find((name) => name.startsWith(`${client}.`))), 'utf8');
}

function put(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
