import type { Environment, InstanceView } from '../ipc';

const hues = { production: 'prod', staging: 'stage', development: 'dev' } as const satisfies Record<Environment, string>;

export const hueOf = (environment: Environment): 'prod' | 'stage' | 'dev' => hues[environment];

/** The tile of an instance: the first letter of its name in its environment's hue. */
export function tileOf(instance: InstanceView): { letter: string; hue: 'prod' | 'stage' | 'dev' } {
  const [letter = ''] = instance.name;
  return { letter: letter.toUpperCase(), hue: hueOf(instance.environment) };
}
