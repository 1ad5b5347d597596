// What every client goes through: `superset-keys connect` writes beside what is in its file already, the program
// itself shows both servers, ours fails once its key is revoked, and `disconnect` gives the file back. A client that
// sends the key itself does so also where the server announces OAuth.
//
// A client says of itself:
//
//   id, name       ours, and its makers'
//   missing        why it cannot be tried here, or nothing
//   file           the file that `connect` writes, in the home
//   text           what is in it before, with the server named other; or lives(computer), which puts it there
//   deliveries     those to try
//   programs       folders where `connect` finds the client's own program, if it is to
//   sees(computer, variables)
//                  the names of the servers that the program itself shows as connected, sorted
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { conversed } from '../model.mjs';
import { masked } from '../process.mjs';
import { revokedElsewhere } from '../superset.mjs';
import { Computer } from './computer.mjs';
import { TOOLS, announcer, person, witness } from './world.mjs';

const LIMIT = { timeout: 240_000 };
let tried = 0;

export const connecting = (client) =>
  describe(client.name, { skip: client.missing, concurrency: 1 }, () => {
    for (const delivery of client.deliveries) test(delivery, LIMIT, () => connects(client, delivery));
    const sent = ['variable', 'plaintext'].find((delivery) => client.deliveries.includes(delivery));
    if (sent) test(`${sent}, where OAuth is announced`, LIMIT, () => keepsItsHeader(client, sent));
  });

async function connects(client, delivery) {
  const computer = new Computer();
  try {
    await lived(client, computer);
    const before = computer.reads(client.file);
    const alias = `${client.id}-${delivery}-${(tried += 1)}`;
    const key = await person.newKey(alias);
    const variables = delivery === 'variable' ? { SUPERSET_API_KEY: key } : {};
    const named = ['--key', alias, '--delivery', delivery];
    const programs = client.programs ?? [];
    await person.saysAt(computer.home, programs, 'connect', client.id, 'test', ...named, '--json');
    const written = computer.reads(client.file);
    onlyAdded(before, written);
    assert.equal(written.includes(key), delivery === 'plaintext');

    await shows(client, computer, variables, ['other', 'superset']);
    served(key);
    await revokedElsewhere(await person.uuid(alias));
    witness.forgets(key);
    await shows(client, computer, variables, ['other']);
    refused(key, delivery);

    await person.saysAt(computer.home, programs, 'disconnect', client.id, 'test', '--json');
    // Compared as text without keys, so that a report shows none; there was none before either.
    assert.equal(masked(computer.reads(client.file)), before);
  } finally {
    computer.ends();
  }
}

async function keepsItsHeader(client, delivery) {
  const computer = new Computer();
  try {
    await lived(client, computer);
    const alias = `${client.id}-${delivery}-${(tried += 1)}`;
    const key = await person.newKey(alias);
    const variables = delivery === 'variable' ? { SUPERSET_API_KEY: key } : {};
    await person.saysAt(computer.home, [], 'connect', client.id, 'test', '--key', alias, '--delivery', delivery, '--json');
    computer.writes(client.file, computer.reads(client.file).replaceAll(witness.url, announcer.url));
    await shows(client, computer, variables, ['other', 'superset']);
    served(key, announcer);
  } finally {
    computer.ends();
  }
}

async function lived({ file, text, lives }, computer) {
  if (lives) await lives(computer);
  else computer.writes(file, text);
}

async function shows(client, computer, variables, expected) {
  const seen = await client.sees(computer, variables);
  if (isDeepStrictEqual(seen, expected)) return;
  assert.fail(`${client.name} shows [${seen}] as connected, not [${expected}]. It said:\n${computer.said}`);
}

/** The server gave its tools for this key. It runs as the key's owner, or not at all. */
export function served(key, before = witness) {
  const all = before.sawOf(key).filter(({ method, status }) => method === 'tools/list' && status === 200);
  const lists = all.filter(({ tools }) => tools);
  assert.notEqual(lists.length, 0, 'no tools/list with this key arrived');
  for (const { tools } of lists) assert.deepEqual(tools, TOOLS);
}

/** Nothing was given for the key. Our own program may not even have tried it: somebody's look at the keys tells it. */
export function refused(key, delivery) {
  const saw = witness.sawOf(key);
  if (!['bridge', 'helper'].includes(delivery)) assert.notEqual(saw.length, 0, 'nothing with this key arrived');
  for (const { status } of saw) assert.equal(status, 401);
}

/** Every byte that was there is there still, and in its order: one piece is new, and a comma before it may be. */
function onlyAdded(before, after) {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  const isOnePiece = (old, now) => {
    let tail = 0;
    while (tail < old.length && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
    let head = 0;
    while (head < old.length && old[head] === now[head]) head += 1;
    return now.length > old.length && head + tail >= old.length;
  };
  const comma = after[same] === ',' && isOnePiece(before.slice(same), after.slice(same + 1));
  const both = masked(`${before}\n---\n${after}`);
  assert.ok(comma || isOnePiece(before, after), `other bytes of the file changed:\n${both}`);
}

/** The servers whose tools are among these names. `called` is how the client names a server's tool. */
export function serversOf(names, called) {
  return Object.entries({ other: ['tides'], superset: TOOLS }).flatMap(([server, tools]) => {
    const there = tools.filter((tool) => names.includes(called(server, tool)));
    assert.ok(there.length === 0 || there.length === tools.length, `of ${server} there is only ${there}`);
    return there.length > 0 ? [server] : [];
  });
}

/**
 * The servers whose tools the client offers a model of ours. Superset is one of them only if the model's call of its
 * tool is answered, as the key's owner. `start` is given the model's address.
 */
export async function talked(language, called, start) {
  const plan = { tool: called('superset', 'get_instance_info'), args: { request: {} } };
  const { offered, results } = await conversed(language, '', plan, start);
  // Clients wrap what a tool answers, often as JSON in JSON.
  const said = results.map((text) => (typeof text === 'string' ? text : JSON.stringify(text))).join();
  const answered = said.replaceAll(/[\\\s]/g, '').includes('"username":"gamma"');
  return serversOf(offered, called).filter((server) => server !== 'superset' || answered);
}

/** An entry as most JSON files have it. */
export const jsonText = (path, entry, rest = {}) =>
  `${JSON.stringify({ ...rest, [path]: { other: entry } }, null, 2)}\n`;
