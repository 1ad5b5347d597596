import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import { CircleCheck } from './icons';
import Tabs from './Tabs.svelte';

const children = createRawSnippet<[string]>((value) => ({ render: () => `<p>Panel of ${value()}</p>` }));

it('has one stop for Tab, moves with the arrows and shows one panel', async () => {
  const onchange = vi.fn();
  render(Tabs, {
    label: 'Production',
    tabs: [
      { value: 'keys', label: 'Keys', count: 12 },
      { value: 'setup', label: 'Setup', mark: { icon: CircleCheck, label: 'works', tone: 'ok' } },
    ],
    value: 'keys',
    onchange,
    children,
  });
  const [keys, setup] = screen.getAllByRole('tab');
  expect(keys).toHaveAccessibleName('Keys 12');
  expect(setup).toHaveAccessibleName('Setup works');
  expect([keys?.tabIndex, setup?.tabIndex]).toEqual([0, -1]);
  await userEvent.tab();
  await userEvent.keyboard('{ArrowRight}');
  expect(setup).toHaveFocus();
  expect(onchange).toHaveBeenCalledWith('setup');
  expect(screen.getByRole('tabpanel')).toHaveTextContent('Panel of setup');
  expect(await violations()).toEqual([]);
});
