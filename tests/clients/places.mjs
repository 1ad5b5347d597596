// Where things lie; the same rules as ./dev.
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
export const checkout = join(here, '../..');
export const cache =
  process.env.SUPERSET_KEYS_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'superset-keys-dev');
export const commandLine = join(process.env.CARGO_TARGET_DIR ?? join(cache, 'target'), 'debug/superset-keys');
