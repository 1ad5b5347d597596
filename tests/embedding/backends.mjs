// The backends' texts, run as they are.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout } from '../clients/places.mjs';
import { must, run } from '../clients/process.mjs';

const FILES = { python: 'guest_token.py', node: 'guest-token.mjs', curl: 'guest-token.sh', rust: 'guest_token.rs' };
export const BACKENDS = Object.keys(FILES);

/** What asks twice in one process, where that is how it is used. */
const TWICE = {
  python: 'import sys, guest_token as g\nfor _ in range(2): print(g.guest_token("jane", [{"clause": "org = 1"}]))\n',
  node: 'import { guestToken } from "./guest-token.mjs";\nfor (let n = 0; n < 2; n += 1) console.log(await guestToken("jane", [{ clause: "org = 1" }]));\n',
  rust: `#[allow(dead_code)]
#[path = "guest_token.rs"]
mod snippet;

#[tokio::main]
async fn main() {
    let tokens = snippet::GuestTokens::new().unwrap();
    for _ in 0..2 {
        println!("{}", tokens.guest_token("jane", &serde_json::json!([{"clause": "org = 1"}])).await.unwrap());
    }
}
`,
};

export class Backend {
  constructor(code, room, text) {
    this.code = code;
    this.folder = join(room, `backend-${code}`);
    mkdirSync(join(this.folder, 'run'), { recursive: true, mode: 0o700 });
    this.write(text);
  }

  write(text) {
    this.file = join(this.folder, FILES[this.code]);
    writeFileSync(this.file, text);
    if (TWICE[this.code]) writeFileSync(this.#twice(), TWICE[this.code]);
    this.built = this.builtTwice = undefined;
  }

  #twice() {
    return join(this.folder, { python: 'twice.py', node: 'twice.mjs', rust: 'twice.rs' }[this.code]);
  }

  #words(file, built) {
    const program = { python: ['python3', file], node: [process.execPath, file], curl: ['sh', file], rust: [built] };
    return program[this.code];
  }

  #env(key, more) {
    const env = { PATH: process.env.PATH, HOME: this.folder, PYTHONDONTWRITEBYTECODE: '1', XDG_RUNTIME_DIR: join(this.folder, 'run'), ...more };
    if (key !== undefined) env.SUPERSET_MINTER_KEY = key;
    return env;
  }

  /** `{ code, stdout, stderr }` of one run. */
  async run(key, args, more = {}) {
    if (this.code === 'rust') this.built ??= await compiled(this.file);
    const [program, ...words] = this.#words(this.file, this.built);
    return run(program, [...words, ...args], { seconds: 60, env: this.#env(key, more), cwd: this.folder });
  }

  async token(key, username, ...clauses) {
    const { code, stdout, stderr } = await this.run(key, [username, ...clauses]);
    if (code !== 0) throw new Error(`${this.code}: ${stderr}`);
    return stdout.trimEnd();
  }

  /** Two tokens for one guest, one after the other. */
  async twice(key, more = {}) {
    if (this.code === 'curl') {
      const both = [await this.run(key, ['jane', 'org = 1'], more), await this.run(key, ['jane', 'org = 1'], more)];
      return both.map(({ stdout }) => stdout.trim());
    }
    if (this.code === 'rust') this.builtTwice ??= await compiled(this.#twice());
    const [program, ...words] = this.#words(this.#twice(), this.builtTwice);
    const said = await must(program, words, { seconds: 60, env: this.#env(key, more), cwd: this.folder });
    return said.trim().split('\n');
  }
}

let libraries;

/** By rustc alone, with the very crates that our own programs stand on. */
async function compiled(file) {
  libraries ??= ours();
  const program = file.replace(/\.rs$/, '');
  const crates = [...libraries.crates].flatMap(([name, path]) => ['--extern', `${name}=${path}`]);
  const words = ['--edition', '2021', '-C', 'debuginfo=0', '-D', 'warnings', '-L', `dependency=${libraries.folder}`, ...crates];
  await must('rustc', [...words, '-o', program, file], { seconds: 300, env: process.env, cwd: dirname(file) });
  return program;
}

function ours() {
  const wanted = new Map([['reqwest', '0.13'], ['tokio', '1'], ['serde_json', '1'], ['base64', '0.22']]);
  const words = ['build', '--locked', '--quiet', '-p', 'superset-keys', '--message-format=json'];
  const lines = execFileSync('cargo', words, { cwd: checkout, encoding: 'utf8', maxBuffer: 64 << 20 }).split('\n');
  const crates = new Map();
  for (const line of lines.filter(Boolean)) {
    const { reason, target, package_id: id, filenames } = JSON.parse(line);
    if (reason !== 'compiler-artifact') continue;
    const library = filenames.find((name) => name.endsWith('.rlib'));
    const version = wanted.get(target.name);
    if (library && version && id.includes(`@${version}`)) crates.set(target.name, library);
  }
  for (const name of wanted.keys()) if (!crates.has(name)) throw new Error(`cargo built no ${name}`);
  return { crates, folder: dirname(crates.get('reqwest')) };
}

/** What a program in the language says of a text without running it. */
export async function isRead(code, file) {
  const words = {
    python: ['python3', '-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())'],
    node: [process.execPath, '--check'],
    curl: ['sh', '-n'],
  }[code];
  if (words) await must(words[0], [...words.slice(1), file], { seconds: 30, env: process.env });
  return readFileSync(file, 'utf8');
}
