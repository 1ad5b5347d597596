import type { RowRule } from '../../ipc';
import { guestToken as words } from '../../messages/guest-token';

const COLUMN = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What is filled in makes a clause of this form, and only such a one can be filled in again. */
const FILLED = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*:([A-Za-z_][A-Za-z0-9_]*)\s*$/;

/** The names of a clause for which values are put in, each once: not in quotes, and not the type after `::`. */
export function namesOf(clause: string): string[] {
  const names: string[] = [];
  const pieces = /'(?:[^']|'')*'|"(?:[^"]|"")*"|::|:([A-Za-z_][A-Za-z0-9_]*)/g;
  for (const [, name] of clause.matchAll(pieces)) if (name !== undefined && !names.includes(name)) names.push(name);
  return names;
}

export interface RuleComplaints {
  column?: string;
  clause?: string;
  /** By name. */
  values?: Record<string, string>;
}

/** One rule as a person writes it: a column and a value, or a clause. */
export class RuleDraft {
  dataset = $state<number | null>(null);
  /** A clause is written, not filled in. */
  sql = $state(false);
  column = $state('');
  clause = $state('');
  values = $state<Record<string, { value: string; number: boolean }>>({});
  complaints = $state.raw<RuleComplaints>({});

  constructor(readonly id: number, dataset: number | null = null) {
    this.dataset = dataset;
  }

  readonly names = $derived(namesOf(this.clause));

  value(name: string): { value: string; number: boolean } {
    return this.values[name] ?? { value: '', number: false };
  }

  put(name: string, value: Partial<{ value: string; number: boolean }>): void {
    this.values = { ...this.values, [name]: { ...this.value(name), ...value } };
    this.complaints = {};
  }

  /** Whether it can be filled in instead. */
  get fillable(): boolean {
    return this.clause.trim() === '' || FILLED.test(this.clause);
  }

  write(): void {
    if (this.sql) return;
    const column = this.column.trim();
    this.clause = column === '' ? '' : `${column} = :value`;
    this.sql = true;
    this.complaints = {};
  }

  fillIn(): void {
    if (!this.sql || !this.fillable) return;
    const [, column = '', name = ''] = FILLED.exec(this.clause) ?? [];
    const value = this.value(name);
    this.column = column;
    if (name !== '') this.values = { value };
    this.sql = false;
    this.complaints = {};
  }

  /** What is not there, or could not be meant. */
  check(): boolean {
    const needed = this.sql ? this.names : ['value'];
    const values: Record<string, string> = {};
    for (const name of needed) {
      const { value, number } = this.value(name);
      if (number && !/^-?\d+(\.\d+)?$/.test(value.trim())) values[name] = words.numberBad;
      else if (value === '') values[name] = words.valueMissing;
    }
    const column = this.column.trim();
    this.complaints = {
      ...(Object.keys(values).length > 0 ? { values } : {}),
      ...(this.sql ? (this.clause.trim() === '' ? { clause: words.clauseMissing } : {}) : COLUMN.test(column) ? {} : { column: column === '' ? words.columnMissing : words.columnBad }),
    };
    return Object.keys(this.complaints).length === 0;
  }

  get rule(): RowRule {
    const clause = this.sql ? this.clause : `${this.column.trim()} = :value`;
    const names = this.sql ? this.names : ['value'];
    return { clause, dataset: this.dataset, values: names.map((name) => ({ name, value: this.value(name).number ? this.value(name).value.trim() : this.value(name).value, is_number: this.value(name).number })) };
  }
}
