import { afterEach, expect, it, vi } from 'vitest';
import { mockCommands, unmockCommands } from '../ipc/mock';
import type { McpAccessView } from '../ipc';
import { accessView, proof } from '../test/access-fixtures';
import { Access } from './access.svelte';

afterEach(unmockCommands);

/** An instance whose AI clients have used keys until now; a look waits for `answer`. */
function world() {
  let view: McpAccessView = accessView();
  const waiting: (() => void)[] = [];
  let slow = false;
  mockCommands({
    mcpAccess: () => (slow ? new Promise<McpAccessView>((answer) => { waiting.push(() => { answer(view); }); }) : view),
    setMcpAccess: ({ access }) => {
      view = { ...view, access } as McpAccessView;
      slow = true;
      return proof();
    },
    proveMcpAccess: () => proof(),
  });
  const access = new Access('production' as never);
  return { access, waiting, change: (more: Partial<McpAccessView>) => { view = { ...view, ...more }; }, fast: () => { slow = false; } };
}

/** Whoever follows what changes here is told before the change itself answers. */
it('keeps the proof of a change that is followed while it is made', async () => {
  const { access, waiting } = world();
  await access.look();
  const using = access.use({ kind: 'oauth' });
  await vi.waitFor(() => { expect(waiting).toHaveLength(1); });
  const following = access.follow();
  await vi.waitFor(() => { expect(waiting).toHaveLength(2); });
  waiting[0]?.();
  await using;
  waiting[1]?.();
  await following;
  expect(access.query.data?.access.kind).toBe('oauth');
  expect(access.proof).not.toBeNull();
});

it('forgets a proof of what is not in use any more', async () => {
  const { access, change, fast } = world();
  await access.look();
  await access.prove();
  expect(access.proof).not.toBeNull();
  await access.look();
  expect(access.proof).not.toBeNull();
  change({ access: { kind: 'oauth' } });
  fast();
  await access.follow();
  expect(access.proof).toBeNull();
});
