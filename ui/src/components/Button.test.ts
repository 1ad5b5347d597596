import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { text, violations } from '../../test/help';
import Button from './Button.svelte';
import { Copy, Plus } from './icons';

afterEach(() => vi.useRealTimers());

it('is a button that does not submit forms by accident', async () => {
  const onclick = vi.fn();
  render(Button, { children: text('Create key'), icon: Plus, onclick });
  const button = screen.getByRole('button', { name: 'Create key' });
  expect(button).toHaveAttribute('type', 'button');
  await fireEvent.click(button);
  expect(onclick).toHaveBeenCalledTimes(1);
});

it('waits 400 ms before it shows that it is busy, keeps its place for focus and does nothing meanwhile', async () => {
  vi.useFakeTimers();
  const onclick = vi.fn();
  const { rerender } = render(Button, { children: text('Revoke'), busyLabel: 'Revoking…', busy: true, onclick });
  const button = screen.getByRole('button');
  expect(button).toHaveAttribute('aria-busy', 'true');
  expect(button).toHaveAccessibleName('Revoke');
  await vi.advanceTimersByTimeAsync(400);
  expect(button).toHaveAccessibleName('Revoking…');
  expect(button).toBeEnabled();
  await fireEvent.click(button);
  expect(onclick).not.toHaveBeenCalled();
  await rerender({ busy: false });
  expect(button).toHaveAccessibleName('Revoke');
});

it('has a name when it is only an icon', async () => {
  render(Button, { icon: Copy, label: 'Copy key' });
  expect(screen.getByRole('button', { name: 'Copy key' })).toBeInTheDocument();
  expect(await violations()).toEqual([]);
});
