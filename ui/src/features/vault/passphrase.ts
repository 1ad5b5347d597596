// How hard a passphrase is to guess, as far as counting tells, and one that chance made.

export type Strength = 'short' | 'weak' | 'fair' | 'good' | 'strong';

/** What Rust takes at least. */
export const LEAST = 8;

const BITS_OF_A_WORD = 9;

/** Letters that add something: of "aaaa" and "1234" one does. */
function telling(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const step = at === 0 ? 2 : text.charCodeAt(at) - text.charCodeAt(at - 1);
    if (Math.abs(step) > 1) count += 1;
  }
  return Math.min(count, new Set(text.toLowerCase()).size * 2);
}

/** Half of what chance would make of it: people do not choose by chance. */
function bits(text: string): number {
  const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => telling(word) >= 3));
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}\s]/u].filter((kind) => kind.test(text)).length;
  const byLetters = telling(text) * (1.7 + 0.4 * kinds);
  return words.size >= 3 ? Math.max(words.size * BITS_OF_A_WORD, byLetters * 0.8) : byLetters;
}

export function strengthOf(text: string): Strength {
  if ([...text].length < LEAST) return 'short';
  const guess = bits(text);
  return guess < 28 ? 'weak' : guess < 36 ? 'fair' : guess < 45 ? 'good' : 'strong';
}

export const steps: Record<Strength, number> = { short: 1, weak: 2, fair: 3, good: 4, strong: 5 };

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aeiou';
const TRIES = 20;

/** Five pieces that can be said aloud, of 12.6 bits each. */
export function suggested(random: (most: number) => number = ofTheBrowser): string {
  const pick = (letters: string) => letters.charAt(random(letters.length));
  const piece = () => pick(CONSONANTS) + pick(VOWELS) + pick(CONSONANTS) + pick(VOWELS);
  const made = () => Array.from({ length: 5 }, piece).join('-');
  let one = made();
  // Now and then chance says one piece twice, which the meter next to it would call no more than fair.
  for (let tries = 0; tries < TRIES && steps[strengthOf(one)] < steps.good; tries += 1) one = made();
  return one;
}

/** Below `most`, each as likely: what would favour some is thrown away. */
function ofTheBrowser(most: number): number {
  const fits = 256 - (256 % most);
  for (;;) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < fits) return byte % most;
  }
}
