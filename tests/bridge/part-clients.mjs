// Real clients on the real Superset, through the bridge.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { must, within } from '../clients/process.mjs';
import { emptyHome } from '../clients/room.mjs';
import { bin, modernNode } from './packages.mjs';
import { asked } from './python.mjs';
import * as sdk1 from './sdk1.mjs';
import * as sdk2 from './sdk2.mjs';
import { computer, key, revokedBehindItsBack, superset } from './world.mjs';

const TOOLS = ['call_tool', 'get_instance_info', 'health_check', 'search_tools'];
const CALLS = { get_instance_info: { request: {} }, health_check: {} };
const LIMIT = { timeout: 120_000 };
// The first time, packages are installed.
const PATIENT = { timeout: 900_000 };

function isGammas({ tools, answers }) {
  assert.deepEqual(tools, TOOLS);
  assert.equal(JSON.parse(answers.get_instance_info).current_user.username, 'gamma');
  assert.equal(JSON.parse(answers.health_check).status, 'healthy');
}

const textOf = ({ content }) => content.map(({ text }) => text).join('');

/** What a TypeScript client sees, with everything the server says of its tools. */
async function seen(client) {
  try {
    const { tools } = await client.listTools();
    const answers = {};
    for (const [name, args] of Object.entries(CALLS)) {
      answers[name] = textOf(await client.callTool({ name, arguments: args }));
    }
    return { tools: tools.map(({ name }) => name).sort(), answers, described: tools };
  } finally {
    await client.close();
  }
}

describe('clients on Superset', () => {
  for (const [name, sdk] of Object.entries({ 'TypeScript SDK 1.x': sdk1, 'TypeScript SDK 2.x': sdk2 })) {
    test(name, LIMIT, async () => {
      const straight = await seen(await sdk.connected(sdk.direct(superset.mcp_url, key)));
      const across = await seen(await sdk.connected(sdk.bridged(computer.entry())));
      isGammas(across);
      assert.deepEqual(across.described, straight.described);
    });
  }

  for (const name of ['mcp-1', 'mcp-2', 'fastmcp']) {
    test(`Python, ${name}`, PATIENT, async () => isGammas(await asked(name, computer.entry(), CALLS)));
  }

  test('the Inspector', LIMIT, async () => {
    const { tools } = await inspected('tools/list');
    const answers = {};
    for (const [name, args] of Object.entries(CALLS)) {
      const given = Object.entries(args).map(([word, value]) => `${word}=${JSON.stringify(value)}`);
      const more = given.length > 0 ? ['--tool-arg', ...given] : [];
      answers[name] = textOf(await inspected('tools/call', '--tool-name', name, ...more));
    }
    isGammas({ tools: tools.map(({ name }) => name).sort(), answers });
  });
});

async function inspected(method, ...more) {
  const home = emptyHome();
  const config = join(home, 'clients.json');
  writeFileSync(config, JSON.stringify({ mcpServers: { superset: { type: 'stdio', ...computer.entry() } } }));
  const args = ['--cli', '--config', config, '--server', 'superset', '--method', method, ...more];
  const env = { ...computer.entry().env, HOME: home };
  return JSON.parse(await must(modernNode, [join(bin, 'mcp-inspector'), ...args], { env, seconds: 60 }));
}

describe('what cannot work says what to do', () => {
  test('a key revoked on this computer', LIMIT, async () => {
    await computer.newKey('given-up');
    await computer.revoke('given-up');
    assert.match(await refusal('test', '--key', 'given-up'), /keys create test/);
  });

  test('a key revoked elsewhere', LIMIT, async () => {
    await revokedBehindItsBack(await computer.newKey('taken'));
    assert.match(await refusal('test', '--key', 'taken'), /keys (list|create)/);
  });

  test('an instance that is not there', LIMIT, async () => {
    assert.match(await refusal('nowhere'), /nowhere.*instances list/s);
  });

  /** The message a client gets for its first request. */
  async function refusal(...words) {
    const client = sdk1.newClient();
    const refused = client.connect(sdk1.bridged(computer.entry(...words))).then(
      () => assert.fail('It was let in'),
      (error) => error,
    );
    const { code, message } = await within(30, 'the bridge', refused);
    assert.equal(typeof code, 'number', message);
    assert.ok(!message.includes('sst_'), 'a key in a message');
    await client.close();
    return message;
  }
});
