// The guard and the record on the real Superset, which hides its tools behind search_tools and call_tool.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as sdk1 from './sdk1.mjs';
import * as sdk2 from './sdk2.mjs';
import { computer } from './world.mjs';

const LIMIT = { timeout: 120_000 };
const textOf = ({ content }) => content.map(({ text }) => text).join('');
const call = (client, name, args = {}) => client.callTool({ name, arguments: args });

async function held(sdk, rules, run) {
  const client = await sdk.connected(sdk.bridged(computer.entry('test', ...rules)));
  try {
    return await run(client);
  } finally {
    await client.close();
  }
}

/** Every tool that any search finds. */
async function found(client) {
  const words = ['run a sql query', 'create a chart', 'update dashboard', 'list charts', 'get dataset info', 'save sql', 'explore link'];
  const names = new Set();
  for (const query of words) {
    for (const { name } of JSON.parse(textOf(await call(client, 'search_tools', { query })))) names.add(name);
  }
  return [...names].sort();
}

const isRefused = (promise, reason = 'tool_not_allowed') =>
  assert.rejects(promise, (error) => {
    assert.match(error.message, /guard on this computer/);
    assert.equal(error.data.reason, reason);
    return true;
  });

describe('the guard on Superset', () => {
  for (const [name, sdk] of Object.entries({ 'TypeScript SDK 1.x': sdk1, 'TypeScript SDK 2.x': sdk2 })) {
    test(`reading only, ${name}`, LIMIT, () =>
      held(sdk, ['--allow', 'read'], async (client) => {
        const all = await held(sdk, [], found);
        assert.ok(all.includes('execute_sql') && all.includes('generate_chart') && all.includes('list_charts'), `${all}`);
        const reads = await found(client);
        assert.ok(reads.includes('list_charts') && reads.includes('open_sql_lab_with_context'), `${reads}`);
        assert.deepEqual(reads.filter((tool) => !/^(get|list|open)_/.test(tool)), []);

        assert.equal(JSON.parse(textOf(await call(client, 'health_check'))).status, 'healthy');
        const charts = textOf(await call(client, 'call_tool', { name: 'list_charts', arguments: { request: {} } }));
        assert.ok('charts' in JSON.parse(charts), charts);
        const sql = { request: { database_id: 1, sql: 'SELECT 1' } };
        await isRefused(call(client, 'execute_sql', sql));
        await isRefused(call(client, 'call_tool', { name: 'execute_sql', arguments: sql }));
        await isRefused(call(client, 'call_tool', { name: 'call_tool', arguments: { name: 'execute_sql', arguments: sql } }));
        await isRefused(call(client, 'call_tool', { name: 'generate_chart', arguments: '{}' }));
        await isRefused(call(client, 'call_tool', 'execute_sql'), 'call_unclear').catch((error) => {
          // A client may look at its own call first.
          assert.match(String(error), /invalid|expected|guard/i);
        });
      }));
  }

  test('what is allowed beside reading reaches the server, which decides', LIMIT, () =>
    held(sdk1, ['--allow', 'read', '--allow', 'execute_sql'], async (client) => {
      const sql = { request: { database_id: 1, sql: 'SELECT 1' } };
      assert.match(textOf(await call(client, 'execute_sql', sql)), /Permission denied/);
    }));

  test('what is denied is left out of the list of tools, and the rest is as it was', LIMIT, async () => {
    const list = async (client) => (await client.listTools()).tools;
    const all = await held(sdk1, [], list);
    const left = await held(sdk1, ['--deny', 'health_*'], list);
    assert.deepEqual(left, all.filter(({ name }) => name !== 'health_check'));
  });

  test('all of it is on record, and nothing that was said', LIMIT, async () => {
    await held(sdk1, ['--deny', 'generate_chart'], async (client) => {
      await call(client, 'call_tool', { name: 'list_datasets', arguments: { request: { search: 'canary-of-a-question' } } });
      await isRefused(call(client, 'call_tool', { name: 'generate_chart', arguments: {} }));
    });
    const { data } = JSON.parse(await computer.says('activity', 'test', '--client', 'proof', '--json'));
    const [refused, listed] = data.rows;
    assert.deepEqual([refused.tool, refused.outcome, refused.ms], ['generate_chart', 'refused', null]);
    assert.deepEqual([listed.tool, listed.outcome, listed.key_name], ['list_datasets', 'done', 'k']);
    assert.deepEqual([listed.client.name, listed.client.version, listed.client.program], ['proof', '1.0.0', 'node']);
    assert.ok(listed.ms > 0 && listed.bytes > 100);
    assert.ok(data.rows.some(({ tool, outcome }) => tool === 'execute_sql' && outcome === 'not_allowed'));
    assert.ok(!JSON.stringify(data).includes('canary'));
    // The server tells of the last use, and the record tells whose it was.
    const keys = JSON.parse(await computer.says('keys', 'list', 'test', '--json')).data.keys;
    const used = keys.find(({ alias }) => alias === 'k').last_used_by;
    assert.equal(used.kind, 'call');
    assert.equal(used.client, 'proof');
  });
});
