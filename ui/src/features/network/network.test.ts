import { screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { violations } from '../../../test/help';
import type { CertificateView, NetworkView, WayView } from '../../ipc';
import { emitStateChanged, fail, instance, type MockAnswers } from '../../test/fixtures';
import { closeWindow, openWindow } from '../../test/window';

afterEach(closeWindow);

const acme: CertificateView = { subject: 'Acme Root CA', issuer: 'Acme Root CA', starts: '2021-01-04T00:00:00Z', ends: '2031-01-04T00:00:00Z', has_ended: false };
const jane: CertificateView = { subject: 'jane@laptop', issuer: 'Acme Root CA', starts: '2025-01-04T00:00:00Z', ends: '2027-01-04T00:00:00Z', has_ended: false };
const nothing: NetworkView = {
  trusted: [], certificate: null, proxy: { kind: 'system' }, connect_timeout: { seconds: 5, is_set: false }, call_timeout: { seconds: 30, is_set: false }, store: 'GNOME Keyring',
};
const way: WayView = { host: 'superset.example.com', proxy: null, encrypted: true, asked_who: false };

async function open(answers: MockAnswers = {}, view: NetworkView = nothing) {
  const all = openWindow({ showNetwork: () => view, lookAtNetwork: () => way, ...answers });
  await all.user.click(await screen.findByRole('button', { name: 'Actions for Production' }));
  await all.user.click(await screen.findByRole('menuitem', { name: 'Network…' }));
  await screen.findByRole('heading', { level: 1, name: 'Network' });
  await screen.findByRole('region', { name: 'Proxy' });
  return all;
}
const row = (name: string) => within(screen.getByRole('region', { name }));
const line = () => within(screen.getByRole('region', { name: 'The way to the server' }));
const last = (calls: { given: unknown }[]) => calls.at(-1)?.given;

it('shows what is set and that the way is open, and breaks no rule', async () => {
  const certificate = { shown: jane, problem: null, days: 400 };
  await open({}, { ...nothing, trusted: [acme], certificate, proxy: { kind: 'given', url: 'http://proxy.example.com:3128', username: 'jane', has_password: true } });
  expect(await screen.findByText('The way is open')).toBeVisible();
  expect(row('Whom to trust').getByText('Acme Root CA')).toBeVisible();
  expect(row('Your certificate').getByText('jane@laptop')).toBeVisible();
  expect(row('Your certificate').getByText(/Its key is in GNOME Keyring; you may delete the file/)).toBeVisible();
  expect(row('Proxy').getByRole('textbox', { name: 'Address' })).toHaveValue('http://proxy.example.com:3128');
  expect(row('Proxy').getByLabelText('Password')).toHaveValue('');
  expect(line().getAllByRole('listitem').map((one) => one.textContent.trim().split(/\s{2,}/)[0])).toHaveLength(5);
  expect(screen.getByText(/Checking the server’s certificate cannot be turned off/)).toBeVisible();
  expect(await violations()).toEqual([]);
});

it('draws where the way ends, and offers what helps there', async () => {
  const certificate = { shown: { ...jane, ends: '2026-11-19T00:00:00Z', has_ended: true }, problem: 'expired' as const, days: -2 };
  const { user, called } = await open({
    lookAtNetwork: () => { throw fail('client_certificate_refused', { host: 'h', problem: 'expired', subject: 'jane@laptop', issuer: 'Acme', ends: '2026-11-19T00:00:00Z' }); },
    chooseFile: () => '/home/jane/new.pem', setNetwork: () => ({ ...nothing, certificate: { shown: jane, problem: null, days: 400 } }),
  }, { ...nothing, certificate });
  expect(await screen.findByText('Your client certificate has ended')).toBeVisible();
  const stations = line().getAllByRole('listitem').map((one) => one.className);
  expect(stations.map((name) => ['passed', 'stopped', 'ahead'].find((it) => name.includes(it)))).toEqual(['passed', 'passed', 'stopped', 'ahead']);
  expect(row('Your certificate').getByText('ended 19 Nov 2026')).toBeVisible();
  await user.click(line().getByRole('button', { name: 'Choose a new one' }));
  await waitFor(() => expect(last(called('setNetwork'))).toEqual({ id: instance().id, change: { certificate: { pem: { certificate: '/home/jane/new.pem', key: null } } } }));
  await waitFor(() => expect(called('lookAtNetwork').length).toBeGreaterThan(1));
});

it('asks for the key where it is in another file', async () => {
  const files = ['/home/jane/jane.crt', '/home/jane/jane.key'];
  const { user, called } = await open({
    chooseFile: () => files.shift() ?? null,
    setNetwork: ({ change }) => {
      if (JSON.stringify(change).includes('"key":null')) throw fail('certificate_file_unusable', { path: '/home/jane/jane.crt', problem: 'no_key' });
      return { ...nothing, certificate: { shown: jane, problem: null, days: 20 } };
    },
  });
  await user.click(row('Your certificate').getByRole('button', { name: 'Choose a file…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Where is its key?' }));
  await user.click(dialog.getByRole('button', { name: 'Choose the key’s file…' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(last(called('setNetwork'))).toMatchObject({ change: { certificate: { pem: { certificate: '/home/jane/jane.crt', key: '/home/jane/jane.key' } } } });
  expect(await screen.findByText('ends in 20 days')).toBeVisible();
});

it('asks for the passphrase of PKCS#12, again where it is wrong, and keeps none', async () => {
  const { user, called } = await open({
    chooseFile: () => '/home/jane/jane.p12',
    setNetwork: ({ change }) => {
      if (!JSON.stringify(change).includes('right')) throw fail('certificate_file_unusable', { path: '/home/jane/jane.p12', problem: 'wrong_passphrase' });
      return { ...nothing, certificate: { shown: jane, problem: null, days: 400 } };
    },
  });
  await user.click(row('Your certificate').getByRole('button', { name: 'Choose a file…' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'The file’s passphrase' }));
  const field = dialog.getByLabelText('Passphrase');
  expect(dialog.queryByText('It does not open with this one.'), 'nobody has typed one yet').toBeNull();
  await user.type(field, 'other');
  await user.click(dialog.getByRole('button', { name: 'Open' }));
  expect(await dialog.findByText('It does not open with this one.')).toBeVisible();
  await user.clear(field);
  await user.type(field, 'right');
  await user.click(dialog.getByRole('button', { name: 'Open' }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(last(called('setNetwork'))).toMatchObject({ change: { certificate: { pkcs12: { file: '/home/jane/jane.p12', passphrase: 'right' } } } });
  expect(document.body.innerHTML).not.toContain('right"');
});

describe('a proxy', () => {
  it('is set with a name and a password that stands in no address', async () => {
    const { user, called } = await open({
      setNetwork: () => ({ ...nothing, proxy: { kind: 'given', url: 'http://proxy.example.com:3128', username: 'acme\\jane', has_password: true } }),
    });
    const proxy = row('Proxy');
    await user.click(proxy.getByRole('radio', { name: 'This one' }));
    expect(called('setNetwork')).toHaveLength(0);
    await user.type(proxy.getByRole('textbox', { name: 'Address' }), 'http://proxy.example.com:3128');
    await user.type(proxy.getByRole('textbox', { name: 'Name' }), 'acme\\jane');
    await user.type(proxy.getByLabelText('Password'), 'p@ss');
    await user.click(proxy.getByRole('button', { name: 'Use this proxy' }));
    await waitFor(() => expect(last(called('setNetwork'))).toEqual({
      id: instance().id, change: { proxy: { given: { url: 'http://acme%5Cjane@proxy.example.com:3128', password: 'p@ss' } } },
    }));
    await waitFor(() => expect(proxy.getByLabelText('Password')).toHaveValue(''));
  });

  it('that cannot be set says why, and what holds stays', async () => {
    const { user } = await open({ setNetwork: () => { throw fail('proxy_setting_unusable', { problem: 'scheme' }); } });
    const proxy = row('Proxy');
    await user.click(proxy.getByRole('radio', { name: 'None' }));
    expect(await proxy.findByRole('alert')).toHaveTextContent('socks5h:// are spoken');
    expect(proxy.getByRole('radio', { name: 'This computer’s' })).toBeChecked();
  });
});

it('sets a time-out for this instance, and takes it back', async () => {
  let view = nothing;
  const { user, called } = await open({
    showNetwork: () => view,
    setNetwork: ({ change }) => (view = { ...view, call_timeout: JSON.stringify(change).includes('general') ? nothing.call_timeout : { seconds: 60, is_set: true } }),
  });
  const field = row('Time-outs').getByRole('combobox', { name: 'Answer within' });
  expect(field).toHaveDisplayValue('As for all (30 s)');
  await user.selectOptions(field, '60 seconds');
  await waitFor(() => expect(last(called('setNetwork'))).toMatchObject({ change: { call_timeout: { seconds: 60 } } }));
  await waitFor(() => expect(field).toHaveDisplayValue('60 seconds'));
  await user.selectOptions(field, 'As for all');
  await waitFor(() => expect(last(called('setNetwork'))).toMatchObject({ change: { call_timeout: 'general' } }));
});

it('takes back what is set, and follows the command line', async () => {
  let view: NetworkView = { ...nothing, trusted: [acme] };
  const { user, called } = await open({ showNetwork: () => view, setNetwork: () => (view = nothing) });
  await user.click(row('Whom to trust').getByRole('button', { name: 'Remove: Whom to trust' }));
  await waitFor(() => expect(last(called('setNetwork'))).toMatchObject({ change: { trusted: 'nobody' } }));
  expect(await row('Whom to trust').findByText('Nobody else')).toBeVisible();
  view = { ...nothing, trusted: [acme] };
  await emitStateChanged();
  expect(await row('Whom to trust').findByText('Acme Root CA')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Back' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Production' })).toBeVisible();
});
