import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createRawSnippet } from 'svelte';
import { violations } from '../../test/help';
import Dialog from './Dialog.svelte';

const form = createRawSnippet(() => ({
  render: () => '<div><label>Name <input id="name"></label><label>Other <input id="other"></label></div>',
}));
let opener: HTMLButtonElement;

beforeEach(() => {
  opener = document.createElement('button');
  opener.textContent = 'Open';
  document.body.append(opener);
  opener.focus();
});
afterEach(() => opener.remove());

async function show(more = {}) {
  const onclose = vi.fn();
  const all = render(Dialog, { open: false, title: 'Create a key', closeLabel: 'Close', children: form, onclose, ...more });
  await all.rerender({ open: true });
  return { ...all, onclose, user: userEvent.setup() };
}

it('has its title for a name, its subtitle for a description, and breaks no rule', async () => {
  await show({ subtitle: 'It will work as jane.' });
  const dialog = await screen.findByRole('dialog', { name: 'Create a key' });
  expect(dialog).toHaveAccessibleDescription('It will work as jane.');
  expect(dialog).toHaveAttribute('aria-modal', 'true');
  await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
  expect(await violations(dialog)).toEqual([]);
});

it('opens on the first field, and closes by Esc to where the focus was', async () => {
  const { user, onclose } = await show();
  await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
  await user.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(onclose).toHaveBeenCalledTimes(1);
  await waitFor(() => expect(opener).toHaveFocus());
});

it('opens on the element it is told', async () => {
  await show({ openFocus: () => document.querySelector<HTMLElement>('#other') });
  await waitFor(() => expect(screen.getByLabelText('Other')).toHaveFocus());
});

it('goes elsewhere when the opener is gone', async () => {
  const refuge = document.createElement('button');
  document.body.append(refuge);
  const { user } = await show({ closeFocus: () => refuge });
  await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
  opener.remove();
  await user.keyboard('{Escape}');
  await waitFor(() => expect(refuge).toHaveFocus());
  refuge.remove();
});

it('stays when it must not be closed', async () => {
  const { user, onclose } = await show({ preventClose: true });
  await waitFor(() => expect(screen.getByLabelText('Name')).toHaveFocus());
  await user.keyboard('{Escape}');
  expect(screen.getByRole('dialog')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Close' })).toBeNull();
  expect(onclose).not.toHaveBeenCalled();
});
