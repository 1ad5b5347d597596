// The pinned packages of this folder, which are installed outside the checkout.
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installed } from '../clients/installed.mjs';

export const here = dirname(fileURLToPath(import.meta.url));

const NODE_FOR_ALL = [22, 19];

export const bin = await installed(here);
const root = join(bin, '../..');
const required = createRequire(join(root, 'package.json'));

/** A module of a pinned package. */
export const load = (name) => import(pathToFileURL(required.resolve(name)));

/** A file of a pinned package. */
export const file = (...parts) => join(root, 'node_modules', ...parts);

/** A Node.js that runs all of them: the conformance suite and the Inspector need a newer one than we do. */
export const modernNode = (() => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_FOR_ALL[0] || (major === NODE_FOR_ALL[0] && minor >= NODE_FOR_ALL[1])) return process.execPath;
  const pinned = file(`node-${process.platform}-${process.arch}`, 'bin/node');
  if (existsSync(pinned)) return pinned;
  throw new Error(`This needs Node.js ${NODE_FOR_ALL.join('.')} or newer on ${process.platform} ${process.arch}`);
})();
