// Samples of AI clients that move from their keys to tokens.
import type { McpMoveView, MovedClientView, WatchView } from '../ipc';
import { HOUR, time } from './fixtures';

const DAY = 24 * 3600;

export function watched(hours: number, over: Partial<WatchView> = {}): WatchView {
  const quiet = hours * 3600;
  return { last_use: time(-hours * HOUR), since: time(-hours * HOUR).utc, looked: time(0).utc, quiet, left: Math.max(0, DAY - quiet), changes: 0, longest_pause: null, ...over };
}

export function movedClient(over: Partial<MovedClientView> = {}): MovedClientView {
  return {
    client: 'claude-code', client_name: 'Claude Code', path: '~/.claude.json', entry: 'superset', delivery: 'bridge', switch: 'by_itself', proven: { at: time(-2 * HOUR).utc, handed: false },
    key: 'key-laptop', key_name: 'Claude Code – laptop', key_alias: 'claude-code-laptop', key_hint: 'sst_…9fQ2', key_state: 'active', last_use: time(-26 * HOUR), watch: watched(3), may_go: false, ...over,
  };
}

export function mcpMove(clients: MovedClientView[], over: Partial<McpMoveView> = {}): McpMoveView {
  return { access: { kind: 'oauth' }, since: time(-30 * HOUR).utc, quiet_for: DAY, blind_spots: [], records_calls: true, clients, done: false, problem: null, problem_params: {}, ...over };
}
