import { afterEach, expect, it } from 'vitest';
import type { CheckupItemView, CheckupView } from '../ipc';
import { checked, checkedUp, fail, instance, keychain, letIn, mockCommands, samePerson, unmockCommands } from '../test/fixtures';
import { Checkup } from '../state/checkup.svelte';
import { outcomeOf, proofOf } from './key-outcome';

afterEach(unmockCommands);

async function outcome(answer: () => CheckupView | null, ring = keychain()) {
  mockCommands({ checkup: answer, pastCheckups: () => [] });
  const checkup = new Checkup('inst-production');
  await checkup.run('key-laptop');
  return outcomeOf(checkup, instance(), ring);
}
const of = (items: CheckupItemView[], over = {}) => outcome(() => checkedUp(items, over));
const skipped = checked({ item: 'handshake', verdict: 'skipped', finding: 'not_examined', params: {} });

it('says whose name the key works in, whatever else is to mend', async () => {
  const admin = checked({ item: 'key_owner', verdict: 'warning', finding: 'key_of_admin' });
  expect(await of([checked(), samePerson(), admin])).toEqual({ verdict: 'passed', text: 'Works: the MCP server takes this key as jane.' });
});

it('says what is critical before all else', async () => {
  expect(await of([letIn(), samePerson()])).toEqual({ verdict: 'critical', text: 'This server lets anyone in as admin.' });
  const other = checked({ item: 'identity', verdict: 'critical', finding: 'another_person', params: { user: 'jane', mcp_user: 'admin', roles: 'Admin' } });
  expect((await of([other]))?.text).toBe('The MCP server acts as admin, not as jane.');
});

it.each([
  ['keys_not_understood', 'The MCP server does not take API keys.'],
  ['takes_other_tokens', 'The MCP server does not take API keys.'],
  ['key_rejected', 'Superset does not take this key.'],
  ['endpoint_unknown', 'The MCP server was not found.'],
  ['endpoint_unreachable', 'The MCP server cannot be reached.'],
] as const)('%s is said plainly', async (finding, text) => {
  expect(await of([checked({ verdict: 'warning', finding }), skipped])).toEqual({ verdict: 'warning', text });
});

it('says that a key could not be tried, and why', async () => {
  const nothing = () => checkedUp([checked(), skipped], { requests_with_key: 0 });
  expect((await outcome(nothing))?.text).toBe('This key could not be read on this computer.');
  expect((await outcome(nothing, keychain({ ready: false, locked: true })))?.text).toBe('GNOME Keyring is locked, so the key was not tried.');
});

it('names what went wrong otherwise', async () => {
  const failed = checked({ item: 'tool_call', verdict: 'warning', finding: 'tool_failed', params: {} });
  expect((await of([checked(), failed]))?.text).toBe('A tool\'s call: get_instance_info did not answer.');
  expect((await outcome(() => null))?.text).toBe('Stopped before the end.');
  expect((await outcome(() => { throw fail('unreachable', { host: 'h', kind: 'refused' }); }))?.text).toMatch(/^Production does not answer\. h refused/);
});

it('calls a connection stopped only by what stops it', () => {
  const tried = (...items: CheckupItemView[]) => proofOf(checkedUp([checked(), ...items]));
  expect(tried(samePerson())).toBe('works');
  // Clients get in: as somebody else, or like anybody. That is to be read, and no reason that nothing is reached.
  expect(tried(letIn(), samePerson())).toBe('found');
  expect(tried(checked({ item: 'identity', verdict: 'critical', finding: 'another_person', params: {} }))).toBe('found');
  expect(tried(checked({ item: 'tool_call', verdict: 'warning', finding: 'tool_failed', params: {} }))).toBe('found');
  for (const finding of ['endpoint_unreachable', 'certificate_untrusted', 'handshake_refused', 'scope_missing', 'no_tools'] as const)
    expect(tried(checked({ verdict: 'warning', finding })), finding).toBe('fails');
});
