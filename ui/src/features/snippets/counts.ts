// How many lines an edit adds and takes away. A line that only gets or loses its comma is still the same line.
import type { DiffLine } from '../../ipc';

export interface LineCounts {
  added: number;
  removed: number;
  gets: number;
  loses: number;
}

export function countLines(lines: readonly DiffLine[]): LineCounts {
  const texts = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).map((line) => line.text);
  const [added, removed] = [texts('added'), texts('removed')];
  const gets = removed.filter((text) => added.includes(`${text},`)).length;
  const loses = added.filter((text) => removed.includes(`${text},`)).length;
  return { added: added.length - gets - loses, removed: removed.length - gets - loses, gets, loses };
}
