// A folder for everything one run leaves behind. Its name has a blank and a quote, as a user's may.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const room = mkdtempSync(join(tmpdir(), "superset keys' clients-"));
process.on('exit', () => rmSync(room, { recursive: true, force: true }));

let homes = 0;

/** A new home that nobody has lived in. */
export function emptyHome() {
  const home = join(room, `home-${(homes += 1)}`);
  mkdirSync(home, { mode: 0o700 });
  return home;
}
