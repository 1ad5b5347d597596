// The snippets in real programs: what `superset-keys snippet` prints, written as the client's file or run as
// a command, makes the pinned clients list and call the tools of the real MCP server. Run by `./dev test clients`.
// Revoked and made-up keys list nothing, which shows that these tests can fail.
//
// No account is needed, and the model is ours. A new version of a client: change package.json, then
// `npm install --package-lock-only --omit-lockfile-registry-resolved` in this folder.
import { after, before, describe } from 'node:test';
import { codexCases } from './codex-cases.mjs';
import { geminiCases } from './gemini-cases.mjs';
import { opencodeCases } from './opencode-cases.mjs';
import { begins, ends } from './world.mjs';

// Side by side, because each client waits more than it works.
describe('AI clients', { concurrency: 3 }, () => {
  before(begins);
  after(ends);
  codexCases();
  geminiCases();
  opencodeCases();
});
