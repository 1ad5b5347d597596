// A client made of the TypeScript SDK 2.x, which speaks the protocol of 2026-07-28 where the server does.
import { load } from './packages.mjs';

export const { Client, StreamableHTTPClientTransport } = await load('@modelcontextprotocol/client');
const { StdioClientTransport } = await load('@modelcontextprotocol/client/stdio');

export const direct = (url, key) =>
  new StreamableHTTPClientTransport(
    new URL(url),
    key ? { requestInit: { headers: { authorization: `Bearer ${key}` } } } : undefined,
  );

export const bridged = (entry) => new StdioClientTransport({ ...entry, stderr: 'ignore' });

export async function connected(transport, capabilities = {}) {
  const options = { capabilities, versionNegotiation: { mode: 'auto' } };
  const client = new Client({ name: 'proof', version: '1.0.0' }, options);
  await client.connect(transport);
  return client;
}
