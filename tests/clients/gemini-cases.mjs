import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { killed } from './bridges.mjs';
import { Gemini } from './gemini.mjs';
import { BUS, CALL, LIMIT, MADE_UP, TOOLS, bin, isGamma, isGone, key, person, skipped } from './world.mjs';

export const geminiCases = () => describe('Gemini CLI', { skip: skipped.gemini, concurrency: 1 }, cases);

function cases() {
  const gemini = () => new Gemini(bin);

  test('bridge', LIMIT, async () => {
    await person.newKey('gemini-bridged');
    const mine = gemini().configured(await person.snippet('gemini', 'bridge', 'config', 'gemini-bridged'));
    await calls(mine);
    await person.revoke('gemini-bridged');
    assert.equal(await mine.says(BUS), 'Disconnected');
    // It keeps the reason for its log, and for /mcp in its window.
    const { offered, said } = await mine.converses(BUS, { debug: true });
    assert.deepEqual(offered, []);
    assert.match(said.stderr, isGone('gemini-bridged'));
  });

  test('bridge, by its command', LIMIT, async () => {
    await calls(await gemini().told(await person.snippet('gemini', 'bridge', 'command', 'laptop')));
  });

  test('bridge, and the key is revoked while Gemini CLI runs', LIMIT, async () => {
    await person.newKey('gemini-meanwhile');
    const mine = gemini().configured(await person.snippet('gemini', 'bridge', 'config', 'gemini-meanwhile'));
    const beforeCall = () => person.revoke('gemini-meanwhile');
    const { results } = await mine.converses(BUS, { ...CALL, beforeCall });
    assert.equal(results.length, 1);
    assert.match(results[0], isGone('gemini-meanwhile'));
  });

  test('bridge, and Gemini CLI is killed', LIMIT, async () => {
    const mine = gemini().configured(await person.snippet('gemini', 'bridge', 'config', 'laptop'));
    const { results } = await mine.converses(BUS, { ...CALL, afterCall: killed });
    assert.equal(results.length, 1);
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
    assert.equal(await mine.comesToSay('Connected', variables), 'Connected');
    assert.deepEqual(await mine.offers(variables), TOOLS);
  }

  async function doesNotWork(mine, variables) {
    assert.equal(await mine.says(variables), 'Disconnected');
    assert.deepEqual(await mine.offers(variables), []);
  }

  /** Through the bridge it lists, and it calls. */
  async function calls(mine) {
    assert.equal(await mine.comesToSay('Connected', BUS), 'Connected');
    const { offered, results } = await mine.converses(BUS, CALL);
    assert.deepEqual(offered, TOOLS);
    assert.equal(results.length, 1);
    isGamma(results[0]);
  }
}
