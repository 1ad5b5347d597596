import { render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { text } from '../../test/help';
import Skeleton from './Skeleton.svelte';

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());
const show = () => render(Skeleton, { loading: true, label: 'Reading keys', children: text('12 keys') });

it('shows nothing at all for a quick answer', async () => {
  const { rerender } = show();
  await vi.advanceTimersByTimeAsync(150);
  expect(screen.queryByText('Reading keys')).toBeNull();
  await rerender({ loading: false });
  expect(screen.getByText('12 keys')).toBeInTheDocument();
});

it('once shown, stays long enough to be seen', async () => {
  const { rerender } = show();
  await vi.advanceTimersByTimeAsync(250);
  expect(screen.getByRole('status')).toHaveTextContent('Reading keys');
  await rerender({ loading: false });
  await vi.advanceTimersByTimeAsync(300);
  expect(screen.queryByText('12 keys')).toBeNull();
  await vi.advanceTimersByTimeAsync(100);
  expect(screen.getByText('12 keys')).toBeInTheDocument();
});
