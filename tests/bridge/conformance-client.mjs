// The client that the conformance suite examines: `conformance client --command "node conformance-client.mjs"`.
// It starts this program with the address of a scenario's server. PROOF_WAY says how to get there.
import { Computer } from './computer.mjs';
import * as sdk1 from './sdk1.mjs';
import * as sdk2 from './sdk2.mjs';

const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const protocol = process.env.MCP_CONFORMANCE_PROTOCOL_VERSION;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const url = process.argv.at(-1);
const modern = protocol === '2026-07-28';

async function transport() {
  const sdk = modern ? sdk2 : sdk1;
  if (process.env.PROOF_WAY === 'direct') return sdk.direct(url);
  const computer = Object.assign(new Computer(process.env.PROOF_PROGRAM), { home: process.env.PROOF_HOME });
  await computer.endpoint(url);
  return sdk.bridged(computer.entry());
}

async function connected(capabilities) {
  return (modern ? sdk2 : sdk1).connected(await transport(), capabilities);
}

const confirmed = async () => ({ action: 'accept', content: { confirmed: true } });

function onElicitation(client, answer) {
  client.setRequestHandler(modern ? 'elicitation/create' : sdk1.types.ElicitRequestSchema, answer);
}

const SCENARIOS = {
  initialize: listTools,
  'request-metadata': listTools,
  'json-schema-ref-no-deref': listTools,

  async tools_call() {
    const client = await connected();
    await client.listTools();
    await client.callTool({ name: 'add_numbers', arguments: { a: 5, b: 3 } });
    return client;
  },

  async 'elicitation-sep1034-client-defaults'() {
    const client = await connected({ elicitation: { form: { applyDefaults: true } } });
    onElicitation(client, async () => ({ action: 'accept', content: {} }));
    await client.listTools();
    await client.callTool({ name: 'test_client_elicitation_defaults', arguments: {} });
    return client;
  },

  async 'sse-retry'() {
    const client = await connected();
    await client.listTools();
    await client.callTool({ name: 'test_reconnection', arguments: {} });
    return client;
  },

  async 'sep-2322-client-request-state'() {
    const client = await connected({ elicitation: {} });
    onElicitation(client, confirmed);
    await client.listTools();
    const call = (name) => client.callTool({ name, arguments: {} });
    await Promise.all([call('test_mrtr_echo_state'), call('test_mrtr_unrelated')]);
    await call('test_mrtr_no_state');
    // The SDK takes the answer for wrong. What is examined is that it does not ask again.
    await call('test_mrtr_no_result_type').catch(() => {});
    return client;
  },

  async 'http-standard-headers'() {
    const client = await connected();
    for (const { name } of (await client.listTools()).tools) await client.callTool({ name, arguments: {} });
    for (const { uri } of (await client.listResources()).resources) await client.readResource({ uri });
    for (const { name } of (await client.listPrompts()).prompts) await client.getPrompt({ name });
    return client;
  },

  async 'http-custom-headers'() {
    const client = await connected();
    await client.listTools();
    for (const call of context.toolCalls) await client.callTool(call);
    return client;
  },

  async 'http-invalid-tool-headers'() {
    const client = await connected();
    // Whatever is offered is called. Only a client that leaves the wrong ones out passes.
    for (const { name, inputSchema } of (await client.listTools()).tools) {
      const args = Object.keys(inputSchema.properties ?? {}).map((key) => [key, 'x']);
      await client.callTool({ name, arguments: Object.fromEntries(args) });
    }
    return client;
  },

  async 'json-schema-2020-12-preservation'() {
    const client = await connected();
    const { tools } = await client.listTools();
    const schema = tools.find(({ name }) => name === 'json_schema_2020_12_tool').inputSchema;
    await client.callTool({ name: 'json_schema_echo', arguments: { schema } });
    return client;
  },
};

async function listTools() {
  const client = await connected({ roots: {}, sampling: {}, elicitation: {} });
  await client.listTools();
  return client;
}

const client = await SCENARIOS[scenario]();
await client.close();
// The SDK's streams would keep it alive.
process.exit(0);
