// Python clients, each in an environment of its own in the cache folder, with exactly pinned packages.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../clients/places.mjs';
import { must } from '../clients/process.mjs';
import { here } from './packages.mjs';

/** The Python that has what `requirements-<name>.txt` lists; makes it when it is not there. */
export async function python(name) {
  const file = join(here, `requirements-${name}.txt`);
  const mark = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 12);
  // An environment knows its own path, so it is made in its place and marked when it is whole.
  const home = join(cache, `bridge-python-${name}-${mark}`);
  const whole = join(home, 'complete');
  const program = join(home, 'bin/python');
  if (existsSync(whole)) return program;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await must('python3', ['-m', 'venv', home], { env: process.env, seconds: 120 });
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  await must(program, ['-m', 'pip', 'install', ...quiet, '-r', file], { env: process.env, seconds: 600 });
  writeFileSync(whole, '');
  return program;
}

/** What a client in Python sees: the server's tools, and what it answers to each call. */
export async function asked(name, entry, calls) {
  const input = JSON.stringify({ entry, calls });
  const program = await python(name);
  const env = { PATH: process.env.PATH, HOME: process.env.HOME };
  return JSON.parse(await must(program, [join(here, 'sdk_client.py')], { env, input, seconds: 60 }));
}
