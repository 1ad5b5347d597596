import { describe, expect, it } from 'vitest';
import { strengthOf, suggested } from './passphrase';

describe('how strong a passphrase is', () => {
  it.each([
    ['', 'short'], ['abc1234', 'short'], ['aaaaaaaaaaaaaaaaaaaaaaaa', 'weak'], ['12345678901234', 'weak'], ['password', 'weak'], ['Superset1', 'weak'],
    ['abcabcabcabcabcabc', 'weak'], ['aAaAaAaAaAaAaAaAaAaAa', 'weak'], ['asdfasdfasdfasdf', 'weak'], ['teapot teapot teapot teapot', 'weak'], ['three small words', 'weak'], ['teapot gravel 7', 'fair'], ['teapot gravel monday cloud', 'good'],
    ['teapot gravel monday cloud seven', 'strong'], ['kado-rine-busa-tove-lami', 'strong'], ['x7#Qp!2mZr9&Lw4v', 'strong'],
  ] as const)('“%s” is %s', (text, strength) => expect(strengthOf(text)).toBe(strength));

  it('counts letters of every script', () => expect(strengthOf('чайник гравий понедельник облако семь')).toBe('strong'));
});

it('suggests what chance makes, never the same', () => {
  const many = new Set(Array.from({ length: 200 }, () => suggested()));
  expect(many.size).toBe(200);
  for (const one of many) {
    expect(one).toMatch(/^([b-z][aeiou]){2}(-([b-z][aeiou]){2}){4}$/);
    expect(strengthOf(one)).toMatch(/good|strong/);
  }
});
