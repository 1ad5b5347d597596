// The real Superset with its MCP server, which checks keys.
import { join } from 'node:path';
import { checkout } from './places.mjs';
import { must } from './process.mjs';
import { room } from './room.mjs';

const server = join(checkout, 'tests/superset/superset_server.py');
const folder = join(room, 'superset');

export async function startSuperset() {
  const options = ['--web-port', '0', '--mcp-port', '0', '--mcp-mode', 'guarded'];
  const watched = ['--watch-pid', String(process.pid), '--run-dir', folder];
  // Minutes only where it was never prepared before.
  return JSON.parse(await must('python3', [server, 'up', '--json', ...options, ...watched], { seconds: 900 }));
}

export const stopSuperset = () => must('python3', [server, 'down', '--run-dir', folder], { seconds: 60 });

/** As somebody does in Superset itself: this computer hears nothing of it. */
export const revokedElsewhere = (uuid) =>
  must('python3', [server, 'state', 'revoke', '--run-dir', folder, '--uuid', uuid], { seconds: 30 });
