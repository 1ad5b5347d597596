import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import Picked from './Picked.fixture.svelte';
import { Picking, pickState } from './pick';

const rows = (count: number) => Array.from({ length: count }, (_, n) => ({ id: `k${n}`, name: `Key ${n}` }));
const row = (name: string) => screen.getByRole('row', { name: new RegExp(`${name} `) });

function show(more: Partial<Parameters<typeof render<typeof Picked>>[1]> = {}) {
  const onopen = vi.fn();
  const onpicked = vi.fn();
  const shown = render(Picked, { rows: rows(10_000), onopen, onpicked, ...more });
  return { onopen, onpicked, last: () => onpicked.mock.lastCall?.[0] as string[], user: userEvent.setup(), ...shown };
}

/** Past the box above all, the sort button: to the rows. */
async function toRows(user: ReturnType<typeof userEvent.setup>) {
  await user.tab();
  await user.tab();
  await user.tab();
}

describe('by the keyboard', () => {
  it('takes and leaves a row by Space', async () => {
    const { user, last } = show();
    await toRows(user);
    await user.keyboard('{ArrowDown} ');
    expect(last()).toEqual(['k1']);
    expect(screen.getAllByRole('row', { selected: true })).toEqual([row('Key 1')]);
    await user.keyboard(' ');
    expect(last()).toEqual([]);
  });

  it('stretches by Shift, and back, and keeps what was picked before', async () => {
    const { user, last } = show();
    await toRows(user);
    await user.keyboard(' {ArrowDown}{ArrowDown}{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(last()).toEqual(['k0', 'k3', 'k4', 'k5']);
    await user.keyboard('{Shift>}{ArrowUp}{/Shift}');
    expect(last()).toEqual(['k0', 'k3', 'k4']);
    await user.keyboard('{Shift>}{ArrowUp}{ArrowUp}{/Shift}');
    expect(last()).toEqual(['k0', 'k2', 'k3']);
    expect(document.activeElement).toBe(row('Key 2'));
    await user.keyboard('{End}{Shift>}{Home}{/Shift}');
    expect(last()).toHaveLength(10_000);
  });

  it('takes all by Ctrl A, and none by Esc', async () => {
    const { user, last, onopen } = show();
    await toRows(user);
    await user.keyboard('{Control>}a{/Control}');
    expect(last()).toHaveLength(10_000);
    expect(screen.getByRole('checkbox', { name: 'Select all' })).toHaveAttribute('aria-checked', 'true');
    await user.keyboard('{Escape}');
    expect(last()).toEqual([]);
    expect(onopen).not.toHaveBeenCalled();
  });

  it('leaves Esc to others where nothing is picked', async () => {
    const { user, onpicked } = show();
    const heard = vi.fn((event: KeyboardEvent) => event.defaultPrevented);
    window.addEventListener('keydown', heard);
    await toRows(user);
    await user.keyboard('{Escape}');
    window.removeEventListener('keydown', heard);
    expect(heard.mock.results.at(-1)?.value).toBe(false);
    expect(onpicked).not.toHaveBeenCalled();
  });
});

describe('by the pointer', () => {
  it('picks by its box, and opens by the rest of the row', async () => {
    const { user, last, onopen } = show();
    await user.click(within(row('Key 2')).getByRole('checkbox', { name: 'Select Key 2' }));
    expect(last()).toEqual(['k2']);
    expect(onopen).not.toHaveBeenCalled();
    await user.click(screen.getByText('Key 3'));
    expect(onopen).toHaveBeenCalledTimes(1);
    expect(last()).toEqual(['k2']);
  });

  it('takes a span by Shift and one more by Ctrl', async () => {
    const { user, last, onopen } = show();
    await user.click(within(row('Key 6')).getByRole('checkbox'));
    await user.keyboard('{Shift>}');
    await user.click(screen.getByText('Key 3'));
    await user.keyboard('{/Shift}{Control>}');
    await user.click(screen.getByText('Key 8'));
    await user.keyboard('{/Control}');
    expect(last().sort()).toEqual(['k3', 'k4', 'k5', 'k6', 'k8']);
    expect(onopen).not.toHaveBeenCalled();
  });

  it('takes all that are shown, and leaves all', async () => {
    const { user, last } = show({ rows: rows(3) });
    const all = screen.getByRole('checkbox', { name: 'Select all' });
    await user.click(within(row('Key 1')).getByRole('checkbox'));
    expect(all).toHaveAttribute('aria-checked', 'mixed');
    await user.click(all);
    expect(last().sort()).toEqual(['k0', 'k1', 'k2']);
    await user.click(all);
    expect(last()).toEqual([]);
  });
});

describe('what is picked', () => {
  it('stays picked while a filter hides it, and while the order changes', async () => {
    const { user, last, rerender } = show({ rows: rows(5) });
    await user.click(within(row('Key 1')).getByRole('checkbox'));
    await rerender({ rows: rows(5).slice(2).reverse() });
    await user.click(screen.getByRole('checkbox', { name: 'Select all' }));
    expect(last().sort()).toEqual(['k1', 'k2', 'k3', 'k4']);
  });

  it('is never a row that cannot be', async () => {
    const { user, last } = show({ rows: rows(4), may: ({ id }: { id: string }) => id !== 'k2' });
    expect(within(row('Key 2')).queryByRole('checkbox')).toBeNull();
    expect(row('Key 2')).not.toHaveAttribute('aria-selected');
    await toRows(user);
    await user.keyboard('{Control>}a{/Control}');
    expect(last().sort()).toEqual(['k0', 'k1', 'k3']);
    expect(screen.getByRole('checkbox', { name: 'Select all' })).toHaveAttribute('aria-checked', 'true');
    await user.keyboard('{Escape}{ArrowDown}{Shift>}{ArrowDown}{ArrowDown}{/Shift}');
    expect(last().sort()).toEqual(['k1', 'k3']);
    await user.keyboard('{ArrowUp} ');
    expect(last().sort()).toEqual(['k1', 'k3']);
  });

  it('is told to those who hear it, and breaks no rule', async () => {
    const { user } = show({ rows: rows(4), selected: 'k3' });
    const grid = screen.getByRole('grid');
    expect(grid).toHaveAttribute('aria-multiselectable', 'true');
    expect(grid).toHaveAttribute('aria-colcount', '3');
    await user.click(within(row('Key 1')).getByRole('checkbox'));
    expect(row('Key 1')).toHaveAttribute('aria-selected', 'true');
    expect(row('Key 3')).toHaveAttribute('aria-selected', 'false');
    expect(row('Key 3')).toHaveAttribute('aria-current', 'true');
    expect(await violations()).toEqual([]);
  });
});

it('counts of what there is now', () => {
  expect(pickState([], new Set(['a']))).toBe('none');
  expect(pickState(['a', 'b'], new Set(['gone']))).toBe('none');
  expect(pickState(['a', 'b'], new Set(['a', 'gone']))).toBe('some');
  expect(pickState(['a', 'b'], new Set(['a', 'b']))).toBe('all');
});

it('brings nothing back that was cleared', () => {
  const picking = new Picking();
  const keys = ['a', 'b', 'c', 'd', 'e'];
  const first = picking.turn('b', picking.turn('a', new Set()));
  expect([...picking.span('c', keys, () => true, first)].sort()).toEqual(['a', 'b', 'c']);
  expect([...picking.span('e', keys, () => true, new Set())]).toEqual(['e']);
});

it('begins anew where the row it began with is gone', () => {
  const picking = new Picking();
  const first = picking.turn('a', new Set());
  expect([...picking.span('c', ['b', 'c', 'd'], () => true, first)].sort()).toEqual(['a', 'c']);
});
