import { expect, it } from 'vitest';
import { isolated, plain } from './plain';

it('names what cannot be seen, so that no name passes for another', () => {
  expect(plain('\u202Eevil')).toBe('⟨U+202E⟩evil');
  expect(plain('la\u200Bptop\n')).toBe('la⟨U+200B⟩ptop⟨U+000A⟩');
  expect(plain('Claude Code – “Büro” 🗝️ مفتاح')).toBe('Claude Code – “Büro” 🗝️ مفتاح');
});

it('keeps what is written from right to left to itself', () => {
  expect(isolated('مفتاح')).toBe('\u2068مفتاح\u2069');
  expect(isolated('Laptop')).toBe('Laptop');
});
