import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { fail, instance } from '../../test/fixtures';
import Preview from './Preview.svelte';
import type { FrameRefusal, FrameSaid, Previews } from './preview';

const SITE = 'http://127.0.0.1:41873';

function open(over: Partial<Previews> = {}, inTheWay: FrameRefusal | null = null) {
  let tell: (told: { address: string; said: FrameSaid }) => void = () => undefined;
  const previews = {
    open: vi.fn<Previews['open']>().mockResolvedValue({ address: `${SITE}/secret`, site: SITE, in_the_way: inTheWay }), close: vi.fn().mockResolvedValue(null),
    onSaid: vi.fn<Previews['onSaid']>((run) => { tell = run; return Promise.resolve(() => undefined); }), ...over,
  };
  const user = userEvent.setup();
  const shown = render(Preview, { previews, instance: instance(), keychain: null, dashboard: 7 });
  return { ...shown, user, previews, tell: (told: { address: string; said: FrameSaid }) => tell(told) };
}
const press = (name: string) => screen.findByRole('button', { name });
const line = (text: string) => screen.findByText(text, { selector: '.m' });

afterEach(cleanup);

describe('the preview', () => {
  it('opens the page, waits for its frame, says what it said, and closes', async () => {
    const { user, previews, tell } = open();
    await user.click(await press('Open preview'));
    await line('Waiting for the frame.');
    expect(previews.open).toHaveBeenCalledWith('inst-production', { dashboard: 7 }, expect.objectContaining({ heading: '{dashboard}' }));
    expect(screen.getByText(SITE)).toBeVisible();
    // What opens it is nobody else’s.
    expect(document.body.innerHTML).not.toContain('/secret');
    tell({ address: `${SITE}/of-another`, said: { kind: 'silent' } });
    await line('Waiting for the frame.');
    tell({ address: `${SITE}/secret`, said: { kind: 'shown' } });
    await line('The frame said: dashboard shown.');
    expect(await violations()).toEqual([]);
    await user.click(await press('Close preview'));
    expect(previews.close).toHaveBeenCalledTimes(1);
    expect(screen.queryByText(SITE)).toBeNull();
  });

  it('says at once what is known to be in the way', async () => {
    const { user } = open({}, 'site_not_listed');
    await user.click(await press('Open preview'));
    await line(`The dashboard’s list of sites does not name ${SITE}. Add it to try it here.`);
  });

  it('says why it does not open', async () => {
    const { user } = open({ open: () => Promise.reject(fail('unreachable', { kind: 'timeout' }) as unknown as Error) });
    await user.click(await press('Open preview'));
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(await press('Open preview')).toBeVisible();
  });

  it('closes when it is left, also where it was still opening', async () => {
    let answer: (view: { address: string; site: string; in_the_way: null }) => void = () => undefined;
    const { user, previews, unmount } = open({ open: () => new Promise((resolve) => { answer = resolve; }) });
    await user.click(await press('Open preview'));
    unmount();
    expect(previews.close).not.toHaveBeenCalled();
    answer({ address: `${SITE}/secret`, site: SITE, in_the_way: null });
    await waitFor(() => expect(previews.close).toHaveBeenCalledTimes(1));
  });
});
