// A client made of the TypeScript SDK 1.x, directly on the server or through the bridge.
import { load } from './packages.mjs';

const { Client } = await load('@modelcontextprotocol/sdk/client/index.js');
const { StdioClientTransport } = await load('@modelcontextprotocol/sdk/client/stdio.js');
const { StreamableHTTPClientTransport } = await load('@modelcontextprotocol/sdk/client/streamableHttp.js');
export const types = await load('@modelcontextprotocol/sdk/types.js');

export const bearer = (key) => ({ requestInit: { headers: { authorization: `Bearer ${key}` } } });

export const direct = (url, key) => new StreamableHTTPClientTransport(new URL(url), key ? bearer(key) : undefined);

export const bridged = (entry) => new StdioClientTransport({ ...entry, stderr: 'ignore' });

export function newClient(capabilities = {}) {
  return new Client({ name: 'proof', version: '1.0.0' }, { capabilities });
}

export async function connected(transport, capabilities) {
  const client = newClient(capabilities);
  await client.connect(transport);
  return client;
}
