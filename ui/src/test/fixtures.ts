// Samples of what Rust answers. Each builder takes what a test cares about and fills in the rest.
import type {
  ApiKeyView, CheckupItemView, CheckupView, ClientView, CreatedKeyView, DetectionView, EntryPreview, EntryWritten, FoundClient, FoundEntry, FoundFile,
  InstanceView, KeychainView, KeyListView, VaultView, KeySpotView, MovedKeyView, PastCheckup, ScannedKeyView, ScanView, SettingView, SnippetView, TimeView, UnaccountedView,
} from '../ipc';

export { emitBrowserAt, emitCheckupProgress, emitClipboardEnded, emitCloseRefused, emitLockChanged, emitLockRefused, emitRevokesProgress, emitSignInPrompt, emitStateChanged, fail, mockCommands, unmockCommands, type MockAnswers, emitSecretsMoving } from '../ipc/mock';

/** The moment at which samples are looked at, unless a test says otherwise. */
export const NOW = new Date('2026-11-20T13:05:00Z');

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A time so many milliseconds from `NOW`; the server's clock shows UTC. */
export function time(fromNow: number, base: Date = NOW): TimeView {
  const iso = new Date(base.getTime() + fromNow).toISOString().slice(0, 19);
  return { utc: `${iso}Z`, server: iso };
}

export function instance(over: Partial<InstanceView> = {}): InstanceView {
  return {
    id: 'inst-production',
    short_name: 'production',
    name: 'Production',
    environment: 'production',
    url: 'https://superset.example.com',
    host: 'superset.example.com',
    unencrypted: false,
    mcp_url: 'https://superset.example.com/mcp',
    version: '6.1.0',
    session: 'signed_in',
    user: { id: 2, username: 'jane', roles: ['Gamma'] },
    way: 'password',
    last_username: 'jane',
    clock: { offset_minutes: 0, source: 'learned', zone: null },
    default_key: null,
    stored_keys: 1,
    last_checkup: null,
    ...over,
  };
}

export function key(over: Partial<ApiKeyView> = {}): ApiKeyView {
  return {
    id: 'key-laptop',
    name: 'Claude Code – laptop',
    alias: 'claude-code-laptop',
    hint: 'sst_…9fQ2',
    status: 'active',
    scopes: null,
    created: time(-90 * DAY),
    last_used: time(-2 * HOUR),
    before_own_use: null,
    last_used_by: null,
    expires: time(90 * DAY),
    revoked: null,
    presence: 'keychain',
    is_default: false,
    pasted: false,
    belongs_to: null,
    replace_in_time: false,
    ...over,
  };
}

/** A key whose plaintext is elsewhere. */
export function keyElsewhere(over: Partial<ApiKeyView> = {}): ApiKeyView {
  return key({ id: 'key-airflow', name: 'Airflow export job', alias: null, hint: null, presence: 'not_here', ...over });
}

export function keyList(keys: ApiKeyView[], over: Partial<KeyListView> = {}): KeyListView {
  return {
    keys,
    fetched: time(0).utc,
    live: true,
    clock: { offset_minutes: 0, source: 'learned', zone: null },
    unaccounted: [],
    listed_with_key: false,
    ...over,
  };
}

export function unaccounted(over: Partial<UnaccountedView> = {}): UnaccountedView {
  return { intent: 'intent-1', name: 'Nightly export', started: time(-3 * HOUR).utc, key: 'key-lost', ...over };
}

export function keychain(over: Partial<KeychainView> = {}): KeychainView {
  return { name: 'GNOME Keyring', store: 'keychain', ready: true, locked: false, problem: null, ...over };
}

/** The vault as the store that keys go to. */
export function vaultAsStore(over: Partial<KeychainView> = {}): KeychainView {
  return keychain({ name: 'the vault', store: 'vault', ...over });
}

export const lockedVault = (): KeychainView => vaultAsStore({ ready: false, locked: true, problem: 'vault_locked' });

/** Beside a keychain that works; there is none yet. */
export function vaultView(over: Partial<VaultView> = {}): VaultView {
  return { state: 'missing', path: '/home/jane/.config/superset-keys/vault.stronghold', first: 'keychain', keychain: 'GNOME Keyring', keychain_problem: null, copy: null, exported: null, not_exported: 0, ...over };
}

export function detection(over: Partial<DetectionView> = {}): DetectionView {
  return {
    url: 'https://superset.example.com',
    host: 'superset.example.com',
    unencrypted: false,
    version: '6.1.0',
    api_keys: 'on',
    sign_in: { password: true, ldap: false, existing_key: true, others: [], known: true },
    public_role: false,
    mcp_url: 'https://superset.example.com/mcp',
    suggested_name: 'Superset',
    listed: [],
    ...over,
  };
}

export function created(over: Partial<CreatedKeyView> = {}): CreatedKeyView {
  return { key: key({ last_used: null, created: time(0) }), same_name: false, store_problem: null, expiry_off: null, replaced_still_active: null, ...over };
}

export function client(over: Partial<ClientView> = {}): ClientView {
  return {
    id: 'claude-code',
    name: 'Claude Code',
    kind: 'terminal',
    best_delivery: 'bridge',
    not_written: null,
    deliveries: [
      { delivery: 'bridge', forms: ['config', 'command'], cannot: null },
      { delivery: 'helper', forms: ['config'], cannot: null },
      { delivery: 'prompt', forms: [], cannot: 'no_prompt' },
      { delivery: 'variable', forms: ['config', 'command'], cannot: null },
      { delivery: 'plaintext', forms: ['config', 'command'], cannot: null },
    ],
    locations: [{ scope: 'user', linux: '~/.claude.json', macos: '~/.claude.json', windows: '%USERPROFILE%\\.claude.json' }],
    checks: [{ how: 'run', what: 'claude mcp list' }],
    knowledge: { evidence: { kind: 'ran', version: '2.1.0' }, checked: '2026-11-01', sources: ['https://example.com'] },
    ...over,
  };
}

export function snippet(over: Partial<SnippetView> = {}): SnippetView {
  return {
    client: 'claude-code',
    delivery: 'bridge',
    form: 'config',
    masked: '{\n  "mcpServers": {\n    "superset": { "type": "stdio", "command": "/usr/bin/superset-keys", "args": ["bridge", "production"] }\n  }\n}\n',
    language: 'json',
    path_hint: '~/.claude.json',
    holds_secret: false,
    notes: [{ code: 'merge_if_file_exists' }],
    ...over,
  };
}

/** Not here, and no file of it is written. */
export function found(client: string, over: Partial<FoundClient> = {}): FoundClient {
  return { client, installed: false, files: [], undo: null, ...over };
}

export function foundFile(over: Partial<FoundFile> = {}): FoundFile {
  return { scope: 'user', path: '~/.cursor/mcp.json', exists: true, folder: null, profile: null, installation: null, is_read: true, problem: null, entries: [], others: 2, ...over };
}

export function foundEntry(over: Partial<FoundEntry> = {}): FoundEntry {
  return { entry: 'superset', instance: 'inst-production', delivery: 'bridge', key: 'key-laptop', uses_default: false, access: 'api_key', holds_key: false, held: null, program: null, program_is_gone: false, hidden_by: null, guard: null, guard_is_broken: false, ...over };
}

export function preview(over: Partial<EntryPreview> = {}): EntryPreview {
  return {
    client: 'cursor',
    scope: 'user',
    path: '~/.cursor/mcp.json',
    exists: true,
    folder: null,
    profile: null,
    entry: 'superset',
    delivery: 'bridge',
    others: 2,
    lines: [
      { kind: 'kept', number: 3, text: '    "docs": { "command": "docs-mcp" }' },
      { kind: 'removed', number: 4, text: '    "old": {}' },
      { kind: 'added', number: 4, text: '    "superset": { "command": "superset-keys" }' },
      { kind: 'kept', number: 5, text: '  }' },
    ],
    added: 1,
    removed: 1,
    seen: 'digest-1',
    holds_secret: false,
    notes: [{ code: 'reload_not_needed' }],
    beside: [],
    ...over,
  };
}

export function written(over: Partial<EntryWritten> = {}): EntryWritten {
  return {
    client: 'cursor',
    path: '~/.cursor/mcp.json',
    folder: null,
    profile: null,
    entry: 'superset',
    delivery: 'bridge',
    changed: true,
    backup: '/home/jane/.local/state/superset-keys/backups/cursor-1',
    notes: [{ code: 'reload_not_needed' }],
    beside: [],
    checks: [{ how: 'open', what: 'Settings → MCP' }],
    ...over,
  };
}

export function checked(over: Partial<CheckupItemView> = {}): CheckupItemView {
  return { item: 'reachable', verdict: 'passed', finding: 'answers', params: { host: 'superset.example.com' }, remedy: null, took: 38, ...over };
}

/** A stranger becomes the admin. */
export function letIn(over: Partial<CheckupItemView> = {}): CheckupItemView {
  return checked({
    item: 'made_up_key', verdict: 'critical', finding: 'let_in', params: { user: 'admin', roles: 'Admin' }, remedy: 'close_or_verify', took: 61, ...over,
  });
}

export function samePerson(over: Partial<CheckupItemView> = {}): CheckupItemView {
  return checked({ item: 'identity', finding: 'same_person', params: { user: 'jane', mcp_user: 'jane', roles: 'Gamma' }, took: null, ...over });
}

const grades = ['skipped', 'passed', 'noted', 'warning', 'critical'] as const;

export function checkedUp(items: CheckupItemView[], over: Partial<CheckupView> = {}): CheckupView {
  const worst = Math.max(0, ...items.map((item) => grades.indexOf(item.verdict)));
  return {
    verdict: grades[worst] ?? 'skipped',
    items,
    key: { id: 'key-laptop', alias: 'claude-code-laptop', name: 'Claude Code – laptop', hint: 'sst_…9fQ2' },
    mcp_url: 'https://superset.example.com/mcp',
    checked: time(0).utc,
    requests_with_key: 5,
    ...over,
  };
}

export function pastCheckup(over: Partial<PastCheckup> = {}): PastCheckup {
  return { checked: time(-DAY).utc, verdict: 'passed', worst: null, passed: 18, examined: 18, ...over };
}

/** A key that is known, in Cursor's file, which nobody else can read. */
export function spot(over: Partial<KeySpotView> = {}): KeySpotView {
  return {
    path: '/home/jane/.cursor/mcp.json', shown: '~/.cursor/mcp.json', line: 7, column: 34, readers: 'only_owner', mode: '0600', git: 'no_repository',
    exposed: false, movable: true, kind: 'ai_client', client: 'cursor', ...over,
  } as KeySpotView;
}

export function scannedKey(over: Partial<ScannedKeyView> = {}): ScannedKeyView {
  return {
    hint: 'sst_…9fQ2',
    match: 'known',
    instance: { id: 'inst-production', short_name: 'production', name: 'Production' },
    key: { id: 'key-laptop', alias: 'claude-code-laptop', name: 'Claude Code – laptop' },
    life: { state: 'unknown', told_by: null, at: null, problem: null },
    spots: [spot()],
    ...over,
  };
}

export function scanned(keys: ScannedKeyView[], over: Partial<ScanView> = {}): ScanView {
  return {
    keys, files: 61, skipped: { binary: 0, too_large: 0, large: [], not_files: 0, folders: 0, older: { files: 0, megabytes: 0, folders: [] } }, unreadable: 0, unread: [], more: false,
    by_fingerprint: true, asked: false, took: 12, ...over,
  };
}

export function movedKey(over: Partial<MovedKeyView> = {}): MovedKeyView {
  return { client: 'cursor', path: '~/.cursor/mcp.json', line: 7, instance: 'inst-production', key: 'key-laptop', written: written(), problem: null, ...over };
}

export function setting(over: Partial<SettingView> = {}): SettingView {
  return { name: 'clipboard-seconds', unit: 'seconds', value: 30, default: 30, is_set: false, least: 5, most: 600, ...over };
}
