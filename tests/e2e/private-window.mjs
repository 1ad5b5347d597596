// The private window as a person at the screen has it, and a real OpenID provider whose pages it shows. No program of ours
// looks into those pages, so the tests do not either: they type, and look whether the picture changes.
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pictures, waitFor } from './window.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** Where people of the Superset at `web` sign in. It signs in anybody, with any password. */
export class Provider {
  /** How often it has asked its person something. */
  asked = 0;

  static async start(web) {
    const provider = new Provider();
    provider.process = spawn('node', [join(here, '../oauth/provider.mjs'), '--web', web], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: provider.process.stdout })[Symbol.asyncIterator]();
    provider.issuer = JSON.parse((await lines.next()).value).issuer;
    void (async () => {
      for await (const line of { [Symbol.asyncIterator]: () => lines }) provider.asked += JSON.parse(line).event === 'interaction.started' ? 1 : 0;
    })();
    return provider;
  }

  stop() {
    this.process.stdin.end();
  }

  /** Superset's settings for it, by each of these names. */
  settings(names, more = '') {
    return `
from flask_appbuilder.security.manager import AUTH_OAUTH
AUTH_TYPE = AUTH_OAUTH
AUTH_USER_REGISTRATION = True
AUTH_USER_REGISTRATION_ROLE = "Gamma"
OAUTH_PROVIDERS = [
    {
        "name": name,
        "icon": "fa-key",
        "token_key": "access_token",
        "remote_app": {
            "client_id": "superset-web",
            "client_secret": "secret for tests",
            "server_metadata_url": "${this.issuer}/.well-known/openid-configuration",
            "api_base_url": "${this.issuer}/" if name == "keycloak" else "${this.issuer}/openid-connect/",
            "client_kwargs": {"scope": "openid email profile"},
        },
    }
    for name in ${JSON.stringify(names)}
]
${more}
`;
  }

  /** Signs in there, as a person types it: the provider asks who it is, and then whether Superset may know. `asked` is how often it had asked before. */
  async signInAs(user, asked) {
    await this.name(user, asked);
    await this.question(asked + 2);
    press('Return');
  }

  /** As far as the second question. */
  async name(user, asked) {
    await this.question(asked + 1);
    type(user);
    press('Tab');
    type('any');
    press('Return');
  }

  /** What stands below each of its questions: then it refuses. */
  async cancel(asked) {
    await this.question(asked + 1);
    // The password, the button, and that.
    press('Tab', 'Tab', 'Tab', 'Return');
  }

  /** Waits for the question of this number. */
  async question(number) {
    await waitFor(`question ${number} of the provider`, () => this.asked >= number);
    return ready();
  }
}

const x = (...words) => execFileSync('xdotool', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }).trim();

export const type = (words) => x('type', '--delay', '20', words);
export const press = (...keys) => x('key', '--delay', '40', ...keys);

/** The private window, once its title says that it shows this host. */
export const privateWindow = (host = '127.0.0.1') =>
  waitFor(`the private window at ${host}`, () => x('search', '--name', `^http://${host} – private sign-in`).split('\n')[0]);

export const isGone = () => waitFor('the private window to be gone', () => { try { return !x('search', '--name', 'private sign-in'); } catch { return true; } });

/** The private window with a page in it that takes what is typed. */
export async function ready() {
  const window = await privateWindow();
  await still(window);
  x('windowfocus', '--sync', window);
  return window;
}

/** As the button in its title bar does. */
export function closePrivateWindow(window) {
  execFileSync('python3', [join(here, 'press_close.py'), window], { timeout: 10_000 });
}

/** A page is there when its picture comes again: a caret that blinks makes two of them. */
async function still(window) {
  const seen = [];
  await waitFor('a page that is there', async () => {
    const now = execFileSync('import', ['-window', window, 'rgb:-'], { maxBuffer: 1 << 26 });
    const isSame = seen.some((one) => one.equals(now));
    seen.splice(0, seen.length - 2);
    seen.push(now);
    await new Promise((soon) => setTimeout(soon, 300));
    // One colour alone is no page yet.
    return isSame && now.some((byte) => byte !== now[0]);
  });
}

/** For a person to see what it showed. */
export function lookAt(window, name) {
  writeFileSync(join(pictures, `${name}.png`), execFileSync('import', ['-window', window, 'png:-'], { maxBuffer: 1 << 26 }));
}
