// The sentences for what the checklist found. They are in embedding-check.json, which the command line reads too; what
// it has no sentence for is said as it was answered.
import { fill } from '../lib/fill';
import type { SwitchView } from '../ipc';
import sentences from './embedding-check.json';

const findings: Readonly<Record<string, { seen: string; why: string } | undefined>> = sentences.findings;

/** What stands on its line, and below it. */
export function foundWords({ found, params, answered }: Pick<SwitchView, 'found' | 'params' | 'answered'>): { short: string; why: string } {
  const said = findings[found];
  return said ? { short: fill(said.seen, params), why: fill(said.why, params) } : { short: answered, why: '' };
}
