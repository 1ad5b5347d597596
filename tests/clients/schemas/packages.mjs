// Where the pinned packages are that hold what clients' makers publish, and what reads files in their formats.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { installed } from '../installed.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(await installed(here), '..');

/** A module by its path in packages, also one that its package does not offer by name. */
export const from = (path, folder = modules) => import(pathToFileURL(join(folder, path)));

const { parse: parseJsonc, printParseErrorCode } = await from('jsonc-parser/lib/umd/main.js');
const { parse: parseYaml, stringify: stringifyYaml } = await from('yaml/dist/index.js');
const { parse: parseToml, stringify: stringifyToml } = await from('smol-toml/dist/index.js');
const { default: formats } = (await from('ajv-formats/dist/index.js')).default;

/** What each format is read and written with. Reading refuses what is none. */
export const JSON_STRICT = { read: JSON.parse, write: JSON.stringify };
export const JSONC = { read: jsonc, write: JSON.stringify };
export const YAML = { read: parseYaml, write: stringifyYaml };
export const TOML = { read: parseToml, write: stringifyToml };

function jsonc(text) {
  const errors = [];
  const value = parseJsonc(text, errors, { allowTrailingComma: true });
  if (errors.length > 0) throw new Error(printParseErrorCode(errors[0].error));
  return value;
}

/** What a JSON schema has against a value, as text; empty where it has nothing. `draft` is ajv's word for a dialect. */
export async function bySchema(draft, schema) {
  const { default: Ajv } = (await from(`ajv/dist/${draft}.js`)).default;
  // Makers' schemas have words of their own for editors.
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats(ajv);
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? '' : ajv.errorsText(validate.errors));
}

/** The same of a schema of the zod library. */
export function byZod(schema) {
  return (value) => {
    const { success, error } = schema.safeParse(value);
    return success ? '' : JSON.stringify(error.issues);
  };
}
