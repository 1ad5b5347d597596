// What was done here with keys, sign-ins and AI clients, and what can be said of the record of it.
import type { Break, RecordCheckView, RecordRow } from '../ipc';
import { grouped } from '../lib/numbers';
import { isolated, plain } from '../lib/plain';

const counted = (n: number, one: string, many = `${one}s`): string => `${grouped(n)} ${n === 1 ? one : many}`;

const ways: Readonly<Record<string, string>> = {
  password: 'a password', ldap: 'LDAP', api_key: 'an API key', browser: 'a browser', signed: 'signed tokens', oauth: 'OAuth',
  bridge: 'the bridge', helper: 'the helper', variable: 'a variable', prompt: 'a question', plaintext: 'the key in its file',
};

/** What others named, as text and by itself. */
const named = (text: string | null, none: string): string => (text ? isolated(plain(text)) : none);

/** One line, as a sentence without its end. */
function deed(row: RecordRow): string {
  const key = named(row.name ?? row.key, 'a key');
  const client = named(row.client, 'an AI client');
  const file = row.path ? ` (${plain(row.path)})` : '';
  const who = (before: string): string => (row.who ? ` ${before} ${isolated(plain(row.who))}` : '');
  const how = (before: string): string => (row.how ? ` ${before} ${ways[row.how] ?? plain(row.how)}` : '');
  switch (row.deed) {
    case 'instance_added': return 'Added the instance';
    case 'instance_removed': return 'Removed the instance';
    case 'signed_in': return `Signed in${who('as')}${how('by')}`;
    case 'signed_out': return `Signed out${who('as')}`;
    case 'key_created': return row.how ? `Took up ${key}, which was created` : `Created ${key}`;
    case 'key_kept': return `Stored ${key}, which was pasted`;
    case 'key_replaced': return `Put a new key in the place of ${key}`;
    case 'key_copied': return `Copied ${key}`;
    case 'key_revealed': return `Showed ${key}`;
    case 'key_printed': return `Printed ${key}`;
    case 'key_given': return `Gave ${key}${how('to')}`;
    case 'key_in_snippet': return `Put ${key} into a text for ${client}`;
    case 'key_forgotten': return `Forgot ${key}`;
    case 'key_revoked': return `Revoked ${key}${who('of')}`;
    case 'client_connected': return `Connected ${client}${how('by')}${file}`;
    case 'client_disconnected': return `Disconnected ${client}${file}`;
    case 'client_undone': return `Undid the last change of ${client}${file}`;
    case 'access_changed': return `Changed what AI clients are let in with${how('to')}${who('for')}`;
    case 'signing_secret_kept': return 'Stored the secret that tokens are signed with';
    case 'signing_secret_copied': return 'Copied the secret that tokens are signed with';
    case 'signing_secret_shown': return 'Put the secret that tokens are signed with into a server’s lines';
    case 'signing_secret_forgotten': return 'Forgot the secret that tokens are signed with';
    case 'token_minted': return `Signed a token${who('for')}${how('until')}`;
    case 'guest_token_minted': return `Minted a token for a guest${row.name ? ` of ${isolated(plain(row.name))}` : ''}${who('called')}${how('until')}`;
    case 'oauth_set': return `Set OAuth up${how('at')}`;
    case 'oauth_signed_in': return `Signed AI clients in${who('as')}${how('at')}`;
    case 'oauth_signed_out': return `Signed AI clients out${how('at')}`;
    case 'report_signed': return 'Signed a report';
    case 'person_activated': return `Activated${who('the account')}`;
    case 'person_deactivated': return `Deactivated${who('the account')}`;
    case 'embedding_changed': return `Let ${named(row.name, 'a dashboard')} be shown${how('by')}`;
    case 'embedding_ended': return `Ended the embedding of ${named(row.name, 'a dashboard')}`;
    case 'guest_role_made': return `Made or completed the guests’ role ${named(row.name, '')}`;
    case 'minter_made': return `Made ${key}, which mints guest tokens${who('as')}`;
    case 'network_changed': return 'Changed how it is reached';
    case 'app_locked': return `Locked the app${how('by')}`;
    case 'app_unlocked': return 'Unlocked the app';
    case 'vault_created': return 'Made the vault';
    case 'vault_unlocked': return 'Unlocked the vault';
    case 'vault_locked': return 'Locked the vault';
    case 'vault_passphrase_changed': return 'Gave the vault another passphrase';
    case 'vault_restored': return 'Put the vault’s copy in its place';
    case 'secrets_moved': return `Moved all secrets${how('to the')}`;
    case 'secrets_exported': return 'Exported all secrets';
    case 'secrets_imported': return 'Imported secrets';
    case 'unknown': return 'Did something that this version does not know';
  }
}

function broken({ kind, file, line, number, to }: Break): string {
  const place = line === null ? file : `${file}, line ${line}`;
  const one = number === null ? 'what stands there' : `number ${number}`;
  const range = to !== null && to !== number ? `${one} to ${to}` : one;
  switch (kind) {
    case 'altered': return `${place}: ${one} is not as it was written, or not written by this program.`;
    case 'missing': return `${place}: ${range} is missing before it.`;
    case 'cut_off': return `${place}: the end was cut off; ${range} is missing.`;
    case 'out_of_place': return `${place}: ${one} does not belong there.`;
    case 'not_a_line': return `${place}: what stands there is no line of the record.`;
  }
}

const unchained = (n: number): string =>
  `${counted(n, 'line was', 'lines were')} noted while there was no keychain to chain with. Nobody can tell whether such lines were changed, added or taken away.`;

/** What looking at the record cannot prove. */
function cannotTell(view: RecordCheckView): string[] {
  const all: string[] = [];
  if (view.unchained > 0) all.push(unchained(view.unchained));
  if (view.of_another_key > 0) all.push(`${counted(view.of_another_key, 'line is', 'lines are')} chained with a key that is not in the keychain any more, and prove nothing.`);
  if (view.torn > 0) all.push(`${counted(view.torn, 'line is', 'lines are')} cut short: this program or the computer stopped there.`);
  if (view.proven > 0 && !view.has_head) all.push('The keychain does not say which line is the last, so whether the end was cut off cannot be told.');
  if (view.past_head > 0) all.push(`${counted(view.past_head, 'line')} at the end came after what the keychain was told.`);
  if (view.state !== 'empty') all.push('Who can ask your keychain, as any program of yours can, could have written all of it.');
  return all;
}

export const record = {
  title: 'Record',
  subtitle: 'What was done here with keys, sign-ins and AI clients',
  page: 'What was done here',
  instance: { label: 'Instance', all: 'All instances' },
  columns: { number: 'Number', time: 'Time', instance: 'Instance', what: 'What', by: 'By' },
  deed,
  by: (program: string): string => (program === 'superset-keys-desktop' ? 'This app' : program === 'superset-keys' ? 'Command line' : plain(program)),
  rowInWords: (time: string, what: string, instance: string): string => `${time}. ${what}. ${instance}`,
  verify: 'Verify',
  verifying: 'Verifying…',
  export: 'Export…',
  exporting: 'Exporting…',
  exportTitle: 'Where to put the record',
  exported: (file: string): string => `The record is in ${file}.`,
  refresh: 'Refresh',
  states: {
    empty: 'The record is empty.',
    holds: (n: number): string => `${counted(n, 'line is', 'lines are')} as ${n === 1 ? 'it was' : 'they were'} written, and none between them is missing.`,
    not_proven: 'Nothing can be proven: no line is chained with the key that the keychain has.',
    store_away: 'Nothing can be proven now: the keychain, which has the key, is locked or away.',
    broken: (n: number): string => `The record was changed in ${counted(n, 'place')}.`,
  },
  broken,
  moreBreaks: 'More is wrong; these are the first places.',
  cannotTell,
  unchained,
  notNoted: 'Something was done that is not in this record: its line could not be written. See whether the disk is full, or the file record.jsonl read-only.',
  foot: 'Kept here only, without secrets. What AI clients did is in Activity.',
  more: (n: number): string => `The newest ${grouped(n)} are shown. Export has them all.`,
  empty: { title: 'Nothing yet', text: 'Each key that is created, copied, shown or revoked here, each sign-in and each connected client shows up here.' },
  none: { title: 'Nothing for this instance', text: 'Choose another one, or all of them.', clear: 'All instances' },
  reading: 'Reading the record…',
  tryAgain: 'Try again',
  setting: { section: 'Record', label: 'What was done here', hint: 'Each key that was created, copied, shown or revoked, each sign-in and connected client; chained, so that a change shows.', button: 'Open' },
};
