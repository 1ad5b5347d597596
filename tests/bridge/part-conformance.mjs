// The conformance suite of the protocol's authors. What passes directly passes through the bridge.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cache } from '../clients/places.mjs';
import { checksOf, clientScenarios, examinedClient, examinedServer, scenariosOf } from './conformance.mjs';
import { front } from './front.mjs';
import { file, here, modernNode } from './packages.mjs';
import { everything, listening } from './servers.mjs';
import { elsewhere } from './world.mjs';

const LIMIT = { timeout: 120_000 };

/** Why a client scenario says nothing about the bridge. */
const LEFT_OUT = {
  'auth/': 'how a client signs in by OAuth; the bridge brings a key instead',
  'sep-2640-': 'what a client does with skills it has read',
};

const VERSIONS = ['2025-11-25', '2026-07-28'];

/** Every check that passed directly passed through the bridge too. */
function asGood(straight, across) {
  assert.deepEqual(lost(straight, across).map((name) => `${name}: ${across[name]}`), []);
  assert.ok(Object.values(straight).includes('SUCCESS'), 'nothing was examined');
}

/** The checks of a run that passed, and did not in another. */
const lost = (one, other) => Object.keys(one).filter((name) => one[name] === 'SUCCESS' && !passed(other[name]));

// A reconnection slightly late is a warning; a busy computer is enough for it.
const passed = (status) => status === 'SUCCESS' || status === 'WARNING';

describe('conformance of a client', () => {
  let scenarios = clientScenarios();
  for (const [part, why] of Object.entries(LEFT_OUT)) {
    const left = scenarios.filter(({ scenario }) => scenario.startsWith(part));
    scenarios = scenarios.filter((kept) => !left.includes(kept));
    test(`${left.length} scenarios ${part}…`, { skip: why });
  }
  for (const { scenario, versions } of scenarios) {
    for (const version of VERSIONS.filter((known) => versions.includes(known))) {
      test(`${scenario}, ${version}`, LIMIT, async () => {
        const straight = await examinedClient(scenario, version, { PROOF_WAY: 'direct' });
        const ours = { PROOF_WAY: 'bridge', PROOF_PROGRAM: elsewhere.program, PROOF_HOME: elsewhere.home };
        asGood(straight, await examinedClient(scenario, version, ours));
      });
    }
  }
});

describe('conformance of a server', () => {
  const [reference, conforming] = [
    file('@modelcontextprotocol/server-everything/dist/index.js'),
    join(here, 'conforming-server.mjs'),
  ];
  const own = { env: { PATH: process.env.PATH, SUPERSET_KEYS_CACHE: cache } };

  test('the reference server', LIMIT, async () => {
    const { url, stop } = await everything();
    const fewer = await examined(url, { command: modernNode, args: [reference, 'stdio'], ...own }).finally(stop);
    assert.ok(fewer > 40, `${fewer} checks`);
  });

  test('a server that has all it asks for', LIMIT, async () => {
    const { line: url, stop } = await listening([conforming, 'http'], 'http://', own.env);
    const all = await examined(url, { command: modernNode, args: [conforming, 'stdio'], ...own }).finally(stop);
    assert.ok(all > 75, `${all} checks`);
  });

  /** How many checks passed directly and through the bridge; `alone` starts the same server without it. */
  async function examined(url, alone) {
    await elsewhere.endpoint(url);
    const straight = await examinedServer(url);
    const across = await through(elsewhere.entry());
    // What turns stdio into HTTP again is none of the bridge's: what that spoils alone is not asked of the bridge.
    for (const scenario of scenariosOf(lost(straight, across))) {
      const fronted = await through(alone, scenario);
      for (const name of checksOf(scenario, lost(straight, fronted))) delete straight[name];
    }
    asGood(straight, across);
    return Object.values(straight).filter((status) => status === 'SUCCESS').length;
  }

  async function through(entry, scenario) {
    const { url, stop } = await front(entry);
    try {
      return await examinedServer(url, scenario);
    } finally {
      await stop();
    }
  }
});
