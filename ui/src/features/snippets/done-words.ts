// What is said of an entry that was written: no more than is known.
import type { EntryWritten } from '../../ipc';
import { connect } from '../../messages/connect';
import type { Proof } from '../../parts/key-outcome';

/** Another entry keeps the client from using this one, wherever it is started. */
export const isInTheWay = (written: EntryWritten): boolean =>
  written.beside.some(({ what, scope }) => what === 'goes_first' && (scope === 'user' || scope === 'system'));

export function doneWords(written: EntryWritten, client: string, proof: Proof): string {
  const words = connect.done;
  if (isInTheWay(written)) return words.another(client);
  if (proof) return words[proof](client);
  return written.changed ? words.connected(client) : words.unchanged(client);
}
