import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../test/help';
import SecretField from './SecretField.svelte';

const PLAIN = 'sst_the-whole-secret-9fQ2';
const words = { label: 'Key ending in 9fQ2', showLabel: 'Hold to show', hideLabel: 'Hide', shownLabel: 'Key shown' };

function show(onreveal = vi.fn(() => Promise.resolve(PLAIN)), more = {}) {
  return { onreveal, ...render(SecretField, { hint: '9fQ2', ...words, onreveal, ...more }) };
}
const button = () => screen.getByRole('button');
const visible = () => screen.queryByText(PLAIN) !== null;
const settle = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => vi.useRealTimers());

it('shows the last four only and says so', () => {
  show();
  expect(screen.getByRole('img', { name: 'Key ending in 9fQ2' })).toHaveTextContent('sst_••••••••••••9fQ2');
});

describe('holding', () => {
  it('shows while the pointer is down and drops the value on release', async () => {
    const { container } = show();
    await fireEvent.pointerDown(button(), { button: 0 });
    await settle();
    expect(visible()).toBe(true);
    expect(screen.getByRole('status')).toHaveTextContent('Key shown');
    await vi.advanceTimersByTimeAsync(500);
    await fireEvent.pointerUp(window);
    expect(container.innerHTML).not.toContain(PLAIN);
  });

  it('works with Space', async () => {
    show();
    await fireEvent.keyDown(button(), { key: ' ' });
    await fireEvent.keyDown(button(), { key: ' ', repeat: true });
    await vi.advanceTimersByTimeAsync(500);
    expect(visible()).toBe(true);
    await fireEvent.keyUp(button(), { key: ' ' });
    expect(visible()).toBe(false);
  });

  it('drops an answer that comes after the release', async () => {
    let answer: (text: string) => void = () => undefined;
    show(vi.fn(() => new Promise<string>((done) => (answer = done))));
    await fireEvent.pointerDown(button(), { button: 0 });
    await vi.advanceTimersByTimeAsync(500);
    await fireEvent.pointerUp(window);
    answer(PLAIN);
    await settle();
    expect(visible()).toBe(false);
  });
});

describe('toggling, for people who cannot hold', () => {
  it('stays after a short press and goes on the next', async () => {
    const { onreveal } = show();
    await fireEvent.pointerDown(button(), { button: 0 });
    await fireEvent.pointerUp(window);
    await fireEvent.click(button(), { detail: 1 });
    await settle();
    expect(visible()).toBe(true);
    expect(button()).toHaveAttribute('aria-pressed', 'true');
    await fireEvent.pointerDown(button(), { button: 0 });
    await fireEvent.pointerUp(window);
    expect(visible()).toBe(false);
    expect(onreveal).toHaveBeenCalledTimes(1);
  });

  it.each(['Enter', 'click without a pointer'])('works with %s', async (how) => {
    show();
    const press = () => (how === 'Enter' ? fireEvent.keyDown(button(), { key: 'Enter' }) : fireEvent.click(button(), { detail: 0 }));
    await press();
    await settle();
    expect(visible()).toBe(true);
    await press();
    expect(visible()).toBe(false);
  });
});

describe('hiding by itself', () => {
  async function shown() {
    const all = show();
    await fireEvent.keyDown(button(), { key: 'Enter' });
    await settle();
    expect(visible()).toBe(true);
    return all;
  }

  it('after 30 seconds', async () => {
    await shown();
    await vi.advanceTimersByTimeAsync(30_000);
    expect(visible()).toBe(false);
  });

  it('when the window loses the focus', async () => {
    await shown();
    await fireEvent.blur(window);
    expect(visible()).toBe(false);
  });

  it('when the field turns to another key', async () => {
    const { rerender } = await shown();
    await rerender({ label: 'Key ending in Kd7w', hint: 'Kd7w' });
    expect(visible()).toBe(false);
  });
});

it('reports a reveal that could not be, and stays masked', async () => {
  const onfail = vi.fn();
  show(vi.fn(() => Promise.reject(new Error('locked'))), { onfail });
  await fireEvent.keyDown(button(), { key: 'Enter' });
  await settle();
  expect(onfail).toHaveBeenCalledTimes(1);
  expect(button()).toHaveAttribute('aria-pressed', 'false');
});

it('offers no look while the keychain is locked', () => {
  show(undefined, { locked: 'Keyring is locked' });
  expect(screen.queryByRole('button')).toBeNull();
  expect(screen.getByRole('img', { name: 'Keyring is locked' })).toBeInTheDocument();
});

it('breaks no accessibility rule, masked or shown', async () => {
  show();
  vi.useRealTimers();
  expect(await violations()).toEqual([]);
  await fireEvent.keyDown(button(), { key: 'Enter' });
  expect(await violations()).toEqual([]);
});
