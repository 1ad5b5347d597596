// AI clients that move from their keys to tokens.
import type { BlindSpot, McpAccess, MovedClientView } from '../ipc';
import { isolated } from '../lib/plain';
import { span, waitOf } from './rotation';

const blind: Record<BlindSpot, string> = {
  public_role: 'The Public role has permissions on this server. Where they reach, Superset looks at no key and notes no use.',
  mcp: 'This MCP server answers without noting a use. Whoever still uses a key there stays unseen.',
  mcp_unclear: 'It could not be seen yet whether the MCP server notes uses of a key. It is asked again with each look.',
};

const tokens = (access: McpAccess): string => (access.kind === 'oauth' ? 'OAuth' : access.kind === 'signed' ? 'signed tokens' : 'API keys');

export const moving = {
  title: (access: McpAccess) => `Moving to ${tokens(access)}`,
  subtitle: (since: string) => `Since ${since}. Keys go on working until you revoke them.`,
  reading: 'Looking who has moved…',
  none: {
    title: 'AI clients with a key of their own keep it',
    text: (access: McpAccess) => `Those on the bridge that name no key use ${tokens(access)} already. Move the others too: no file is changed, and each key stays until you revoke it.`,
    action: 'Move all clients',
  },
  keys: { title: 'AI clients use API keys', text: 'Set up another way first: then they can move to it one after the other.', action: 'MCP access' },
  goBack: 'Go back to keys',
  goingBack: 'Going back…',
  look: 'Look again',
  looking: 'Looking…',
  tryAgain: 'Try again',
  columns: { client: 'Client, key', switched: '1 Switched', proven: '2 Proved', quiet: '3 Key quiet', gone: '4 Key revoked' },
  table: 'AI clients and their keys',
  elsewhere: 'Not on this computer',
  noKey: 'No key known',
  switched: {
    by_itself: (delivery: MovedClientView['delivery']) => (delivery === 'helper' ? 'By itself, helper' : 'By itself, bridge'),
    file: 'File to change',
    keeps_key: 'Keeps its key',
    elsewhere: 'We cannot switch it',
  },
  proven: { call: (when: string) => `Call ${when}`, handed: (when: string) => `Took a token ${when}`, waits: 'Waits for its next call', notNoted: 'Calls are not noted' },
  quiet: {
    of: (quiet: number, of: number) => `${span(Math.min(quiet, of))}, of ${span(of)}`,
    used: (when: string) => `Used ${when}`,
    never: 'Never used',
    session: 'This app signs in with it',
    unseen: 'Cannot be seen',
  },
  gone: { revoke: 'Revoke…', revokeOf: (key: string) => `Revoke ${isolated(key)}`, done: 'Revoked' },
  nothing: '–',
  next: {
    lead: 'Next:',
    file: (client: string) => ({ title: `${client} carries its key in its own file.`, text: 'Look at the change, then write it.', action: `Show the change for ${client}` }),
    call: (client: string) => ({ title: `Use ${client} once.`, text: 'Its next call goes out with a token, and is shown here.' }),
    notNoted: { title: 'Calls are not noted on this computer.', text: 'Turn that on to see who has moved.', action: 'Open settings' },
    revoke: (key: string) => ({ title: `Nobody uses ${isolated(key)} any more.`, text: 'Revoke it when you are sure.', action: 'Revoke…' }),
    blind: { title: 'Whether anybody still uses the keys cannot be seen here.', text: 'Revoke them when you know that nobody does.' },
    wait: (left: number) => ({ title: 'Waiting until the keys are quiet.', text: left > 0 ? `${span(left)} to go, if nobody uses one.` : '' }),
    done: { title: 'No key of theirs is left.', text: 'Nothing is to be done here any more.' },
  },
  problem: (why: string) => `The keys could not be looked at just now. ${why}`,
  note: (quiet: number) => `“Proved” is a call the bridge itself sent with the new token. “Quiet” means the key’s last-used time stood still for ${waitOf(quiet)} while we looked, our own checks not counted. Superset does not tell which client used a key.`,
  blind: { title: 'No key is called quiet here.', of: blind },
  counts: (all: number, switched: number, proven: number, quiet: number, gone: number) => `${switched} of ${all} switched · ${proven} proved · ${quiet} quiet · ${gone} revoked`,
  quietAfter: 'Quiet after',
  open: 'See who has moved',
  wentBack: 'AI clients use API keys now.',
};
