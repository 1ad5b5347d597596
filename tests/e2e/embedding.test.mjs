// Embedded dashboards in the real window: one is let onto a site, its switches are looked at, and a guest's rows are proven,
// on a real Superset with a dashboard in it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { Superset } from '../embedding/superset.mjs';
import { App, steps } from './window.mjs';

const room = mkdtempSync(join(tmpdir(), 'superset-keys-embedding-'));
const site = 'https://app.example.com';

let superset;
let app;

before(async () => {
  superset = new Superset(room);
  await superset.start({ ancestors: ["'self'", 'https://elsewhere.example.com'] });
  await superset.build();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  await superset?.stop();
  rmSync(room, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);

step('the dashboards are listed for who may use them', async () => {
  app = await App.open();
  await app.signIn(superset, 'admin');
  await app.click('Embedding');
  await app.see(app.text('Not embedded'));
  await app.see(app.text('Embedding is on'));
  await app.look('110-embedding-none');
});

step('one is let onto a site', async () => {
  await app.click(app.text('Sales'));
  await app.click('Embed this dashboard…');
  app.inDialog();
  await app.type('Site', site);
  await app.look('111-embed');
  await app.click('Embed');
  app.inWindow();
  await app.see(app.text('Sales is embedded.'));
  await app.see(app.text(site));
});

step('the switch that is wrong is named, with the line that mends it', async () => {
  await app.click('Check');
  await app.see(app.text('1 of 12 switches is wrong'), 30_000);
  await app.see(app.text('TALISMAN_CONFIG'));
  await app.see(app.button('Copy fix'));
  await app.look('112-checklist');
  await app.sized(760, 600);
  await app.look('113-checklist-small');
  await app.sized(1180, 760);
});

step('what a rule does is proven by rows, and a token is held outside the page', async () => {
  await app.click('Guest token');
  await app.click('Prove by rows');
  await app.see(app.text('1 chart shows all rows'), 30_000);
  await app.click('Add a rule');
  await app.type('Column', 'org');
  await app.type('Value', '2');
  await app.click('Prove again');
  await app.see(app.text('No chart shows all rows'), 30_000);
  await app.see(app.text('Filtered'));
  await app.click('Make a token');
  await app.see(app.button('Make a new token'), 30_000);
  await app.look('114-guest-token');
  assert.doesNotMatch(await app.markup(), /eyJ[\w-]/, 'a token is in the window');
  await app.sized(760, 600);
  await app.look('115-guest-token-small');
  await app.sized(1180, 760);
});

step('the code for a page and its backend names the dashboard and no key', async () => {
  await app.click('Snippets');
  await app.see(app.text('embedDashboard'));
  await app.look('116-snippets');
  assert.ok(!(await app.markup()).includes('sst_'), 'a key is in the window');
});
