// What we write for a client, from the golden files that core's tests compare with what is really written; and the
// same files with one thing wrong in our entry.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../places.mjs';

export const fixtures = join(checkout, 'tests/fixtures');

/** The files after `connect`: for each delivery a new one, and one with another server in it. */
export function connected(client) {
  const path = join(fixtures, 'connect/written', `${client}.txt`);
  if (!existsSync(path)) return [];
  const parts = readFileSync(path, 'utf8').split(/^=== (.*)\n/m).slice(1);
  return parts.flatMap((what, at) => (at % 2 === 0 ? [{ what, text: parts[at + 1] }] : []));
}

/** Snippets for the client's file. `begins` is what the file has already that a person puts one into. */
export function snippets(client, begins = '') {
  const names = readdirSync(join(fixtures, 'snippets')).filter((name) => name.startsWith(`${client}.`));
  return names
    .filter((name) => /\.config\.(json|yaml|toml)$/.test(name))
    .map((what) => ({ what, text: begins + readFileSync(join(fixtures, 'snippets', what), 'utf8') }));
}

/** Our entry in a file's values: by its name, or in a list. */
function ours(values, place) {
  const servers = values[place];
  return Array.isArray(servers) ? servers.find(({ name }) => name === 'superset') : servers.superset;
}

/** Something else than what there is, by its type. */
const AMISS = { string: 7, boolean: 'text', number: 'text', object: 'text' };

/** All that can be wrong in the entry of these files, with a file for each; once for entries with the same keys. */
export function wrong(files, { read, write }, place) {
  const shapes = new Map(files.map(({ text }) => [String(Object.keys(ours(read(text), place))), text]));
  const found = [];
  for (const text of shapes.values()) {
    const changed = (change) => {
      const values = read(text);
      change(ours(values, place));
      return write(values);
    };
    for (const [key, value] of Object.entries(ours(read(text), place))) {
      const misspelt = (entry) => {
        entry[`${key}_`] = entry[key];
        delete entry[key];
      };
      found.push({ what: `${key} misspelt`, text: changed(misspelt) });
      found.push({ what: `${key} of another type`, text: changed((entry) => (entry[key] = AMISS[typeof value])) });
      for (const inside of Object.keys(typeof value === 'object' ? value : {})) {
        if (typeof value[inside] !== 'string') continue;
        found.push({ what: `${key}.${inside} of another type`, text: changed((entry) => (entry[key][inside] = 7)) });
      }
    }
  }
  return found;
}
