// The snippets in real programs: what `superset-keys snippet` prints, written as the client's file or run as
// a command, makes the pinned Codex and Gemini CLI list the tools of the real MCP server. Run by
// `./dev test clients`. Revoked and made-up keys list nothing, which shows that these tests can fail.
//
// No account and no model is used. A new version of a client: change package.json, then
// `npm install --package-lock-only --omit-lockfile-registry-resolved` in this folder.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { Codex } from './codex.mjs';
import { Gemini } from './gemini.mjs';
import { forget, installed, missing } from './installed.mjs';
import { Person } from './person.mjs';
import { commandLine } from './places.mjs';
import { startSuperset, stopSuperset } from './superset.mjs';

const TOOLS = ['call_tool', 'get_instance_info', 'health_check', 'search_tools'];
const MADE_UP = `sst_${'A'.repeat(43)}`;
const LIMIT = { timeout: 180_000 };
// Where the keychain is: a client must hand that on to the bridge it starts.
const BUS = { DBUS_SESSION_BUS_ADDRESS: process.env.DBUS_SESSION_BUS_ADDRESS };

assert.ok(existsSync(commandLine), `${commandLine} is not built: run this by ./dev test clients`);
const bin = await installed();
const skipped = { codex: await missing('codex', bin), gemini: await missing('gemini', bin) };
for (const [client, why] of Object.entries(skipped)) {
  if (why) console.error(`SKIPPED, NOT TESTED: ${client}: ${why}`);
}
if (skipped.codex || skipped.gemini) process.on('exit', () => forget(bin));

let person;
let key;
before(async () => {
  const { web_url: url, mcp_url: mcpUrl } = await startSuperset();
  person = await Person.signedIn(url, mcpUrl);
  key = await person.newKey('laptop');
});
after(stopSuperset);

describe('Codex', { skip: skipped.codex }, () => {
  const codex = () => new Codex(bin);

  test('bridge', LIMIT, async () => {
    await person.newKey('codex-bridged');
    const text = await person.snippet('codex', 'bridge', 'config', 'codex-bridged');
    const mine = codex().configured(text);
    assert.deepEqual(await mine.sees(BUS), { tools: TOOLS, why: '' });
    await person.revoke('codex-bridged');
    const { tools, why } = await mine.sees(BUS);
    assert.deepEqual(tools, []);
    assert.notEqual(why, '');
  });

  test('bridge, by its command', LIMIT, async () => {
    const text = await person.snippet('codex', 'bridge', 'config', 'laptop');
    const mine = await codex().told(await person.snippet('codex', 'bridge', 'command', 'laptop'));
    // All but what to hand on, which the command has no words for.
    const inOneLine = (toml) => toml.replaceAll(/\s+/g, ' ').replaceAll('[ ', '[').replaceAll(', ]', ']').trim();
    assert.equal(inOneLine(mine.written()), inOneLine(text.replace(/^env_vars = \[[^\]]*\]\n/m, '')));
  });

  test('plaintext', LIMIT, async () => {
    const text = await person.snippet('codex', 'plaintext', 'config', 'laptop');
    assert.deepEqual(await codex().configured(text).sees(), { tools: TOOLS, why: '' });
    await seesNothing(codex().configured(text.replace(key, MADE_UP)));
  });

  test('variable', LIMIT, async () => {
    const mine = codex().configured(await person.snippet('codex', 'variable', 'config', 'laptop'));
    assert.deepEqual(await mine.sees({ SUPERSET_API_KEY: key }), { tools: TOOLS, why: '' });
    await seesNothing(mine, { SUPERSET_API_KEY: MADE_UP });
    const { tools, why } = await mine.sees();
    assert.deepEqual(tools, []);
    assert.match(why, /SUPERSET_API_KEY/);
  });

  test('variable, by its command', LIMIT, async () => {
    const mine = await codex().told(await person.snippet('codex', 'variable', 'command', 'laptop'));
    assert.deepEqual(await mine.sees({ SUPERSET_API_KEY: key }), { tools: TOOLS, why: '' });
    await seesNothing(mine, { SUPERSET_API_KEY: MADE_UP });
  });

  test('a revoked key', LIMIT, async () => {
    const revoked = await person.newKey('codex-gone');
    const written = codex().configured(await person.snippet('codex', 'plaintext', 'config', 'codex-gone'));
    const named = codex().configured(await person.snippet('codex', 'variable', 'config', 'codex-gone'));
    assert.deepEqual((await written.sees()).tools, TOOLS);
    await person.revoke('codex-gone');
    await seesNothing(written);
    await seesNothing(named, { SUPERSET_API_KEY: revoked });
  });

  test('helper', LIMIT, async () => {
    await person.newKey('helped');
    const text = await person.snippet('codex', 'helper', 'config', 'helped');
    person.lendTheBus();
    const mine = codex().configured(text);
    assert.deepEqual(await mine.sees(), { tools: TOOLS, why: '' });
    await person.revoke('helped');
    const { tools, why } = await mine.sees();
    assert.deepEqual(tools, []);
    assert.notEqual(why, '');
  });

  /** The key was sent, and refused. */
  async function seesNothing(mine, variables) {
    const { tools, why } = await mine.sees(variables);
    assert.deepEqual(tools, []);
    assert.match(why, /Auth required/);
  }
});

describe('Gemini CLI', { skip: skipped.gemini }, () => {
  const gemini = () => new Gemini(bin);

  test('bridge', LIMIT, async () => {
    await person.newKey('gemini-bridged');
    const mine = gemini().configured(await person.snippet('gemini', 'bridge', 'config', 'gemini-bridged'));
    await works(mine, BUS);
    await person.revoke('gemini-bridged');
    assert.deepEqual(await mine.offers(BUS), []);
  });

  test('bridge, by its command', LIMIT, async () => {
    await works(await gemini().told(await person.snippet('gemini', 'bridge', 'command', 'laptop')), BUS);
  });

  test('plaintext', LIMIT, async () => {
    const text = await person.snippet('gemini', 'plaintext', 'config', 'laptop');
    await works(gemini().configured(text));
    await doesNotWork(gemini().configured(text.replace(key, MADE_UP)));
  });

  test('plaintext, by its command', LIMIT, async () => {
    const command = await person.snippet('gemini', 'plaintext', 'command', 'laptop');
    assert.ok(!command.includes(key), 'a key in a command would stay in the history of the shell');
    await works(await gemini().told(command, { typed: `${key}\n` }));
  });

  test('variable', LIMIT, async () => {
    const mine = gemini().configured(await person.snippet('gemini', 'variable', 'config', 'laptop'));
    await works(mine, { SUPERSET_API_KEY: key });
    await doesNotWork(mine, { SUPERSET_API_KEY: MADE_UP });
    await doesNotWork(mine);
  });

  test('variable, by its command', LIMIT, async () => {
    const mine = await gemini().told(await person.snippet('gemini', 'variable', 'command', 'laptop'));
    await works(mine, { SUPERSET_API_KEY: key });
    await doesNotWork(mine, { SUPERSET_API_KEY: MADE_UP });
  });

  test('a folder that is not trusted', LIMIT, async () => {
    const mine = gemini().configured(await person.snippet('gemini', 'plaintext', 'config', 'laptop'));
    assert.equal(await mine.says({}, {}), 'Disabled');
  });

  test('a revoked key', LIMIT, async () => {
    await person.newKey('gemini-gone');
    const mine = gemini().configured(await person.snippet('gemini', 'plaintext', 'config', 'gemini-gone'));
    await works(mine);
    await person.revoke('gemini-gone');
    await doesNotWork(mine);
  });

  async function works(mine, variables) {
    assert.equal(await mine.says(variables), 'Connected');
    assert.deepEqual(await mine.offers(variables), TOOLS);
  }

  async function doesNotWork(mine, variables) {
    assert.equal(await mine.says(variables), 'Disconnected');
    assert.deepEqual(await mine.offers(variables), []);
  }
});
