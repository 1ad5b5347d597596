import axe from 'axe-core';
import { createRawSnippet } from 'svelte';

/** A snippet of plain text for component tests. */
export function text(words: string) {
  return createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));
}

/** Names of the accessibility rules that `root` breaks. Colours need a real browser and are checked there. */
export async function violations(root: Element = document.body): Promise<string[]> {
  const result = await axe.run(root, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: false } },
  });
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`);
}
