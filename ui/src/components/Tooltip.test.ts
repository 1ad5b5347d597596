import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import IconButton from './IconButton.svelte';
import { RefreshCw } from './icons';

it('is shown on keyboard focus, goes on Esc, and leaves the button its name and its work', async () => {
  const onclick = vi.fn();
  render(IconButton, { icon: RefreshCw, label: 'Refresh', shortcut: 'Ctrl R', onclick });
  await userEvent.tab();
  const button = screen.getByRole('button', { name: 'Refresh' });
  expect(button).toHaveFocus();
  expect(await screen.findByRole('tooltip', { hidden: true })).toHaveTextContent('RefreshCtrl R');
  expect(await violations()).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull());
  await userEvent.click(button);
  expect(onclick).toHaveBeenCalledTimes(1);
});
