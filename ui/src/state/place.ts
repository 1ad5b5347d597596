// Where in the window a person is, and by which way they came.
import type { InstanceId } from '../ipc';

export type Tab = 'keys' | 'clients' | 'checkup' | 'audit' | 'embedding';

/** A page below a tab, with a way back to it. */
export type Page = 'network' | 'audit-set-up' | 'mcp-access' | 'signed-tokens' | 'oauth' | 'moving' | 'embedded-dashboard';

export type Place =
  | { at: 'instance'; id: InstanceId; tab: Tab; page?: Page; /** Of `embedded-dashboard`: its number. */ dashboard?: number }
  /** The first page, which stays until its person is in. */
  | { at: 'first-run' }
  | { at: 'adding' }
  | { at: 'scan' }
  | { at: 'activity' }
  | { at: 'settings' }
  /** Below the settings. */
  | { at: 'record' };

/** The places a person has come through. They are at the last one. */
export type Trail = readonly Place[];

const LONGEST = 50;

const isSame = (a: Place | undefined, b: Place): boolean =>
  a?.at === b.at && (a.at !== 'instance' || b.at !== 'instance' || (a.id === b.id && a.tab === b.tab && a.page === b.page && a.dashboard === b.dashboard));

/** What ends with one act: once left, nobody comes back to it. */
const endsWhenLeft = (place: Place | undefined): boolean => place?.at === 'adding' || place?.at === 'first-run';

export function onTo(trail: Trail, place: Place): Trail {
  const from = endsWhenLeft(trail.at(-1)) ? trail.slice(0, -1) : trail;
  return isSame(from.at(-1), place) ? from : [...from, place].slice(-LONGEST);
}

/** Where there is no way back, a person stays. */
export const back = (trail: Trail): Trail => (trail.length > 1 ? trail.slice(0, -1) : trail);

/** Without the places of instances that are gone. */
export function among(trail: Trail, instances: readonly InstanceId[]): Trail {
  const left = trail.filter((place) => place.at !== 'instance' || instances.includes(place.id));
  return left.filter((place, n) => !isSame(left[n - 1], place));
}

/** The instance that a person is at, or was at last. */
export function lastInstance(trail: Trail): Extract<Place, { at: 'instance' }> | undefined {
  return trail.findLast((place) => place.at === 'instance');
}
