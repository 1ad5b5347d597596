import { expect, it } from 'vitest';
import { found, foundEntry, foundFile, instance, key } from '../test/fixtures';
import { clientState, nextRank, rankOf } from './client-state';

const staging = instance({ id: 'inst-staging', name: 'Staging' });
const seen = { instance: instance(), instances: [instance(), staging], keys: [key(), key({ id: 'old', name: 'Old', status: 'revoked' })] };
const at = (over: Parameters<typeof found>[1]) => clientState(found('cursor', { installed: true, files: [foundFile()], ...over }), seen);
const entries = (...given: Parameters<typeof foundEntry>[0][]) => at({ files: [foundFile({ entries: given.map((one) => foundEntry(one)) })] });

it('tells a client that is here from one that is not', () => {
  expect(at({})).toEqual({ kind: 'installed' });
  expect(at({ installed: false })).toEqual({ kind: 'absent' });
  expect(at({ installed: false, files: [] })).toEqual({ kind: 'unknown' });
  expect(clientState(undefined, seen)).toEqual({ kind: 'unknown' });
});

it('knows the key of a connected one, and whether it has ended', () => {
  expect(entries({})).toMatchObject({ kind: 'connected', ended: false, key: { id: 'key-laptop' } });
  expect(entries({ key: 'old' })).toMatchObject({ kind: 'connected', ended: true });
  expect(entries({ key: null })).toMatchObject({ kind: 'connected', key: null, ended: false });
  // Let in with tokens, it does without the key that its entry names, and not without one in its text.
  expect(entries({ key: 'old', access: 'oauth' })).toMatchObject({ kind: 'connected', key: null, ended: false });
  expect(entries({ key: 'old', access: 'oauth', held: 'old' })).toMatchObject({ kind: 'connected', ended: true });
});

it('prefers the entry for this instance to that for another', () => {
  expect(entries({ instance: 'inst-staging' })).toEqual({ kind: 'elsewhere', instance: 'Staging' });
  expect(entries({ instance: 'inst-staging' }, { entry: 'superset-production' })).toMatchObject({ kind: 'connected', entry: { entry: 'superset-production' } });
});

it('says why a file is left alone, in the words for a refused write', () => {
  const problem = { kind: 'not_understood', problem: { line: 12, column: 3, kind: 'syntax' } } as const;
  expect(at({ files: [foundFile({ problem })] })).toEqual({
    kind: 'uneditable', problem: { code: 'client_file_not_understood', params: { path: '~/.cursor/mcp.json', problem: 'syntax', line: '12', column: '3' } },
  });
});

it('puts what is connected first on the list, and what is to be connected first after a new key', () => {
  const [installed, absent, connected] = [at({}), at({ installed: false }), entries({})] as const;
  const sorted = (rank: typeof rankOf) => [absent, installed, connected].sort((a, b) => rank(a) - rank(b)).map(({ kind }) => kind);
  expect(sorted(rankOf)).toEqual(['connected', 'installed', 'absent']);
  expect(sorted(nextRank)).toEqual(['installed', 'connected', 'absent']);
});
