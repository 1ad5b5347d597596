// An instance behind nginx that wants a client certificate, in the real window: why nobody gets in, what helps, and that
// everything goes on from there. PKI by openssl, Superset and nginx as they are.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { App, By, Superset, cli, freePort, password, steps, waitFor } from './window.mjs';

const folder = mkdtempSync(join(tmpdir(), 'network-'));
const at = (name) => join(folder, name);
let superset;
let nginx;
let app;
let url;

const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });

/** A certificate of the authority: for whom, for what, from and to when in days. */
function leaf(name, subject, more, from, to) {
  const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${subject}`);
  writeFileSync(at(`${name}.ext`), more);
  mkdirSync(at('db'), { recursive: true });
  writeFileSync(at('db/index'), '');
  writeFileSync(at('db/serial'), Math.floor(Math.random() * 1e9).toString(16).padStart(8, '0'));
  writeFileSync(at('ca.cnf'), '[ca]\ndefault_ca=d\n[d]\ndatabase=db/index\nserial=db/serial\nnew_certs_dir=db\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n');
  openssl('ca', '-batch', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', `${name}.csr`, '-out', `${name}.crt`, '-startdate', day(from), '-enddate', day(to), '-extfile', `${name}.ext`, '-notext');
}

before(async () => {
  superset = new Superset();
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '3650', '-subj', '/CN=Acme Root CA');
  leaf('server', 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n', -1, 300);
  leaf('old', 'jane@laptop', 'extendedKeyUsage=clientAuth\n', -300, -1);
  leaf('new', 'jane@laptop', 'extendedKeyUsage=clientAuth\n', -1, 20);
  openssl('pkcs12', '-export', '-inkey', 'new.key', '-in', 'new.crt', '-certfile', 'ca.pem', '-passout', 'pass:lab', '-legacy', '-out', 'new.p12');
  const port = await freePort();
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${at(kind)};`).join(' ');
  writeFileSync(at('nginx.conf'), `daemon off; master_process off; pid ${at('pid')}; error_log ${at('error.log')}; events {}
http { ${temp} access_log off; server {
  listen 127.0.0.1:${port} ssl http2; ssl_certificate ${at('server.crt')}; ssl_certificate_key ${at('server.key')};
  ssl_client_certificate ${at('ca.pem')}; ssl_verify_client on;
  proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https;
  location = /mcp { proxy_pass ${superset.mcpUrl}; proxy_buffering off; proxy_http_version 1.1; }
  location / { proxy_pass ${superset.url}; } } }`);
  nginx = spawn('/usr/sbin/nginx', ['-p', folder, '-c', at('nginx.conf')], { stdio: 'ignore' });
  url = `https://localhost:${port}`;
  await waitFor('nginx', () => new Promise((told) => { const socket = connect(port, '127.0.0.1', () => { socket.end(); told(true); }).on('error', () => told(false)); }));
}, { timeout: 300_000 });

after(async () => {
  await app?.close();
  nginx?.kill();
  superset?.remove();
  rmSync(folder, { recursive: true, force: true });
}, { timeout: 60_000 });

const step = steps(() => app);

step('an address whose authority nobody trusts says so, and leads on', async () => {
  app = await App.open();
  await app.type('Address', url);
  await app.see(app.text('We cannot verify this server.'));
  await app.see(app.button('Trust an authority…'));
  await app.look('100-network-untrusted');
});

step('a server that only wants a certificate is added, and the page says where the way ends', async () => {
  cli(app, 'instances', 'add', url, '--name', 'Production', '--ca', at('ca.pem'));
  await app.driver.navigate().refresh();
  await app.click('Actions for Production');
  await app.click(By.xpath('//*[@role="menuitem"][normalize-space(.)="Network…"]'));
  await app.see(app.text('The server wants a certificate of yours'));
  await app.see(app.text('Acme Root CA'));
  await app.look('101-network-wanted');
});

step('one that has ended is seen here, although the server only says no', async () => {
  cli(app, 'instances', 'network', 'production', '--client-certificate', at('old.crt'), '--client-key', at('old.key'));
  await app.see(app.text('jane@laptop'));
  await app.click('Go there again');
  await app.see(app.text('Your client certificate has ended'));
  await app.look('102-network-ended');
  await app.sized(760, 600);
  await app.look('103-network-narrow');
  await app.sized(1180, 760);
});

step('PKCS#12 of the old kind opens the way, and its end is told', async () => {
  cli(app, 'instances', 'network', 'production', '--pkcs12', at('new.p12'), '--passphrase-stdin', { input: 'lab\n' });
  await app.see(app.text("ends in 19 days"));
  // They are not needed any more. nginx has read its own copy of the authority.
  for (const name of ['new.p12', 'new.key', 'new.crt', 'ca.pem']) rmSync(at(name));
  await app.click('Go there again');
  await app.see(app.text('The way is open'));
  await app.click(By.xpath('//*[@role="radio"][normalize-space(.)="This one"]'));
  await app.look('104-network-open');
});

step('signing in, keys and the check-up go the same way', async () => {
  await app.click('Back');
  cli(app, 'sign-in', 'production', '--username', 'gamma', '--password-stdin', { input: `${password('gamma')}\n` });
  cli(app, 'instances', 'mcp-url', 'production', `${url}/mcp`);
  cli(app, 'keys', 'create', 'production', '--name', 'Laptop');
  await app.see(app.text('Laptop'));
  const found = JSON.parse(cli(app, 'checkup', 'production', '--json', { any: true })).data.items;
  assert.equal(found.find(({ item }) => item === 'client_certificate').finding, 'client_certificate_ends_soon');
  assert.ok(found.some(({ item, verdict }) => item === 'tool_call' && verdict === 'passed'), JSON.stringify(found));
});
