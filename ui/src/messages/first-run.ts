// The first page: a Superset's address, what is there, and the way in.
import type { Environment } from '../ipc';

const environments: Record<Environment, string> = { production: 'Production', staging: 'Staging', development: 'Development' };

export const firstRun = {
  welcome: 'Your Superset keys, kept in one safe place',
  soon: 'From here to a working AI client takes about a minute.',
  points: {
    create: { title: 'Create and revoke keys', text: 'See when each key was last used and when it ends.' },
    store: { title: 'Stored in your keychain', text: (ring: string) => `Superset shows a key once. ${ring} keeps it for you.` },
    noStore: { title: 'Nothing is kept by surprise', text: 'This computer has no keyring, so each new key is shown once for you to save.' },
    connect: { title: 'Connect AI clients', text: 'Setups for Claude Code, Cursor, VS Code and more, ready to paste.' },
  },
  someRing: 'Your keychain',
  privacy: 'Nothing leaves this computer except calls to the address you enter.',
  title: 'Add your Superset',
  form: 'Add your Superset',
  address: 'Address',
  addressPlaceholder: 'superset.example.com',
  found: 'Found',
  verdict: 'What we found',
  waiting: 'We look at the address as you type. No password is sent for that.',
  looking: 'Looking for Superset…',
  superset: (version: string | null) => (version ? `Superset ${version}` : 'Superset'),
  supersetText: (version: string | null) => (version ? 'found at this address' : 'found, it does not tell its version'),
  keys: {
    on: { title: 'API keys are on', text: 'you can create your own' },
    off: { title: 'API keys are off', text: 'an admin can turn them on' },
    management_off: { title: 'API keys cannot be managed here', text: 'FAB_ADD_SECURITY_API is off; existing keys work' },
    unknown: { title: 'API keys may be on', text: 'we know after you sign in' },
  },
  mcp: { title: 'MCP endpoint' },
  noMcp: { title: 'MCP endpoint', text: 'not found here yet; you can type it later' },
  unencrypted: { title: 'Not encrypted', text: 'keys and your password travel in the open' },
  useAddress: (address: string) => `Use ${address}`,
  lookAgain: 'Look again',
  consent: 'Continue without encryption',
  consentHint: 'Anyone on the way to the server can read your password and your keys.',
  name: 'Name',
  nameMissing: 'Type a name you will recognise later.',
  environment: 'Environment',
  environments,
  added: (name: string) => `${name} is added. Only signing in is left.`,
  later: 'Sign in later',
  cancel: 'Cancel',
  details: 'What went wrong',
};
