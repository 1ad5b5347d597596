// The keys the window listens to, in one table. `mod` is Ctrl, and Cmd on a Mac.

interface Chord {
  key: string;
  mod?: boolean;
  shift?: boolean;
  alt?: boolean;
}
interface Shortcut {
  chords: readonly Chord[];
  /** Works while typing in a field. Plain letters never do. */
  whileTyping: boolean;
  /** Belongs to the row that has the focus; the table passes it on. */
  row?: boolean;
}

const digit = (n: string): Shortcut => ({ chords: [{ key: n, mod: true }], whileTyping: true });

export const shortcuts = {
  create: { chords: [{ key: 'n', mod: true }], whileTyping: true },
  connect: { chords: [{ key: 'c', mod: true, shift: true }], whileTyping: true },
  filter: { chords: [{ key: '/' }, { key: 'f', mod: true }], whileTyping: false },
  quit: { chords: [{ key: 'q', mod: true }, { key: 'w', mod: true }], whileTyping: true },
  back: { chords: [{ key: 'ArrowLeft', alt: true }, { key: '[', mod: true }], whileTyping: false },
  lock: { chords: [{ key: 'l', mod: true }], whileTyping: true },
  settings: { chords: [{ key: ',', mod: true }], whileTyping: true },
  refresh: { chords: [{ key: 'r', mod: true }], whileTyping: true },
  copyKey: { chords: [{ key: 'c', mod: true }], whileTyping: false, row: true },
  revoke: { chords: [{ key: 'Delete' }], whileTyping: false, row: true },
  close: { chords: [{ key: 'Escape' }], whileTyping: true },
  instance1: digit('1'),
  instance2: digit('2'),
  instance3: digit('3'),
  instance4: digit('4'),
  instance5: digit('5'),
  instance6: digit('6'),
  instance7: digit('7'),
  instance8: digit('8'),
  activity: digit('9'),
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof shortcuts;
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

export const onMac = (platform: string = navigator.platform): boolean => /^(mac|iphone|ipad)/i.test(platform);

/** The shortcut a key press means, if any. */
export function shortcutFor(press: KeyPress, mac: boolean): ShortcutName | undefined {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (other) return undefined;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  for (const [name, shortcut] of Object.entries<Shortcut>(shortcuts)) {
    // "/" needs Shift on many keyboards; any other chord has it or has it not.
    const hit = shortcut.chords.some((c) => c.key === key && (c.mod ?? false) === mod && (c.alt ?? false) === press.altKey && ((c.shift ?? false) === press.shiftKey || key === '/'));
    if (hit) return name as ShortcutName;
  }
  return undefined;
}

/** "Ctrl N" or "⌘ N", for tool tips and menus. */
export function keysOf(name: ShortcutName, mac: boolean): string {
  const [chord] = shortcuts[name].chords as readonly Chord[];
  if (!chord) return '';
  const key = { Escape: 'Esc', ArrowLeft: '←' }[chord.key] ?? (chord.key.length === 1 ? chord.key.toUpperCase() : chord.key);
  const shift = chord.shift ? (mac ? '⇧' : 'Shift ') : '';
  if (chord.alt) return `${mac ? '⌥' : 'Alt'} ${key}`;
  return chord.mod ? `${mac ? '⌘' : 'Ctrl'} ${shift}${key}` : key;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

export const layerIsOpen = (): boolean =>
  document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;

export type ShortcutActions = Partial<Record<ShortcutName, (event: KeyboardEvent) => void>>;

/**
 * A keydown listener for the window. Dialogs and menus keep all keys to themselves; a field keeps what it can
 * use; marked text keeps Ctrl C. Keys of rows are for `rowShortcut`.
 */
export function dispatcher(actions: ShortcutActions, mac: boolean = onMac()): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.defaultPrevented || event.isComposing || layerIsOpen()) return;
    const name = shortcutFor(event, mac);
    if (!name) return;
    const shortcut: Shortcut = shortcuts[name];
    if (shortcut.row || (!shortcut.whileTyping && isTyping(event.target) && event.key !== 'f')) return;
    const action = actions[name];
    if (!action) return;
    event.preventDefault();
    action(event);
  };
}

/**
 * The same for arrows with Alt, before what has the focus hears of them: tabs and groups of choices take them for
 * plain arrows, and would choose. To be listened with while the event goes down.
 */
export function arrowsFirst(actions: ShortcutActions, mac: boolean = onMac()): (event: KeyboardEvent) => void {
  const dispatch = dispatcher(actions, mac);
  return (event) => {
    const arrow = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (!arrow || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || isTyping(event.target) || layerIsOpen()) return;
    dispatch(event);
    event.preventDefault();
    event.stopPropagation();
  };
}

/** What a key press on a row of a table means: copy or revoke. Marked text keeps Ctrl C. */
export function rowShortcut(event: KeyboardEvent, mac: boolean = onMac()): ShortcutName | undefined {
  const name = shortcutFor(event, mac);
  if (!name || !(shortcuts[name] as Shortcut).row) return undefined;
  if (name === 'copyKey' && (window.getSelection()?.toString() ?? '') !== '') return undefined;
  return name;
}
