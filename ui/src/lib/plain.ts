// Names of other people's choosing, shown for what they are.

// What turns the reading direction, joins, or takes no room: not seen, and not to be typed.
const HIDDEN = /[\p{Cc}\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u;

const code = (letter: string): string => `⟨U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** With each sign that has no shape of its own named: a name then reads as it was typed. */
export const plain = (name: string): string => name.replace(HIDDEN, code);

/** Without them: what can be read off, and typed. */
export const typeable = (name: string): string => name.replace(HIDDEN, '').trim();

/** `plain`, for the middle of a sentence: what is written from right to left does not turn its neighbours round. */
export const isolated = (name: string): string => (RIGHT_TO_LEFT.test(name) ? `\u2068${plain(name)}\u2069` : plain(name));

/** As a sentence begins: "The vault". */
export const atStart = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
