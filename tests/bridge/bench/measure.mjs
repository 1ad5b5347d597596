// Time taken, and what many measurements say together.
import { spawnSync } from 'node:child_process';

/** Since a moment that `process.hrtime.bigint` told. */
export const milliseconds = (from) => Number(process.hrtime.bigint() - from) / 1e6;

/** How long each of `count` calls took, with `many` under way at any time. */
export async function timed(count, many, call) {
  const taken = [];
  let left = count;
  const one = async () => {
    while (left > 0) {
      left -= 1;
      const from = process.hrtime.bigint();
      await call();
      taken.push(milliseconds(from));
    }
  };
  await Promise.all(Array.from({ length: many }, one));
  return taken;
}

export function spread(all) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length };
}

/** The spread of every way, and what each adds to the direct one. */
export function added(found) {
  const direct = spread(found.direct);
  return Object.fromEntries(
    Object.entries(found).map(([name, all]) => {
      const own = spread(all);
      const more = Object.fromEntries(['p50', 'p95', 'p99'].map((part) => [part, own[part] - direct[part]]));
      return [name, { ...own, added: more }];
    }),
  );
}

/**
 * `superset-keys headers` as a whole process; beside it `secret-tool lookup`, where it is installed, and a program
 * that does nothing, which is what any process costs here.
 */
export async function wholeProcesses(computer) {
  const { env } = computer.entry();
  const run = (command, args, input) =>
    spawnSync(command, args, { env, input, stdio: ['pipe', 'pipe', 'ignore'], timeout: 20_000 });
  const all = {
    headers: () => run(computer.program, ['--home', computer.home, 'headers', 'test']),
    nothing: () => run('true', []),
  };
  const label = ['store', '--label', 'bench', 'for', 'bench'];
  if (run('secret-tool', label, 'x').status === 0) {
    all.secretTool = () => run('secret-tool', ['lookup', 'for', 'bench']);
  }
  const found = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
  for (let round = 0; round < 110; round += 1) {
    for (const [name, once] of Object.entries(all)) {
      const from = process.hrtime.bigint();
      const { status } = once();
      if (status !== 0) throw new Error(`${name} answered ${status}`);
      if (round >= 10) found[name].push(milliseconds(from));
    }
  }
  return Object.fromEntries(Object.entries(found).map(([name, taken]) => [name, spread(taken)]));
}
