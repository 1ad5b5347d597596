// The snippets for people's own programs do what they say: run as they are, they reach the real Superset.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { must, run } from '../clients/process.mjs';
import { emptyHome } from '../clients/room.mjs';
import { file, modernNode } from './packages.mjs';
import { python } from './python.mjs';
import { computer, key } from './world.mjs';

const TOOLS = ['call_tool', 'get_instance_info', 'health_check', 'search_tools'];
const LIMIT = { timeout: 120_000 };
// The first time, packages are installed.
const PATIENT = { timeout: 900_000 };

const code = (client) => computer.says('snippet', client, 'test');
const given = () => ({ PATH: process.env.PATH, SUPERSET_API_KEY: key });

/** A folder with the snippet in it, as a person would save it. */
async function saved(client, name) {
  const folder = emptyHome();
  writeFileSync(join(folder, name), await code(client));
  return folder;
}

describe('code on Superset', () => {
  for (const [client, packages] of [['python', 'mcp-2'], ['python-1', 'mcp-1'], ['fastmcp', 'fastmcp']]) {
    test(client, PATIENT, async () => {
      const program = await python(packages);
      const folder = await saved(client, 'example.py');
      const env = { ...given(), HOME: folder };
      assert.deepEqual(named(await must(program, [join(folder, 'example.py')], { env, seconds: 60 })), TOOLS);
    });
  }

  test('typescript', LIMIT, async () => {
    // Nothing in it is more than JavaScript, so no compiler is needed.
    const folder = await saved('typescript', 'example.mjs');
    mkdirSync(join(folder, 'node_modules/@modelcontextprotocol'), { recursive: true });
    symlinkSync(file('@modelcontextprotocol/sdk'), join(folder, 'node_modules/@modelcontextprotocol/sdk'));
    const env = { ...given(), HOME: folder };
    assert.deepEqual(named(await must(modernNode, [join(folder, 'example.mjs')], { env, seconds: 60 })), TOOLS);
  });

  test('curl', LIMIT, async () => {
    const answer = await must('bash', ['-c', await code('curl')], { env: given(), seconds: 60 });
    assert.match(answer, /"serverInfo"/);
  });

  for (const client of ['openai-agents', 'langchain', 'openai', 'anthropic']) {
    test(`${client} is Python`, PATIENT, async () => {
      const folder = await saved(client, 'example.py');
      const { code: exit, stderr } = await run(await python('mcp-1'), ['-m', 'py_compile', join(folder, 'example.py')], { env: given(), seconds: 60 });
      assert.equal(exit, 0, stderr);
    });
  }
});

const named = (printed) => printed.trim().split('\n').sort();
