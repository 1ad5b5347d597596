// The reference server of the protocol's authors.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { everythingOn } from './everything.mjs';
import { bridged, direct } from './sdk1.mjs';
import { everything } from './servers.mjs';
import { elsewhere } from './world.mjs';

describe('the reference server', () => {
  let server;
  let straight;
  let across;
  before(async () => {
    server = await everything();
    await elsewhere.endpoint(server.url);
    straight = await everythingOn(direct(server.url));
    across = await everythingOn(bridged(elsewhere.entry()));
  }, { timeout: 180_000 });
  after(() => server?.stop());

  test('every answer is the same', () => {
    for (const [question, answer] of Object.entries(straight.answers)) {
      assert.deepEqual(across.answers[question], answer, question);
    }
  });

  test('the server is heard and asks as directly', () => {
    assert.deepEqual(across.heard, straight.heard);
    const methods = new Set(straight.heard.map((text) => JSON.parse(text).method));
    assert.deepEqual([...methods].sort(), [
      'elicitation/create',
      'notifications/message',
      'notifications/resources/updated',
      'roots/list',
      'sampling/createMessage',
    ]);
  });

  test('nothing reaches the client that it does not know', () => {
    assert.deepEqual(across.errors, []);
  });
});
