import { afterEach, describe, expect, it } from 'vitest';
import { auditKey, auditView } from '../test/audit-fixtures';
import { fail, mockCommands, unmockCommands } from '../test/fixtures';
import { Audit } from './audit.svelte';

afterEach(unmockCommands);

describe('everybody’s keys on one instance', () => {
  it('are asked for once, and again for whoever signs in again', async () => {
    let over = true;
    const { calls } = mockCommands({ auditOffline: () => null, audit: () => { if (over) throw fail('session_over'); return auditView([auditKey()]); } });
    const audit = new Audit('a');
    const asked = () => calls.filter(({ command }) => command === 'audit').length;
    await audit.open(true);
    await audit.open(true);
    expect([asked(), audit.query.error?.code]).toEqual([1, 'session_over']);
    over = false;
    await audit.open(false);
    expect(asked()).toBe(1);
    await audit.open(true);
    expect([asked(), audit.live, audit.query.error]).toEqual([2, true, undefined]);
  });

  it('are not asked for by nobody', async () => {
    const { calls } = mockCommands({ auditOffline: () => null, audit: () => auditView([]) });
    await new Audit('a').open(false);
    expect(calls.map(({ command }) => command)).toEqual(['auditOffline']);
  });

  it('are the kept ones until the server answers, also where it never does', async () => {
    mockCommands({ auditOffline: () => ({ ...auditView([auditKey()]), live: false }), audit: () => { throw fail('unreachable'); } });
    const audit = new Audit('a');
    await audit.open(true);
    expect([audit.view?.total, audit.live, audit.query.error?.code]).toEqual([1, false, 'unreachable']);
  });

  it('are not an answer that comes after the person stopped waiting', async () => {
    let answer: (() => void) | undefined;
    mockCommands({ auditOffline: () => null, audit: () => new Promise((done) => (answer = () => done(auditView([])))) });
    const audit = new Audit('a');
    const asking = audit.open(true);
    await expect.poll(() => answer).toBeDefined();
    audit.stop();
    answer?.();
    await asking;
    expect([audit.stopped, audit.view]).toEqual([true, undefined]);
  });
});
