// Ending many keys for good.
import type { LeftBecause, RevokeOutcome } from '../ipc';
import { grouped } from '../lib/numbers';
import { isolated } from '../lib/plain';

const keys = (n: number): string => (n === 1 ? '1 key' : `${grouped(n)} keys`);

export const revokeMany = {
  bar: {
    label: 'Selected keys',
    count: (n: number) => `${grouped(n)} selected`,
    hidden: (n: number) => `${grouped(n)} not in view`,
    clear: 'Clear',
    revoke: (n: number) => `Revoke ${grouped(n)}…`,
    notNow: 'The server must answer before keys can end.',
  },
  select: (name: string) => `Select ${isolated(name)}`,
  selectAll: 'Select all',
  title: (n: number) => `Revoke ${keys(n)}?`,
  planning: 'Looking at what would stop…',
  warning: { lead: 'Revoking works at once and cannot be undone.', recent: (n: number) => (n === 1 ? '1 of them was used in the past week.' : `${grouped(n)} of them were used in the past week.`) },
  which: 'What ends',
  stays: 'What stays',
  used: (ago: string) => `used ${ago}`,
  notUsed: 'not used yet',
  unknownUse: 'last use not known',
  isDefault: (instance: string) => `the default key of ${instance}`,
  signedInWith: 'this app is signed in with it: goes last, then you sign in again',
  stops: (clients: readonly string[]) => `stops ${clients.join(', ')}`,
  because: {
    already_revoked: 'revoked already',
    end_uncertain: 'its end is uncertain',
    use_uncertain: 'its last use is uncertain',
    use_unknown: 'its last use is not known',
    client_has_it: 'an AI client here has it',
    signed_in_with: 'you are signed in with it',
    not_listed: 'not one of yours on the server',
  } satisfies Record<LeftBecause, string>,
  type: (n: number) => `Type ${n} to confirm`,
  confirm: (n: number) => `Revoke ${keys(n)}`,
  keep: 'Keep keys',
  close: 'Close',
  busy: 'Revoking…',
  progress: (done: number, of: number) => `${grouped(done)} of ${grouped(of)}`,
  waiting: (seconds: number) => `The server asks for a pause of ${seconds} s.`,
  nothing: 'None of these keys can be revoked.',
  done: (n: number) => (n === 1 ? '1 key is revoked.' : `${grouped(n)} keys are revoked.`),
  result: {
    title: (done: number, of: number) => `${grouped(done)} of ${keys(of)} revoked`,
    again: (n: number) => `Try ${grouped(n)} again`,
    stopped: 'What is left can be tried again.',
  },
  outcome: { revoked: 'revoked', already: 'was revoked before', failed: 'not revoked', not_tried: 'not tried' } satisfies Record<RevokeOutcome, string>,
};
