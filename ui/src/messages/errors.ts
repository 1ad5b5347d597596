// The words for each reason a command can end without doing what was asked. A code without words does not compile.
import type { ErrorCode } from '../ipc';
import { atStart } from '../lib/plain';

/** What helps. Who shows the words decides whether it can offer it. */
export type ErrorAction = 'try_again' | 'sign_in' | 'unlock' | 'set_up_vault' | 'refresh' | 'admin_message' | 'add_address' | 'details';

export interface ErrorWords {
  /** What happened. */
  title: string;
  /** What to do. */
  body: string;
  action?: ErrorAction;
}

const signingSecret: Record<string, string> = {
  empty: 'There is none.',
  too_short: 'It has less than 32 letters, so it can be guessed.',
  published: 'It stands in a guide that everybody can read.',
};

const siteProblem: Record<string, string> = {
  not_an_address: 'Write it as https://app.example.com.',
  scheme_missing: 'Say whether it is http or https: Superset compares that too.',
  wildcard: 'Superset knows no wildcards. Name each site.',
  other_scheme: 'Only pages over http and https can show a dashboard.',
  credentials: 'Leave the name and the password out.',
};

const clauseProblem: Record<string, string> = {
  empty: 'It is empty.',
  too_long: 'It is too long.',
  brackets: 'A bracket closes what it did not open, or stays open, so it would break out of its place.',
  quotes: 'A quotation mark stays open.',
  comment: 'What follows -- or /* would count for nothing.',
  semicolon: 'A semicolon ends the query.',
  template: 'Braces are run as a template where the server is so set.',
  unprintable: 'It holds a letter that nobody sees.',
  value_missing: 'A name in it has no value.',
  value_unused: 'A value was given for a name that does not stand in it.',
  value_not_a_number: 'What was given as a number is none.',
  value_unwritable: 'Its database could read a quotation mark or a backslash in a value otherwise. Give the rule one dataset, or leave the letter out.',
};

const issuer: Record<string, string> = {
  no_metadata: 'It does not say what it is, where OAuth has that. Is it the issuer, letter for letter?',
  of_another: 'What stands there speaks of another issuer. Name the one it calls itself.',
  endpoint_missing: 'It has no place for what is asked. Another way to get tokens may work.',
  not_encrypted: 'One of its addresses is not https. Whoever runs it must set that right.',
  no_pkce: 'It does not know PKCE with S256. Whoever runs it can switch that on.',
};

const authorization: Record<string, string> = {
  access_denied: 'Whoever was asked said no, or may not.',
  invalid_client: 'It does not know this client, or not with this secret.',
  unauthorized_client: 'This client may not get tokens this way.',
  unsupported_grant_type: 'It gives no tokens this way.',
  unsupported_response_type: 'It gives no tokens this way.',
  invalid_grant: 'The sign-in is over, or its code was used before. Sign in again.',
  invalid_scope: 'It does not give one of these scopes.',
  invalid_target: 'It gives no tokens for this resource: it must be as it is registered there, letter for letter.',
  login_required: 'Somebody must sign in there.',
  consent_required: 'Somebody must sign in there.',
  interaction_required: 'Somebody must sign in there.',
  expired_token: 'The code was not entered in time. Sign in again.',
  invalid_redirect_uri: 'It does not take the address to come back to: http://127.0.0.1/callback is to be registered.',
  invalid_client_metadata: 'It makes no such client by itself. Whoever runs it makes one.',
  server_error: 'It has a fault of its own. Try again later.',
  temporarily_unavailable: 'It has a fault of its own. Try again later.',
  invalid_request: 'It finds the request wrong. The client’s registration there may differ.',
};

export const actionWords: Record<ErrorAction, string> = {
  try_again: 'Try again',
  sign_in: 'Sign in',
  unlock: 'Unlock',
  set_up_vault: 'Set up vault',
  refresh: 'Refresh list',
  admin_message: 'Copy message for your admin',
  add_address: 'Add another address',
  details: 'Details',
};

type Params = Readonly<Record<string, string>>;

const host = (p: Params): string => p.host ?? 'The server';
const ring = (p: Params): string => atStart(p.keychain ?? 'the keychain');
const inIt = (p: Params): string => p.path ?? 'that file';
const list = (words: string | undefined, before: string, otherwise: string): string => (words ? `${before} ${words}.` : otherwise);

const addressProblems: Readonly<Record<string, string>> = {
  empty: 'Type the address you open Superset at, such as superset.example.com.',
  not_an_address: 'It is not a web address. Copy it from the browser, without /login at the end.',
  scheme: 'Only addresses that begin with https:// or http:// lead to a Superset.',
  holds_credentials: 'Leave out the user name and password. You are asked for them when you sign in.',
};

const loginRights: Readonly<Record<string, string>> = {
  reads_hashes: 'reads hashes of passwords or keys',
  writes: 'can write',
  files: 'reaches files of the database’s computer',
  calls: 'can act by functions or roles of others',
  creates: 'can make tables',
};

const loginMay = (rights: string | undefined): string => {
  const said = (rights ?? '').split(', ').map((right) => loginRights[right] ?? right);
  return said.length < 2 ? said.join('') : `${said.slice(0, -1).join(', ')} and ${said.at(-1) ?? ''}`;
};

const notJudged: Readonly<Record<string, string>> = {
  no_logins: 'SQLite has no logins: whoever opens the file may everything. It is not used.',
  other_kind: 'It is no database that Superset keeps its own data in.',
  not_in_sql_lab: 'It is not open to SQL Lab, where it would be asked. Switch on “Expose database in SQL Lab” for it.',
  not_allowed: 'You may not ask it in SQL Lab. Somebody who may, an Admin for instance, can do this once.',
  no_answer: 'The database did not answer that question. It may be down, or its login no longer good.',
};

const unreachable: Readonly<Record<string, (p: Params) => string>> = {
  name_not_found: (p) => `No server is known as ${host(p)}. Check the spelling, and whether your VPN is on.`,
  refused: (p) => `${host(p)} refused the connection. Superset may be stopped, or the port may be another.`,
  timed_out: (p) => `${host(p)} did not answer in time. Often this means the VPN is off.`,
  not_tls: (p) => `${host(p)} answers, but not over https. Check the port, and whether the address begins with http://.`,
  tls_failed: (p) => `${host(p)} speaks https in a way we cannot agree on. It may know only old versions of TLS.`,
  not_http: (p) => `${host(p)} answers, but not over http. Check the port, and whether the address begins with https://.`,
};

/** Something answers. */
const otherProtocol: Readonly<Record<string, string>> = {
  not_tls: 'does not answer over https',
  tls_failed: 'cannot be spoken to over https',
  not_http: 'does not answer over http',
};

/** Why a database has no rows. */
const queryProblems: Readonly<Record<string, string>> = {
  column_missing: 'It has not the columns that were asked for. Its owner can tell what changed.',
  table_missing: 'It has not the table or view that was asked for. Its owner can tell what changed.',
  denied: 'The connection’s login may not read it. Its owner can grant what is missing.',
  no_database: 'Superset does not know this connection any more. Somebody may have removed it.',
  slow: 'It took longer than it may. Try again when there is less to do for it.',
  gone: 'Superset does not reach it. Whoever runs Superset can tell more.',
};

const ownUntold = (p: Params) => ({
  title: 'The server does not take your client certificate',
  body: `Its dates are right, so most often it takes none from “${p.issuer ?? 'its issuer'}”. The server does not say; whoever runs it finds the reason in its log.`,
});
/** Why a server does not take this computer’s certificate. */
const ownCertificate: Record<string, (p: Params) => { title: string; body: string }> = {
  missing: (p) => ({ title: 'The server wants a certificate of yours', body: `${host(p)} lets nobody in who shows none. Whoever runs it gives you one; set it under Network.` }),
  expired: (p) => ({ title: 'Your client certificate has ended', body: `“${p.subject ?? ''}” ended${on(p.ends)}. Get a new one from “${p.issuer ?? 'its issuer'}”, and set it under Network.` }),
  not_yet_valid: (p) => ({ title: 'Your client certificate is not valid yet', body: `“${p.subject ?? ''}” begins${on(p.starts)}. Is this computer’s clock right?` }),
  other_authority: (p) => ({ title: 'The server does not take your client certificate', body: `It takes none from “${p.issuer ?? 'its issuer'}”. Ask whoever runs the server which authority it takes.` }),
  other_purpose: (p) => ({ title: 'Your certificate is not made for clients', body: `“${p.subject ?? ''}” is for something else. Ask “${p.issuer ?? 'its issuer'}” for one with the use clientAuth.` }),
  revoked: (p) => ({ title: 'Your client certificate was withdrawn', body: `Its issuer, “${p.issuer ?? ''}”, has withdrawn it. Get a new one.` }),
};

const certificateFile: Record<string, string> = {
  missing: 'It is not there any more.',
  denied: 'You may not read it.',
  too_large: 'It is larger than any certificate.',
  not_a_certificate: 'It holds no certificate. PEM begins with -----BEGIN CERTIFICATE-----; .p12 and .pfx are read, too.',
  only_a_key: 'It holds a private key and no certificate. Choose the certificate’s file.',
  no_key: 'It holds no private key.',
  key_encrypted: 'Its private key is encrypted with a passphrase. Make PKCS#12 of certificate and key (openssl pkcs12 -export), and choose that.',
  key_unusable: 'Its private key is of a kind that cannot be used. RSA of 2048 bits or more, EC and Ed25519 can.',
  key_of_another: 'It holds the private key of another certificate.',
  not_pkcs12: 'It is no PKCS#12, or is damaged.',
  pkcs12_unsupported: 'It is encrypted with a method that is not known here.',
  wrong_passphrase: 'It does not open with this passphrase.',
  pkcs7: 'It is PKCS#7. Export the certificate as PEM or DER instead.',
  too_many: 'It holds the certificates of a whole computer. Choose the one of your company.',
};

const proxySetting: Record<string, string> = {
  scheme: 'http://, https://, socks5:// and socks5h:// are spoken.',
  holds_password: 'Leave the password out of the address, and type it beside it.',
  no_name: 'There is a password and no name.',
  in_the_open: 'This instance is reached by plain http, so keys would travel to the proxy in the open.',
};

/** What is wrong with a certificate. */
const untrusted: Readonly<Record<string, (p: Params) => string>> = {
  unknown_issuer: (p) =>
    p.issuer ? `Its certificate is from “${p.issuer}”, which this computer does not trust. Ask your IT team.` : 'Nobody this computer trusts has signed its certificate. Ask your IT team.',
  self_signed: () => 'Its certificate is signed by itself, and this computer does not know it. If you trust it, add it to the system’s trusted certificates.',
  expired: (p) => `Its certificate ended${on(p.ends)}. Whoever runs the server has to renew it. Is this computer’s clock right?`,
  not_yet_valid: (p) => `Its certificate begins${on(p.starts) || ' later'}. Is this computer’s clock right?`,
  other_name: (p) => `Its certificate is for ${p.names ? p.names : 'another name'}. Use an address with that name, or ask your IT team.`,
  named_in_old_way: () => 'Its certificate has no subject alternative name, so programs cannot check it. Whoever runs the server has to make a new one.',
  old_version: () => 'Its certificate is of an old version that programs cannot check. Whoever runs the server has to make a new one.',
  other_purpose: () => 'Its certificate is not a server’s. Whoever runs the server has to make one for it.',
  revoked: () => 'Its certificate was withdrawn by its issuer. Ask your IT team.',
};

const on = (time: string | undefined): string => (time ? ` on ${time.slice(0, 10)}` : '');

/** What is wrong with the proxy on the way. */
const proxies: Readonly<Record<string, (p: Params) => string>> = {
  name_not_found: (p) => `Nobody knows a proxy called ${proxy(p)}. Check your system’s network settings.`,
  refused: (p) => `Nothing listens at ${proxy(p)}. Check your system’s network settings.`,
  timed_out: (p) => `${proxy(p)} does not answer. Check your system’s network settings.`,
  sign_in: (p) => `${proxy(p)} wants a user name and a password, or others. They stand before its address: http://name:password@${p.proxy ?? 'proxy'}.`,
  not_allowed: (p) => `${proxy(p)} lets nothing through to ${host(p)}. Whoever runs it can allow that.`,
  no_way_on: (p) => `${proxy(p)} cannot reach ${host(p)}. Check the address, or have it reached without the proxy.`,
  not_a_proxy: (p) => `What answers at ${proxy(p)} is no such proxy. Check your system’s network settings.`,
};

const proxy = (p: Params): string => p.proxy ?? 'The proxy';

/** Why a server does not take a token of its own. */
const tokens: Readonly<Record<string, string>> = {
  header_missing: 'something on the way takes the Authorization header off.',
  subject_not_text: 'its Flask-AppBuilder is too old for its PyJWT: an update, or JWT_VERIFY_SUB = False, mends that.',
  signature: 'it was signed with another key than it is checked with: every process needs the same SECRET_KEY.',
  expired: 'it is over already: clocks differ, or JWT_ACCESS_TOKEN_EXPIRES is too short.',
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
  no_folder: 'Its folder is not there.',
  denied: 'This account may not do that.',
  read_only: 'The disk is read-only.',
  no_file: 'It is not a plain file.',
  too_large: 'It is too large for a settings file.',
  busy: 'Another program has it open, or it is mounted by itself.',
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
  name_taken: (p) => ({ title: p.name ? `The name “${p.name}” is taken` : 'You already have one with this name', body: 'Pick another name so you can tell them apart.' }),
  expiry_past: () => ({ title: 'That date has passed', body: 'Pick a day from today on.' }),
  expiry_too_far: () => ({ title: 'That date is too far away', body: 'Pick an earlier day, or let the key never expire.' }),
  setting_out_of_bounds: (p) => ({ title: 'That is too little or too much', body: `It can be from ${p.least ?? ''} to ${p.most ?? ''} seconds.` }),
  unknown_zone: (p) => ({ title: `No time zone is called “${p.name ?? ''}”`, body: 'Use a name such as Europe/Berlin.' }),
  not_an_api_key: () => ({ title: 'That does not look like an API key', body: 'A key begins with sst_ and has no spaces. Copy it again, whole.' }),

  // What could not be found here.
  no_such_instance: (p) => ({ title: 'This instance is gone', body: `“${p.name ?? ''}” was removed, perhaps in another window.` }),
  not_rotating: () => ({ title: 'This key is not being replaced', body: 'It ended meanwhile, or another program saw to it. Refresh the list.', action: 'refresh' }),
  no_such_key: () => ({ title: 'This key is gone', body: 'The server does not list it any more. Refresh the list.', action: 'refresh' }),
  ambiguous_key: (p) => ({ title: `More than one key is called “${p.name ?? ''}”`, body: list(p.candidates, 'Pick one of', 'Pick one from the list.') }),
  no_default_key: (p) => ({ title: `${p.instance ?? 'This instance'} has no default key`, body: list(p.others, 'Pick a key, or make one of these the default:', 'Create a key first.') }),
  default_key_unusable: (p) => ({ title: 'The default key cannot be used any more', body: list(p.others, 'Make another key the default:', 'Create a key first.') }),
  key_unusable: (p) => ({ title: `The key ${p.alias ?? ''} is revoked or expired`, body: 'Create a new one, or choose another.' }),
  secret_not_here: () => ({ title: 'This key is not on this computer', body: 'Superset shows a key only once. Use the computer it was created on, or create a new key.' }),
  no_such_client: (p) => ({ title: `No AI client is called “${p.name ?? ''}”`, body: 'Pick one from the list.' }),
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
  client_file_half_written: (p) => ({ title: 'The file is half written', body: `This app or the computer was stopped while it wrote ${p.path ?? 'it'}. Undo gives back what was there.` }),
  key_would_be_lost: (p) => ({ title: 'A key would be lost', body: `${p.hint ?? 'A key'} stands only in ${p.path ?? 'the file'}, and there is no keychain to keep it in, so nothing was changed. Copy it from there first, or unlock the keychain.` }),
  backup_key_gone: (p) => ({ title: 'A key that stood there is gone', body: `${p.hint ?? 'A key'} was in the file and is not on this computer any more, so nothing was changed. The rest of what was there is in ${p.path ?? 'its backup'}.` }),
  key_would_be_shared: (p) => ({ title: 'Git would share the key', body: `${p.path ?? 'That file'} is in a repository that others can get, so nothing was changed. Use the bridge, which needs no key in the file.` }),

  // The way to the server.
  unreachable: (p) => ({ title: `${p.instance ?? host(p)} ${otherProtocol[p.kind ?? ''] ?? 'does not answer'}`, body: unreachable[p.kind ?? '']?.(p) ?? `We could not connect to ${host(p)}. Often this means the VPN is off.`, action: 'try_again' }),
  proxy_unusable: (p) => ({ title: 'The proxy lets nothing through', body: proxies[p.problem ?? '']?.(p) ?? `${proxy(p)} made no connection to ${host(p)}. Check your system’s network settings.`, action: 'try_again' }),
  certificate_untrusted: (p) => ({ title: 'We cannot verify this server', body: untrusted[p.problem ?? '']?.(p) ?? 'This computer does not trust its certificate. Ask your IT team.', action: 'try_again' }),
  client_certificate_refused: (p) => ({ ...(ownCertificate[p.problem ?? ''] ?? ownUntold)(p), action: 'try_again' }),
  certificate_file_unusable: (p) => ({ title: 'That file cannot be used', body: `${p.path ?? 'The file'}: ${certificateFile[p.problem ?? ''] ?? 'It cannot be read.'} Nothing was changed.` }),
  proxy_setting_unusable: (p) => ({ title: 'That proxy cannot be set', body: proxySetting[p.problem ?? ''] ?? 'It is no address of a proxy. Such as http://proxy.example.com:3128.' }),
  client_key_gone: (p) => ({ title: 'The key of your certificate is gone', body: `It is not in ${ring(p)} any more. Choose the certificate again, under Network.` }),
  proxy_password_gone: (p) => ({ title: 'The proxy’s password is gone', body: `The one for ${p.proxy ?? 'the proxy'} is not in ${ring(p)} any more. Type it again, under Network.` }),
  no_trusted_certificates: (p) => ({
    title: 'This computer trusts no certificates',
    body: p.variable ? `${p.variable} names a place without any. Correct it, or unset it to use the system’s own.` : 'So nothing can be reached over https. Install the system’s own: the package is usually called ca-certificates.',
    action: 'try_again',
  }),
  sign_in_page: (p) => ({
    title: 'A sign-in page stands before Superset',
    body: `A web page answers in its place at ${host(p)}${p.to ? `: ${p.to}` : ''}. Whoever runs it can let /api/ and /mcp pass, or this is no Superset.`,
    action: 'try_again',
  }),
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
  tool_not_allowed: (p) => ({ title: `The guard did not let ${p.name ?? 'this tool'} through`, body: 'What this client may do was chosen on this computer. The server was not asked.' }),
  call_unclear: () => ({ title: 'The guard did not let a call through', body: 'It cannot tell for certain which tool was called.' }),
  tool_list_unclear: () => ({ title: 'The list of tools was left out', body: 'The guard on this computer cannot read it. Allowed tools can be called all the same.' }),
  guard_needs_bridge: (p) => ({ title: `${p.client ?? 'This client'} can only be held to this on the bridge`, body: 'Let it get its key by the bridge, or choose “Everything”.' }),
  rule_invalid: (p) => ({ title: 'What this client may do is not understood', body: `Its entry says ${p.rule ?? 'something'}, which is no rule. Choose what it may do anew.` }),
  no_such_use: () => ({ title: 'This use is not on record any more', body: 'Look at the list again.', action: 'refresh' }),
  not_a_message: () => ({ title: 'That was no message of MCP', body: 'The AI client sent something else. Nothing was passed on.' }),

  // Signing in and permissions.
  wrong_credentials: () => ({ title: 'That did not match', body: 'Check the user name and password. After several tries the server may pause sign-in.' }),
  sign_in_way_refused: () => ({ title: 'The server does not sign you in this way', body: 'Try another way to sign in, or ask your admin which one it takes.' }),
  sign_in_unsupported: () => ({ title: 'The server takes no passwords', body: 'People sign in to it at their company’s page. Sign in there, or paste an API key instead.' }),
  signed_out: (p) => ({ title: `Sign in to ${p.instance ?? 'this instance'}`, body: 'Nobody is signed in.', action: 'sign_in' }),
  session_over: (p) => ({ title: `Sign in again to ${p.instance ?? 'this instance'}`, body: 'Your session has ended. You can still copy keys kept on this computer.', action: 'sign_in' }),
  token_refused: (p) => ({
    title: `${p.instance ?? 'The server'} does not take its own token`,
    body: `Your user name and password are right, but ${tokens[p.problem ?? ''] ?? 'its settings for tokens do not fit together.'}${p.said ? ` It says “${p.said}”.` : ''}`,
    action: 'admin_message',
  }),
  key_rejected: () => ({ title: 'The server does not take this key', body: 'It may be revoked or expired. Sign in another way, or with another key.', action: 'sign_in' }),
  forbidden: () => ({ title: 'Your role cannot manage API keys', body: 'Ask an admin for can list, can create, can get and can revoke on ApiKey.', action: 'admin_message' }),
  api_keys_off: () => ({ title: 'API keys are turned off here', body: 'An admin can turn them on.', action: 'admin_message' }),
  key_table_missing: () => ({ title: 'The table of API keys is missing', body: 'This Superset’s database was not brought up to date. An admin can run superset db upgrade.', action: 'admin_message' }),
  public_role: () => ({ title: 'This server takes everybody for a stranger', body: 'Its Public role has permissions, and where they reach nobody is known. An admin can take them away.', action: 'admin_message' }),

  // Embedded dashboards.
  no_such_dashboard: (p) => ({ title: `No dashboard ${p.name ?? ''} here`, body: 'It may have been renamed or removed, or your role does not see it.', action: 'refresh' }),
  ambiguous_dashboard: (p) => ({ title: `More than one dashboard is called ${p.name ?? ''}`, body: 'Choose it from the list.', action: 'refresh' }),
  not_embedded: () => ({ title: 'This dashboard is not embedded', body: 'Name a site that may show it first.', action: 'refresh' }),
  no_such_dataset: (p) => ({ title: `No dataset ${p.name ?? ''} on this dashboard`, body: list(p.candidates, 'It reads', 'It reads none.') }),
  ambiguous_dataset: (p) => ({ title: `More than one dataset is called ${p.name ?? ''}`, body: 'Choose it from the list.' }),
  site_unusable: (p) => ({ title: 'No site could be that', body: siteProblem[p.problem ?? ''] ?? 'Write it as https://app.example.com.' }),
  clause_refused: (p) => ({ title: 'This rule would not do what it says', body: clauseProblem[p.problem ?? ''] ?? 'Superset would take it without a word.' }),
  guest_refused: () => ({ title: 'The server does not take this guest’s token', body: 'It is over, or signed with another secret than the server’s. The checklist tells what is wrong.' }),
  embedding_off: () => ({ title: 'Embedding is off on this server', body: 'A guest’s token counts for nothing there. The checklist has the line that turns it on.' }),
  account_of_others: (p) => ({ title: `The account ${p.name ?? ''} is somebody’s`, body: `It has roles of its own${p.roles ? ` (${p.roles})` : ''}. Choose another user name.` }),
  account_inactive: (p) => ({ title: `The account ${p.name ?? ''} is not active`, body: 'Somebody ended it. Choose another user name, or let an admin activate it.' }),
  role_may_more: (p) => ({ title: `The role ${p.role ?? ''} may more than mint`, body: 'A backend’s key is to be harmless. Choose another role.' }),
  minter_key_elsewhere: () => ({ title: 'That account has a key of this name already', body: 'Its text is not on this computer, and it may be in use. Choose another name.' }),
  port_taken: ({ port }) => ({
    title: `Another program of this computer listens on port ${port}`,
    body: 'Try again.',
  }),
  guest_token_elsewhere: () => ({ title: 'This token is for other dashboards', body: 'Mint one for this dashboard.' }),

  // Setting up an audit.
  set_up_forbidden: (p) => ({ title: 'Your role lacks a permission', body: `This takes ${p.permission ?? 'more than you have'}. An Admin has it; nothing was changed.`, action: 'admin_message' }),
  no_such_connection: (p) => ({ title: `No database ${p.name ?? ''} here`, body: 'It may have been renamed or removed, or your role does not see it.', action: 'refresh' }),
  ambiguous_connection: (p) => ({ title: `More than one database is called ${p.name ?? ''}`, body: 'Choose it from the list.', action: 'refresh' }),
  login_may_too_much: (p) => ({ title: `The login of ${p.database ?? 'this database'} may too much`, body: `It ${loginMay(p.rights)}, so it is not used. The SQL below makes a login that reads the view alone.` }),
  login_not_judged: (p) => ({ title: `What the login of ${p.database ?? 'this database'} may is not known`, body: notJudged[p.reason ?? ''] ?? 'The database did not answer that question.' }),
  view_not_there: (p) => ({ title: `No ${p.view ?? 'view'} in ${p.database ?? 'this database'}`, body: 'Its owner runs the SQL below first.' }),
  dataset_hidden: (p) => ({ title: `${p.dataset ?? 'The dataset'} exists already`, body: 'You do not see it: whoever owns it, or an Admin, can give your role access.' }),
  role_of_superset: (p) => ({ title: `${p.role ?? 'That role'} is Superset’s own`, body: 'Whoever has it would see everybody’s keys. Choose another name.' }),
  role_incomplete: (p) => ({ title: `${p.role ?? 'The role'} is not complete`, body: `The server said yes, and it still lacks ${p.missing ?? 'permissions'}.`, action: 'try_again' }),

  // A browser's session.
  not_a_session_cookie: () => ({ title: 'That is no session cookie', body: 'Copy the value of the cookie called session from your browser.' }),
  browser_refused: () => ({ title: 'The server let nobody in', body: 'There may be no account for you, or it is deactivated.' }),
  session_refused: () => ({ title: 'The server does not know this session', body: 'Sign in again: it may have ended, or is bound to another browser.' }),

  // What AI clients are let in with.
  signing_secret_unusable: (p) => ({ title: 'That cannot be a secret to sign with', body: signingSecret[p.problem ?? ''] ?? 'It is one line of at most 4096 letters.' }),
  signing_secret_kept: (p) => ({ title: `A secret for ${p.instance ?? 'this instance'} is kept already`, body: 'Replace it only if the server gets the new one too.' }),
  no_signing_secret: (p) => ({ title: `No secret for ${p.instance ?? 'this instance'} is kept`, body: 'Make one, or paste the server’s.' }),
  signing_secret_in_use: () => ({ title: 'AI clients are let in with it', body: 'Let them in with an API key first.' }),
  not_a_token: () => ({ title: 'That is no token', body: 'One has three parts with dots between them: paste all of it.' }),
  token_not_taken: (p) => ({ title: `${p.host ?? 'The MCP server'} does not take it`, body: 'Its secret, issuer, audience, scopes and clock must fit, and it must have been started anew. Nothing was changed.' }),
  token_names_nobody: (p) => ({ title: `${p.host ?? 'The MCP server'} knows no user ${p.user ?? ''}`, body: 'Capitals count, and on Superset 6.1 it takes the last lines of the configuration. Nothing was changed.' }),
  token_of_another: (p) => ({ title: `${p.host ?? 'The MCP server'} acts as ${p.acts_as ?? 'somebody else'}`, body: `A token for ${p.user ?? 'you'} should act as nobody else: its MCP_DEV_USERNAME is to be None. Nothing was changed.` }),

  // Tokens of an authorization server.
  no_oauth_client: (p) => ({ title: `How AI clients of ${p.instance ?? 'this instance'} get tokens is not set`, body: 'It takes an issuer and a client id; the MCP server may announce them.' }),
  no_oauth_sign_in: (p) => ({ title: `Nobody is signed in for the AI clients of ${p.instance ?? 'this instance'}`, body: 'Or that sign-in has ended: sign in again.' }),
  issuer_not_announced: (p) => ({ title: `${p.host ?? 'The MCP server'} does not say whose tokens it takes`, body: 'Superset 6.1 never does. Whoever runs it knows its MCP_JWT_ISSUER.' }),
  issuer_unusable: (p) => ({ title: `${p.host ?? 'The issuer'} cannot be used`, body: issuer[p.problem ?? ''] ?? 'The MCP server speaks of another address than its own. Name the issuer yourself.' }),
  client_id_needed: (p) => ({ title: `${p.host ?? 'The issuer'} makes no client by itself`, body: 'Whoever runs it makes one, with http://127.0.0.1/callback to come back to.' }),
  authorization_refused: (p) => ({ title: `${p.host ?? 'The issuer'} refused`, body: authorization[p.problem ?? ''] ?? 'It gave a reason that OAuth does not know. Its own log says more.' }),
  answer_of_another: (p) => ({ title: `What came back is not from ${p.host ?? 'the issuer'}`, body: 'Nothing was kept. If it happens again, somebody may be trying to get at your tokens.' }),
  sign_in_too_late: (p) => ({ title: `Nobody signed in at ${p.host ?? 'the issuer'} in time`, body: 'Try again.' }),

  // Everybody's keys.
  audit_forbidden: () => ({ title: 'Your role may not read everybody’s keys', body: 'An Admin can give you a role that may.' }),
  no_such_person: () => ({ title: 'The last audit does not know this person', body: 'Read it anew to see who has keys now.', action: 'refresh' }),
  no_such_account: (p) => ({ title: `Nobody has the user name ${p.name ?? ''}`, body: 'Capitals count. An Admin sees all of them in Superset, under List Users.' }),
  own_account: () => ({ title: 'This is your own account', body: 'Deactivated, you could not take it back. Another Admin can do it.' }),
  account_unchanged: (p) => ({ title: `The account ${p.name ?? ''} is as it was`, body: 'The server did not do what it was asked for. Its log tells more.', action: 'try_again' }),
  no_audit_road: () => ({ title: 'Nothing here shows everybody’s keys yet', body: 'Superset shows admins their own keys only. It takes a view of its database to see the others.' }),
  audit_view_missing: () => ({ title: 'The view of everybody’s keys is gone', body: 'It may have been dropped for an upgrade. Whoever owns the database can make it again.', action: 'try_again' }),
  audit_view_outdated: (p) => ({ title: 'The view of everybody’s keys has another form', body: `It lacks ${p.missing ?? 'columns that are needed'}. Whoever owns the database can make it anew.` }),
  query_failed: (p) => ({ title: 'The database did not answer', body: queryProblems[p.problem ?? ''] ?? 'Superset says that the query did not work, and not why.', action: 'try_again' }),

  // Creating and revoking.
  not_created: () => ({ title: 'No key was created', body: 'The server said yes and created nothing. Its key table may be missing: an admin can run superset db upgrade.', action: 'admin_message' }),
  create_unclear: () => ({ title: 'We are not sure the key was created', body: 'Superset’s answer did not come through. Look at the list before trying again.', action: 'refresh' }),
  not_stored: (p) => ({ title: 'Key created, but not stored', body: `${ring(p)} refused it. Copy it now, then close.` }),
  not_revoked: () => ({ title: 'The key is still active', body: 'The server did not accept the request.', action: 'try_again' }),
  revoke_unclear: () => ({ title: 'We are not sure the key was revoked', body: 'Superset’s answer did not come through. Look at the list before trying again.', action: 'refresh' }),
  cannot_revoke_pasted: () => ({ title: 'This key cannot be revoked from here', body: 'The server does not list it for you. Its owner can revoke it in Superset.' }),
  nothing_would_keep_it: () => ({ title: 'The key would be lost', body: 'This computer has no keyring to keep it in. Set up a vault, or choose not to keep it and copy it when it is made.', action: 'set_up_vault' }),
  keys_would_be_forgotten: (p) => ({ title: p.count === '1' ? '1 stored key would be forgotten' : `${p.count ?? 'Stored'} stored keys would be forgotten`, body: 'Forgetting never revokes: they keep working on the server.' }),

  // This computer.
  keychain_no_bus: () => ({ title: 'This computer has no keyring', body: 'No desktop session is there to ask for one. Set up an encrypted vault with a passphrase, or copy each new key when it is made.', action: 'set_up_vault' }),
  keychain_absent: () => ({ title: 'This computer has no keyring', body: 'Set up an encrypted vault with a passphrase, or copy each new key when it is made.', action: 'set_up_vault' }),
  keychain_no_collection: (p) => ({ title: `${ring(p)} has no place to keep keys`, body: 'Create a default keyring in your password settings, then try again.', action: 'try_again' }),
  keychain_locked: (p) => ({ title: `${ring(p)} is locked`, body: 'Unlock it to copy keys or connect AI clients.', action: 'unlock' }),
  keychain_dismissed: (p) => ({ title: `${ring(p)} is still locked`, body: 'The unlock window was closed. Unlock it to go on.', action: 'unlock' }),
  keychain_waiting: (p) => ({ title: `${ring(p)} has not answered`, body: 'It may be waiting for you in a window of its own. Answer it, then try again.', action: 'try_again' }),
  keychain_refused: (p) => ({ title: `${ring(p)} does not let us in`, body: `Allow this app when ${ring(p)} asks, or in its settings.`, action: 'try_again' }),
  keychain_other: (p) => ({ title: `${ring(p)} did not do as asked`, body: 'Nothing was changed. Try again, or restart your session.', action: 'try_again' }),
  vault_locked: () => ({ title: 'The vault is locked', body: 'Unlock it with your passphrase to copy keys or connect AI clients.', action: 'unlock' }),
  no_vault: () => ({ title: 'There is no vault on this computer', body: 'Set one up, or look whether its file was moved away.', action: 'set_up_vault' }),
  vault_exists: () => ({ title: 'There is a vault on this computer already', body: 'It stays as it is. Unlock it with its passphrase.', action: 'unlock' }),
  wrong_passphrase: () => ({ title: 'That did not open it', body: 'The file itself is whole. Look at Caps Lock and the keyboard’s language.' }),
  passphrase_short: (p) => ({ title: 'That passphrase would be guessed', body: `Take at least ${p.least ?? '8'} letters, better a few words that do not belong together.` }),
  vault_damaged: (p) => ({ title: `The file ${p.path ?? 'of the vault'} is damaged`, body: 'It stays as it is. Use the copy from before its last change, or an export.' }),
  vault_newer: (p) => ({ title: 'A newer Superset Keys has been here', body: `${p.path ?? 'The file'} cannot be opened by this version. Update the app.` }),
  not_a_vault: (p) => ({ title: 'That file is no export', body: `Choose the file that Export wrote, not ${p.path ?? 'another'}.` }),
  vault_unusable: (p) => ({ title: `We cannot read or write ${inIt(p)}`, body: `${disk[p.problem ?? ''] ?? disk.other} Nothing was changed.`, action: 'try_again' }),
  vault_busy: () => ({ title: 'Another program is changing the vault', body: 'Try again in a moment.', action: 'try_again' }),
  vault_not_built_in: () => ({ title: 'This program cannot open a vault', body: 'Use the app or the command line of this version.' }),
  output_not_regular: (p) => ({ title: 'That is no regular file', body: `${p.path ?? 'It'} is not replaced. Choose another name.` }),
  output_unwritable: (p) => ({ title: `We cannot write ${p.path ?? 'that file'}`, body: `${disk[p.problem ?? ''] ?? disk.other} Nothing was changed there.` }),
  state_damaged: (p) => ({ title: 'The list of instances was damaged', body: `It was set aside as ${p.kept ?? 'a copy'} and nothing was deleted. Your keys still work.` }),
  state_newer: (p) => ({ title: 'A newer Superset Keys has been here', body: `${p.path ?? 'The state file'} can be read but not changed by this version. Update the app.` }),
  state_busy: () => ({ title: 'Another program is busy with your keys', body: 'The command line or another window is saving. Try again in a moment.', action: 'try_again' }),
  state_unusable: (p) => ({ title: 'We cannot read or write our file', body: p.problem === 'busy' ? `${p.path ?? 'The state file'} is in use: another program has it open.` : `Check that ${p.path ?? 'the state file'} is yours and the disk is not full.`, action: 'try_again' }),
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
  no_notifications: () => ({ title: 'This desktop shows no notifications', body: 'Start a program that shows them, or go without.' }),
  not_opened: (p) => ({ title: 'No program opened the file', body: `Open ${p.path ?? 'it'} in your editor.` }),
  no_home_folder: () => ({ title: 'This account has no home folder', body: 'There is no place for what this app keeps. Ask whoever runs this computer.' }),
  app_locked: () => ({ title: 'Superset Keys is locked', body: 'Unlock it and try again.' }),
  clipboard: () => ({ title: 'The clipboard cannot be used', body: 'Nothing was copied. Try again, or show the key instead.' }),
  internal: () => ({ title: 'Something in this app stopped', body: 'Nothing was changed that you did not see. Try again, or restart the app.', action: 'try_again' }),
};

/** The words for what a call threw. `more` names what the reason itself cannot know: `instance`, `keychain`. */
export function errorWords(reason: { code: ErrorCode; params: Params }, more: Params = {}): ErrorWords {
  return errors[reason.code]({ ...reason.params, ...more });
}
