// Dashboards in pages of another site, in a real browser, on the real Superset: each text as it is printed, the preview on
// this computer, and what a browser does where a switch is wrong. `./dev test embedding` starts what it needs.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { installed } from '../clients/installed.mjs';
import { checkout, commandLine } from '../clients/places.mjs';
import { end, must, run, start } from '../clients/process.mjs';
import { BACKENDS, Backend } from './backends.mjs';
import { Chromium } from './chromium.mjs';
import { before as proxyBefore, serve } from './host.mjs';
import { GUEST, Superset } from './superset.mjs';
import { until } from './wait.mjs';

const here = import.meta.dirname;
const room = mkdtempSync(join(tmpdir(), 'superset-keys-embedding-'));
process.on('exit', () => rmSync(room, { recursive: true, force: true }));

const LONG = { timeout: 240_000 };
const superset = new Superset(room);
const backends = {};
let browser;
let host;
let packages;
let hasCheck;
/** Previews that are served. */
const running = new Set();

/** The command line, as one person's. */
const keys = (...words) => must(commandLine, words, { env: { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys') }, seconds: 60 });
const snippet = (code, ...more) => keys('embed', 'snippet', 'test', String(superset.dashboard), code, ...more);

/** The cells of the table in the frame; none where there is no table. */
const CELLS = '[...document.querySelectorAll("td")].map((cell) => cell.innerText.trim())';
const towns = (cells) => new Set((cells ?? []).filter((cell) => /^(Bern|Oslo|Rome) /.test(cell)).map((cell) => cell.split(' ')[0]));
const rows = (tab, from = superset.url) => tab.inFrame(new URL(from).origin, CELLS);
const sees = (tab, town, from) =>
  until(90, `four rows of ${town}`, () => rows(tab, from), (cells) => {
    const all = towns(cells);
    return all.size === 1 && all.has(town) && cells.filter((cell) => cell.startsWith(town)).length === 4;
  });

async function answersToken(backend, username, clause) {
  host.answers['POST /guest-token'] = async () => {
    const token = await backend.token(superset.key, username, clause);
    return { body: JSON.stringify({ token }) };
  };
}

/** By a process of its own: what Vite starts would keep this one. In development React mounts twice, where a leak is seen. */
async function viteBuilds(app) {
  const names = ['react', 'react-dom', '@superset-ui/embedded-sdk'];
  const alias = Object.fromEntries(names.map((name) => [name, join(packages, name)]));
  const config = join(app, 'vite.config.mjs');
  writeFileSync(config, `export default ${JSON.stringify({ root: app, base: '/react/', resolve: { alias } })};`);
  const vite = join(checkout, 'node_modules/vite/bin/vite.js');
  const words = ['build', '--config', config, '--mode', 'development', '--logLevel', 'error'];
  await must(process.execPath, [vite, ...words], { env: process.env, cwd: app, seconds: 120 });
}

before(async () => {
  packages = join(await installed(here), '..');
  host = await serve({});
  await superset.start({ ancestors: ["'self'", host.origin, 'http://127.0.0.1:*'] });
  await superset.build();
  await superset.embed([host.origin]);
  await keys('instances', 'add', superset.url, '--name', 'Test');
  await must(commandLine, ['sign-in', 'test', '--username', 'admin', '--password-stdin'], {
    input: 'demo-admin\n',
    env: { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys') },
    seconds: 60,
  });
  for (const code of BACKENDS) backends[code] = new Backend(code, room, await snippet(code));
  host.answers['GET /'] = () => ({ type: 'text/html', body: page });
  const page = await snippet('html', '--hide-title');
  const sdk = readFileSync(join(packages, '@superset-ui/embedded-sdk/bundle/index.js'));
  host.answers['GET /superset-embedded-sdk.js'] = () => ({ type: 'text/javascript', body: sdk });
  const { code } = await run(commandLine, ['embed', 'check', '--help'], { env: process.env, seconds: 20 });
  hasCheck = code === 0;
  browser = new Chromium();
}, { timeout: 900_000 });

after(async () => {
  for (const child of running) end(child);
  await browser?.close();
  await host?.close();
  await superset.stop();
});

describe('texts, as they are printed', () => {
  for (const [code, town, org] of [['python', 'Bern', 1], ['node', 'Oslo', 2], ['curl', 'Rome', 3], ['rust', 'Bern', 1]]) {
    test(`the plain page with the backend in ${code}: a guest of one organisation sees its rows and no others`, LONG, async () => {
      await answersToken(backends[code], 'jane "o\'doe"', `org = ${org}`);
      const tab = await browser.open(host.origin);
      await sees(tab, town);
      assert.equal(await tab.inPage('document.querySelector("iframe").title'), 'Sales');
      await tab.close();
    });
  }

  test('the component of React, built by Vite', LONG, async () => {
    const app = join(room, 'react');
    mkdirSync(app);
    writeFileSync(join(app, 'Dashboard.jsx'), await snippet('react'));
    writeFileSync(join(app, 'index.html'), '<!doctype html><div id="app"></div><script type="module" src="/main.jsx"></script>');
    writeFileSync(join(app, 'main.jsx'), `import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Dashboard } from "./Dashboard.jsx";
createRoot(document.getElementById("app")).render(<StrictMode><Dashboard /></StrictMode>);
`);
    await viteBuilds(app);
    const built = join(app, 'dist');
    host.answers['GET /react/'] = () => ({ type: 'text/html', body: readFileSync(join(built, 'index.html')) });
    const [script] = /assets\/[^"]+\.js/.exec(readFileSync(join(built, 'index.html'), 'utf8'));
    host.answers[`GET /react/${script}`] = () => ({ type: 'text/javascript', body: readFileSync(join(built, script)) });
    await answersToken(backends.node, 'jane', 'org = 2');
    const tab = await browser.open(`${host.origin}/react/`);
    await sees(tab, 'Oslo');
    assert.equal(await tab.inPage('document.querySelectorAll("iframe").length'), 1);
    await tab.close();
  });

  test('a title that is no title stays text', LONG, async () => {
    const title = 'Q"1\'\\ </script><script>document.title = "broken"</script>\n--> */ {x} ${y} `z` $(id)';
    await superset.rename(title);
    try {
      const page = await snippet('html');
      host.answers['GET /titled'] = () => ({ type: 'text/html', body: page });
      const tab = await browser.open(`${host.origin}/titled`);
      const told = await until(20, 'a frame', () => tab.inPage('document.querySelector("iframe")?.title'));
      assert.equal(told, title);
      assert.notEqual(await tab.inPage('document.title'), 'broken');
      await tab.close();
      const app = join(room, 'titled');
      mkdirSync(app);
      writeFileSync(join(app, 'Dashboard.jsx'), await snippet('react'));
      writeFileSync(join(app, 'index.html'), '<!doctype html><script type="module" src="/Dashboard.jsx"></script>');
      await viteBuilds(app);
    } finally {
      await superset.rename('Sales');
    }
  });
});

describe('backends', () => {
  /** A server that counts what it mints, and takes nothing that lacks what Superset wants over https. */
  async function counting(seconds, secure) {
    const minted = { count: 0, asked: [] };
    const b64 = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const server = await serve({
      'GET /api/v1/security/csrf_token/': () => ({ body: '{"result":"csrf-1"}', headers: { 'Set-Cookie': 'session=s1; HttpOnly; Path=/' } }),
      'POST /api/v1/security/guest_token/': ({ headers }, body) => {
        const right = headers['x-csrftoken'] === 'csrf-1' && headers.cookie?.includes('session=s1');
        if (!right || headers.referer !== `${server.origin}/`) return { status: 400, body: '{"errors":[]}' };
        minted.asked.push(JSON.parse(body));
        const iat = Date.now() / 1000;
        return { body: JSON.stringify({ token: `${b64({ alg: 'HS256' })}.${b64({ iat, exp: iat + seconds, n: (minted.count += 1) })}.s` }) };
      },
    }, { host: '127.0.0.1', secure });
    return { server, minted };
  }

  const at = (code, origin) => new Backend(code, mkdtempSync(join(room, 'other-')), readFileSync(backends[code].file, 'utf8').replaceAll(superset.url, origin));

  for (const code of BACKENDS) {
    test(`${code}: a token is kept until shortly before its end, for one guest`, LONG, async () => {
      const { server, minted } = await counting(300.5);
      const backend = at(code, server.origin);
      const [first, again] = await backend.twice('sst_made-up');
      assert.ok(first.split('.').length === 3 && first === again, 'the same');
      assert.equal(minted.count, 1);
      const { resources, user, rls } = minted.asked[0];
      assert.deepEqual([user, resources, rls], [{ username: 'jane' }, [{ type: 'dashboard', id: superset.embedding }], [{ clause: 'org = 1' }]]);
      const other = await backend.token('sst_made-up', 'jane', 'org = 2');
      assert.ok(other !== first && minted.count === 2, 'another rule, another token');
      await server.close();
      // Twenty seconds are less than what is left before an end.
      const short = await counting(20);
      const soon = at(code, short.server.origin);
      const [one, two] = await soon.twice('sst_made-up');
      assert.notEqual(one, two);
      await short.server.close();
    });

    test(`${code}: what is wrong is said, and no secret`, LONG, async () => {
      const key = 'sst_canary-canary-canary';
      const quiet = ({ code: ended, stdout, stderr }, what) => {
        assert.notEqual(ended, 0, stdout);
        assert.match(stderr, what);
        assert.ok(!(stdout + stderr).includes('canary'), `${code} told the key: ${stderr}`);
      };
      quiet(await backends[code].run(undefined, ['jane']), /SUPERSET_MINTER_KEY is not set/);
      quiet(await backends[code].run(key, ['jane']), /does not take the key/);
      const { server } = await counting(300);
      const backend = at(code, server.origin);
      server.answers['POST /api/v1/security/guest_token/'] = () => ({ status: 403, body: '{"message":"Forbidden"}' });
      quiet(await backend.run(key, ['jane']), /may not mint guest tokens/);
      server.answers['POST /api/v1/security/guest_token/'] = () => ({ status: 400, body: '{"message":"EmbeddedDashboard not found."}' });
      quiet(await backend.run(key, ['jane']), /400.*not found/s);
      let elsewhere = 0;
      const other = await serve({ 'GET /api/v1/security/csrf_token/': () => ((elsewhere += 1), { body: '{"result":"x"}' }) }, { host: '127.0.0.1' });
      server.answers['GET /api/v1/security/csrf_token/'] = () => ({ status: 302, body: '', headers: { Location: `${other.origin}/api/v1/security/csrf_token/` } });
      quiet(await backend.run(key, ['jane']), /302/);
      assert.equal(elsewhere, 0, 'the key goes to Superset alone');
      await other.close();
      server.answers['GET /api/v1/security/csrf_token/'] = () => ({ type: 'text/html', body: '<html>' });
      quiet(await backend.run(key, ['jane']), /not understood/);
      await server.close();
      quiet(await backend.run(key, ['jane']), /cannot be reached/);
    });

    test(`${code}: a certificate is checked`, LONG, async () => {
      const { certificate, key, authority } = certificates();
      const { server } = await counting(300, { cert: readFileSync(certificate), key: readFileSync(key) });
      const backend = at(code, server.origin);
      const refused = await backend.run('sst_made-up', ['jane']);
      assert.notEqual(refused.code, 0);
      assert.match(refused.stderr, /cannot be reached/);
      const trusting = { SSL_CERT_FILE: authority, NODE_EXTRA_CA_CERTS: authority, CURL_CA_BUNDLE: authority };
      const taken = await backend.run('sst_made-up', ['jane'], trusting);
      assert.equal(taken.code, 0, taken.stderr);
      await server.close();
    });
  }
});

let made;
/** One that an authority of our own signed. */
function certificates() {
  if (made) return made;
  const at = (name) => join(room, name);
  const openssl = (...words) => execFileSync('openssl', words, { stdio: 'ignore', cwd: room });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...curve, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '2', '-subj', '/CN=Test authority');
  openssl('req', ...curve, '-keyout', at('leaf.key'), '-out', at('leaf.csr'), '-subj', '/CN=127.0.0.1');
  writeFileSync(at('leaf.ext'), 'subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n');
  openssl('x509', '-req', '-in', at('leaf.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial',
    '-out', at('leaf.pem'), '-days', '2', '-extfile', at('leaf.ext'));
  return (made = { certificate: at('leaf.pem'), key: at('leaf.key'), authority: at('ca.pem') });
}

/** A preview under way: its address, and the lines that it says. */
async function preview(...more) {
  const words = ['embed', 'preview', 'test', String(superset.dashboard), '--print-url', ...more];
  const child = start(commandLine, words, { env: { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys') }, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (said.err += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const [address] = await until(30, `an address, and not ${said.err}`, () => /http:\/\/\S+/.exec(said.out));
  return {
    address,
    said,
    async stop() {
      child.kill('SIGINT');
      const code = await ended;
      running.delete(child);
      end(child);
      return code;
    },
  };
}

describe('the preview on this computer', () => {
  test('shows the dashboard as its guest sees it, and says so', LONG, async () => {
    // The list names a port, so that is the one.
    const { port } = await free();
    await superset.embed([host.origin, `http://127.0.0.1:${port}`]);
    const showing = await preview('--as', 'jane', '--rls', 'org = 2');
    assert.match(showing.address, new RegExp(`^http://127.0.0.1:${port}/[0-9a-f]{32}/$`));
    const tab = await browser.open(showing.address);
    await sees(tab, 'Oslo');
    await until(90, 'it to say so', () => showing.said.out.includes('The dashboard is shown.'));
    // The page is answered after the terminal is told.
    await says(tab, 'is shown');

    // What the SDK gives its frame, and no more.
    const frame = '(({ sandbox, allow, referrerPolicy }) => [[...sandbox].sort(), allow, referrerPolicy])(document.querySelector("iframe"))';
    const own = await tab.inPage(frame);
    await answersToken(backends.node, 'jane', 'org = 2');
    const hosted = await browser.open(host.origin);
    const [sandbox, ...rest] = await until(20, 'a frame', () => hosted.inPage(`document.querySelector("iframe") && ${frame}`));
    assert.deepEqual(own, [sandbox.filter((may) => may !== 'allow-popups-to-escape-sandbox'), ...rest]);
    await hosted.close();

    // Somebody else who has read the address.
    const thief = await fetch(showing.address);
    assert.equal(thief.status, 403);
    for (const what of ['token', 'said', '']) {
      const asked = await fetch(showing.address + what, { method: 'POST', headers: { Origin: new URL(showing.address).origin } });
      assert.ok(asked.status === 403 || asked.status === 404 || asked.status === 400, `${what}: ${asked.status}`);
      assert.equal(asked.headers.get('access-control-allow-origin'), null);
    }
    assert.ok(!showing.said.out.includes('eyJ') && !showing.said.err.includes('eyJ'), 'no token in its words');
    assert.equal(await showing.stop(), 0);
    await assert.rejects(fetch(showing.address), 'nobody listens any more');
    await tab.close();
  });

  test('says that its own site is not on the list, in place of a blank frame', LONG, async () => {
    await superset.embed([host.origin]);
    const refused = await preview();
    const tab = await browser.open(refused.address);
    const site = new URL(refused.address).origin;
    await says(tab, `${site} is not on it`);
    assert.equal(await tab.inPage('document.querySelector("iframe")'), null);
    await until(20, 'the same here', () => refused.said.out.includes(`${site} is not on it`));
    assert.equal(await refused.stop(), 0);
    await tab.close();
  });

  test('says that the browser refuses its site', LONG, async () => {
    // To frame-ancestors localhost is another site than 127.0.0.1.
    const { port } = await free();
    await superset.embed([host.origin, `http://localhost:${port}`]);
    const refused = await preview();
    const tab = await browser.open(refused.address);
    await says(tab, `frame-ancestors does not name http://localhost:${port}`);
    assert.equal(await refused.stop(), 0);
    await tab.close();
    await superset.embed([host.origin]);
  });

  test("says what the guests' role lacks", LONG, async () => {
    await superset.embed([]);
    await superset.grant(superset.guests, GUEST.filter((one) => !one.includes('Chart')));
    const lacking = await preview();
    const tab = await browser.open(lacking.address);
    await until(90, 'words', () => lacking.said.out.includes('lacks can_read on Chart'));
    await superset.grant(superset.guests, GUEST);
    assert.equal(await lacking.stop(), 0);
    await tab.close();
    await superset.embed([host.origin]);
  });
});

/** The preview's page says these words, by and by. */
async function says(tab, words) {
  const said = 'document.getElementById("said")?.textContent';
  await until(20, words, async () => (await tab.inPage(said))?.includes(words));
}

/** A port that nobody has. */
async function free() {
  const taken = await serve({});
  await taken.close();
  return taken;
}

describe('where a switch is wrong, the browser shows no dashboard', () => {
  const says = (what) => async (tab, from) => what.test((await tab.inFrame(new URL(from).origin, 'document.body?.innerText')) ?? '');
  const refuses = (what) => (tab) => tab.said.some((line) => what.test(line));

  /** The browser's or Superset's own words come, and no row; the checklist knows why. */
  async function isBlank(url, words, switches, from = superset.url, at = 'test') {
    const tab = await browser.open(url);
    await until(90, 'words of a refusal', () => words(tab, from), (is) => is || undefined).catch(async (error) => {
      const text = await tab.inFrame(new URL(from).origin, 'document.body?.innerText');
      throw new Error(`${error.message}; the frame says ${text}; the console ${tab.said.join(' | ')}`, { cause: error });
    });
    assert.deepEqual([...towns(await rows(tab, from))], []);
    await tab.close();
    if (!hasCheck) return;
    const check = ['--json', 'embed', 'check', at, String(superset.dashboard), '--origin', host.origin];
    const { stdout } = await run(commandLine, check, { env: { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys') }, seconds: 60 });
    const told = JSON.parse(stdout).data.switches.filter(({ state }) => state === 'wrong').map((one) => one.switch);
    for (const wrong of switches) assert.ok(told.includes(wrong), `${wrong} is not among ${told}`);
  }

  before(() => answersToken(backends.node, 'jane', 'org = 1'));

  test('Allowed Domains elsewhere', LONG, async () => {
    await superset.embed(['https://other.example']);
    await isBlank(host.origin, says(/forbidden/i), ['allowed_domains']);
    await superset.embed([host.origin]);
  });

  test('the guests\' role lacks Chart', LONG, async () => {
    await superset.grant(superset.guests, GUEST.filter((one) => !one.includes('Chart')));
    await isBlank(host.origin, says(/forbidden/i), ['guest_role']);
    await superset.grant(superset.guests, GUEST);
  });

  for (const [name, wrong, told, change] of [
    ['X-Frame-Options without frame-ancestors', 'frame_options', /Refused to display|X-Frame-Options/, (headers) => {
      const changed = { ...headers, 'x-frame-options': 'SAMEORIGIN' };
      delete changed['content-security-policy'];
      return changed;
    }],
    ['frame-ancestors elsewhere', 'talisman', /frame-ancestors/, ({ 'content-security-policy': policy, ...rest }) => ({
      ...rest,
      ...(policy && { 'content-security-policy': policy.replace(/frame-ancestors[^;]*/, 'frame-ancestors https://other.example') }),
    })],
  ]) {
    test(name, LONG, async () => {
      const proxy = await proxyBefore(superset.url, change);
      const at = wrong.replace('_', '-');
      await keys('instances', 'add', proxy.url, '--name', at);
      await must(commandLine, ['sign-in', at, '--username', 'admin', '--password-stdin'], {
        input: 'demo-admin\n', env: { ...process.env, SUPERSET_KEYS_HOME: join(room, 'keys') }, seconds: 60,
      });
      const page = await keys('embed', 'snippet', at, String(superset.dashboard), 'html');
      host.answers['GET /proxied'] = () => ({ type: 'text/html', body: page });
      await isBlank(`${host.origin}/proxied`, refuses(told), [wrong], proxy.url, at);
      await proxy.close();
    });
  }

  test('EMBEDDED_SUPERSET off', LONG, async () => {
    await superset.stop();
    await superset.start({ on: false, ancestors: [host.origin] });
    await isBlank(host.origin, says(/not found/i), ['embedded_superset']);
  });
});
