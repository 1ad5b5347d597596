import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { bridges, killed } from './bridges.mjs';
import { Codex } from './codex.mjs';
import { revokedElsewhere } from './superset.mjs';
import { BUS, CALL, LIMIT, MADE_UP, TOOLS, bin, isGamma, isGone, key, person, skipped } from './world.mjs';

export const codexCases = () => describe('Codex', { skip: skipped.codex, concurrency: 1 }, cases);

function cases() {
  const codex = () => new Codex(bin);
  const call = (server) => server.calls(CALL.tool, CALL.args);

  // Printed before the program they name becomes one that lends them the bus.
  const lent = {};
  before(async () => {
    await person.newKey('helped');
    lent.helper = await person.snippet('codex', 'helper', 'config', 'helped');
    lent.bridge = await person.snippet('codex', 'bridge', 'config', 'laptop');
    lent.command = await person.snippet('codex', 'bridge', 'command', 'laptop');
    person.lendTheBus();
  });

  test('bridge', LIMIT, async () => {
    await person.newKey('codex-bridged');
    const mine = codex().configured(await person.snippet('codex', 'bridge', 'config', 'codex-bridged'));
    await mine.runs(BUS, async (server) => {
      assert.deepEqual(await server.lists(), { tools: TOOLS, why: '' });
      isGamma((await call(server)).text);
      await person.revoke('codex-bridged');
      const { text, why } = await call(server);
      assert.equal(text, '');
      assert.match(why, isGone('codex-bridged'));
    });
    const { tools, why } = await mine.sees(BUS);
    assert.deepEqual(tools, []);
    assert.match(why, isGone('codex-bridged'));
  });

  test('bridge, by its command', LIMIT, async () => {
    const mine = await codex().told(lent.command);
    // All but what to hand on, which the command has no words for.
    const inOneLine = (toml) => toml.replaceAll(/\s+/g, ' ').replaceAll('[ ', '[').replaceAll(', ]', ']').trim();
    assert.equal(inOneLine(mine.written()), inOneLine(lent.bridge.replace(/^env_vars = \[[^\]]*\]\n/m, '')));
    await mine.runs({}, async (server) => {
      assert.deepEqual(await server.lists(), { tools: TOOLS, why: '' });
      isGamma((await call(server)).text);
    });
  });

  test('bridge, and the key is replaced while Codex runs', LIMIT, async () => {
    await person.newKey('codex-first');
    await person.makeDefault('codex-first');
    const mine = codex().configured(await person.snippet('codex', 'bridge', 'config'));
    await mine.runs(BUS, async (server) => {
      isGamma((await call(server)).text);
      const [before] = bridges(server.process);
      await person.newKey('codex-second');
      await person.makeDefault('codex-second');
      await person.revoke('codex-first');
      isGamma((await call(server)).text);
      assert.deepEqual(bridges(server.process), [before]);
      await revokedElsewhere(await person.uuid('codex-second'));
      const { text, why } = await call(server);
      assert.equal(text, '');
      assert.match(why, /^Superset Keys: The server does not take this API key: revoked, expired, or from another /);
    });
  });

  test('bridge, and Codex is killed', LIMIT, async () => {
    const mine = codex().configured(await person.snippet('codex', 'bridge', 'config', 'laptop'));
    await mine.runs(BUS, async (server) => {
      isGamma((await call(server)).text);
      await killed(server.process);
    });
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
    const mine = codex().configured(lent.helper);
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
}
