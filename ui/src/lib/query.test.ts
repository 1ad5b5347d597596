import { expect, it } from 'vitest';
import { Query } from './query.svelte';

function later<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
const noon = new Date('2026-11-20T12:00:00Z');

it('goes from idle through loading to an answer with its time', async () => {
  const query = new Query<string>(() => noon);
  expect(query.state).toBe('idle');
  const answer = later<string>();
  const run = query.run(() => answer.promise);
  expect([query.state, query.busy, query.startedAt]).toEqual(['loading', true, noon]);
  answer.resolve('keys');
  expect(await run).toBe(true);
  expect([query.state, query.data, query.busy, query.answeredAt]).toEqual(['ok', 'keys', false, noon]);
});

it('takes only the newest answer, whatever the order of arrival', async () => {
  const query = new Query<string>();
  const [first, second] = [later<string>(), later<string>()];
  const runs = [query.run(() => first.promise), query.run(() => second.promise)];
  second.resolve('new');
  first.resolve('old');
  expect(await Promise.all(runs)).toEqual([false, true]);
  expect(query.data).toBe('new');
});

it('does not let an old failure spoil a new answer', async () => {
  const query = new Query<string>();
  const first = later<string>();
  const run = query.run(() => first.promise);
  await query.run(() => Promise.resolve('new'));
  first.reject(new Error('late'));
  await run;
  expect([query.state, query.error]).toEqual(['ok', undefined]);
});

it('keeps the old answer in view when a new attempt goes wrong', async () => {
  const query = new Query<string, string>();
  await query.run(() => Promise.reject(new Error('x')));
  expect(query.state).toBe('error');
  query.put('kept', noon, 'stale');
  const running = query.run(() => Promise.reject(new Error('down')));
  expect([query.state, query.busy]).toEqual(['stale', true]);
  await running;
  expect([query.state, query.data, query.answeredAt, query.busy]).toEqual(['stale', 'kept', noon, false]);
});

it('stops and forgets', async () => {
  const query = new Query<string>();
  const answer = later<string>();
  const run = query.run(() => answer.promise);
  query.cancel();
  answer.resolve('late');
  expect(await run).toBe(false);
  expect([query.state, query.data]).toEqual(['idle', undefined]);
  query.put('x');
  query.reset();
  expect([query.state, query.data, query.answeredAt]).toEqual(['idle', undefined, null]);
});
