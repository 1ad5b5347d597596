/** Rows that are picked together. Rows go by their keys, so that what is picked stays so when the rows change. */
export interface GridPick<T> {
  picked: ReadonlySet<string>;
  onpick: (picked: ReadonlySet<string>) => void;
  /** Rows that cannot be picked have no box. */
  may?: (row: T) => boolean;
  /** What the box of a row is called, and the one above them all. */
  label: (row: T) => string;
  labelAll: string;
  /** The boxes show without a pointer too; where nothing hovers they always do. */
  always?: boolean;
}

export type PickState = 'none' | 'some' | 'all';

/** Of the rows there are now. */
export function pickState(keys: readonly string[], picked: ReadonlySet<string>): PickState {
  if (picked.size === 0) return 'none';
  const count = keys.reduce((sum, key) => (picked.has(key) ? sum + 1 : sum), 0);
  return count === 0 ? 'none' : count === keys.length ? 'all' : 'some';
}

/** Follows what is picked by one row and by many: a span goes from the row that was turned last. */
export class Picking {
  private anchor: string | null = null;
  private edge: string | null = null;
  private base: ReadonlySet<string> = new Set();
  /** What came of it last: another set means that somebody else picked or cleared meanwhile. */
  private last: ReadonlySet<string> | null = null;

  /** One row more, or one less. */
  turn(key: string, picked: ReadonlySet<string>): Set<string> {
    const next = new Set(picked);
    if (!next.delete(key)) next.add(key);
    this.anchor = this.edge = key;
    this.base = picked;
    this.last = next;
    return next;
  }

  /** All from the anchor to a row, beside what was picked before; an earlier span from the same anchor is taken back. */
  span(to: string, keys: readonly string[], may: (key: string) => boolean, picked: ReadonlySet<string>): Set<string> {
    if (picked !== this.last) this.follow(picked);
    if (this.anchor === null || !keys.includes(this.anchor)) this.begin(to, picked);
    const ends = [keys.indexOf(this.anchor ?? to), keys.indexOf(to)];
    this.edge = to;
    const next = new Set([...this.base, ...keys.slice(Math.min(...ends), Math.max(...ends) + 1).filter(may)]);
    this.last = next;
    return next;
  }

  /** A span by the keyboard begins where the focus is, unless it goes on from where the last one ended. */
  from(key: string, picked: ReadonlySet<string>): void {
    if (this.edge !== key || picked !== this.last) this.begin(key, picked);
  }

  /** What was cleared comes back with no span. */
  private follow(picked: ReadonlySet<string>): void {
    this.base = picked;
    if (this.anchor !== null && !picked.has(this.anchor)) this.anchor = null;
  }

  private begin(key: string, picked: ReadonlySet<string>): void {
    this.anchor = this.edge = key;
    this.base = this.last = picked;
  }
}
