import type { Snippet } from 'svelte';

export interface GridColumn<T> {
  id: string;
  header: string;
  cell: Snippet<[T]>;
  /** A track of CSS grid: "1fr", "120px", "minmax(140px, 2fr)". */
  width?: string;
  sortable?: boolean;
  /** More of it, for a tool tip. */
  title?: ((row: T) => string | undefined) | undefined;
}

export interface GridSort {
  column: string;
  direction: 'ascending' | 'descending';
}

/** The rows to draw: those in sight, a few around them, and `keep` wherever it is, so that focus is never lost. */
export function rowsInSight(count: number, height: number, top: number, view: number, keep: number): number[] {
  const around = 6;
  const first = Math.max(0, Math.floor(top / height) - around);
  const last = Math.min(count - 1, Math.ceil((top + view) / height) + around);
  const rows: number[] = [];
  if (keep >= 0 && keep < first) rows.push(keep);
  for (let row = first; row <= last; row += 1) rows.push(row);
  if (keep > last && keep < count) rows.push(keep);
  return rows;
}

/** Where a key takes the focus, or undefined if the key does not move it. */
export function rowAfter(key: string, row: number, count: number, page: number): number | undefined {
  const to = {
    ArrowUp: row - 1,
    ArrowDown: row + 1,
    Home: 0,
    End: count - 1,
    PageUp: row - page,
    PageDown: row + page,
  }[key];
  return to === undefined ? undefined : Math.min(count - 1, Math.max(0, to));
}
