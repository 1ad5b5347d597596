// Names of others' choosing are text, wherever they stand: no markup, nothing that turns the reading direction, nothing unseen.
import { screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { activity, call, use } from './test/age';
import { instance, key, keyList, NOW, setting, time } from './test/fixtures';
import { closeWindow, openWindow } from './test/window';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  closeWindow();
});

const NAMES: readonly [string, string][] = [
  ['markup', '<img src=x onerror="window.hostile=1"><b>bold</b></span>'],
  ['an entity', '&lt;script&gt;window.hostile=1&lt;/script&gt;'],
  ['a template', '{{7*7}}${7*7}{@html "<b>x</b>"}'],
  ['an override', 'safe\u202Egnp.exe'],
  ['isolates and marks', 'a\u2066b\u2069c\u200Ed\u061Ce'],
  ['nothing to be seen', 'a\u200Bb\u2060c\u00ADd\uFEFFe'],
  ['NUL and controls', 'a\u0000b\u001B[2Jc\u0008d'],
  ['5,000 letters', 'x'.repeat(5000)],
  ['emoji', '👩‍👩‍👧‍👦🏳️‍🌈🦀'],
  ['right to left', 'مرحبا שלום'],
];
// What a person does not see, or what moves what they see.
// eslint-disable-next-line no-control-regex -- these are the letters that are looked for
const UNSEEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066\u2067\uFEFF]/u;

function isText(): void {
  for (const one of document.querySelectorAll('body img')) expect(one.getAttribute('onerror'), one.outerHTML).toBeNull();
  expect(document.querySelectorAll('script, iframe, object, embed').length).toBe(0);
  for (const one of document.querySelectorAll('body b')) expect(one.textContent).not.toBe('bold');
  expect((window as unknown as { hostile?: number }).hostile).toBeUndefined();
  for (const one of document.querySelectorAll('*')) {
    const own = [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join('');
    const attributes = ['title', 'aria-label', 'alt', 'placeholder'].map((name) => one.getAttribute(name) ?? '').join('');
    expect(UNSEEN.test(own + attributes), one.outerHTML.slice(0, 400)).toBe(false);
  }
  expect(UNSEEN.test(document.title)).toBe(false);
}

describe.each(NAMES)('%s', (_, name) => {
  // An instance's own name is its person's, and core takes none of these.
  const own = () => [instance({ user: { id: 2, username: name, roles: [name] }, last_username: name, version: name })];
  const keys = () => keyList([key({ name, alias: 'laptop' }), key({ id: 'key-2', name, alias: 'second', belongs_to: name })]);

  it('is text in lists of instances and keys, and in a key’s details', async () => {
    const { user } = openWindow({ listInstances: own, listKeys: keys });
    const rows = await screen.findAllByRole('row');
    await waitFor(() => expect(rows.length).toBeGreaterThan(1));
    isText();
    await user.click((await screen.findAllByRole('row'))[1] as HTMLElement);
    await waitFor(() => isText());
  });

  it('is text in activity and in the record', async () => {
    const row = call({ client: { id: null, name, version: name, program: name }, tool: name, key_name: name });
    const { user } = openWindow({
      listInstances: own, listKeys: keys, showSettings: () => [setting()],
      showActivity: () => activity([row], { unexplained: [use({ key_name: name })] }),
      showRecord: () => ({
        since: time(0).utc, more: false, unchained: 0, unreadable: 0, not_noted: false,
        rows: (['key_copied', 'client_connected', 'signed_in', 'key_given'] as const).map((deed) => ({ at: time(0).utc, number: 1, by: name, instance: null, instance_name: name, deed, key: name, name, client: name, path: name, who: name, how: name })),
      }),
    });
    await screen.findAllByRole('row');
    await user.click(screen.getByRole('button', { name: /^Activity/ }));
    await screen.findByRole('grid', { name: 'Activity of AI clients' });
    isText();
    await user.click(screen.getByRole('button', { name: 'Settings' }));
    await user.click(await screen.findByRole('button', { name: 'Open' }));
    await screen.findByRole('grid', { name: 'What was done here' });
    isText();
  });
});
