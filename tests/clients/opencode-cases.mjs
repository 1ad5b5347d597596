import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { killed } from './bridges.mjs';
import { Opencode } from './opencode.mjs';
import { BUS, CALL, LIMIT, TOOLS, bin, isGamma, isGone, person, skipped } from './world.mjs';

export const opencodeCases = () => describe('opencode', { skip: skipped.opencode, concurrency: 1 }, cases);

function cases() {
  const opencode = () => new Opencode(bin);

  test('bridge', LIMIT, async () => {
    await person.newKey('opencode-bridged');
    const mine = opencode().configured(await command('opencode-bridged'));
    assert.deepEqual((await mine.says(BUS)).word, 'connected');
    await calls(mine);
    await person.revoke('opencode-bridged');
    const { word, why } = await mine.says(BUS);
    assert.equal(word, 'failed');
    assert.match(why, isGone('opencode-bridged'));
  });

  test('bridge, by its command', LIMIT, async () => {
    const words = await command('laptop');
    const mine = await opencode().told(words);
    assert.deepEqual(mine.written(), { type: 'local', command: words });
    await calls(mine);
  });

  test('bridge, and the key is revoked while opencode runs', LIMIT, async () => {
    await person.newKey('opencode-meanwhile');
    const mine = opencode().configured(await command('opencode-meanwhile'));
    const beforeCall = () => person.revoke('opencode-meanwhile');
    const { results } = await mine.converses(BUS, { ...CALL, beforeCall });
    assert.equal(results.length, 1);
    assert.match(results[0], isGone('opencode-meanwhile'));
  });

  test('bridge, and opencode is killed', LIMIT, async () => {
    const mine = opencode().configured(await command('laptop'));
    const { results } = await mine.converses(BUS, { ...CALL, afterCall: killed });
    assert.equal(results.length, 1);
  });

  /** The bridge's program and words as the snippet has them. */
  async function command(alias) {
    const { superset } = JSON.parse(await person.snippet('opencode', 'bridge', 'config', alias)).mcp;
    assert.deepEqual(superset, { type: 'local', command: superset.command, enabled: true });
    return superset.command;
  }

  async function calls(mine) {
    const { offered, results } = await mine.converses(BUS, CALL);
    assert.deepEqual(offered, TOOLS);
    assert.equal(results.length, 1);
    isGamma(results[0]);
  }
}
