// Measures a scan, as a whole process. Run by `./dev bench scan`. Prints a Markdown table and asserts nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { machine } from '../bridge/bench/machine.mjs';
import { milliseconds, spread } from '../bridge/bench/measure.mjs';
import { cache } from '../clients/places.mjs';

const program = join(process.env.CARGO_TARGET_DIR ?? join(cache, 'target'), 'release/superset-keys');
const KEY = 'sst_PNHkqdrcN3FhhTsEjG0RASQIS_JFXo8EvdZoFtKDlPI';
const KNOWN = { files: 60, kilobytes: 20, rounds: 60 };
/** Of which the newest are searched. */
const TALKS = { files: 2000, kilobytes: 400, rounds: 12 };
const TREE = { files: 50_000, folder: 25, rounds: 8 };

const room = mkdtempSync(join(tmpdir(), 'superset-keys-scan-'));

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Sixty of the files that are looked into without being named, each with a key in it; a long history. */
function person(home) {
  const startup = '.bashrc .bash_profile .bash_login .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin';
  const others = '.env .env.local .envrc .netrc .curlrc .claude.json .cursor/mcp.json .codex/config.toml';
  const more = '.gemini/settings.json .config/Code/User/mcp.json .config/fish/config.fish .zsh_history .python_history';
  const names = [startup, others, more].flatMap((line) => line.split(' '));
  while (names.length < KNOWN.files - 1) names.push(`.config/environment.d/${names.length}.conf`);
  for (const name of names) write(join(home, name), lines(KNOWN.kilobytes * 1024, KEY));
  write(join(home, '.bash_history'), lines(4 * 2 ** 20, KEY));
}

/** Two years of an AI client's conversations. */
function talks(home) {
  const text = lines(TALKS.kilobytes * 1024, '');
  for (let at = 0; at < TALKS.files; at += 1) {
    write(join(home, '.claude/projects', `-home-jane-${at % 40}`, `${at}.jsonl`), at % 500 === 1 ? `${text}${KEY}\n` : text);
  }
}

/** As a person's projects are: many small files of text, some larger, some binary. */
function projects(root) {
  for (let at = 0; at < TREE.files; at += 1) {
    const folder = Math.floor(at / TREE.folder);
    const name = join(root, `${folder % 40}`, `${folder}`, at % 100 === 0 ? `${at}.bin` : `${at}.ts`);
    const size = at % 50 === 0 ? 100_000 : 500 + ((at * 7919) % 8000);
    write(name, at % 100 === 0 ? Buffer.alloc(size) : lines(size, at % 1000 === 1 ? KEY : ''));
  }
}

function lines(size, key) {
  const line = 'export const sst = { superset: "https://bi.example.com", last: 1 }; // a line as others\n';
  return `${line.repeat(Math.floor(size / line.length / 2))}${key}\n${line.repeat(Math.floor(size / line.length / 2))}`;
}

function scan(home, args) {
  const env = { PATH: process.env.PATH, HOME: home, SUPERSET_KEYS_HOME: join(room, 'keys') };
  const from = process.hrtime.bigint();
  const run = spawnSync(program, ['scan', '--json', ...args], { env, cwd: home, maxBuffer: 2 ** 30 });
  const taken = milliseconds(from);
  const { data } = JSON.parse(run.stdout.toString());
  return { taken, files: data.files, places: data.keys.flatMap((key) => key.spots).length };
}

function row(title, rounds, aim, home, args) {
  const first = scan(home, args);
  const { p50, p95 } = spread(Array.from({ length: rounds }, () => scan(home, args).taken));
  const found = `${first.files} files, ${first.places} places`;
  return `| ${title} | ${found} | ${p50.toFixed(0)} ms | ${p95.toFixed(0)} ms | ${aim} |`;
}

try {
  process.stderr.write('Writing the files\n');
  const [home, empty, tree, talking] = ['home', 'empty', 'tree', 'talking'].map((name) => join(room, name));
  [home, empty, tree, talking].forEach((folder) => mkdirSync(folder));
  person(home);
  talks(talking);
  projects(tree);
  const text = [
    '| | | p50 | p95 | aim |',
    '| --- | --- | --: | --: | --: |',
    row('nothing there, the process alone', KNOWN.rounds, '', empty, []),
    row('the usual files', KNOWN.rounds, '50 ms', home, []),
    row('800 MB of conversations, the newest of them', TALKS.rounds, '500 ms', talking, []),
    row('a folder', TREE.rounds, '2000 ms', empty, [tree]),
    '',
    `The program is ${(statSync(program).size / 1e6).toFixed(1)} MB. Files were in the system's cache.`,
    '',
    `Read on ${machine()}.`,
  ];
  process.stdout.write(`${text.join('\n')}\n`);
} finally {
  rmSync(room, { recursive: true, force: true });
}
