import { describe, expect, it } from 'vitest';
import type { SwitchView } from '../ipc';
import { foundWords } from './embedding-check';

describe('the words of a checklist', () => {
  it('are what was answered where there is no sentence for it', () => {
    expect(foundWords({ found: 'of_a_later_version' as string as SwitchView['found'], params: {}, answered: '200, frame-ancestors *' })).toEqual({ short: '200, frame-ancestors *', why: '' });
  });
});
