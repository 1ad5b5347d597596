// Measures the bridge beside a direct connection and mcp-remote. Run by `./dev bench bridge`, inside a keyring
// session. Prints a Markdown table and asserts nothing.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../../clients/places.mjs';
import { startSuperset, stopSuperset } from '../../clients/superset.mjs';
import { Computer } from '../computer.mjs';
import { file, here } from '../packages.mjs';
import { listening } from '../servers.mjs';
import { machine, memory } from './machine.mjs';
import { added, milliseconds, spread, timed, wholeProcesses } from './measure.mjs';
import { putIntoReadme, table } from './table.mjs';
import { Direct, Stdio } from './ways.mjs';

const program = join(process.env.CARGO_TARGET_DIR ?? join(cache, 'target'), 'release/superset-keys');
const STARTS = { direct: 40, bridge: 40, remote: 10 };
const ROUNDS = 12;
const ALONE = 300;
const TOGETHER = { many: 16, calls: 1600 };
const NOTIFICATIONS = 20_000;
const ON_SUPERSET = 60;

const progress = (text) => process.stderr.write(`${text}\n`);

/** How each way begins. mcp-remote takes its key from an environment variable; it has no better place. */
function ways(computer, url, key) {
  const header = ['--header', 'Authorization:${AUTH}'];
  const remote = [file('mcp-remote/dist/proxy.js'), url, ...header, '--transport', 'http-only'];
  return {
    direct: () => new Direct({ url, key }),
    bridge: () => new Stdio(computer.entry()),
    remote: () =>
      new Stdio({
        command: process.execPath,
        args: remote,
        env: { ...computer.entry().env, AUTH: `Bearer ${key}` },
      }),
  };
}

const echo = (way) => way.request('tools/call', { name: 'echo', arguments: { text: 'x'.repeat(200) } });

/** One measurement of each way in turn, so that a busy moment hits all of them. */
async function inTurn(names, rounds, measure) {
  const found = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < Math.max(...names.map(rounds)); round += 1) {
    for (const name of names.filter((one) => round < rounds(one))) found[name].push(...(await measure(name, round)));
  }
  return found;
}

async function starts(begin) {
  const names = Object.keys(begin);
  const found = await inTurn(names, (name) => STARTS[name] + 1, async (name, round) => {
    const from = process.hrtime.bigint();
    const way = await begin[name]().greet();
    const taken = milliseconds(from);
    await way.close();
    // The first of each warms the disk's cache.
    return round === 0 ? [] : [taken];
  });
  return Object.fromEntries(names.map((name) => [name, spread(found[name])]));
}

async function alone(open) {
  const found = await inTurn(Object.keys(open), () => ROUNDS + 1, async (name, round) => {
    const taken = await timed(ALONE, 1, () => echo(open[name]));
    return round === 0 ? [] : taken;
  });
  return added(found);
}

async function together(open) {
  const found = await inTurn(Object.keys(open), () => ROUNDS + 1, async (name, round) => {
    const taken = await timed(TOGETHER.calls, TOGETHER.many, () => echo(open[name]));
    return round === 0 ? [] : taken;
  });
  return added(found);
}

async function streams(open) {
  const found = await inTurn(Object.keys(open), () => 6, async (name, round) => {
    const way = open[name];
    const before = way.notifications;
    const from = process.hrtime.bigint();
    await way.request('tools/call', { name: 'many', arguments: { count: NOTIFICATIONS } });
    const seconds = milliseconds(from) / 1000;
    if (way.notifications - before !== NOTIFICATIONS) throw new Error(`${name} lost notifications`);
    return round === 0 ? [] : [NOTIFICATIONS / seconds];
  });
  return Object.fromEntries(Object.entries(found).map(([name, all]) => [name, spread(all)]));
}

async function onSuperset(computer, superset, key) {
  await computer.endpoint(superset.mcp_url);
  const begin = ways(computer, superset.mcp_url, key);
  const open = { direct: await begin.direct().greet(), bridge: await begin.bridge().greet() };
  const call = (way) => way.request('tools/call', { name: 'health_check', arguments: {} });
  const found = await inTurn(Object.keys(open), () => ON_SUPERSET + 5, async (name, round) => {
    const taken = await timed(1, 1, () => call(open[name]));
    return round < 5 ? [] : taken;
  });
  for (const way of Object.values(open)) await way.close();
  return added(found);
}

async function measured() {
  const superset = await startSuperset();
  const computer = await Computer.signedIn(superset, program);
  const key = await computer.plaintext();
  progress('On the real Superset');
  const real = await onSuperset(computer, superset, key);
  progress('Whole processes');
  const processes = await wholeProcesses(computer);
  await stopSuperset();

  const { line: url, stop } = await listening([join(here, 'bench/server.mjs')], 'http://');
  await computer.endpoint(url);
  const begin = ways(computer, url, key);
  progress('Starts');
  const start = await starts(begin);
  const open = {};
  for (const name of Object.keys(begin)) open[name] = await begin[name]().greet();
  const idle = { bridge: memory(open.bridge.pid), remote: memory(open.remote.pid) };
  progress('Requests');
  const one = await alone(open);
  const sixteen = await together(open);
  progress('Notifications');
  const stream = await streams(open);
  const after = { bridge: memory(open.bridge.pid), remote: memory(open.remote.pid) };
  for (const way of Object.values(open)) await way.close();
  stop();
  const size = statSync(program).size / 1e6;
  return { start, one, sixteen, stream, idle, after, real, processes, size };
}

try {
  const written = table(await measured(), machine());
  console.log(written);
  if (process.argv.includes('--write')) putIntoReadme(written);
} finally {
  await stopSuperset();
}
process.exit(0);
