// The bridge is transparent: what works directly works through it, and answers the same. Run by
// `./dev test bridge`. Each part does everything twice, directly on the server and through the bridge.
//
// A new version of a package: change package.json, then
// `npm install --package-lock-only --omit-lockfile-registry-resolved` in this folder.
import { after, before } from 'node:test';
// Installed before the first test: while a later part waited for that, the tests of an earlier one would end, and with
// them, for the runner, everything.
import './packages.mjs';
import { close, open } from './world.mjs';

before(open, { timeout: 900_000 });
after(close);

await import('./part-wire.mjs');
await import('./part-everything.mjs');
await import('./part-modern.mjs');
await import('./part-clients.mjs');
await import('./part-guard.mjs');
await import('./part-code.mjs');
await import('./part-conformance.mjs');
