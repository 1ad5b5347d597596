// An admin looks at everybody's keys in the real window, on a Superset whose database is PostgreSQL.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { App, By, Key, password, steps, waitFor } from './window.mjs';

let lab;
let url;
let app;

before(async () => {
  lab = spawn('python3', [join(dirname(fileURLToPath(import.meta.url)), 'audit_lab.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: lab.stdout })[Symbol.asyncIterator]();
  url = JSON.parse((await lines.next()).value).url;
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  const ended = new Promise((done) => lab.once('exit', done));
  lab.stdin.end();
  await ended;
}, { timeout: 60_000 });

const step = steps(() => app);

step('an admin sees everybody’s keys, and what is wrong with them', async () => {
  app = await App.open();
  await app.type('Address', url);
  await app.see(app.text('API keys are on'));
  await app.type('Name', 'Production');
  await app.type('Username', 'admin');
  await app.type('Password', password('admin'));
  await app.click('Sign in');
  await app.click('Audit');
  await app.see(app.text('2,000'));
  await app.look('95-audit');
  await app.sized(760, 600);
  await app.look('96-audit-narrow');
  await app.sized(1180, 760);
});

step('one key and its person are told of', async () => {
  const row = await app.see(By.css('[role=row][aria-rowindex="2"]'));
  await app.press(row);
  await waitFor('the panel', async () => (await app.page()).includes('Owner'));
  await app.look('97-audit-key');
  await app.keys(Key.ESCAPE);
  assert.ok((await app.page()).includes('2,000'), 'the list is there as before');
});
