// What was found, in the order in which it matters.
import type { KeySpotView, ScannedKeyView, ScanView } from '../../ipc';
import type { Spot } from '../../state/scan.svelte';

export interface Place {
  at: Spot;
  view: KeySpotView;
  exposed: boolean;
}
export interface Group {
  key: ScannedKeyView;
  places: readonly Place[];
}
export type PlainKind = Exclude<KeySpotView['kind'], 'ai_client'>;

/** Nobody can do anything with it any more. A key that was not taken may work elsewhere. */
export const isDead = ({ life }: ScannedKeyView): boolean => life.state === 'expired' || life.state === 'revoked';

/** Others than the file's owner have it, or get it with the repository. */
export const isExposed = (spot: KeySpotView): boolean => spot.git === 'tracked' || spot.readers === 'everyone';

/** In an AI client's file, and known for sure. */
export const isMovable = (key: ScannedKeyView, spot: KeySpotView): boolean => spot.kind === 'ai_client' && key.match === 'known' && key.key !== null;

const exposedFirst = <T>(all: readonly T[], exposed: (one: T) => boolean): T[] => [...all.filter(exposed), ...all.filter((one) => !exposed(one))];

/** By key, those that others can have first. */
export function groupsOf(view: ScanView): Group[] {
  const groups = view.keys.map((key, n) => {
    const places = key.spots.map((spot, at) => ({ at: { key: n, spot: at }, view: spot, exposed: isExposed(spot) && !isDead(key) }));
    return { key, places: exposedFirst(places, (place) => place.exposed) };
  });
  return exposedFirst(groups, (group) => group.places.some((place) => place.exposed));
}

/** What is to be done by hand: once for each kind of file and instance. */
export function byHand(view: ScanView): { kind: PlainKind; instance: string }[] {
  const all = view.keys.flatMap((key) => key.spots.flatMap(({ kind }) => (kind === 'ai_client' ? [] : [{ kind, instance: key.instance?.short_name ?? 'INSTANCE' }])));
  const takesInstance = (kind: PlainKind) => kind === 'shell_startup' || kind === 'env_file';
  return all.filter((one, n) => all.findIndex((other) => other.kind === one.kind && (!takesInstance(one.kind) || other.instance === one.instance)) === n);
}
