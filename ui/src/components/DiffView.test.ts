import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { violations } from '../../test/help';
import DiffView from './DiffView.svelte';

const words = { label: 'Changes', added: 'Added:', removed: 'Removed:', gap: '…' };
const rows = () => [...screen.getByRole('region', { name: 'Changes' }).querySelectorAll('.line')].map((row) =>
  [...row.children].map((cell) => cell.textContent).join('|'));

it('numbers lines as they were and as they will be, and does not rely on colour', async () => {
  render(DiffView, { ...words, lines: [
    { kind: 'kept', number: 3, text: '  "a"' }, { kind: 'removed', number: 4, text: '  "b"' }, { kind: 'added', number: 4, text: '  "b",' },
    { kind: 'added', number: 5, text: '  "c"' }, { kind: 'kept', number: 6, text: '}' },
  ] });
  expect(rows()).toEqual(['3|3| |  "a"', '4||-|Removed:   "b"', '|4|+|Added:   "b",', '|5|+|Added:   "c"', '5|6| |}']);
  expect(await violations()).toEqual([]);
});

it('shows where lines are left out', () => {
  render(DiffView, { ...words, lines: [{ kind: 'added', number: 1, text: 'a' }, { kind: 'kept', number: 2, text: 'b' }, { kind: 'kept', number: 9, text: 'c' }] });
  expect(rows()).toEqual(['|1|+|Added: a', '1|2| |b', '|||…', '8|9| |c']);
});
