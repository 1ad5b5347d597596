// What a proof shows, in words: whether the server takes what AI clients show, and whether it lets in others too.
import type { McpProofView, Received } from '../../ipc';
import { access as words } from '../../messages/access';

export type ProofTone = 'ok' | 'warn' | 'bad';

/** Who gets in that should not, and as whom. */
export interface Intruder {
  how: 'nobody' | 'made_up';
  user: string;
}

/** Nobody without a token comes first: it takes the least. */
export function intruderOf({ nobody, made_up: madeUp }: McpProofView): Intruder | null {
  if (nobody.was === 'let_in') return { how: 'nobody', user: nobody.user };
  return madeUp.was === 'let_in' ? { how: 'made_up', user: madeUp.user } : null;
}

/** The server acts as whom it should. */
export const isTaken = ({ ours, meant }: McpProofView): boolean => ours.was === 'let_in' && (meant === null || meant === ours.user);

const isOut = ({ was }: Received): boolean => was !== 'let_in' && was !== 'odd';

function othersOf(proof: McpProofView): string {
  const { open, closed, unclear } = words.proof;
  const intruder = intruderOf(proof);
  if (intruder) return intruder.how === 'nobody' && proof.made_up.was === 'let_in' ? open.both : open[intruder.how];
  return isOut(proof.nobody) && isOut(proof.made_up) ? closed : unclear;
}

export function proofWords(proof: McpProofView): { tone: ProofTone; text: string } {
  const closed = isOut(proof.nobody) && isOut(proof.made_up);
  const wrong = proof.ours.was === 'refused' || (proof.ours.was === 'let_in' && !isTaken(proof));
  const tone = wrong || intruderOf(proof) ? 'bad' : isTaken(proof) && closed ? 'ok' : 'warn';
  return { tone, text: `${words.proof.ours(proof.ours, proof.meant)} ${othersOf(proof)}` };
}
