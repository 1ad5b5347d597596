// Programs with a hard time limit. Whatever they started goes with them.
import { spawn } from 'node:child_process';

const running = new Set();
process.on('exit', () => {
  for (const child of running) end(child);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** A program in a process group of its own. */
export function start(program, args, options) {
  const child = spawn(program, args, { detached: true, ...options });
  running.add(child);
  return child;
}

/** Ends a started program and its group. */
export function end(child) {
  running.delete(child);
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody of it is left.
  }
}

/** The answer, or a refusal in plain words when there is none within `seconds`. */
export async function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, refuse) => {
    timer = setTimeout(() => refuse(new Error(`${what}: no answer within ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a program to its end. Standard input is `input` or empty. `begun` and `ended` are given the process; `ended`
 * is waited for before whatever the program left behind is ended too.
 */
export async function run(program, args, { seconds, input = '', begun, ended, ...options }) {
  const child = start(program, args, options);
  begun?.(child);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr']) {
    child[stream].setEncoding('utf8').on('data', (text) => (said[stream] += text));
  }
  child.stdin.on('error', () => {}).end(input);
  const closed = new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code: code ?? signal, ...said }));
  });
  try {
    const result = await within(seconds, program, closed);
    await ended?.(child);
    return result;
  } catch (error) {
    throw new Error(`${error.message}\n${masked(said.stdout + said.stderr)}`, { cause: error });
  } finally {
    end(child);
  }
}

/** As `run`, and the program must be content. */
export async function content(program, args, options) {
  const { code, ...said } = await run(program, args, options);
  if (code !== 0) throw new Error(`${program} answered ${code}\n${masked(said.stdout + said.stderr)}`);
  return said;
}

/** As `content`. Answers what it printed. */
export const must = async (...program) => (await content(...program)).stdout;

/** Text for a test's report. */
export const masked = (text) => text.replaceAll(/sst_[\w-]{4,}/g, 'sst_…');
