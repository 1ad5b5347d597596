import type { ErrorCode } from '../../ipc';

/** Why everybody's keys cannot be read, where the set-up says what to do. */
const ROAD: readonly ErrorCode[] = [
  'audit_forbidden', 'no_audit_road', 'audit_view_missing', 'audit_view_outdated', 'login_may_too_much', 'login_not_judged', 'set_up_forbidden', 'view_not_there',
  'dataset_hidden', 'no_such_connection', 'ambiguous_connection',
];

export const isRoadProblem = (code: ErrorCode): boolean => ROAD.includes(code);
