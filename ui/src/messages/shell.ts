// The sidebar, the header and the instance dialogs.
import type { InstanceView, KeychainView } from '../ipc';
import { criticalShort } from './checkup';

const keys = (n: number): string => `${n} stored ${n === 1 ? 'key' : 'keys'}`;

/** "GNOME Keyring", also where nothing is known of it yet. */
export const ringName = (keychain: KeychainView | null): string => keychain?.name ?? 'the keychain';

/** "jane (Gamma)" */
export function person(user: InstanceView['user']): string {
  if (!user) return '';
  return user.roles?.length ? `${user.username} (${user.roles.join(', ')})` : user.username;
}

export const shell = {
  brand: 'Superset Keys',
  sidebar: 'Instances and keychain',
  instances: 'Instances',
  addInstance: 'Add instance',
  scan: 'Keys on this computer',
  who(instance: InstanceView): string {
    const last = instance.last_checkup;
    if (last?.verdict === 'critical') return criticalShort(last.worst?.finding);
    if (instance.session === 'over') return 'Sign in again';
    if (instance.session === 'signed_out' || !instance.user) return 'Not signed in';
    return [instance.user.username, ...(instance.user.roles ?? []).slice(0, 1)].join(' · ');
  },
  keychain(keychain: KeychainView | null): { text: string; state: string } {
    if (!keychain) return { text: 'Keychain', state: 'Looking' };
    if (keychain.locked) return { text: `${keychain.name} is locked`, state: 'Unlock' };
    if (keychain.ready) return { text: keychain.name, state: 'Ready' };
    return { text: keychain.problem === 'keychain_no_collection' ? `${keychain.name} has no keyring` : 'No keyring', state: 'Look again' };
  },
  waitingFor: (name: string) => `Waiting for ${name}…`,
  version: (version: string) => `Superset ${version}`,
  filter: 'Filter keys',
  createKey: 'Create key',
  signInFirst: 'Sign in first',
  tabs: { label: 'Instance', keys: 'Keys', clients: 'AI clients', checkup: 'Check-up' },
  instanceMenu: (name: string) => `Actions for ${name}`,
  rename: 'Rename…',
  signIn: 'Sign in…',
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
  renamed: (name: string) => `Renamed to ${name}.`,
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
