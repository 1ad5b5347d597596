import type { InstanceView } from '../ipc';

/** Who was signed in where. */
export const usersOf = (instances: readonly InstanceView[]): ReadonlyMap<string, number | undefined> =>
  new Map(instances.map(({ id, user }) => [id, user?.id]));
