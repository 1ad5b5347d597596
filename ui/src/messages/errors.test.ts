import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../ipc';
import contract from '../ipc/bindings.ts?raw';
import { errors, errorWords } from './errors';

// Every code, as the generated contract lists it.
const codes = (/export type ErrorCode = (.*);/.exec(contract)?.[1] ?? '').split(' | ').map((code) => code.slice(1, -1)) as ErrorCode[];
const full = { host: 'bi.example.com', name: 'prod', limit: '100', kind: 'timed_out', status: '502', count: '3', path: '/home/jane/state.json', kept: '/home/jane/state.bad', instance: 'Production', to: 'https://login.example.com', client: 'Cursor', reason: 'no_helper', problem: 'scheme', what: 'the list', others: 'ci, laptop', candidates: 'a, b', ways: 'oauth', keychain: 'GNOME Keyring' };

describe('the words for a reason', () => {
  it('cover the contract and nothing else', () => {
    expect(codes.length).toBeGreaterThan(50);
    expect(Object.keys(errors).sort()).toEqual([...codes].sort());
  });

  it.each(codes)('%s says what happened and what to do', (code) => {
    for (const params of [{}, full]) {
      const { title, body } = errors[code](params);
      expect(title).not.toMatch(/error|failed|[.!]$/i);
      expect(title[0]).toMatch(/[A-Z0-9a-z]/);
      expect(body).not.toMatch(/undefined|null|!/);
      const sentences = body.replace(/\.(?=[\w/])/g, '').split(/[.?](?:\s|$)/).filter(Boolean);
      expect(sentences.length).toBeLessThanOrEqual(2);
    }
  });

  it('take in what the reason cannot know', () => {
    expect(errorWords({ code: 'keychain_locked', params: {} }, { keychain: 'GNOME Keyring' }).title).toBe('GNOME Keyring is locked');
    expect(errorWords({ code: 'unreachable', params: { host: 'h', kind: 'refused' } }, { instance: 'Production' }).title).toBe('Production does not answer');
  });
});
