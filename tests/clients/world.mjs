// What all clients are tried in: a real Superset, the installed clients, and a person with one key.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { forget, installed, mayCome, missing } from './installed.mjs';
import { Person } from './person.mjs';
import { commandLine } from './places.mjs';
import { startSuperset, stopSuperset } from './superset.mjs';

export const TOOLS = ['call_tool', 'get_instance_info', 'health_check', 'search_tools'];
/** A call that only somebody with a key may make; its answer says who that is. */
export const CALL = { tool: 'get_instance_info', args: { request: {} } };
export const MADE_UP = `sst_${'A'.repeat(43)}`;
export const LIMIT = { timeout: 180_000 };
/** Where the keychain is: a client must hand that on to the bridge it starts. */
export const BUS = { DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS };

assert.ok(existsSync(commandLine), `${commandLine} is not built: run this by ./dev test clients`);
export const bin = await installed();
export const skipped = {
  codex: await missing('codex', bin),
  gemini: await missing('gemini', bin),
  opencode: await missing('opencode', bin),
};
for (const [client, why] of Object.entries(skipped)) {
  if (why) console.error(`SKIPPED, NOT TESTED: ${client}: ${why}`);
}
if (Object.entries(skipped).some(([client, why]) => why && mayCome(client))) process.on('exit', () => forget(bin));

export let person;
/** The text of the person's key, whose alias is laptop. */
export let key;

export async function begins() {
  const { web_url: url, mcp_url: mcpUrl } = await startSuperset();
  person = await Person.signedIn(url, mcpUrl);
  key = await person.newKey('laptop');
}

export const ends = stopSuperset;

/** The call was made with a key of ours. */
export function isGamma(answer) {
  let user;
  try {
    user = JSON.parse(answer).current_user.username;
  } catch {
    assert.fail(`not what get_instance_info answers: ${answer}`);
  }
  assert.equal(user, 'gamma');
}

/** The bridge's sentence on a key that was revoked here, which the client must let a person see. */
export const isGone = (alias) => new RegExp(`Superset Keys: The key ${alias} is .* \`superset-keys keys create test `);
