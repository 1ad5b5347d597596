// Pinned packages, installed once per lock file in the cache folder.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { cache, here } from './places.mjs';
import { must, run } from './process.mjs';
import { emptyHome } from './room.mjs';

// opencode's own package only chooses one of these in an install script, and no such script is run here. This one
// runs on every x86-64 Linux with glibc.
const PACKAGES = {
  codex: '@openai/codex',
  gemini: '@google/gemini-cli',
  opencode: 'opencode-linux-x64-baseline',
};

/** Where the programs of a folder's lock file are; installs them when they are not there. */
export async function installed(folder = here) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const mark = createHash('sha256').update(lock).digest('hex').slice(0, 12);
  const home = join(cache, `${basename(folder)}-${mark}`);
  if (!existsSync(home)) await install(folder, home);
  return join(home, 'node_modules/.bin');
}

/** A client's program. */
export const program = (client, bin) =>
  client === 'opencode' ? join(bin, '..', PACKAGES.opencode, 'bin/opencode') : join(bin, client);

/** Whether a client that is missing may be there after another installation. */
export const mayCome = (client) =>
  client !== 'opencode' || (process.platform === 'linux' && process.arch === 'x64');

/** So that the next run tries again. */
export const forget = (bin) => rmSync(join(bin, '../..'), { recursive: true, force: true });

async function install(folder, home) {
  mkdirSync(cache, { recursive: true });
  const half = mkdtempSync(`${home}-half-`);
  const tidy = () => rmSync(half, { recursive: true, force: true });
  process.on('exit', tidy);
  try {
    for (const file of ['package.json', 'package-lock.json']) cpSync(join(folder, file), join(half, file));
    // HOME may be a private one; the settings that say how npm reaches its registry are the person's.
    const settings = { npm_config_userconfig: join(userInfo().homedir, '.npmrc') };
    // None of them needs its packages' install scripts; they would only build the terminal and keychain parts
    // that Gemini CLI does without.
    await must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: half,
      env: { ...settings, ...process.env },
      seconds: 900,
    });
    renameSync(half, home);
  } catch (error) {
    // Somebody else may have been quicker.
    if (!existsSync(home)) throw error;
  } finally {
    tidy();
    process.off('exit', tidy);
  }
}

/** Why a client cannot be tried here, or nothing. npm leaves a platform's part out without a word. */
export async function missing(client, bin) {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
  const pinned = { ...dependencies, ...optionalDependencies }[PACKAGES[client]];
  const why =
    `${PACKAGES[client]} ${pinned} has nothing for ${process.platform} ${process.arch} that npm could install`;
  if (!existsSync(program(client, bin))) return why;
  const { code, stdout, stderr } = await run(program(client, bin), ['--version'], {
    env: { PATH: searched(bin), HOME: emptyHome() },
    seconds: 30,
  });
  if (code === 0 && stdout.trim().split(' ').at(-1) === pinned) return undefined;
  if (/optional dependency|unsupported platform/i.test(stderr)) return why;
  throw new Error(`${client} --version is not ${pinned}: ${stdout}${stderr}`);
}

/** A PATH for clients: themselves, the node that runs this, and what every system has. */
export const searched = (bin) => [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
