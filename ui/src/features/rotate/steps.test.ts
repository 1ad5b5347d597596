import { describe, expect, it } from 'vitest';
import { rotation } from '../../test/age';
import { asks, stepsOf, stoppedAt } from './steps';

const said = (over: Parameters<typeof rotation>[0]) => stepsOf(rotation(over)).map(({ id, state }) => `${id} ${state}`);

describe('the steps of a replacement', () => {
  it('go one by one, and end all done', () => {
    expect(said({ step: 'creating', new: null, created: null, moved: null, watch: null })).toEqual(['created now', 'stored later', 'works later', 'place later', 'quiet later', 'revoke later']);
    expect(said({ step: 'proving', moved: null, watch: null })).toEqual(['created done', 'stored done', 'works now', 'place later', 'quiet later', 'revoke later']);
    expect(said({})).toEqual(['created done', 'stored done', 'works done', 'place done', 'quiet now', 'revoke later']);
    expect(said({ step: 'revoking', decided: 'x' }).at(-1)).toBe('revoke now');
    expect(new Set(stepsOf(rotation({ step: 'ended', ended: 'x', end: 'revoked' })).map(({ state }) => state))).toEqual(new Set(['done']));
  });

  it('do not wait where the old key goes at once, or stays', () => {
    expect(said({ revoke: 'now' }).map((step) => step.split(' ')[0])).toEqual(['created', 'stored', 'works', 'place', 'revoke']);
    expect(said({ step: 'ended', ended: 'x', end: 'kept_both' }).at(-1)).toBe('both done');
  });

  it('lead back by fewer of them the less had been done', () => {
    expect(said({ back: true })).toEqual(['back done', 'quiet now', 'revoke later']);
    expect(said({ back: true, moved: null, step: 'revoking' })).toEqual(['back done', 'revoke now']);
    expect(said({ back: true, new: null, moved: null, created: null, step: 'ended', ended: 'x', end: 'went_back' })).toEqual(['back done']);
  });

  it('stop where something is in the way, or uses cannot be seen', () => {
    expect(stoppedAt(stepsOf(rotation({ problem: 'unreachable' })))).toBe(5);
    expect(stoppedAt(stepsOf(rotation({ blind_spots: ['mcp'] })))).toBe(5);
    expect(asks(rotation({ blind_spots: ['mcp'], accepts_blind_spots: true }))).toBe(false);
    expect(stoppedAt(stepsOf(rotation({ blind_spots: ['mcp'], accepts_blind_spots: true })))).toBe(0);
  });
});
