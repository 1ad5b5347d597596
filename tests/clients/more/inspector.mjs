// MCP Inspector: a person says which file it reads, so it is a snippet that is tried, not `connect`. Of the
// environment it hands on only what it is told to.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { revokedElsewhere } from '../superset.mjs';
import { Computer } from './computer.mjs';
import { refused, served } from './connecting.mjs';
import { TOOLS, onNode, person, witness } from './world.mjs';

const { program, missing } = onNode('@modelcontextprotocol/inspector', '../../.bin/mcp-inspector');

export const inspecting = () =>
  describe('MCP Inspector', { skip: missing, concurrency: 1 }, () => {
    for (const delivery of ['bridge', 'plaintext']) test(delivery, { timeout: 240_000 }, () => inspects(delivery));
  });

async function inspects(delivery) {
  const computer = new Computer();
  try {
    const alias = `inspector-${delivery}`;
    const key = await person.newKey(alias);
    computer.writes('mcp.json', await person.snippet('inspector', delivery, 'config', alias));
    assert.deepEqual(await tools(computer), TOOLS);
    served(key);
    await revokedElsewhere(await person.uuid(alias));
    witness.forgets(key);
    assert.deepEqual(await tools(computer), []);
    refused(key, delivery);
  } finally {
    computer.ends();
  }
}

async function tools(computer) {
  const bus = `DBUS_SESSION_BUS_ADDRESS=${process.env.DBUS_SESSION_BUS_ADDRESS}`;
  const words = ['--cli', '--config', 'mcp.json', '--server', 'superset', '-e', bus, '--method', 'tools/list'];
  const { stdout } = await computer.says(program, words);
  return [...stdout.matchAll(/^ {6}"name": "(\w+)"/gm)].map(([, name]) => name).sort();
}
