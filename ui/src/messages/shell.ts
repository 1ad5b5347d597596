// The sidebar, the header and the instance dialogs.
import type { InstanceView, KeychainView, Presence } from '../ipc';
import { isolated, plain } from '../lib/plain';
import { criticalShort } from './checkup';

const keys = (n: number): string => `${n} stored ${n === 1 ? 'key' : 'keys'}`;

/** "GNOME Keyring", also where nothing is known of it yet, or it is away. */
export const ringName = (keychain: KeychainView | null): string =>
  keychain === null || keychain.problem === 'keychain_absent' || keychain.problem === 'keychain_no_bus' ? 'the keychain' : keychain.name;

/** Where a key lies; `ring` is what the store is called that new ones go to. */
export function placeOf(presence: Presence, ring: string): string {
  if (presence === 'vault') return 'the vault';
  return ring === 'the vault' ? 'the keychain' : ring;
}

/** "jane (Gamma)" */
export function person(user: InstanceView['user']): string {
  if (!user) return '';
  const name = plain(user.username);
  return user.roles?.length ? `${name} (${user.roles.map(plain).join(', ')})` : name;
}

export const shell = {
  brand: 'Superset Keys',
  windowTitle: (place: string | undefined) => (place === undefined ? 'Superset Keys' : `${isolated(place)} – Superset Keys`),
  sidebar: 'Instances and keychain',
  instances: 'Instances',
  addInstance: 'Add instance',
  scan: 'Keys on this computer',
  settings: 'Settings',
  everywhere: 'Everywhere',
  activity: 'Activity',
  who(instance: InstanceView): string {
    const last = instance.last_checkup;
    if (last?.verdict === 'critical') return criticalShort(last.worst?.finding);
    if (instance.session === 'over') return 'Sign in again';
    if (instance.session === 'signed_out' || !instance.user) return 'Not signed in';
    return [instance.user.username, ...(instance.user.roles ?? []).slice(0, 1)].map(plain).join(' · ');
  },
  keychain(keychain: KeychainView | null): { text: string; state: string } {
    if (!keychain) return { text: 'Keychain', state: 'Looking' };
    const name = keychain.store === 'vault' ? 'Vault' : keychain.name;
    if (keychain.locked) return { text: `${name} is locked`, state: keychain.store === 'vault' ? 'Where keys are kept' : 'Unlock' };
    if (keychain.ready) return { text: name, state: 'Ready' };
    return { text: keychain.problem === 'keychain_no_collection' ? `${name} has no keyring` : 'No keyring', state: 'Where keys are kept' };
  },
  toKept: 'Where keys are kept',
  waitingFor: (name: string) => `Waiting for ${name}…`,
  back: 'Back',
  version: (version: string) => `Superset ${version}`,
  filter: 'Filter keys',
  createKey: 'Create key',
  signInFirst: 'Sign in first',
  tabs: { label: 'Instance', keys: 'Keys', clients: 'AI clients', checkup: 'Check-up', audit: 'Audit', embedding: 'Embedding' },
  instanceMenu: (name: string) => `Actions for ${name}`,
  audit: 'Audit',
  embedding: 'Embedding',
  rename: 'Rename…',
  network: 'Network…',
  signIn: 'Sign in…',
  signInAgain: 'Sign in again…',
  signOut: 'Sign out',
  remove: 'Remove…',
  close: 'Close',
  cancel: 'Cancel',
  dismiss: 'Dismiss',
  copied: (seconds: number) => `Copied. The clipboard clears in ${seconds} s`,
  clearNow: 'Clear now',
  cleared: 'The clipboard is cleared.',
  replaced: 'Something else was copied, so the clipboard was left alone.',
  signedOut: (name: string) => `Signed out of ${name}.`,
  removed: (name: string) => `${name} is off the list.`,
  /** Said after that; begins with a space. */
  leftBehind: (n: number, ring: string) =>
    n === 0 ? '' : ` ${n === 1 ? 'One entry' : 'Some entries'} could not be deleted from ${ring}, which is locked or away. ${n === 1 ? 'It goes' : 'They go'} when it is back.`,
  renamed: (name: string) => `Renamed to ${name}.`,
  closesWhenCreated: 'A key is being created. The window closes when it is done.',
  saveFirst: 'Save the new key before you close. It is kept nowhere else.',
  loading: 'Opening your instances…',
  renameDialog: { title: (name: string) => `Rename ${name}`, label: 'Name', hint: 'Files written for AI clients keep working.', save: 'Rename', busy: 'Renaming…' },
  removeDialog: {
    title: (name: string) => `Remove ${name}?`,
    text: 'It goes from this list only. Keys on the server are not revoked and keep working.',
    confirm: 'Remove instance',
    keep: 'Keep instance',
    busy: 'Removing…',
    forgetTitle: (n: number) => `Forget ${keys(n)}?`,
    forgetText: (n: number, ring: string) => `${n === 1 ? 'It goes' : 'They go'} from ${ring} and cannot be read again. Forgetting never revokes: ${n === 1 ? 'it keeps' : 'they keep'} working on the server.`,
    forget: (n: number) => `Forget ${n === 1 ? 'it' : 'them'} and remove`,
  },
};
