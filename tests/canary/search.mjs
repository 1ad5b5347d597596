// `search.py`, asked by a story of the real window.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = join(dirname(fileURLToPath(import.meta.url)), 'search.py');

/** What of these secrets is in these folders, each by a name, where it is not meant to be. */
export function search(secrets, folders, meant = []) {
  const done = spawnSync('python3', [script], { input: JSON.stringify({ secrets, folders, meant }), encoding: 'utf8', maxBuffer: 1e8 });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

/** Arguments and environment of every process that was started for this home, as files in a folder. */
export function keepProcesses(home, folder) {
  mkdirSync(folder, { recursive: true });
  let seen = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environ = readFileSync(`/proc/${pid}/environ`);
      if (!environ.toString('latin1').split('\0').includes(`SUPERSET_KEYS_HOME=${home}`)) continue;
      writeFileSync(join(folder, `${pid}-environ`), environ);
      writeFileSync(join(folder, `${pid}-cmdline`), readFileSync(`/proc/${pid}/cmdline`));
      seen += 1;
    } catch {
      // It has ended, or is another person's.
    }
  }
  return seen;
}
