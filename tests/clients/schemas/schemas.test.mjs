// What we write for AI clients, as their makers say that it is read: with the JSON schema they publish, with the schema
// their program reads files with, or by a program that says what it has against a file. Nothing is asked of a network,
// once the pinned packages are there. Each must also refuse what is wrong; what it lets pass is written down beside it.
//
// The files are golden files of core's tests, byte for byte what `connect` writes. A new version of a package: change
// package.json, then `npm install --package-lock-only --omit-lockfile-registry-resolved` in this folder.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { connected, snippets, wrong } from './files.mjs';
import { SOURCES } from './sources.mjs';

const LIMIT = { timeout: 240_000 };

for (const { name, clients, place, format, begins, missing, lets, opens } of SOURCES) {
  if (missing) console.error(`SKIPPED, NOT TESTED: ${name}: ${missing}`);
  describe(name, { skip: missing, concurrency: 1 }, () => {
    let problems;
    before(async () => (problems = await opens()), LIMIT);

    for (const client of clients) {
      const files = [...connected(client), ...snippets(client, begins)];

      test(`has nothing against what we write for ${client}`, LIMIT, async () => {
        assert.notEqual(files.length, 0);
        const found = await problems(files.map(({ text }) => text));
        files.forEach(({ what, text }, at) => assert.equal(found[at], '', `${what}\n${text}`));
      });

      test(`refuses a wrong entry for ${client}`, LIMIT, async () => {
        const wrongs = wrong(files, format, place);
        const found = await problems(wrongs.map(({ text }) => text));
        const passed = new Set(wrongs.filter((_, at) => found[at] === '').map(({ what }) => what));
        assert.deepEqual([...passed].sort(), lets);
      });
    }
  });
}
