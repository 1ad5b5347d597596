// What all tests of the bridge share: one real Superset and one computer with a key for it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, commandLine } from '../clients/places.mjs';
import { must } from '../clients/process.mjs';
import { startSuperset, stopSuperset } from '../clients/superset.mjs';
import { Computer } from './computer.mjs';

export let superset;
/** Its instance has Superset's own MCP endpoint. */
export let computer;
/** Its instance's endpoint is whatever a test makes it. */
export let elsewhere;
export let key;

export async function open() {
  assert.ok(existsSync(commandLine), `${commandLine} is not built: run this by ./dev test bridge`);
  superset = await startSuperset();
  [computer, elsewhere] = await Promise.all([Computer.signedIn(superset), Computer.signedIn(superset)]);
  key = await computer.plaintext();
}

export const close = stopSuperset;

/** Ends a key on the server, so that nothing on this computer knows. */
export async function revokedBehindItsBack(uuid) {
  const server = join(checkout, 'tests/superset/superset_server.py');
  await must('python3', [server, 'state', 'revoke', '--uuid', uuid, '--run-dir', superset.run_dir], { seconds: 60 });
}
