import type { Environment, InstanceView } from '../ipc';

const hues = { production: 'prod', staging: 'stage', development: 'dev' } as const satisfies Record<Environment, string>;

export const hueOf = (environment: Environment): 'prod' | 'stage' | 'dev' => hues[environment];

const first = (text: string): string => [...text][0]?.toUpperCase() ?? '';

/** "P"; where another name begins likewise "PE" of "Production EU", "P2" of "prod-2", "Pr" of "Production". */
function lettersOf(name: string, others: readonly string[]): string {
  const letter = first(name);
  if (!others.some((other) => first(other) === letter)) return letter;
  const words = name.split(/[\s\-_.·–]+/u).filter((word) => word !== '');
  return words.length > 1 ? letter + first(words.at(-1) ?? '') : [...name].slice(0, 2).join('').replace(/^./u, (one) => one.toUpperCase());
}

/** The tile of an instance among the others: letters of its name in its environment's hue. */
export function tileOf(instance: InstanceView, all: readonly InstanceView[]): { letter: string; hue: 'prod' | 'stage' | 'dev' } {
  const others = all.filter(({ id }) => id !== instance.id).map(({ name }) => name);
  return { letter: lettersOf(instance.name, others), hue: hueOf(instance.environment) };
}
