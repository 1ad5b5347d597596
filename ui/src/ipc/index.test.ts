import { afterEach, describe, expect, it, vi } from 'vitest';
import { emitClipboardEnded, emitStateChanged, fail, instance, mockCommands, unmockCommands } from '../test/fixtures';
import { asCallError, CallError, copyText, listInstances, onClipboardEnded, onStateChanged, renameInstance } from '.';

afterEach(unmockCommands);

describe('a command', () => {
  it('answers its data', async () => {
    const { calls } = mockCommands({ renameInstance: ({ name }) => instance({ name: String(name) }) });
    expect((await renameInstance('inst-1', 'Prod')).name).toBe('Prod');
    expect(calls).toEqual([{ command: 'renameInstance', given: { id: 'inst-1', name: 'Prod' } }]);
  });

  it('throws the reason with its values', async () => {
    mockCommands({ listInstances: () => { throw fail('state_newer', { path: '/tmp/x' }); } });
    const reason = await listInstances().catch((e: unknown) => e);
    expect(reason).toBeInstanceOf(CallError);
    expect(reason).toMatchObject({ code: 'state_newer', params: { path: '/tmp/x' } });
  });

  it('calls anything else a fault of its own', async () => {
    mockCommands({ listInstances: () => { throw new Error('boom'); } });
    await expect(listInstances()).rejects.toMatchObject({ code: 'internal' });
    expect(asCallError('text').code).toBe('internal');
    expect(asCallError(null).code).toBe('internal');
  });

  it('copies words', async () => {
    const { calls } = mockCommands({ copyText: () => null });
    await copyText('hello');
    expect(calls[0]).toEqual({ command: 'copyText', given: { text: 'hello' } });
  });
});

describe('events', () => {
  it('reach the listener until it stops', async () => {
    mockCommands({});
    const changed = vi.fn();
    const ended = vi.fn();
    const stop = await onStateChanged(changed);
    await onClipboardEnded(ended);
    await emitStateChanged();
    await emitClipboardEnded({ instance: 'i', key: 'k', cleared: true });
    expect(changed).toHaveBeenCalledTimes(1);
    expect(ended).toHaveBeenCalledWith({ instance: 'i', key: 'k', cleared: true });
    stop();
  });
});
