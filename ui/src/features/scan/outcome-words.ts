import { errorWords } from '../../messages/errors';
import { scan as words } from '../../messages/scan';
import type { Outcome } from '../../state/scan.svelte';

/** What became of a key, in a line. */
export function outcomeWords(outcome: Outcome, client: string, ring: string): string {
  if (outcome.kind === 'moved') return words.moved(client, ring);
  if (outcome.kind === 'undone') return words.undone(client);
  const said = errorWords(outcome.why, { keychain: ring, client });
  const general = `${said.title}. ${said.body}`;
  return outcome.kind === 'left' ? words.left(words.why(outcome.why.code, client, ring) ?? general) : general;
}
