// An MCP server that a person had before us: one tool, on stdin and stdout.
import { createInterface } from 'node:readline';

createInterface(process.stdin).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const tide = { name: 'tides', description: 'When the water is high.', inputSchema: { type: 'object' } };
  const answers = {
    initialize: {
      protocolVersion: params?.protocolVersion,
      capabilities: { tools: {} },
      serverInfo: { name: 'other', version: '1' },
    },
    ping: {},
    'tools/list': { tools: [tide] },
  };
  const answer = answers[method] ? { result: answers[method] } : { error: { code: -32601, message: 'Not here.' } };
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
});
