// The conformance suite of the protocol's authors. What passes directly passes through the bridge.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { clientScenarios, examinedClient, examinedServer } from './conformance.mjs';
import { front } from './front.mjs';
import { file, modernNode } from './packages.mjs';
import { everything } from './servers.mjs';
import { elsewhere } from './world.mjs';

const LIMIT = { timeout: 120_000 };

/** Why a client scenario says nothing about the bridge. */
const LEFT_OUT = {
  'auth/': 'how a client signs in by OAuth; the bridge brings a key instead',
  'sep-2640-': 'what a client does with skills it has read',
};

/** What the bridge does not do yet. A test that passes nevertheless is not noticed, so look here now and then. */
const NOT_YET = {
  'http-invalid-tool-headers':
    'over HTTP a client leaves out tools with a wrong x-mcp-header; over stdio it need not, and the bridge does not',
};

const VERSIONS = ['2025-11-25', '2026-07-28'];

/** Every check that passed directly passed through the bridge too. */
function asGood(straight, across) {
  const lost = Object.entries(straight).filter(([name, status]) => status === 'SUCCESS' && !passed(across[name]));
  assert.deepEqual(lost.map(([name]) => `${name}: ${across[name]}`), []);
  assert.ok(Object.values(straight).includes('SUCCESS'), 'nothing was examined');
}

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
      test(`${scenario}, ${version}`, { ...LIMIT, todo: NOT_YET[scenario] }, async () => {
        const straight = await examinedClient(scenario, version, { PROOF_WAY: 'direct' });
        const ours = { PROOF_WAY: 'bridge', PROOF_PROGRAM: elsewhere.program, PROOF_HOME: elsewhere.home };
        asGood(straight, await examinedClient(scenario, version, ours));
      });
    }
  }
});

describe('conformance of a server', () => {
  let server;
  before(async () => {
    server = await everything();
    await elsewhere.endpoint(server.url);
  });
  after(() => server?.stop());

  test('the reference server', LIMIT, async () => {
    const straight = await examinedServer(server.url);
    const stdio = [file('@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'];
    const fronted = await through({ command: modernNode, args: stdio, env: { PATH: process.env.PATH } });
    const across = await through(elsewhere.entry());
    // The front that turns stdio into HTTP again is none of the bridge's: it is examined alone as well.
    for (const [name, status] of Object.entries(straight)) {
      if (!passed(fronted[name])) delete straight[name];
      else if (status !== 'SUCCESS') assert.equal(across[name], fronted[name], name);
    }
    asGood(straight, across);
  });

  async function through(entry) {
    const { url, stop } = await front(entry);
    try {
      return await examinedServer(url);
    } finally {
      await stop();
    }
  }
});
