// The machine a measurement was taken on, and what processes take on it.
import { readFileSync, readdirSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

export function machine() {
  const [{ model }] = cpus();
  const named = readFileSync('/etc/os-release', 'utf8').match(/^PRETTY_NAME="?([^"\n]*)/m)?.[1] ?? type();
  const memory = Math.round(totalmem() / 2 ** 30);
  const system = `${named}, Linux ${release().split('-')[0]}, Node.js ${process.versions.node}`;
  return `${cpus().length} cores of ${model.trim()}, ${memory} GB, ${system}`;
}

/** Of a process and all it started, in MB: resident, and its fair share of what is shared. */
export function memory(pid) {
  const sum = { rss: 0, pss: 0 };
  for (const one of tree(pid)) {
    const rollup = readFileSync(`/proc/${one}/smaps_rollup`, 'utf8');
    sum.rss += kilobytes(rollup, 'Rss') / 1024;
    sum.pss += kilobytes(rollup, 'Pss') / 1024;
  }
  return sum;
}

const kilobytes = (rollup, name) => Number(rollup.match(new RegExp(`^${name}: +(\\d+) kB`, 'm'))[1]);

function tree(pid) {
  const threads = readdirSync(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
  );
  return [pid, ...children.flatMap(tree)];
}
