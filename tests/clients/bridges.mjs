// Which bridges a client has running, and that none outlives it.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

// A bridge gives what is under way five seconds when its client is gone.
const LIMIT = 10_000;

/** The bridges of a client that `start` has started: its session is the client's, whatever its group is. */
export function bridges(client) {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name before it may hold blanks and brackets.
      const [, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
      const ours = words[0].endsWith('/superset-keys') && words.includes('bridge');
      return ours && session === client.pid ? [{ pid: Number(pid), parent }] : [];
    } catch {
      // It ended while it was looked at.
      return [];
    }
  });
}

export async function noBridges(client) {
  const limit = Date.now() + LIMIT;
  while (bridges(client).length > 0) {
    if (Date.now() > limit) throw new Error(`${bridges(client).length} bridges stayed behind`);
    await pause(20);
  }
}

/** Ends the program that started the bridge as an out-of-memory killer does. */
export async function killed(client) {
  const running = bridges(client);
  if (running.length !== 1) throw new Error(`${running.length} bridges run, not one`);
  process.kill(running[0].parent, 'SIGKILL');
  await noBridges(client);
}
