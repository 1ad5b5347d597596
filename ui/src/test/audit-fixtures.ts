// Samples of what Rust answers of everybody's keys.
import type { AuditFinding, AuditKeyView, AuditPersonView, AuditSetUpView, AuditView } from '../ipc';
import { DAY, time } from './fixtures';

export function auditPerson(over: Partial<AuditPersonView> = {}): AuditPersonView {
  return { id: 2, username: 'jane', name: 'Jane Doe', active: true, roles: ['Gamma'], last_login: null, is_you: false, active_keys: 1, all_keys: 1, ...over };
}

export function auditKey(over: Partial<AuditKeyView> = {}): AuditKeyView {
  return {
    id: '00000000-0000-0000-0000-000000000001', name: 'dbt docs sync', scopes: null, owner: 0, status: 'active', created: time(-290 * DAY), expires: null,
    last_used: time(-5 * DAY), revoked: null, findings: ['no_end'], ...over,
  };
}

export function auditView(keys: AuditKeyView[], over: Partial<AuditView> = {}): AuditView {
  const counts = new Map<AuditFinding, number>();
  for (const { findings } of keys) for (const finding of findings) counts.set(finding, (counts.get(finding) ?? 0) + 1);
  return {
    fetched: time(0).utc, live: true, road: { kind: 'dataset', database: null, by_tables: false, login: { kind: 'asked' } },
    clock: { offset_minutes: -300, source: 'learned', zone: null }, people: [auditPerson()], keys, total: keys.length,
    with_findings: keys.filter(({ findings }) => findings.length > 0).length, counts: [...counts].map(([finding, n]) => ({ finding, keys: n })), since: null,
    quiet_days: 90, ends_soon_days: 14, many_keys: 5, ...over,
  };
}

/** Nothing is set up, and a connection is refused. */
export function setUp(over: Partial<AuditSetUpView> = {}): AuditSetUpView {
  return {
    roads: [
      { kind: 'dataset', state: 'not_there', because: 'no_audit_road', database: null, database_name: null, dataset: null },
      { kind: 'sql_lab', state: 'refused', because: 'login_may_too_much', database: 1, database_name: 'Superset metadata', dataset: null },
    ],
    permissions: [
      { permission: 'can_read on Chart', takes_it: 'dataset', has: true }, { permission: 'can_read on Dataset', takes_it: 'dataset', has: true },
      { permission: 'can_execute_sql_query on SQLLab', takes_it: 'sql_lab', has: true },
    ],
    databases: [{ id: 1, name: 'Superset metadata', dialect: 'postgresql', shows: { kind: 'tables', schema: 'public' }, login: { kind: 'too_much', rights: ['reads_hashes', 'writes'] } }],
    datasets: [],
    sql: [
      { dialect: 'postgresql', columns_only: false, file_name: 'superset_key_audit_postgresql.sql', run: 'CREATE VIEW superset_key_audit AS SELECT 1;\n', undo: 'DROP VIEW superset_key_audit;\n', columns: 17 },
      { dialect: 'postgresql', columns_only: true, file_name: 'superset_key_audit_postgresql_columns.sql', run: 'GRANT SELECT (id) ON ab_api_key TO auditor;\n', undo: 'REVOKE;\n', columns: 17 },
      { dialect: 'mysql', columns_only: false, file_name: 'superset_key_audit_mysql.sql', run: 'CREATE VIEW mysql_one AS SELECT 1;\n', undo: 'DROP VIEW mysql_one;\n', columns: 17 },
    ],
    seen_by: { roles: ['Admin', 'Alpha'], asked: true },
    ...over,
  };
}
