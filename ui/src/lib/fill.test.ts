import { describe, expect, it } from 'vitest';
import { fill } from './fill';

describe('a sentence with gaps', () => {
  it('takes its values', () => {
    expect(fill('Let in as {user} ({roles})', { user: 'admin', roles: 'Admin' })).toBe('Let in as admin (Admin)');
    expect(fill('{a}\n\n{b}', { a: '1', b: '2' })).toBe('1\n\n2');
  });

  it('loses what needs a value that is not there', () => {
    expect(fill('Let in as {user} ({roles})', { user: 'admin', roles: '' })).toBe('Let in as admin');
    expect(fill('Encrypted, certificate valid until {until}', {})).toBe('Encrypted');
    expect(fill('It acts as {who} ({roles}). The key is {user}’s', { who: 'admin', user: 'jane' })).toBe('It acts as admin. The key is jane’s');
    expect(fill('It is so. Nobody knows {why}. Ask.', {})).toBe('It is so. Ask.');
    expect(fill('Choose one: shut out all but {user}; wait, or ask; or {none}.', {})).toBe('Choose one: wait, or ask.');
    expect(fill('With {key}, it works.', {})).toBe('It works.');
    expect(fill('Nobody is in; people come by: {ways}', {})).toBe('Nobody is in');
    expect(fill('Set it to: {to}', {})).toBe('Set it to');
  });

  it('counts as people do', () => {
    expect(fill('It ends in {days} days', { days: '1' })).toBe('It ends in 1 day');
    expect(fill('It ends in {days} days', { days: '0' })).toBe('It ends today');
    expect(fill('{n} tools', { n: '41' })).toBe('41 tools');
    expect(fill('{n} tools', { n: '1' })).toBe('1 tool');
  });
});
