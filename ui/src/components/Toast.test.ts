import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import Toast from './Toast.svelte';
import { Toasts } from './toasts.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function show() {
  const toasts = new Toasts();
  const { container } = render(Toast, { toasts, dismissLabel: 'Dismiss' });
  return { toasts, there: () => container.querySelector('.toast') };
}

it('stays six seconds and is spoken', async () => {
  const { toasts, there } = show();
  toasts.show({ text: 'Copied' });
  await vi.advanceTimersByTimeAsync(5900);
  expect(there()).not.toBeNull();
  expect(screen.getByRole('status')).toHaveTextContent('Copied');
  await vi.advanceTimersByTimeAsync(200);
  expect(there()).toBeNull();
});

it('waits while the pointer or the focus is on it', async () => {
  const { toasts, there } = show();
  toasts.show({ text: 'Copied' });
  await vi.advanceTimersByTimeAsync(5000);
  await fireEvent.mouseEnter(there() as Element);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(there()).not.toBeNull();
  await fireEvent.mouseLeave(there() as Element);
  await vi.advanceTimersByTimeAsync(1100);
  expect(there()).toBeNull();
});

it('shows one at a time, acts once, and can be sent away', async () => {
  const run = vi.fn();
  const { toasts, there } = show();
  toasts.show({ text: 'First' });
  toasts.show({ text: 'Second', action: { label: 'Undo', run } });
  await vi.advanceTimersByTimeAsync(0);
  expect(there()).toHaveTextContent('Second');
  expect(there()).not.toHaveTextContent('First');
  await fireEvent.click(screen.getByRole('button', { name: 'Undo' }));
  expect(run).toHaveBeenCalledTimes(1);
  expect(there()).toBeNull();
  toasts.show({ text: 'Third' });
  await vi.advanceTimersByTimeAsync(0);
  await fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(there()).toBeNull();
});
