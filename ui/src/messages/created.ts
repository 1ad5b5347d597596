// A key that has just been made.
import type { Delivery } from '../ipc';
import { atStart } from '../lib/plain';

const ways: Record<Delivery, string> = {
  bridge: 'gets the key from this app',
  helper: 'asks this app for the key',
  prompt: 'asks you for the key once',
  variable: 'reads an environment variable',
  plaintext: 'keeps the key in its file',
};

export const created = {
  title: { stored: 'Key created', save: 'Save this key now', notStored: 'Key created, but not stored' },
  expires: (day: string) => `expires ${day}`,
  neverExpires: 'never expires',
  close: 'Close',
  secret: {
    label: (last4: string) => `Key ending in ${last4}`,
    noHint: 'The new key',
    show: 'Hold to show',
    hide: 'Hide',
    shown: 'Key shown',
  },
  copy: 'Copy',
  copied: 'Copied',
  stored: (ring: string) => ({ title: `Stored in ${ring}.`, text: 'Superset will not show it again, but you can copy it here any time.' }),
  someRing: 'the keychain',
  save: 'Superset will not show it again and this app does not keep it.',
  notStored: {
    refused: (ring: string) => `${atStart(ring)} refused it. Copy it now, then close.`,
    locked: (ring: string) => `${atStart(ring)} is locked. Unlock it to store the key, or copy it now.`,
    noRing: 'This computer has no keyring. Copy it now, then close.',
  },
  setUp: 'Set up vault',
  storeAgain: 'Try storing again',
  storing: 'Storing…',
  saved: 'I have saved it',
  savingBusy: 'Closing…',
  off: {
    title: 'It ends at another time than you asked for.',
    never: 'The server let it never expire.',
    yours: 'Your time',
    server: 'Server time',
    replace: 'Replace it',
    replacing: 'Replacing…',
    text: 'A replacement ends at the right time, and this key is revoked.',
  },
  stillActive: { title: 'The key it replaces is still active.', text: 'It could not be revoked. Revoke it from the list.' },
  next: 'Next: connect an AI client',
  connect: 'Connect',
  connectTo: (client: string) => `Connect ${client}`,
  ways,
  seeAll: 'See all clients',
  done: 'Done',
  clipboard: {
    before: 'After you copy, the clipboard clears by itself.',
    started: (seconds: number) => `Copied. The clipboard clears in ${seconds} seconds.`,
    left: (seconds: number) => `Clipboard clears in ${seconds} s`,
    only: 'only if it still holds this key',
    onlySnippet: 'only if it still holds this text',
    cleared: 'The clipboard is clear again.',
    replaced: 'Something else was copied, so the clipboard was left alone.',
  },
};
