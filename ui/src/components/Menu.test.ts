import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import Fixture from './Menu.fixture.svelte';

function show() {
  const copy = vi.fn();
  const revoke = vi.fn();
  render(Fixture, {
    items: [
      { id: 'copy', label: 'Copy key', onselect: copy, shortcut: 'Ctrl C' },
      { id: 'connect', label: 'Connect', onselect: vi.fn(), disabled: true },
      { id: 'revoke', label: 'Revoke', onselect: revoke, danger: true, separated: true },
    ],
  });
  return { copy, revoke, user: userEvent.setup({ pointerEventsCheck: 0 }) };
}

it('opens from its button, moves with the arrows and acts on Enter', async () => {
  const { revoke, user } = show();
  screen.getByRole('button', { name: 'More actions' }).focus();
  await user.keyboard('{Enter}');
  const menu = await screen.findByRole('menu', { hidden: true }); // jsdom has no layout, so it is never placed
  expect(menu).toHaveAttribute('aria-label', 'Key');
  expect(menu).not.toHaveAttribute('aria-labelledby');
  await waitFor(() => expect(menu).toContainElement(document.activeElement as HTMLElement));
  expect(await violations(menu)).toEqual([]);
  await user.keyboard('{End}{Enter}');
  expect(revoke).toHaveBeenCalledTimes(1);
  await waitFor(() => expect(screen.queryByRole('menu', { hidden: true })).toBeNull());
});

it('opens at the pointer and gives the focus back', async () => {
  const { user, copy } = show();
  const row = screen.getByRole('button', { name: 'Row' });
  await fireEvent.contextMenu(row);
  await screen.findByRole('menuitem', { name: 'Copy key' });
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu', { hidden: true })).toBeNull());
  await waitFor(() => expect(row).toHaveFocus());
  expect(copy).not.toHaveBeenCalled();
});
