// What was found, in the order in which it matters.
import type { KeySpotView, ScannedKeyView, ScanView } from '../../ipc';
import type { Spot } from '../../state/scan.svelte';

export interface Place {
  at: Spot;
  view: KeySpotView;
}
export interface Group {
  key: ScannedKeyView;
  places: readonly Place[];
}
export type PlainKind = Exclude<KeySpotView['kind'], 'ai_client'>;

const exposedFirst = <T>(all: readonly T[], exposed: (one: T) => boolean): T[] => [...all.filter(exposed), ...all.filter((one) => !exposed(one))];

/** By key, those that others can have first. */
export function groupsOf(view: ScanView): Group[] {
  const groups = view.keys.map((key, n) => {
    const places = key.spots.map((spot, at) => ({ at: { key: n, spot: at }, view: spot }));
    return { key, places: exposedFirst(places, (place) => place.view.exposed) };
  });
  return exposedFirst(groups, (group) => group.places.some((place) => place.view.exposed));
}

/** What is to be done by hand: once for each kind of file and instance. */
export function byHand(view: ScanView): { kind: PlainKind; instance: string }[] {
  const all = view.keys.flatMap((key) => key.spots.flatMap(({ kind }) => (kind === 'ai_client' ? [] : [{ kind, instance: key.instance?.short_name ?? 'INSTANCE' }])));
  const takesInstance = (kind: PlainKind) => kind === 'shell_startup' || kind === 'env_file';
  return all.filter((one, n) => all.findIndex((other) => other.kind === one.kind && (!takesInstance(one.kind) || other.instance === one.instance)) === n);
}
