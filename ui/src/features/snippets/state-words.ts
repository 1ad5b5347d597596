// A client's state in words and a shape: short on the list, whole in the panel.
import { CircleCheck, CircleDashed, KeyRound, Server, TriangleAlert, type IconType } from '../../components/icons';
import type { ApiKeyId } from '../../ipc';
import { connect } from '../../messages/connect';
import type { ClientState } from '../../parts/client-state';

export interface StateWords {
  text: string;
  icon?: IconType | undefined;
  tone: 'ok' | 'warn' | 't3';
}

/** How it stands to the key that is chosen. */
export function usesKey(state: ClientState, chosen: ApiKeyId | null): 'thisKey' | 'otherKey' | 'ended' | 'connected' {
  if (state.kind !== 'connected' || !state.key) return 'connected';
  if (state.ended) return 'ended';
  return state.key.id === chosen ? 'thisKey' : 'otherKey';
}

function shape(state: ClientState, chosen: ApiKeyId | null): Omit<StateWords, 'text'> {
  switch (state.kind) {
    case 'connected': {
      const use = usesKey(state, chosen);
      if (use === 'ended') return { icon: TriangleAlert, tone: 'warn' };
      return use === 'otherKey' ? { icon: KeyRound, tone: 't3' } : { icon: CircleCheck, tone: 'ok' };
    }
    case 'elsewhere': return { icon: Server, tone: 't3' };
    case 'uneditable': return { icon: TriangleAlert, tone: 'warn' };
    case 'installed': return { icon: CircleDashed, tone: 't3' };
    case 'absent': case 'unknown': return { tone: 't3' };
  }
}

export function shortWords(state: ClientState, chosen: ApiKeyId | null): StateWords | null {
  // Of what is not here, the group says it once.
  if (state.kind === 'unknown' || state.kind === 'absent') return null;
  const words = connect.short;
  const text = state.kind === 'connected' ? words[usesKey(state, chosen)] : state.kind === 'elsewhere' ? words.elsewhere(state.instance) : words[state.kind];
  return { text, ...shape(state, chosen) };
}

export function longWords(state: ClientState, chosen: ApiKeyId | null, instance: string, inProject = false): StateWords {
  const words = connect.long;
  const said = (): string => {
    switch (state.kind) {
      case 'connected': {
        const use = usesKey(state, chosen);
        return use === 'thisKey' || use === 'connected' ? words[use](instance) : words[use](state.key?.name ?? '');
      }
      case 'elsewhere': return words.elsewhere(state.instance, instance);
      case 'installed': return inProject ? words.notInProject : words.installed(instance);
      case 'unknown': return inProject ? words.noProject : words.unknown(instance);
      case 'absent': return inProject ? words.notInProject : words.absent;
      case 'uneditable': return words.uneditable;
    }
  };
  return { text: said(), ...shape(state, chosen) };
}
