import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { violations } from '../../test/help';
import TextField from './TextField.svelte';

it('ties label, hint and error to the field', async () => {
  render(TextField, { label: 'Name', value: '', hint: 'Say where it is used.', error: 'Pick another name.' });
  const input = screen.getByRole('textbox', { name: 'Name' });
  expect(input).toHaveAccessibleDescription('Pick another name. Say where it is used.');
  expect(input).toBeInvalid();
  await userEvent.type(input, 'Cursor');
  expect(input).toHaveValue('Cursor');
  expect(await violations()).toEqual([]);
});

it('does not let the web view remember or correct what is typed', () => {
  render(TextField, { label: 'Password', value: '', type: 'password' });
  const input = screen.getByLabelText('Password');
  expect(input).toHaveAttribute('autocomplete', 'off');
  expect(input).toHaveAttribute('spellcheck', 'false');
  expect(input).toHaveAttribute('type', 'password');
});

it('keeps the name of a hidden label and says that it is busy', () => {
  render(TextField, { label: 'Filter keys', hideLabel: true, value: 'x', busyLabel: 'Checking' });
  expect(screen.getByRole('textbox', { name: 'Filter keys' })).toHaveValue('x');
  expect(screen.getByText('Checking')).toBeInTheDocument();
});
