// `superset-keys connect` and every client that npm can install without an account: what it writes into the client's
// own file makes the pinned, real program list the tools of the real MCP server. Run by `./dev test clients` and left
// out of plain `./dev test`: 1.8 GB of programs, and minutes. A key that is revoked connects nothing, which shows that
// these tests can fail.
//
// No account is needed, and the models are ours. A new version of a client: change package.json, then
// `npm install --package-lock-only --omit-lockfile-registry-resolved` in this folder. Under `overrides` are parts of
// Qwen Code for other systems, which not every registry has and which it does without.
import { after, before, describe } from 'node:test';
import { claudeCode, claudeCodeUnfound } from './claude-code.mjs';
import { claudeDesktop } from './claude-desktop.mjs';
import { cline } from './cline.mjs';
import { codex } from './codex.mjs';
import { connecting } from './connecting.mjs';
import { continueDev } from './continue.mjs';
import { copilot } from './copilot.mjs';
import { droid } from './droid.mjs';
import { gemini } from './gemini.mjs';
import { inspecting } from './inspector.mjs';
import { kilo } from './kilo.mjs';
import { mcporter } from './mcporter.mjs';
import { opencode } from './opencode.mjs';
import { qwen } from './qwen.mjs';
import { begins, ends } from './world.mjs';

// The slowest first.
const CLIENTS = [
  cline,
  continueDev,
  kilo,
  gemini,
  qwen,
  copilot,
  droid,
  opencode,
  claudeCode,
  claudeCodeUnfound,
  codex,
  mcporter,
  claudeDesktop,
];

// Side by side, because each client waits more than it works.
describe('Connecting AI clients', { concurrency: 3 }, () => {
  before(begins);
  after(ends);
  CLIENTS.forEach(connecting);
  inspecting();
});
