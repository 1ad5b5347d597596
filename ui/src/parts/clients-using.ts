import { clientsThatUse, listClients, type ApiKeyId, type ClientUse, type ClientView, type InstanceId } from '../ipc';

/** A client on this computer, and the entries by which it uses a key. */
export interface UsingClient {
  client: ClientView;
  uses: readonly ClientUse[];
}

export async function clientsUsing(instance: InstanceId, key: ApiKeyId): Promise<UsingClient[]> {
  const [uses, all] = await Promise.all([clientsThatUse(instance, key), listClients()]);
  return all.map((client) => ({ client, uses: uses.filter((use) => use.client === client.id) })).filter(({ uses: of }) => of.length > 0);
}
