// How far a move is, and what a person can do next.
import type { McpMoveView, MovedClientView } from '../../ipc';

export type Next =
  | { kind: 'file'; row: MovedClientView }
  | { kind: 'not_noted' }
  | { kind: 'call'; row: MovedClientView }
  | { kind: 'revoke'; row: MovedClientView }
  | { kind: 'blind' }
  /** In seconds. */
  | { kind: 'wait'; left: number }
  | { kind: 'done' };

const isKept = ({ key_state }: MovedClientView): boolean => key_state === 'active' || key_state === 'unknown';
const moves = ({ switch: how }: MovedClientView): boolean => how === 'by_itself';

export function next(moving: McpMoveView): Next {
  const { clients } = moving;
  const file = clients.find((row) => row.switch === 'file');
  if (file) return { kind: 'file', row: file };
  const unproven = clients.find((row) => moves(row) && !row.proven && isKept(row));
  if (unproven) return moving.records_calls ? { kind: 'call', row: unproven } : { kind: 'not_noted' };
  const may = clients.find((row) => row.may_go);
  if (may) return { kind: 'revoke', row: may };
  const watched = clients.filter((row) => row.watch && isKept(row));
  if (watched.length === 0) return { kind: 'done' };
  if (moving.blind_spots.length > 0) return { kind: 'blind' };
  return { kind: 'wait', left: Math.min(...watched.map((row) => row.watch?.left ?? 0)) };
}

export interface Counts {
  all: number;
  switched: number;
  proven: number;
  quiet: number;
  gone: number;
}

/** Of the clients on this computer; of keys each is counted once. */
export function counts({ clients, quiet_for, blind_spots }: McpMoveView): Counts {
  const here = clients.filter(({ client }) => client !== null);
  const keys = new Map(here.filter(({ key }) => key !== null).map((row) => [row.key, row]));
  const is = (what: (row: MovedClientView) => boolean) => [...keys.values()].filter(what).length;
  return {
    all: here.length,
    switched: here.filter(moves).length,
    proven: here.filter(({ proven }) => proven !== null).length,
    quiet: is(({ watch }) => watch !== null && watch.quiet >= quiet_for && blind_spots.length === 0),
    gone: is(({ key_state }) => key_state === 'gone'),
  };
}
