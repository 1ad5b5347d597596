// Connecting AI clients in the real window: their files lie in a home of this story's own, and are other people's.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before } from 'node:test';
import { App, By, Key, Superset, cli, clipboard, password, steps, waitFor } from './window.mjs';

const person = mkdtempSync(join(tmpdir(), 'superset-keys-person-'));
const place = {
  cursor: join(person, '.cursor/mcp.json'),
  vscode: join(person, '.config/Code/User/mcp.json'),
  gemini: join(person, '.gemini/settings.json'),
  codex: join(person, '.codex/config.toml'),
};
const given = {
  cursor: '{\n  "mcpServers": {\n    "github": { "url": "https://api.githubcopilot.com/mcp/", "headers": {"Authorization": "Bearer ghp_theirs"} },\n    "docs":   { "command": "docs-mcp" }\n  }\n}\n',
  vscode: '// mine, do not touch\n{\n\t"servers": {\n\t\t"docs": { "command": "docs-mcp" }, // the wiki\n\t},\n}\n',
  gemini: '{\n  "theme": "dark",\n  "mcpServers": {\n    "superset": { "command": "somebody-elses", "args": [] }\n  }\n}\n',
  codex: 'model = "o4"\n[mcp_servers.docs\ncommand = "docs-mcp"\n',
};
const read = (client) => readFileSync(place[client], 'utf8');
function write(client, text) {
  mkdirSync(dirname(place[client]), { recursive: true });
  writeFileSync(place[client], text);
}

const opened = join(person, 'opened');
const project = join(person, 'work/.cursor/mcp.json');

/** This person's editor, as a desktop knows it. It puts down what it was given. */
function installEditor() {
  const types = ['application/toml', 'text/plain', 'application/octet-stream'];
  const [data, config] = [join(person, '.local/share/applications'), join(person, '.config')];
  for (const folder of [data, config]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(data, 'editor.desktop'), `[Desktop Entry]\nType=Application\nName=Editor\nExec=cp %f ${opened}\nMimeType=${types.join(';')};\n`);
  writeFileSync(join(config, 'mimeapps.list'), `[Default Applications]\n${types.map((type) => `${type}=editor.desktop\n`).join('')}`);
}

let superset;
let app;
let clicks = 0;

before(() => {
  for (const [client, text] of Object.entries(given)) write(client, text);
  installEditor();
  superset = new Superset();
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  superset?.remove();
  rmSync(person, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);

async function click(name) {
  clicks += 1;
  await app.click(name);
}

const tab = (name) => By.xpath(`//*[@role='tab'][starts-with(normalize-space(.), ${JSON.stringify(name)})]`);
const option = (name, state = '') => By.xpath(`//*[@role='option'][contains(., ${JSON.stringify(name)})][contains(., ${JSON.stringify(state)})]`);

/** What was put into a text that is otherwise as it was. */
function added(before, after) {
  let [start, end] = [0, 0];
  while (start < before.length && before[start] === after[start]) start += 1;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  assert.equal(start + end, before.length, `more than an addition:\n${after}`);
  return after.slice(start, after.length - end);
}

/** What makes the window scroll, or the panel sideways. */
const tooWide = () => app.driver.executeScript(`
  const room = document.querySelector('section .scrolly');
  const edge = room.getBoundingClientRect().left + room.clientWidth;
  const wide = (one) => getComputedStyle(one).overflowX === 'visible' && one.getBoundingClientRect().left + one.scrollWidth > edge;
  return [
    ...(document.scrollingElement.scrollHeight > innerHeight ? ['the window scrolls'] : []),
    ...(room.scrollWidth <= room.clientWidth ? [] : [...room.querySelectorAll('*')].filter((one) => !one.closest('pre') && wide(one)).map((one) => one.outerHTML.slice(0, 200)).concat(room.scrollWidth + ' > ' + room.clientWidth)),
  ]`);

const diff = async () => (await app.see(By.css('[role=dialog] [role=region]'))).getText();

step('from nothing to a connected client in six clicks', async () => {
  app = await App.open({ env: { HOME: person, XDG_CONFIG_HOME: join(person, '.config'), XDG_DATA_HOME: join(person, '.local/share') } });
  await app.type('Address', superset.url);
  await app.see(app.text('API keys are on'));
  await app.type('Name', 'Production');
  await app.type('Username', 'gamma');
  await app.type('Password', password('gamma'));
  await click('Sign in');
  await app.see(app.text('No keys yet'));
  // The MCP server of this test is at no usual place; a real one is found.
  cli(app, 'instances', 'mcp-url', 'production', superset.mcpUrl);
  await click('Create your first key');
  app.inDialog();
  await app.type('Name', 'Cursor – laptop');
  await click('Create key');
  await app.see(app.text('Key created'));
  await app.see(app.button('Connect Cursor'));
  await app.see(app.text('not set up'));
  await app.see(app.text('takes this key as gamma'), 60_000);
  await app.look('50-created-next');
  await click('Connect Cursor');
  app.inWindow();
  await app.see(app.text('Not set up for Production'));
  await app.see(option('Cursor', 'Not set up'));
  // What is not on this computer is named once, in a group that is closed.
  await app.see(app.text('Not found on this computer ('));
  assert.ok((await app.driver.findElements(By.css('[role=option]'))).length < 12, 'the list is long again');
  await app.see(app.text('leaves your 2 other servers as they are'));
  await app.look('51-clients');
  await click('Write to ~/.cursor/mcp.json');
  app.inDialog();
  await app.see(app.text('Write to Cursor’s settings?'));
  const lines = await diff();
  assert.match(lines, /"superset"/);
  assert.doesNotMatch(lines, /ghp_theirs/, 'somebody else’s secret is shown');
  assert.equal(read('cursor'), given.cursor, 'written before it was agreed to');
  await app.look('52-diff');
  await click('Write file');
  app.inWindow();
  await app.see(app.text('Cursor is set up'));
  assert.equal(clicks, 6);
  const entry = added(given.cursor, read('cursor'));
  assert.match(entry, /"superset"/);
  assert.match(entry, /"bridge",\s*"production"/);
  assert.doesNotMatch(read('cursor'), /sst_/);
  await app.see(option('Cursor', 'Works'));
  await app.see(app.text('takes this key as gamma'));
  await app.see(app.button('Undo'));
  await app.see(app.button('Disconnect'));
  await app.look('53-written');
});

step('undone, the file is what it was to the last byte', async () => {
  await app.click('Undo');
  await app.see(app.text('Cursor’s settings are back as they were.'));
  assert.equal(read('cursor'), given.cursor);
  await app.see(option('Cursor', 'Not set up'));
  await app.look('54-undone');
  await app.click('Write again');
  app.inDialog();
  await app.click('Write file');
  app.inWindow();
  await app.see(app.text('Cursor is set up'));
});

step('what somebody edited since is not undone away', async () => {
  const edited = read('cursor').replace('"docs":   {', '"mine": { "command": "mine" },\n    "docs":   {');
  write('cursor', edited);
  await app.click('Undo');
  app.inDialog();
  await app.see(app.text('Cursor’s settings were edited since'));
  await app.look('55-undo-blocked');
  assert.equal(read('cursor'), edited);
  await app.click('Close');
  app.inWindow();
  await app.see(app.text('The file was edited after we wrote it.'));
  await app.gone(app.button('Undo'));
});

step('once it has been seen, a write needs no look; a file that changed meanwhile is looked at again', async () => {
  await app.click(option('VS Code'));
  await app.see(app.button('Write to ~/.config/Code/User/mcp.json'));
  await app.look('56-second-client');
  await app.click('Show changes');
  app.inDialog();
  await app.see(app.text('Write to VS Code’s settings?'));
  const meanwhile = given.vscode.replace('\t},\n}', '\t\t"mine": { "command": "mine" },\n\t},\n}');
  write('vscode', meanwhile);
  await app.click('Write file');
  await app.see(app.text('The file changed while you looked.'));
  assert.equal(read('vscode'), meanwhile, 'written unseen');
  assert.match(await diff(), /mine/);
  await app.look('57-changed');
  await app.click('Review again');
  await app.click('Write file');
  app.inWindow();
  await app.see(app.text('VS Code is set up'));
  assert.match(added(meanwhile, read('vscode')), /"superset"/);
  // At once, this time.
  await app.click('Undo');
  await app.see(app.text('VS Code’s settings are back as they were.'));
  await app.click('Write again');
  await app.see(app.text('VS Code is set up'));
  assert.match(added(meanwhile, read('vscode')), /"superset"/);
});

step('a name that is somebody else’s is asked about', async () => {
  await app.click(option('Gemini'));
  await app.click('Write to ~/.gemini/settings.json');
  app.inDialog();
  await app.see(app.text('is taken'));
  await app.look('58-taken');
  await app.click('Keep both');
  await app.see(app.text('Write to Gemini CLI’s settings?'));
  await app.click('Write file');
  app.inWindow();
  await app.see(app.text('Gemini CLI is set up'));
  assert.match(added(given.gemini, read('gemini')), /"superset-production"/);
});

step('a file its client could not read either is left alone, and says where', async () => {
  await app.click(option('Codex', 'File cannot be edited'));
  await app.see(app.text('(line 2, column'));
  await app.look('59-unreadable');
  await app.gone(app.button('Write to ~/.codex/config.toml'));
  await app.click('Open file');
  await waitFor('the editor', () => existsSync(opened) && readFileSync(opened, 'utf8') === given.codex);
  await app.click('Copy config');
  await waitFor('the setup on the clipboard', () => clipboard().includes('[mcp_servers.superset]'));
  assert.equal(read('codex'), given.codex);
});

step('what the command line does is seen at once', async () => {
  write('codex', 'model = "o4"\n');
  await app.click('Look again');
  await app.see(option('Codex', 'Not set up'));
  await app.sized(760, 600);
  await app.click(option('Gemini'));
  await app.see(app.button('Disconnect'));
  assert.deepEqual(await tooWide(), []);
  await app.look('60-clients-narrow');
  await app.click('Disconnect');
  app.inDialog();
  await app.see(app.text('Disconnect Gemini CLI?'));
  await app.look('61-disconnect-narrow');
  await app.click('Disconnect');
  app.inWindow();
  await app.see(app.text('Gemini CLI is disconnected.'));
  assert.equal(read('gemini'), given.gemini);
  await app.sized(1180, 760);
});

step('what is somebody else’s is replaced where the person says so, and comes back', async () => {
  await app.click(option('Gemini'));
  await app.click('Write to ~/.gemini/settings.json');
  app.inDialog();
  await app.see(app.text('is taken'));
  await app.click('Replace');
  await app.see(app.text('Write to Gemini CLI’s settings?'));
  const lines = await diff();
  assert.match(lines, /somebody-elses/, 'what goes is not shown');
  assert.match(lines, /"bridge"/);
  assert.equal(read('gemini'), given.gemini, 'written before it was agreed to');
  await app.look('64-replace');
  await app.click('Write file');
  app.inWindow();
  await app.see(app.text('Gemini CLI is set up'));
  const written = JSON.parse(read('gemini'));
  assert.deepEqual(Object.keys(written.mcpServers), ['superset']);
  assert.match(written.mcpServers.superset.args.join(' '), /bridge production/);
  assert.equal(written.theme, 'dark');
  await app.click('Undo');
  await app.see(app.text('Gemini CLI’s settings are back as they were.'));
  assert.equal(read('gemini'), given.gemini);
});

step('one project has an entry of its own', async () => {
  const before = read('cursor');
  await app.click(option('Cursor'));
  await app.click('For one project');
  await app.type('Folder', '~/missing');
  await app.see(app.text('There is no folder'));
  assert.ok(!existsSync(join(person, 'missing')), 'a folder was made');
  await app.look('65-project-missing');
  await app.type('Folder', '~/.cursor/mcp.json');
  await app.see(app.text('is a file'));
  await app.gone(app.button('Disconnect'));
  mkdirSync(join(person, 'work'));
  await app.type('Folder', '~/work');
  await app.see(app.button('Write to ~/work/.cursor/mcp.json'));
  await app.look('66-project');
  await app.click('Show changes');
  app.inDialog();
  await app.see(app.text('new file'));
  await app.look('67-project-diff');
  await app.click('Write file');
  app.inWindow();
  await app.see(app.text('Cursor is set up'));
  assert.match(JSON.parse(readFileSync(project, 'utf8')).mcpServers.superset.args.join(' '), /bridge production/);
  assert.equal(read('cursor'), before, 'the other file was touched');
  await app.look('68-project-written');
  await app.click('Undo');
  await app.see(app.text('Cursor’s settings are back as they were.'));
  assert.ok(!existsSync(project), 'what was not there is still there');
  await app.click('Write again');
  await app.see(app.text('Cursor is set up'));
  await app.click('Disconnect');
  app.inDialog();
  await app.click('Disconnect');
  app.inWindow();
  await app.see(app.text('Cursor is disconnected.'));
  assert.doesNotMatch(readFileSync(project, 'utf8'), /bridge/);
  await app.sized(760, 600);
  assert.deepEqual(await tooWide(), []);
  await app.look('69-project-narrow');
  await app.sized(1180, 760);
  await app.click('For all projects');
  await app.see(app.button('Disconnect'));
});

step('an entry whose program is gone is mended with one click', async () => {
  const whole = read('cursor');
  const { command } = JSON.parse(whole).mcpServers.superset;
  write('cursor', whole.replace(JSON.stringify(command), '"/opt/0.1/superset-keys"'));
  // As whoever comes back to the window.
  await app.driver.executeScript("window.dispatchEvent(new Event('focus'))");
  await app.see(option('Cursor', 'Its program is gone'));
  await app.see(app.text('/opt/0.1/superset-keys, which is not there any more'));
  await app.look('70-gone');
  await app.click('Mend');
  await app.see(app.text('The entry starts the program that is here now.'));
  await app.see(option('Cursor', 'Works'));
  assert.equal(read('cursor'), whole);
  await app.look('71-mended');
});

step('an MCP address is looked at before it is kept, and a result goes with its address', async () => {
  await app.click('Change');
  await app.type('MCP address', superset.url);
  await app.see(app.text('something else answers at this address'));
  await app.see(app.button('Save anyway'));
  await app.look('72-no-mcp');
  await app.type('MCP address', `${superset.mcpUrl.replace(/\/mcp.*$/, '')}/mcp`);
  await app.see(app.text('answers at this address'));
  await app.gone(app.text('something else'));
  await app.type('MCP address', 'https://nowhere.invalid/mcp');
  await app.see(app.text('No server is known as nowhere.invalid'));
  await app.click('Save anyway');
  await app.see(app.text('https://nowhere.invalid/mcp'));
  await app.gone(option('Cursor', 'Works'));
  await app.look('73-unproven');
  cli(app, 'instances', 'mcp-url', 'production', superset.mcpUrl);
  await app.see(app.text(superset.mcpUrl));
  await app.click('Check that it works');
  await app.see(option('Cursor', 'Works'), 60_000);
});

step('the rest is one group, which the keyboard opens', async () => {
  const fold = await app.see(app.text('Not found on this computer ('));
  await fold.click();
  await app.see(option('Windsurf'));
  await app.look('49-clients-unfolded');
  await fold.click();
  await app.gone(option('Windsurf'));
  await app.click(option('Cursor'));
});

step('revoking names the clients that stop', async () => {
  await app.click(tab('Keys'));
  await app.click(By.xpath("//*[@role='row'][.//*[contains(., 'Cursor – laptop')]]"));
  await app.driver.actions().keyDown(Key.CONTROL).keyDown(Key.SHIFT).sendKeys('c').keyUp(Key.SHIFT).keyUp(Key.CONTROL).perform();
  await app.see(option('Cursor', 'Works'));
  await app.click(tab('Keys'));
  await app.click(By.xpath("//*[@role='row'][.//*[contains(., 'Cursor – laptop')]]"));
  await app.click('Revoke');
  app.inDialog();
  await app.see(app.text('What stops'));
  const said = await (await app.see(By.css('[role=alertdialog]'))).getText();
  assert.match(said, /VS Code\s*stops working/);
  assert.match(said, /Cursor\s*stops working/);
  assert.doesNotMatch(said, /Gemini/);
  await app.look('62-revoke');
  const { keys } = JSON.parse(cli(app, '--json', 'keys', 'list', 'production')).data;
  const fields = await app.driver.findElements(By.css('[role=alertdialog] input'));
  if (fields.length > 0) await fields[0].sendKeys(keys.find((key) => key.name === 'Cursor – laptop').hint.slice(-4));
  await app.click('Revoke key');
  app.inWindow();
  await app.see(app.text('is revoked'));
  await app.click(tab('AI clients'));
  await app.see(option('Cursor', 'Its key has ended'));
  await app.look('63-ended');
});
