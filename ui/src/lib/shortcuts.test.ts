import { afterEach, describe, expect, it, vi } from 'vitest';
import { dispatcher, keysOf, onMac, rowShortcut, shortcutFor, shortcuts, type ShortcutName } from './shortcuts';

const press = (key: string, more: Partial<KeyboardEventInit> = {}) =>
  new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });

afterEach(() => document.body.replaceChildren());

describe('shortcutFor', () => {
  it('knows every chord of the table on both kinds of keyboard', () => {
    for (const [name, { chords }] of Object.entries(shortcuts))
      for (const chord of chords) {
        const [mod, shiftKey, altKey] = ['mod' in chord, 'shift' in chord, 'alt' in chord];
        expect(shortcutFor(press(chord.key, { ctrlKey: mod, shiftKey, altKey }), false)).toBe(name);
        expect(shortcutFor(press(chord.key, { metaKey: mod, shiftKey, altKey }), true)).toBe(name);
      }
  });

  it('leaves other chords alone', () => {
    expect(shortcutFor(press('n'), false)).toBeUndefined();
    expect(shortcutFor(press('N', { ctrlKey: true, shiftKey: true }), false)).toBeUndefined();
    expect(shortcutFor(press('n', { ctrlKey: true, altKey: true }), false)).toBeUndefined();
    expect(shortcutFor(press('n', { ctrlKey: true }), true)).toBeUndefined();
    expect(shortcutFor(press('0', { ctrlKey: true }), false)).toBeUndefined();
  });

  it('tells copying a key from connecting a client', () => {
    expect(shortcutFor(press('c', { ctrlKey: true }), false)).toBe('copyKey');
    expect(shortcutFor(press('C', { ctrlKey: true, shiftKey: true }), false)).toBe('connect');
  });

  it('takes a slash typed with Shift', () => {
    expect(shortcutFor(press('/', { shiftKey: true }), false)).toBe('filter');
  });
});

describe('dispatcher', () => {
  function fire(event: KeyboardEvent, target: HTMLElement = document.body): ShortcutName[] {
    const done: ShortcutName[] = [];
    const actions = Object.fromEntries(
      Object.keys(shortcuts).map((name) => [name, () => done.push(name as ShortcutName)]),
    );
    const listen = dispatcher(actions, false);
    window.addEventListener('keydown', listen);
    target.dispatchEvent(event);
    window.removeEventListener('keydown', listen);
    return done;
  }
  function add<K extends keyof HTMLElementTagNameMap>(tag: K, role?: string): HTMLElementTagNameMap[K] {
    const element = document.createElement(tag);
    if (role) element.setAttribute('role', role);
    return document.body.appendChild(element);
  }

  it('runs the action and stops the browser from doing its own', () => {
    const event = press('r', { ctrlKey: true });
    expect(fire(event)).toEqual(['refresh']);
    expect(event.defaultPrevented).toBe(true);
  });

  it('lets people type', () => {
    const input = add('input');
    expect(fire(press('/'), input)).toEqual([]);
    expect(fire(press('f', { ctrlKey: true }), input)).toEqual(['filter']);
    expect(fire(press('n', { ctrlKey: true }), input)).toEqual(['create']);
  });

  it.each(['dialog', 'alertdialog', 'menu'])('keeps still under an open %s', (role) => {
    add('div', role);
    expect(fire(press('n', { ctrlKey: true }))).toEqual([]);
    expect(fire(press('Escape'))).toEqual([]);
  });

  it('leaves row keys to rows', () => {
    expect(fire(press('Delete'))).toEqual([]);
    expect(rowShortcut(press('Delete'), false)).toBe('revoke');
    expect(rowShortcut(press('c', { ctrlKey: true }), false)).toBe('copyKey');
    expect(rowShortcut(press('n', { ctrlKey: true }), false)).toBeUndefined();
  });

  it('copies marked text rather than a key', () => {
    vi.spyOn(window, 'getSelection').mockReturnValue({ toString: () => 'marked' } as Selection);
    expect(rowShortcut(press('c', { ctrlKey: true }), false)).toBeUndefined();
  });
});

it('writes chords the way each system does', () => {
  expect(keysOf('create', false)).toBe('Ctrl N');
  expect(keysOf('create', true)).toBe('⌘ N');
  expect(keysOf('close', false)).toBe('Esc');
  expect(onMac('MacIntel')).toBe(true);
  expect(onMac('Linux x86_64')).toBe(false);
});
