// The components that only draw: right words, right roles, no broken accessibility rule.
import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import { text, violations } from '../../test/help';
import Banner from './Banner.svelte';
import CodeBlock from './CodeBlock.svelte';
import CountdownRing from './CountdownRing.svelte';
import EmptyState from './EmptyState.svelte';
import EnvTile from './EnvTile.svelte';
import Icon from './Icon.svelte';
import { KeyRound } from './icons';
import KeyValue from './KeyValue.svelte';
import LiveRegion from './LiveRegion.svelte';
import Note from './Note.svelte';
import SkeletonBar from './SkeletonBar.svelte';
import Spinner from './Spinner.svelte';
import StatusMark from './StatusMark.svelte';
import Tag from './Tag.svelte';
import Timeline from './Timeline.svelte';

afterEach(async () => expect(await violations()).toEqual([]));

it('Icon is decoration unless it is named', async () => {
  const { container, rerender } = render(Icon, { icon: KeyRound });
  expect(container.querySelector('svg')).toHaveAttribute('aria-hidden', 'true');
  await rerender({ label: 'Key' });
  expect(screen.getByRole('img', { name: 'Key' })).toHaveAttribute('width', '16');
});

it('Banner says what happened and what to do', () => {
  render(Banner, { title: 'Sign in again.', text: 'Your session ended.', action: text('Sign in') });
  expect(screen.getByRole('status')).toHaveTextContent('Sign in again. Your session ended.');
});

it('Note speaks up only when told to', async () => {
  const { rerender } = render(Note, { tone: 'bad', children: text('Save this key now') });
  expect(screen.queryByRole('alert')).toBeNull();
  await rerender({ alert: true });
  expect(screen.getByRole('alert')).toHaveTextContent('Save this key now');
});

it.each(['active', 'soon', 'expired', 'revoked'] as const)('StatusMark %s has a shape and a word', (status) => {
  const { container } = render(StatusMark, { status, label: status });
  expect(screen.getByText(status)).toBeInTheDocument();
  expect(container.querySelector('svg')).not.toBeNull();
});

it('CodeBlock can be scrolled with the keyboard and keeps the text as it is', () => {
  render(CodeBlock, { label: 'mcp.json', code: [{ text: '{ ', kind: 'dim' }, { text: '"a"', kind: 'key' }, { text: '\n}' }] });
  const well = screen.getByRole('region', { name: 'mcp.json' });
  expect(well).toHaveAttribute('tabindex', '0');
  expect(well.textContent).toBe('{ "a"\n}');
});

it('Timeline has words in place of the picture', () => {
  const points = [{ label: 'Created', at: 0 }, { label: 'Last used', at: 0.5 }, { label: 'Expires', at: 1, ahead: true }];
  render(Timeline, { label: 'Created in August, half of its life has passed.', points, done: 0.5 });
  expect(screen.getByRole('img', { name: /half of its life/ })).toBeInTheDocument();
});

it('KeyValue is a description list', () => {
  render(KeyValue, { items: [{ key: 'Created', value: '22 Aug 2026', note: '90 days' }] });
  expect(screen.getByRole('term')).toHaveTextContent('Created');
  expect(screen.getByRole('definition')).toHaveTextContent('22 Aug 2026 · 90 days');
});

it('LiveRegion is polite unless it must not be', async () => {
  const { rerender } = render(LiveRegion, { message: '3 keys' });
  expect(screen.getByRole('status')).toHaveTextContent('3 keys');
  await rerender({ assertive: true });
  expect(screen.getByRole('alert')).toHaveAttribute('aria-live', 'assertive');
});

it('the small ones draw', () => {
  const { container } = render(CountdownRing, { total: 30, left: 15, children: text('15 s') });
  expect(container.querySelector('.left')).toHaveAttribute('stroke-dashoffset', '0.5');
  render(EmptyState, { title: 'No keys yet', text: 'Create one.', icon: KeyRound, actions: text('Create') });
  expect(screen.getByRole('heading', { name: 'No keys yet' })).toBeInTheDocument();
  render(Tag, { tone: 'prod', children: text('Production') });
  render(EnvTile, { letter: 'P', hue: 'prod' });
  render(SkeletonBar);
  render(Spinner, { label: 'Working' });
  expect(screen.getByText('Working')).toBeInTheDocument();
});
