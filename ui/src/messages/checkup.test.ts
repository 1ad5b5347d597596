import { describe, expect, it } from 'vitest';
import type { CheckupItem, CheckupItemView, Finding, Remedy, Verdict } from '../ipc';
import contract from '../ipc/bindings.ts?raw';
import { instance } from '../test/fixtures';
import { checkup, criticalShort, criticalTitle, itemWords, lasted, type Place } from './checkup';
import found from './checkup.json';

/** The names of a type, as the generated contract lists them. */
function names<T extends string>(type: string): T[] {
  const body = new RegExp(`export type ${type} = ([^;]*);`).exec(contract.replace(/\/\*\*[^]*?\*\//g, ''))?.[1] ?? '';
  return [...body.matchAll(/"(\w+)"/g)].map(([, name]) => name as T);
}
const items = names<CheckupItem>('CheckupItem');
const findings = names<Finding>('Finding');
const remedies = names<Remedy>('Remedy');
const place: Place = { instance: instance(), mcpUrl: 'https://superset.example.com/mcp' };
const full = {
  host: 'h.example.com', until: '2027-03-03T00:00:00Z', days: '12', version: '6.1.0', user: 'jane', roles: 'Gamma', missing: 'can_get', offset: 'UTC',
  zone: 'UTC', at: '2026-11-20T09:00:00Z', name: 'Laptop', end: '2027-02-18T12:00:00Z', scopes: 'read', url: 'https://h/mcp', to: 'https://h/mcp/',
  status: '401', protocol: '2025-11-25', count: '4', mcp_user: 'admin',
};

function view(over: Partial<CheckupItemView> = {}): CheckupItemView {
  return { item: 'no_key', verdict: 'passed', finding: 'answers', params: {}, remedy: null, took: null, ...over };
}

describe('the words of a check-up', () => {
  it('cover the contract and nothing else', () => {
    expect([items.length, findings.length, remedies.length].map((n) => n > 15)).toEqual([true, true, true]);
    expect(Object.keys(found.items).sort()).toEqual([...items].sort());
    expect(Object.keys(found.findings).sort()).toEqual([...findings].sort());
    expect(Object.keys(found.remedies).sort()).toEqual([...remedies].sort());
    expect(Object.keys(checkup.doing).sort()).toEqual([...items].sort());
    expect(Object.keys(checkup.verdicts).sort()).toEqual([...names<Verdict>('Verdict')].sort());
  });

  const whole = (text: string) => {
    expect(text).not.toMatch(/[{}]|undefined|null|\( *\)| {2}| [,.;:]|[,;:]$|!/);
    expect(text).toMatch(/^($|[\p{Lu}\d"])|^[a-z]\S*[._/:]|^[a-z]/u);
  };

  it.each(findings)('%s can be said with and without its values', (finding) => {
    for (const params of [full, {}, { ...full, roles: '' }]) {
      const { seen, why } = itemWords(view({ finding, params }), place);
      whole(seen);
      whole(why);
      if (params !== full) continue;
      expect(seen).not.toBe('');
    }
  });

  it.each(remedies)('%s can be said with and without values', (remedy) => {
    for (const params of [full, {}]) {
      const words = itemWords(view({ finding: 'let_in', remedy, params }), place).remedy;
      expect(words?.text).not.toBe('');
      whole(words?.text ?? '');
      expect(words?.admin ?? '').not.toMatch(/[{}]|undefined|null| {2}/);
    }
  });

  it('shows dates as the app does, and leaves out what is not known', () => {
    expect(itemWords(view({ finding: 'encrypted', params: full }), place).seen).toBe('Encrypted, certificate valid until 3 Mar 2027');
    expect(itemWords(view({ finding: 'encrypted' }), place).seen).toBe('Encrypted');
    expect(itemWords(view({ finding: 'let_in', params: { user: 'bot', roles: '' } }), place).seen).toBe('Let in as bot');
    expect(itemWords(view({ finding: 'key_ends_soon', params: { name: 'Laptop', days: '1' } }), place).seen).toBe('Laptop ends in 1 day');
    const choices = itemWords(view({ item: 'tool_call', finding: 'keys_not_understood', remedy: 'close_or_verify' }), place).remedy?.text;
    expect(choices).toContain('The MCP server of Superset 6.1.0 cannot check API keys');
  });

  it('gives the admin the address that the item is about', () => {
    const admin = (item: CheckupItem, remedy: Remedy, at = place) => itemWords(view({ item, finding: 'plain_http', remedy }), at).remedy?.admin;
    expect(admin('connection', 'use_https')).toContain('https://superset.example.com is reached');
    expect(admin('mcp_connection', 'use_https')).toContain('https://superset.example.com/mcp is reached');
    const nowhere = { instance: instance({ mcp_url: null }), mcpUrl: null };
    expect(admin('mcp_endpoint', 'name_endpoint', nowhere)).toContain('does our Superset, https://superset.example.com, have');
  });

  it('names who a stranger becomes', () => {
    const letIn = view({ verdict: 'critical', finding: 'let_in', params: { user: 'admin', roles: 'Admin' } });
    expect(criticalTitle(letIn, place)).toBe('This server lets anyone in as admin');
    const other = view({ verdict: 'critical', finding: 'another_person', params: { user: 'jane', mcp_user: 'admin', roles: '' } });
    expect(criticalTitle(other, place)).toBe('The MCP server acts as admin, not as jane');
    expect([criticalShort('let_in'), criticalShort('another_person'), criticalShort(undefined)]).toEqual(['Lets anyone in', 'Acts as someone else', 'Not safe']);
    expect(checkup.intrusion('made_up_key', 'admin')).toBe('We sent the MCP server a key that we made up. It answered as if we were admin.');
  });

  it('says how long something took', () => {
    expect([lasted(38), lasted(4210)]).toEqual(['38 ms', '4.2 s']);
  });
});
