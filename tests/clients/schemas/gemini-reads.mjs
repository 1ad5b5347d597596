// Gemini CLI's own reading of settings, in a process of its own: it takes its home from there. Given the folder of the
// program's parts, and texts as JSON on standard input; prints what it has against each.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const parts = process.argv[2];
const has = (name) => name.endsWith('.js') && /^ {2}loadSettings,$/m.test(readFileSync(join(parts, name), 'utf8'));
const { loadSettings } = await import(join(parts, readdirSync(parts).find(has)));

const texts = JSON.parse(readFileSync(0, 'utf8'));
const problems = texts.map((text) => {
  // What it read once, it remembers by its folder.
  const project = mkdtempSync(join(homedir(), 'project-'));
  mkdirSync(join(project, '.gemini'));
  writeFileSync(join(project, '.gemini/settings.json'), text);
  return loadSettings(project).errors.map(({ message }) => message).join('\n');
});
process.stdout.write(JSON.stringify(problems));
