import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import Checkbox from './Checkbox.svelte';
import Chip from './Chip.svelte';
import RadioCards from './RadioCards.svelte';
import SegmentedControl from './SegmentedControl.svelte';
import Switch from './Switch.svelte';

it('SegmentedControl: one choice, moved by the arrows', async () => {
  const onchange = vi.fn();
  const options = ['7 days', '30 days', '90 days'].map((label) => ({ value: label, label }));
  render(SegmentedControl, { label: 'Expires after', options, value: '30 days', onchange });
  expect(screen.getByRole('radiogroup', { name: 'Expires after' })).toBeInTheDocument();
  await userEvent.tab();
  expect(screen.getByRole('radio', { name: '30 days' })).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}');
  expect(onchange).toHaveBeenLastCalledWith('90 days');
  expect(screen.getByRole('radio', { name: '90 days' })).toBeChecked();
  expect(await violations()).toEqual([]);
});

it('RadioCards: what cannot be chosen stays in view and says why', async () => {
  const onchange = vi.fn();
  const cards = [
    { value: 'env', title: 'Environment variable', text: 'You set it.' },
    { value: 'helper', title: 'Header helper', text: 'Asks this app.', unavailable: 'Cursor cannot run one.' },
    { value: 'plain', title: 'Plain text', text: 'Anyone can read it.', tag: { label: 'Not recommended', tone: 'warn' as const } },
  ];
  render(RadioCards, { label: 'How Cursor gets the key', cards, value: 'env', onchange });
  const helper = screen.getByRole('radio', { name: 'Header helper' });
  expect(helper).toBeDisabled();
  expect(helper).toHaveAccessibleDescription('Cursor cannot run one.');
  await userEvent.click(helper);
  expect(onchange).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('radio', { name: 'Plain text' }));
  expect(onchange).toHaveBeenCalledWith('plain');
  expect(await violations()).toEqual([]);
});

it('Switch: its label switches it, a reason explains why not', async () => {
  const onchange = vi.fn();
  const { rerender } = render(Switch, { label: 'Keep in Keychain', checked: false, hint: 'So you can copy it.', onchange });
  const it_ = screen.getByRole('switch', { name: 'Keep in Keychain' });
  expect(it_).toHaveAccessibleDescription('So you can copy it.');
  await userEvent.click(screen.getByText('Keep in Keychain'));
  expect(onchange).toHaveBeenLastCalledWith(true);
  await rerender({ disabled: true, reason: 'No keychain here.' });
  expect(it_).toHaveAccessibleDescription('No keychain here.');
  expect(it_).toBeDisabled();
  expect(await violations()).toEqual([]);
});

it('Checkbox: on, off and between', async () => {
  const onchange = vi.fn();
  render(Checkbox, { label: 'Select all', checked: false, indeterminate: true, onchange });
  const box = screen.getByRole('checkbox', { name: 'Select all' });
  expect(box).toHaveAttribute('aria-checked', 'mixed');
  await userEvent.click(box);
  expect(onchange).toHaveBeenCalledWith(true);
  expect(await violations()).toEqual([]);
});

it('Chip: a toggle with a number', async () => {
  const onclick = vi.fn();
  const { rerender } = render(Chip, { label: 'Active', count: 7, pressed: true, onclick });
  const chip = screen.getByRole('button', { name: 'Active 7', pressed: true });
  await userEvent.click(chip);
  expect(onclick).toHaveBeenCalledTimes(1);
  await rerender({ busy: true });
  expect(chip).toHaveAccessibleName('Active');
});
