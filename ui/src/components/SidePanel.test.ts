import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { text, violations } from '../../test/help';
import SidePanel from './SidePanel.svelte';

afterEach(() => vi.unstubAllGlobals());

function show(narrow: boolean) {
  vi.stubGlobal('matchMedia', () => ({ matches: narrow, addEventListener: () => undefined, removeEventListener: () => undefined }));
  const onclose = vi.fn();
  render(SidePanel, { title: 'Claude Code', closeLabel: 'Close details', onclose, children: text('Timeline') });
  return onclose;
}

it('is a column named by its title where there is room', async () => {
  const onclose = show(false);
  expect(screen.getByRole('complementary', { name: 'Claude Code' })).toHaveTextContent('Timeline');
  expect(await violations()).toEqual([]);
  screen.getByRole('button', { name: 'Close details' }).focus();
  await userEvent.keyboard('{Escape}');
  expect(onclose).toHaveBeenCalledTimes(1);
});

it('is a sheet that holds the focus in a narrow window', async () => {
  const onclose = show(true);
  const sheet = await screen.findByRole('dialog', { name: 'Claude Code' });
  await vi.waitFor(() => expect(sheet).toContainElement(document.activeElement as HTMLElement));
  await userEvent.keyboard('{Escape}');
  expect(onclose).toHaveBeenCalledTimes(1);
});
