import type { CodePart } from '../components/CodeBlock.svelte';
import type { Language } from '../ipc';

/** Sticky, in order of precedence; the first that fits takes its text. Anything else is dim or plain. */
const rules: Partial<Record<Language, readonly [CodePart['kind'], RegExp][]>> = {
  json: [
    ['key', /"(?:[^"\\\n]|\\.)*"(?=\s*:)/y],
    ['string', /"(?:[^"\\\n]|\\.)*"/y],
    ['number', /-?\d+(?:\.\d+)?|\b(?:true|false|null)\b/y],
    ['dim', /[{}[\],:]+/y],
  ],
  toml: [
    ['dim', /#[^\n]*/y],
    ['key', /^\[+[^\]\n]*\]+/my],
    ['key', /^\s*[\w.-]+(?=\s*=)/my],
    ['key', /(?<=[{,]\s*)(?:[\w.-]+|"[^"\n]*")(?=\s*=)/y],
    ['string', /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y],
    ['number', /\b(?:\d+(?:\.\d+)?|true|false)\b/y],
    ['dim', /[{}[\],=]+/y],
  ],
  yaml: [
    ['dim', /#[^\n]*/y],
    ['key', /^\s*(?:- )?[\w.-]+(?=:)/my],
    ['string', /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y],
    ['number', /\b(?:\d+(?:\.\d+)?|true|false|null)\b/y],
    ['string', /(?<=[:-] )[^\s"'[{#&*!|>][^\n]*/y],
    ['dim', /[{}[\],]+|:(?=\s)|-(?= )/y],
  ],
  python: [
    ['dim', /#[^\n]*/y],
    ['key', /\b(?:import|from|async|await|with|as|def|for|in|return)\b/y],
    ['string', /\bf?"(?:[^"\\\n]|\\.)*"|f?'[^'\n]*'|"(?:[^"\\\n]|\\.)*"/y],
    ['number', /\b(?:\d+(?:\.\d+)?|True|False|None)\b/y],
    ['dim', /[{}[\](),:=.]+/y],
  ],
  typescript: [
    ['dim', /\/\/[^\n]*/y],
    ['key', /\b(?:import|from|const|new|await|for|of)\b/y],
    ['string', /"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|`[^`]*`/y],
    ['number', /\b(?:\d+(?:\.\d+)?|true|false|null)\b/y],
    ['dim', /[{}[\](),:;=.]+/y],
  ],
};

/** The text in coloured pieces. Joined again they are exactly the text. */
export function highlight(text: string, language: Language): CodePart[] {
  const known = rules[language];
  if (!known) return [{ text }];
  const parts: CodePart[] = [];
  let plain = '';
  const flush = () => {
    if (plain) parts.push({ text: plain });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const hit = known.flatMap(([kind, rule]) => {
      rule.lastIndex = at;
      const found = rule.exec(text)?.[0];
      return found ? [{ kind, found }] : [];
    })[0];
    if (hit) {
      flush();
      parts.push(hit.kind ? { text: hit.found, kind: hit.kind } : { text: hit.found });
      at += hit.found.length;
    } else {
      plain += text[at] ?? '';
      at += 1;
    }
  }
  flush();
  return parts;
}
