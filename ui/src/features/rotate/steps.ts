// The steps of a replacement, as a person sees them. Pure.
import type { RotationView } from '../../ipc';

export type StepId = 'created' | 'stored' | 'works' | 'place' | 'back' | 'quiet' | 'revoke' | 'both';
export type StepState = 'done' | 'now' | 'later' | 'stopped';

export interface Step {
  id: StepId;
  state: StepState;
  /** When it was done, RFC 3339. */
  at: string | null;
}

type Planned = Pick<RotationView, 'revoke' | 'back' | 'moved' | 'end' | 'new'>;

/** Which steps there are. */
export function planOf({ revoke, back, moved, end, new: made }: Planned): StepId[] {
  if (back && made === null) return ['back'];
  // A new key that never had the place goes at once: nobody was handed it.
  if (back) return moved === null ? ['back', 'revoke'] : ['back', 'quiet', 'revoke'];
  const first: StepId[] = ['created', 'stored', 'works', 'place'];
  if (end === 'kept_both' || revoke === 'never') return [...first, 'both'];
  return revoke === 'now' ? [...first, 'revoke'] : [...first, 'quiet', 'revoke'];
}

const at = (rotation: RotationView, step: StepId): string | null => {
  switch (step) {
    case 'created': case 'stored': return rotation.created;
    case 'works': case 'place': return rotation.moved;
    case 'quiet': return rotation.decided;
    case 'revoke': case 'both': return rotation.ended;
    case 'back': return null;
  }
};

/** The one it is at. */
function current(rotation: RotationView, plan: readonly StepId[]): number {
  const { step, back } = rotation;
  const last = plan.length - 1;
  if (step === 'revoking') return last;
  if (step === 'watching') return plan.includes('quiet') ? plan.indexOf('quiet') : last;
  if (back) return last;
  return plan.indexOf(step === 'creating' ? 'created' : 'works');
}

/** It waits for a person: what it would go by cannot be seen. */
export const asks = ({ blind_spots, accepts_blind_spots, step, revoke, ended }: RotationView): boolean =>
  ended === null && step === 'watching' && revoke === 'when_quiet' && blind_spots.length > 0 && !accepts_blind_spots;

export function stepsOf(rotation: RotationView): Step[] {
  const plan = planOf(rotation);
  const now = rotation.ended === null ? current(rotation, plan) : plan.length;
  const halted = rotation.problem !== null || asks(rotation);
  return plan.map((id, n) => ({
    id,
    state: n < now ? 'done' : n > now ? 'later' : halted ? 'stopped' : 'now',
    at: n < now ? at(rotation, id) : null,
  }));
}

/** The number of the step it stopped at, from 1. */
export const stoppedAt = (steps: readonly Step[]): number => steps.findIndex(({ state }) => state === 'stopped') + 1;
