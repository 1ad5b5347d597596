import { describe, expect, it } from 'vitest';
import { namesOf, RuleDraft } from './rules.svelte';

describe('the names of a clause', () => {
  it('are those outside of quotes, each once, and no types', () => {
    expect(namesOf('org = :org AND region IN (:a, :b) OR x = :org')).toEqual(['org', 'a', 'b']);
    expect(namesOf(`note = 'at 12:30 :no' AND "odd:name" = :yes`)).toEqual(['yes']);
    expect(namesOf(`day::date = :day`)).toEqual(['day']);
    expect(namesOf(`who = 'it''s :no' AND a = 1`)).toEqual([]);
  });
});

describe('a rule', () => {
  it('filled in is a column and a value that is put in, never a value in the clause', () => {
    const rule = new RuleDraft(1, 3);
    rule.column = 'org';
    rule.put('value', { value: "Acme' OR 1=1" });
    expect(rule.check()).toBe(true);
    expect(rule.rule).toEqual({ clause: 'org = :value', dataset: 3, values: [{ name: 'value', value: "Acme' OR 1=1", is_number: false }] });
  });

  it('takes no column that would be more than a name, and no number that is none', () => {
    const rule = new RuleDraft(1);
    rule.column = 'org = 1) OR (1';
    rule.put('value', { value: 'twelve', number: true });
    expect(rule.check()).toBe(false);
    expect(rule.complaints).toEqual({ column: 'Letters, digits and _ only. Write SQL for another name.', values: { value: 'That is no number.' } });
    rule.column = ' org_id ';
    rule.put('value', { value: ' 12 ' });
    expect(rule.check()).toBe(true);
    expect(rule.rule).toEqual({ clause: 'org_id = :value', dataset: null, values: [{ name: 'value', value: '12', is_number: true }] });
  });

  it('goes on as SQL with what was filled in, and back where that can be said so', () => {
    const rule = new RuleDraft(1);
    rule.column = 'org';
    rule.put('value', { value: 'Acme' });
    rule.write();
    expect(rule.clause).toBe('org = :value');
    expect(rule.value('value').value).toBe('Acme');
    rule.clause = 'org = :value OR org IS NULL';
    expect(rule.fillable).toBe(false);
    rule.fillIn();
    expect(rule.sql).toBe(true);
    rule.clause = 'team = :team';
    rule.put('team', { value: 'b' });
    rule.fillIn();
    expect(rule.sql).toBe(false);
    expect(rule.rule).toEqual({ clause: 'team = :value', dataset: null, values: [{ name: 'value', value: 'b', is_number: false }] });
  });

  it('as SQL is sent as it is typed, and wants a value for each name', () => {
    const rule = new RuleDraft(1);
    rule.write();
    expect(rule.check()).toBe(false);
    expect(rule.complaints).toEqual({ clause: 'Write the rule, or remove it.' });
    rule.clause = ' org = :org ';
    expect(rule.check()).toBe(false);
    expect(rule.complaints).toEqual({ values: { org: 'Give a value.' } });
    rule.put('org', { value: 'Acme' });
    expect(rule.check()).toBe(true);
    expect(rule.rule.clause).toBe(' org = :org ');
  });
});
