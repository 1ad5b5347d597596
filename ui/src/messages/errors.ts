// The words for each reason a command can end without doing what was asked. A code without words does not compile.
import type { ErrorCode } from '../ipc';

/** What helps. Who shows the words decides whether it can offer it. */
export type ErrorAction = 'try_again' | 'sign_in' | 'unlock' | 'refresh' | 'admin_message';

export interface ErrorWords {
  /** What happened. */
  title: string;
  /** What to do. */
  body: string;
  action?: ErrorAction;
}

export const actionWords: Record<ErrorAction, string> = {
  try_again: 'Try again',
  sign_in: 'Sign in',
  unlock: 'Unlock',
  refresh: 'Refresh list',
  admin_message: 'Copy message for your admin',
};

type Params = Readonly<Record<string, string>>;

const host = (p: Params): string => p.host ?? 'The server';
const ring = (p: Params): string => p.keychain ?? 'The keychain';
const list = (words: string | undefined, before: string, otherwise: string): string => (words ? `${before} ${words}.` : otherwise);

const addressProblems: Readonly<Record<string, string>> = {
  empty: 'Type the address you open Superset at, such as superset.example.com.',
  not_an_address: 'It is not a web address. Copy it from the browser, without /login at the end.',
  scheme: 'Only addresses that begin with https:// or http:// lead to a Superset.',
  holds_credentials: 'Leave out the user name and password. You are asked for them when you sign in.',
};

const unreachable: Readonly<Record<string, (p: Params) => string>> = {
  name_not_found: (p) => `No server is known as ${host(p)}. Check the spelling, and whether your VPN is on.`,
  refused: (p) => `${host(p)} refused the connection. Superset may be stopped, or the port may be another.`,
  timed_out: (p) => `${host(p)} did not answer in time. Often this means the VPN is off.`,
};

const cannotTake: Readonly<Record<string, (client: string) => string>> = {
  commands_only: (c) => `${c} starts local programs only and has no place for a header.`,
  no_variables: (c) => `${c} does not put environment variables into headers.`,
  variables_unconfirmed: (c) => `Nobody has shown that ${c} puts environment variables into headers.`,
  no_prompt: (c) => `${c} has no way to ask for a key and keep it.`,
  no_helper: (c) => `${c} runs no program to get headers from.`,
  no_key_in_link: () => 'A link would leave the key in histories and logs, so we do not make one.',
};

const disk: Readonly<Record<string, string>> & { other: string } = {
  full: 'The disk is full.',
  denied: 'This account may not do that.',
  read_only: 'The disk is read-only.',
  no_file: 'It is not a plain file.',
  too_large: 'It is too large for a settings file.',
  other: 'The system did not say why.',
};

const folders: Readonly<Record<string, (path: string) => readonly [string, string]>> = {
  empty: () => ['No folder is named', 'Type its path, or choose it.'],
  relative: () => ['This is no whole path', 'Begin with / or with ~ for your home folder.'],
  missing: (path) => [`There is no folder ${path}`, 'Check the spelling.'],
  no_folder: (path) => [`${path} is a file`, 'Name the folder it lies in.'],
  denied: (path) => [`We may not look into ${path}`, 'Its owner can open it for you.'],
};

/** Also said of a file on the list of clients. */
export const edit: Readonly<Record<string, string>> & { unsupported: string } = {
  not_utf8: 'It is not UTF-8 text',
  syntax: 'It is not valid',
  duplicate_key: 'A name stands there twice',
  wrong_type: 'Something else stands where entries belong',
  entry_unwritable: 'This kind of file cannot hold the entry',
  unproven: 'We could not prove that only our entry would change',
  unsupported: 'It is written in a way we cannot edit',
};

export const errors: Record<ErrorCode, (params: Params) => ErrorWords> = {
  // What a person gave us.
  invalid_address: (p) => ({ title: 'This address cannot be used', body: addressProblems[p.problem ?? ''] ?? 'Check the address and try again.' }),
  insecure_address: () => ({ title: 'This address is not encrypted', body: 'Keys would travel in the open. Use https://, or continue only for localhost.' }),
  name_missing: () => ({ title: 'A name is needed', body: 'Type a name you will recognise later.' }),
  name_too_long: (p) => ({ title: 'The name is too long', body: `Use ${p.limit ?? '100'} characters or fewer.` }),
  name_unprintable: () => ({ title: 'The name has a character that cannot be shown', body: 'Type the name again instead of pasting it.' }),
  short_name_invalid: () => ({ title: 'The short name has other letters', body: 'Use a to z, 0 to 9 and hyphens, up to 32 of them.' }),
  name_taken: (p) => ({ title: p.name ? `The name "${p.name}" is taken` : 'You already have one with this name', body: 'Pick another name so you can tell them apart.' }),
  expiry_past: () => ({ title: 'That date has passed', body: 'Pick a day from today on.' }),
  expiry_too_far: () => ({ title: 'That date is too far away', body: 'Pick an earlier day, or let the key never expire.' }),
  unknown_zone: (p) => ({ title: `No time zone is called "${p.name ?? ''}"`, body: 'Use a name such as Europe/Berlin.' }),
  not_an_api_key: () => ({ title: 'That does not look like an API key', body: 'A key begins with sst_ and has no spaces. Copy it again, whole.' }),

  // What could not be found here.
  no_such_instance: (p) => ({ title: 'This instance is gone', body: `"${p.name ?? ''}" was removed, perhaps in another window.` }),
  no_such_key: () => ({ title: 'This key is gone', body: 'The server does not list it any more. Refresh the list.', action: 'refresh' }),
  ambiguous_key: (p) => ({ title: `More than one key is called "${p.name ?? ''}"`, body: list(p.candidates, 'Pick one of', 'Pick one from the list.') }),
  no_default_key: (p) => ({ title: `${p.instance ?? 'This instance'} has no default key`, body: list(p.others, 'Pick a key, or make one of these the default:', 'Create a key first.') }),
  default_key_unusable: (p) => ({ title: 'The default key cannot be used any more', body: list(p.others, 'Make another key the default:', 'Create a key first.') }),
  key_unusable: (p) => ({ title: `The key ${p.alias ?? ''} is revoked or expired`, body: 'Create a new one, or choose another.' }),
  secret_not_here: () => ({ title: 'This key is not on this computer', body: 'Superset shows a key only once. Use the computer it was created on, or create a new key.' }),
  no_such_client: (p) => ({ title: `No AI client is called "${p.name ?? ''}"`, body: 'Pick one from the list.' }),
  mcp_url_unknown: () => ({ title: 'The MCP address is not known', body: 'Superset cannot be asked for it. Type it, or ask your admin where the MCP server runs.' }),
  delivery_unsupported: (p) => ({ title: `${p.client ?? 'This client'} cannot take its key that way`, body: cannotTake[p.reason ?? '']?.(p.client ?? 'This client') ?? 'Pick another way.' }),
  form_unsupported: (p) => ({ title: `${p.client ?? 'This client'} has no such form`, body: 'Pick another form for this way.' }),
  writing_unsupported: (p) => ({
    title: `We do not write ${p.client ?? 'this client'}’s settings`,
    body: p.reason === 'older_file' ? 'It reads an older file, and would not any more once there is a new one. Move your settings to the new one first.' : 'Copy the setup and put it there by hand.',
  }),
  scope_unsupported: (p) => ({ title: `${p.client ?? 'This client'} has no such file`, body: 'Pick its own settings instead.' }),
  entry_taken: (p) => ({ title: `Somebody else’s entry is called “${p.entry ?? 'superset'}”`, body: `${p.path ?? 'The file'} has one with that name that is not ours. Nothing was changed.` }),
  not_connected: (p) => ({ title: `${p.client ?? 'This client'} is not connected to ${p.instance ?? 'this instance'}`, body: 'There is no entry of ours in its settings.' }),
  nothing_to_undo: () => ({ title: 'There is nothing to undo', body: 'No earlier version of this file is kept.' }),
  key_would_be_shared: (p) => ({ title: 'Git would share the key', body: `${p.path ?? 'That file'} is in a repository that others can get, so nothing was changed. Use the bridge, which needs no key in the file.` }),

  // The way to the server.
  unreachable: (p) => ({ title: `${p.instance ?? host(p)} does not answer`, body: unreachable[p.kind ?? '']?.(p) ?? `We could not connect to ${host(p)}. Often this means the VPN is off.`, action: 'try_again' }),
  certificate_untrusted: () => ({ title: 'We cannot verify this server', body: 'This computer does not trust its certificate. Ask your IT team.', action: 'try_again' }),
  redirected: (p) => ({ title: `${host(p)} sends us elsewhere`, body: `It points to ${p.to ?? 'another address'}. If that is your Superset, add it with that address.` }),
  not_superset: () => ({ title: 'No Superset at this address', body: 'We reached it, but it answered as something else. Check the address, without /login at the end.', action: 'try_again' }),
  proxy_answered: (p) => ({ title: `${p.instance ?? host(p)} does not answer`, body: `Something on the way answered in its place (status ${p.status ?? '?'}). Often this means a VPN, a proxy or a sign-in page stands between.`, action: 'try_again' }),
  rate_limited: () => ({ title: 'The server asks us to wait', body: 'There were too many requests. Try again in a minute.', action: 'try_again' }),
  server_fault: (p) => ({ title: 'The server has a problem of its own', body: `It answered with status ${p.status ?? '500'}. Try again, and tell your admin if it stays.`, action: 'try_again' }),
  unexpected_answer: (p) => ({ title: 'We did not understand the server', body: `Its answer about ${p.what ?? 'this'} was not what Superset sends (status ${p.status ?? '?'}). Nothing was taken from it.`, action: 'try_again' }),
  answer_too_large: () => ({ title: 'The answer is too large', body: 'The server sent more than we are willing to read. Tell your admin.' }),
  answer_lost: (p) => ({ title: 'The connection ended too early', body: `${host(p)} stopped before its answer was there. What was asked may have been done all the same.`, action: 'try_again' }),
  no_mcp_endpoint: (p) => ({ title: 'No MCP endpoint here', body: `Superset answers, but not at ${p.url ?? 'this address'}. It may be turned off.` }),
  mcp_refused: (p) => ({ title: 'The MCP server refused this', body: `${host(p)} took the key, but not the request. Its owner may lack a permission.` }),
  tool_forbidden: (p) => ({ title: `The tool ${p.name ?? ''} is not called`, body: 'The server describes it in a way that MCP does not allow.' }),
  not_a_message: () => ({ title: 'That was no message of MCP', body: 'The AI client sent something else. Nothing was passed on.' }),

  // Signing in and permissions.
  wrong_credentials: () => ({ title: 'That did not match', body: 'Check the user name and password. After several tries the server may pause sign-in.' }),
  sign_in_way_refused: () => ({ title: 'The server does not sign you in this way', body: 'Try another way to sign in, or ask your admin which one it takes.' }),
  sign_in_unsupported: (p) => ({ title: 'We cannot sign in here yet', body: `${list(p.ways, 'The server offers only', 'The server offers only ways we do not have.')} You can paste an API key instead.` }),
  signed_out: (p) => ({ title: `Sign in to ${p.instance ?? 'this instance'}`, body: 'Nobody is signed in.', action: 'sign_in' }),
  session_over: (p) => ({ title: `Sign in again to ${p.instance ?? 'this instance'}`, body: 'Your session has ended. You can still copy keys kept on this computer.', action: 'sign_in' }),
  key_rejected: () => ({ title: 'The server does not take this key', body: 'It may be revoked or expired. Sign in another way, or with another key.', action: 'sign_in' }),
  forbidden: () => ({ title: 'Your role cannot manage API keys', body: 'Ask an admin for can list, can create, can get and can revoke on ApiKey.', action: 'admin_message' }),
  api_keys_off: () => ({ title: 'API keys are turned off here', body: 'An admin can turn them on.', action: 'admin_message' }),

  // Creating and revoking.
  not_created: () => ({ title: 'No key was created', body: 'The server said yes and created nothing. Its key table may be missing: an admin can run superset db upgrade.', action: 'admin_message' }),
  create_unclear: () => ({ title: 'We are not sure the key was created', body: 'The connection dropped. Look at the list before trying again.', action: 'refresh' }),
  not_stored: (p) => ({ title: 'Key created, but not stored', body: `${ring(p)} refused it. Copy it now, then close.` }),
  not_revoked: () => ({ title: 'The key is still active', body: 'The server did not accept the request.', action: 'try_again' }),
  revoke_unclear: () => ({ title: 'We are not sure the key was revoked', body: 'The connection dropped. Look at the list before trying again.', action: 'refresh' }),
  cannot_revoke_pasted: () => ({ title: 'This key cannot be revoked from here', body: 'The server does not list it for you. Its owner can revoke it in Superset.' }),
  nothing_would_keep_it: () => ({ title: 'The key would be lost', body: 'This computer has no keyring to keep it in. Choose not to keep it, and copy it when it is made.' }),
  keys_would_be_forgotten: (p) => ({ title: p.count === '1' ? '1 stored key would be forgotten' : `${p.count ?? 'Stored'} stored keys would be forgotten`, body: 'Forgetting never revokes: they keep working on the server.' }),

  // This computer.
  keychain_no_bus: () => ({ title: 'This computer has no keyring', body: 'No desktop session is there to ask for one. Start the app from your desktop, or copy each new key when it is made.' }),
  keychain_absent: () => ({ title: 'This computer has no keyring', body: 'Install one, such as GNOME Keyring, or copy each new key when it is made.' }),
  keychain_no_collection: (p) => ({ title: `${ring(p)} has no place to keep keys`, body: 'Create a default keyring in your password settings, then try again.', action: 'try_again' }),
  keychain_locked: (p) => ({ title: `${ring(p)} is locked`, body: 'Unlock it to copy keys or connect AI clients.', action: 'unlock' }),
  keychain_dismissed: (p) => ({ title: `${ring(p)} is still locked`, body: 'The unlock window was closed. Unlock it to go on.', action: 'unlock' }),
  keychain_other: (p) => ({ title: `${ring(p)} did not do as asked`, body: 'Nothing was changed. Try again, or restart your session.', action: 'try_again' }),
  state_damaged: (p) => ({ title: 'The list of instances was damaged', body: `It was set aside as ${p.kept ?? 'a copy'} and nothing was deleted. Your keys still work.` }),
  state_newer: (p) => ({ title: 'A newer Superset Keys has been here', body: `${p.path ?? 'The state file'} can be read but not changed by this version. Update the app.` }),
  state_busy: () => ({ title: 'Another program is busy with your keys', body: 'The command line or another window is saving. Try again in a moment.', action: 'try_again' }),
  state_unusable: (p) => ({ title: 'We cannot read or write our file', body: `Check that ${p.path ?? 'the state file'} is yours and the disk is not full.`, action: 'try_again' }),
  client_file_unreadable: (p) => ({ title: `We cannot read ${p.path ?? 'that file'}`, body: `${disk[p.problem ?? ''] ?? disk.other} Copy the setup by hand instead.` }),
  client_file_not_understood: (p) => ({ title: `We cannot edit ${p.path ?? 'that file'}`, body: `${edit[p.problem ?? ''] ?? edit.unsupported} (line ${p.line ?? '?'}, column ${p.column ?? '?'}). Fix it or copy the setup by hand.` }),
  client_file_changed: () => ({ title: 'The file changed while you looked', body: 'Someone edited it after the preview. It stays as it is.', action: 'try_again' }),
  client_file_read_only: (p) => ({ title: `We may not write ${p.path ?? 'that file'}`, body: 'Make it writable, or change it where it is kept. Nothing was changed.' }),
  client_file_unwritable: (p) => ({ title: `We cannot write ${p.path ?? 'that file'}`, body: `${disk[p.problem ?? ''] ?? disk.other} It is as it was.` }),
  backup_unwritable: (p) => ({ title: 'No backup can be kept', body: `${disk[p.problem ?? ''] ?? disk.other} Without one nothing was changed.` }),
  folder_unusable: (p) => {
    const [title, body] = folders[p.problem ?? '']?.(p.path ?? '') ?? [`We cannot look into ${p.path ?? 'that folder'}`, 'The system did not say why.'];
    return { title, body };
  },
  not_opened: (p) => ({ title: 'No program opened the file', body: `Open ${p.path ?? 'it'} in your editor.` }),
  clipboard: () => ({ title: 'The clipboard cannot be used', body: 'Nothing was copied. Try again, or show the key instead.' }),
  internal: () => ({ title: 'Something in this app stopped', body: 'Nothing was changed that you did not see. Try again, or restart the app.', action: 'try_again' }),
};

/** The words for what a call threw. `more` names what the reason itself cannot know: `instance`, `keychain`. */
export function errorWords(reason: { code: ErrorCode; params: Params }, more: Params = {}): ErrorWords {
  return errors[reason.code]({ ...reason.params, ...more });
}

/** What to send to whoever runs the server, where only they can help. */
export function adminMessage(code: ErrorCode, place: { url: string; user?: string | undefined; role?: string | undefined }): string | undefined {
  const permissions = ['can_list on ApiKey', 'can_create on ApiKey', 'can_get on ApiKey', 'can_revoke on ApiKey'];
  if (code === 'api_keys_off' || code === 'not_created') {
    return [
      `Hello, could you turn on API keys on our Superset, ${place.url}?`,
      '',
      '1. Flask-AppBuilder 5.2.0 or newer must be installed:  pip install "Flask-AppBuilder>=5.2.0"',
      '2. In superset_config.py:  FAB_API_KEY_ENABLED = True',
      '3. Run:  superset db upgrade',
      '4. Run:  superset init',
      `5. Roles that may use keys need: ${permissions.join(', ')}.`,
      '',
      'Then restart Superset. Thank you.',
    ].join('\n');
  }
  if (code === 'forbidden') {
    const who = place.user ? ` My user name is ${place.user}${place.role ? `, role ${place.role}` : ''}.` : '';
    return [
      `Hello, could you let me manage my own API keys on our Superset, ${place.url}?${who}`,
      '',
      'In Settings > List Roles, my role needs these permissions:',
      ...permissions.map((permission) => `- ${permission}`),
      '',
      'If they are not offered there, running superset init adds them. Thank you.',
    ].join('\n');
  }
  return undefined;
}
