// Samples of rotations, reminders and activity.
import type { ActivityRow, ActivityView, GuardView, ReminderView, RotationView, ToolGroup, UnexplainedUseView, WatchView } from '../ipc';
import { DAY, HOUR, time } from './fixtures';

const MINUTE = 60_000;

export function watch(over: Partial<WatchView> = {}): WatchView {
  return { last_use: time(-5 * HOUR), since: time(-4 * HOUR).utc, looked: time(-MINUTE).utc, quiet: 4 * 3600, left: 20 * 3600, changes: 0, longest_pause: null, ...over };
}

/** One that waits until the old key is quiet. */
export function rotation(over: Partial<RotationView> = {}): RotationView {
  return {
    id: 'rotation-1', instance: 'inst-production', short_name: 'production', name: 'Claude Code – laptop',
    old: { id: 'key-laptop', alias: 'claude-code-laptop-old', hint: 'sst_…9fQ2', expires: time(6 * DAY).utc },
    new: { id: 'key-new', alias: 'claude-code-laptop', hint: 'sst_…Zt5m', expires: time(90 * DAY).utc },
    back: false, step: 'watching', started: time(-4 * HOUR).utc, created: time(-4 * HOUR).utc, moved: time(-4 * HOUR).utc, decided: null, ended: null, end: null,
    revoke: 'when_quiet', watch: watch(), quiet_for: 86_400, blind_spots: [], accepts_blind_spots: false, shorter_than_a_pause: false, late_use: false, problem: null,
    problem_params: {}, ...over,
  };
}

export function reminder(over: Partial<ReminderView> = {}): ReminderView {
  return {
    instance: 'inst-production', instance_name: 'Production', key: 'key-laptop', name: 'Claude Code – laptop', alias: 'claude-code-laptop', reminder: 'week', expires: time(6 * DAY).utc,
    is_default: false, replace_in_time: false, is_to_notify: false, ...over,
  };
}

export function call(over: Partial<ActivityRow> = {}): ActivityRow {
  return {
    at: time(-HOUR).utc, instance: 'inst-production', instance_name: 'Production', key: 'key-laptop', key_name: 'Claude Code – laptop', access: null,
    client: { id: 'cursor', name: 'Cursor', version: '1.9', program: 'cursor' }, method: 'tools/call', tool: 'execute_sql', outcome: 'done', ms: 412, bytes: 2048, ...over,
  };
}

export function use(over: Partial<UnexplainedUseView> = {}): UnexplainedUseView {
  return {
    id: 'use-1', instance: 'inst-production', instance_name: 'Production', key: 'key-laptop', key_name: 'Claude Code – laptop', hint: 'sst_…9fQ2', used: time(-10 * HOUR), seen: time(-HOUR).utc,
    last_call_before: time(-17 * HOUR).utc, first_call_after: time(-6 * HOUR).utc, ...over,
  };
}

export function activity(rows: ActivityRow[], over: Partial<ActivityView> = {}): ActivityView {
  const refused = rows.filter(({ outcome }) => outcome === 'refused').length;
  const counts = { calls: rows.length, failed: rows.filter(({ outcome }) => outcome === 'failed').length, refused };
  const clients = [...new Set(rows.map(({ client }) => client?.name ?? ''))];
  return {
    is_on: true, recorded_since: time(-30 * DAY).utc, from: time(-7 * DAY).utc, to: time(0).utc, counts,
    by_client: clients.map((client) => ({ client, calls: rows.filter((row) => (row.client?.name ?? '') === client).length, failed: 0, refused: 0 })),
    by_tool: [{ tool: 'execute_sql', ...counts }], by_day: [{ day: '2026-11-19', calls: 2, failed: 0, refused: 0 }, { day: '2026-11-20', ...counts }], rows, more: false, unexplained: [], ...over,
  };
}

const tools: readonly (readonly [string, ToolGroup, boolean])[] = [
  ['list_charts', 'look_up', true], ['get_schema', 'look_up', true], ['generate_explore_link', 'make_a_link', false], ['execute_sql', 'run_sql', false], ['update_chart', 'make_or_change', false],
];

/** As core answers for a guard of plain names, `read` and `*`. */
export function guardView(guard: { allow?: string[]; deny?: string[] }): GuardView {
  const { allow = [], deny = [] } = guard;
  const lets = (name: string, reads: boolean) => !deny.includes('*') && !deny.includes(name) && (allow.length === 0 || allow.includes(name) || (reads && allow.includes('read')));
  const choice = allow.length === 0 && deny.length === 0 ? 'everything' : allow.join() === 'read' && deny.length === 0 ? 'reading' : 'chosen';
  return { guard: { allow, deny }, choice, tools: tools.map(([name, group, reads]) => ({ name, group, reads, allowed: lets(name, reads) })), of_version: '6.1.0' };
}
