// A client's state in words and a shape: short on the list, whole in the panel.
import { Ban, CircleCheck, CircleDashed, KeyRound, Plug, Server, TriangleAlert, type IconType } from '../../components/icons';
import type { ApiKeyId, Guard } from '../../ipc';
import { guard } from '../../messages/activity';
import { connect } from '../../messages/connect';
import type { ClientState, Connected, Trouble } from '../../parts/client-state';
import type { Proof } from '../../parts/key-outcome';
import { hasRules, sameGuard } from './guard';

export interface StateWords {
  text: string;
  icon?: IconType | undefined;
  tone: 'ok' | 'warn' | 't3';
}

type Use = 'works' | 'setUp' | 'fails' | 'found' | 'otherKey' | 'ended' | Trouble;

/** How it stands to the key that is chosen, and what the last check of its own key found. */
export function useOf(state: Connected, chosen: ApiKeyId | null, proof: Proof): Use {
  if (state.trouble) return state.trouble;
  if (state.ended) return 'ended';
  if (state.key && state.key.id !== chosen) return proof === 'fails' || proof === 'found' ? proof : 'otherKey';
  return proof ?? 'setUp';
}

const shapes: Record<Use, Omit<StateWords, 'text'>> = {
  works: { icon: CircleCheck, tone: 'ok' },
  setUp: { icon: Plug, tone: 't3' },
  otherKey: { icon: KeyRound, tone: 't3' },
  fails: { icon: TriangleAlert, tone: 'warn' },
  found: { icon: TriangleAlert, tone: 'warn' },
  ended: { icon: TriangleAlert, tone: 'warn' },
  gone: { icon: TriangleAlert, tone: 'warn' },
  hidden: { icon: TriangleAlert, tone: 'warn' },
  unread: { icon: TriangleAlert, tone: 'warn' },
};

function shape(state: ClientState, chosen: ApiKeyId | null, proof: Proof): Omit<StateWords, 'text'> {
  switch (state.kind) {
    case 'connected': return shapes[useOf(state, chosen, proof)];
    case 'elsewhere': return { icon: Server, tone: 't3' };
    case 'uneditable': return { icon: TriangleAlert, tone: 'warn' };
    case 'managed': return { icon: Ban, tone: 't3' };
    case 'installed': return { icon: CircleDashed, tone: 't3' };
    case 'absent': case 'unknown': return { tone: 't3' };
  }
}

export function shortWords(state: ClientState, chosen: ApiKeyId | null, proof: Proof): StateWords | null {
  // Of what is not here, the group says it once.
  if (state.kind === 'unknown' || state.kind === 'absent') return null;
  const words = connect.short;
  const text = state.kind === 'connected' ? words[useOf(state, chosen, proof)] : state.kind === 'elsewhere' ? words.elsewhere(state.instance) : words[state.kind];
  const held = state.kind === 'connected' && hasRules(state.entry.guard) ? heldTo(state.entry.guard) : null;
  return { text: held ? `${text} · ${held}` : text, ...shape(state, chosen, proof) };
}

/** What it is held to, as far as there is room for it. */
const heldTo = (held: Guard | null): string =>
  sameGuard(held, { allow: ['read'], deny: [] }) ? guard.short.reading : guard.short.chosen;

export function longWords(state: ClientState, chosen: ApiKeyId | null, proof: Proof, instance: string, inProject = false): StateWords {
  const words = connect.long;
  const said = (): string => {
    switch (state.kind) {
      case 'connected': {
        const { file, entry, key } = state;
        const where = inProject ? '' : connect.counts(file);
        const use = useOf(state, chosen, proof);
        switch (use) {
          case 'hidden': return words.hidden(entry.hidden_by ?? '');
          case 'unread': return words.unread(file.path);
          case 'gone': return words.gone;
          case 'ended': case 'otherKey': return words[use](key?.name ?? '', where);
          default: return words[use](instance, where);
        }
      }
      case 'elsewhere': return words.elsewhere(state.instance, instance);
      case 'installed': return inProject ? words.notInProject : words.installed(instance);
      case 'unknown': return inProject ? words.noProject : words.unknown(instance);
      case 'absent': return inProject ? words.notInProject : words.absent;
      case 'uneditable': return words.uneditable;
      case 'managed': return words.managed;
    }
  };
  return { text: said(), ...shape(state, chosen, proof) };
}
