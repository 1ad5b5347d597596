import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import Fixture from './Grid.fixture.svelte';
import { rowAfter, rowsInSight } from './grid';

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `k${n}`, name: `Key ${n}` }));
const focused = () => document.activeElement?.getAttribute('aria-rowindex');

function show(more: Partial<Parameters<typeof render<typeof Fixture>>[1]> = {}) {
  const onopen = vi.fn();
  return { onopen, user: userEvent.setup(), ...render(Fixture, { rows: rows(10_000), onopen, ...more }) };
}

describe('windowing', () => {
  it('draws what is in sight and keeps the focused row', () => {
    expect(rowsInSight(10_000, 40, 0, 400, 0)).toHaveLength(17);
    expect(rowsInSight(10_000, 40, 40_000, 400, 3)[0]).toBe(3);
    expect(rowsInSight(10_000, 40, 0, 400, 9000).at(-1)).toBe(9000);
    expect(rowsInSight(0, 40, 0, 400, -1)).toEqual([]);
    for (let top = 0; top < 400_000; top += 7777) {
      const drawn = rowsInSight(10_000, 40, top, 600, 5);
      expect(drawn.length).toBeLessThan(40);
      expect(new Set(drawn).size).toBe(drawn.length);
      expect(drawn).toContain(Math.min(9999, Math.floor(top / 40)));
    }
  });

  it('knows where each key goes', () => {
    expect(rowAfter('ArrowUp', 0, 5, 3)).toBe(0);
    expect(rowAfter('PageDown', 3, 5, 3)).toBe(4);
    expect(rowAfter('a', 3, 5, 3)).toBeUndefined();
  });

  it('puts few rows of 10,000 into the page and says how many there are', () => {
    show();
    expect(screen.getAllByRole('row').length).toBeLessThan(40);
    expect(screen.getByRole('grid')).toHaveAttribute('aria-rowcount', '10001');
  });
});

describe('keyboard', () => {
  it('moves one focus through the rows', async () => {
    const { user } = show();
    await user.tab(); // the sort button
    await user.tab();
    expect(focused()).toBe('2');
    await user.keyboard('{ArrowDown}{ArrowDown}');
    expect(focused()).toBe('4');
    await user.keyboard('{End}');
    expect(focused()).toBe('10001');
    await user.keyboard('{ArrowUp}');
    expect(focused()).toBe('10000');
    await user.keyboard('{Home}');
    expect(focused()).toBe('2');
    await user.keyboard('{PageDown}');
    expect(Number(focused())).toBeGreaterThan(6);
    expect(screen.getAllByRole('row').filter((r) => r.tabIndex === 0)).toHaveLength(1);
  });

  it('reaches the buttons of the focused row, and only those', async () => {
    const { user } = show();
    await user.tab();
    await user.tab();
    await user.keyboard('{ArrowDown}');
    await user.tab();
    expect(screen.getByRole('button', { name: 'Copy Key 1' })).toHaveFocus();
    expect(screen.queryByRole('button', { name: 'Copy Key 2' })).toBeNull();
  });

  it('opens, calls the menu and passes other keys on', async () => {
    const oncontext = vi.fn();
    const onrowkey = vi.fn();
    const { user, onopen } = show({ oncontext, onrowkey });
    await user.tab();
    await user.tab();
    await user.keyboard('{Enter}{Shift>}{F10}{/Shift}{Delete}');
    expect(onopen).toHaveBeenCalledWith({ id: 'k0', name: 'Key 0' });
    expect(oncontext).toHaveBeenCalledWith({ id: 'k0', name: 'Key 0' }, expect.any(HTMLElement));
    expect(onrowkey.mock.calls.map(([event]) => (event as KeyboardEvent).key)).toContain('Delete');
  });
});

it('opens on a click, but not on a click on its buttons', async () => {
  const { user, onopen } = show();
  await user.click(screen.getByText('Key 3'));
  expect(onopen).toHaveBeenCalledTimes(1);
  await user.click(screen.getByRole('button', { name: 'Copy Key 3' }));
  expect(onopen).toHaveBeenCalledTimes(1);
});

it('gives the focus to the next row when the focused one goes', async () => {
  const { user, rerender } = show({ rows: rows(5) });
  await user.tab();
  await user.tab();
  await user.keyboard('{ArrowDown}');
  await rerender({ rows: rows(5).filter((row) => row.id !== 'k1') });
  await vi.waitFor(() => expect(document.activeElement).toHaveTextContent('Key 2'));
});

it('tells the order and asks for another', async () => {
  const onsort = vi.fn();
  const { user } = show({ sort: { column: 'name', direction: 'ascending' }, onsort });
  expect(screen.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
  expect(screen.getByRole('columnheader', { name: 'Key' })).not.toHaveAttribute('aria-sort');
  await user.click(screen.getByRole('button', { name: 'Name' }));
  expect(onsort).toHaveBeenCalledWith({ column: 'name', direction: 'descending' });
});

it('marks the selected row and breaks no accessibility rule', async () => {
  show({ rows: rows(4), selected: 'k2' });
  expect(screen.getByRole('row', { selected: true })).toHaveTextContent('Key 2');
  expect(await violations()).toEqual([]);
});

it('is left in the middle of a scroll or a move without a complaint', async () => {
  const complaints: unknown[] = [];
  const note = (event: Event) => complaints.push(event);
  window.addEventListener('error', note);
  window.addEventListener('unhandledrejection', note);
  const { unmount, user } = show();
  const grid = screen.getByRole('grid');
  screen.getAllByRole('row')[1]?.focus();
  const moving = user.keyboard('{End}');
  unmount();
  grid.dispatchEvent(new Event('scroll'));
  await moving;
  await new Promise((soon) => setTimeout(soon));
  window.removeEventListener('error', note);
  window.removeEventListener('unhandledrejection', note);
  expect(complaints).toEqual([]);
});
