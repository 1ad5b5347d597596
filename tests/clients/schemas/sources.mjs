// Who publishes what, and in which package. Each says of itself:
//
//   name        what is published, and by whom
//   clients     whose files it is about, as we call them
//   place       the key that servers stand under
//   format      what the files are written in
//   begins      what a file must have before a snippet is put into it
//   missing     why it cannot be had here, or nothing
//   lets        what it lets pass of all that can be wrong in an entry; see `wrong`. The shorter the better
//   opens()     answers a function that tells, of texts, what is wrong with each; nothing if it is right
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed, missing, program, searched } from '../installed.mjs';
import { ALONE } from '../opencode.mjs';
import { content, run } from '../process.mjs';
import { emptyHome } from '../room.mjs';
import { JSONC, JSON_STRICT, TOML, YAML, bySchema, byZod, from } from './packages.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const everyRunBin = await installed();

// Microsoft's own source, as the editor's parts are packaged for other pages.
const vscode = {
  name: 'the schema that VS Code registers for mcp.json',
  clients: ['vscode', 'vscode-insiders'],
  place: 'servers',
  format: JSONC,
  lets: [],
  async opens() {
    const mcp = '@codingame/monaco-vscode-api/vscode/src/vs/workbench/contrib/mcp/common/mcpConfiguration.js';
    // Its id is a name inside the editor, and no address.
    const { id: _id, ...schema } = (await from(mcp)).mcpServerSchema;
    return reads(JSONC, await bySchema('ajv', schema));
  },
};

const continueDev = {
  name: 'the schema of Continue, with which it reads config.yaml',
  clients: ['continue'],
  place: 'mcpServers',
  format: YAML,
  begins: 'name: Mine\nversion: 0.0.1\nschema: v1\n',
  lets: ['args misspelt', 'requestOptions misspelt', 'type misspelt'],
  async opens() {
    const { configYamlSchema } = await from('@continuedev/config-yaml/dist/index.js');
    return reads(YAML, byZod(configYamlSchema));
  },
};

const librechat = {
  name: 'the schema of LibreChat, with which it reads librechat.yaml',
  clients: ['librechat'],
  place: 'mcpServers',
  format: YAML,
  begins: 'version: 1.2.1\n',
  lets: ['headers misspelt', 'type misspelt'],
  async opens() {
    const { configSchema } = await from('librechat-data-provider/dist/index.mjs');
    // As its server does.
    return reads(YAML, byZod(configSchema.strict()));
  },
};

/** What opencode and those made from it print themselves, for programs that speak with them. */
const printed = (of, clients, path, why) => ({
  name: `the schema of its configuration that ${of} prints`,
  clients,
  place: 'mcp',
  format: JSONC,
  missing: why,
  lets: [],
  async opens() {
    const home = emptyHome();
    const env = { HOME: home, PATH: searched(everyRunBin), ...ALONE };
    const { stdout } = await content(path, ['generate'], { cwd: home, env, seconds: 60 });
    const { components } = JSON.parse(stdout);
    const schema = { $ref: '#/components/schemas/Config', components };
    return reads(JSONC, await bySchema('2020', schema));
  },
});

const opencode = printed(
  'opencode',
  ['opencode'],
  program('opencode', everyRunBin),
  await missing('opencode', everyRunBin),
);

// The schema that OpenAI publishes is made from the same types; no package has it.
const codex = {
  name: "Codex, which refuses what its configuration's types do not have",
  clients: ['codex'],
  place: 'mcp_servers',
  format: TOML,
  missing: await missing('codex', everyRunBin),
  lets: [],
  async opens() {
    const home = emptyHome();
    mkdirSync(join(home, '.codex'));
    const computer = { cwd: home, env: { HOME: home, PATH: searched(everyRunBin) }, seconds: 30 };
    return each(async (text) => {
      writeFileSync(join(home, '.codex/config.toml'), text);
      const words = ['--strict-config', 'app-server', '--print-startup-config'];
      const { code, stdout } = await run(program('codex', everyRunBin), words, computer);
      if (code === 0) return '';
      return JSON.parse(stdout).error.message;
    });
  },
};

// Google publishes the schema that the program holds, and looks at what it reads with; no package has the file.
const gemini = {
  name: 'the schema of Gemini CLI, with which it reads settings.json',
  clients: ['gemini'],
  place: 'mcpServers',
  format: JSON_STRICT,
  missing: await missing('gemini', everyRunBin),
  lets: [],
  async opens() {
    const env = { HOME: emptyHome(), PATH: searched(everyRunBin) };
    const words = [join(here, 'gemini-reads.mjs'), join(everyRunBin, '../@google/gemini-cli/bundle')];
    return async (texts) => {
      const options = { cwd: env.HOME, env, input: JSON.stringify(texts), seconds: 60 };
      return JSON.parse((await content(process.execPath, words, options)).stdout);
    };
  },
};

const reads = (format, check) =>
  each((text) => {
    try {
      return check(format.read(text));
    } catch (error) {
      return error.message;
    }
  });

/** One text after the other. */
function each(check) {
  return async (texts) => {
    const problems = [];
    for (const text of texts) problems.push(await check(text));
    return problems;
  };
}

/** Those whose packages are too heavy for each run. */
async function heavy() {
  const modules = join(await installed(join(here, '../more')), '..');
  const kilo = join(modules, '@kilocode/cli-linux-x64-baseline/bin/kilo');
  const nothing = `there is nothing for ${process.platform} ${process.arch} that npm could install`;
  const mcporter = {
    name: 'the schema of mcporter, with which it reads mcporter.json',
    clients: ['mcporter'],
    place: 'mcpServers',
    format: JSONC,
    // It looks at types alone.
    lets: ['args misspelt', 'command misspelt', 'headers misspelt', 'url misspelt'],
    async opens() {
      const { RawConfigSchema } = await from('mcporter/dist/config-schema.js', modules);
      return reads(JSONC, byZod(RawConfigSchema));
    },
  };
  return [printed('Kilo', ['kilo'], kilo, existsSync(kilo) ? undefined : nothing), mcporter];
}

const light = [vscode, continueDev, librechat, opencode, codex, gemini];
export const SOURCES = process.env.SUPERSET_KEYS_PART_NAMED ? [...light, ...(await heavy())] : light;
