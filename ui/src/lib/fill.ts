// Sentences with {placeholders}. What has no value is left out with the words that need it, so that no sentence ends
// in the air: first what stands in brackets, then the clause, then the whole sentence.

export type Values = Readonly<Record<string, string | undefined>>;

const PLACEHOLDER = /\{(\w+)\}/g;

const lacks = (text: string, values: Values): boolean => [...text.matchAll(PLACEHOLDER)].some(([, name]) => !values[name ?? '']);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function sentence(text: string, values: Values): string {
  const bare = text.replace(/ ?\([^()]*\)/g, (brackets) => (lacks(brackets, values) ? '' : brackets));
  if (!lacks(bare, values)) return bare;
  const clauses = bare.split(/(?<=[,;:])\s+/);
  const kept = clauses.filter((clause) => !lacks(clause, values));
  if (kept.length === 0) return '';
  // What a colon announced is gone.
  const announced = clauses[clauses.indexOf(kept.at(-1) ?? '') + 1];
  if (kept.length > 1 && kept.at(-1)?.endsWith(':') && announced !== undefined) kept.pop();
  const end = /[.?]$/.exec(bare)?.[0] ?? '';
  const joined = kept.join(' ').replace(/[,;:.?]$/, '') + end;
  return kept[0] === clauses[0] ? joined : capital(joined);
}

/** Numbers as people say them: "in 1 days" is a template's word. */
const counted = (text: string): string =>
  text.replace(/\bin 0 days\b/g, 'today').replace(/(?<![\d.,])1 (day|tool)s\b/g, '1 $1');

export function fill(template: string, values: Values): string {
  const lines = template.split('\n').map((line) => {
    if (!lacks(line, values)) return line;
    return line.split(/(?<=[.?])\s+(?=[A-Z{])/).map((part) => sentence(part, values)).filter((part) => part !== '').join(' ');
  });
  return counted(lines.join('\n').replace(PLACEHOLDER, (_, name: string) => values[name] ?? ''));
}
