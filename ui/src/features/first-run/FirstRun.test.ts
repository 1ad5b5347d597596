import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { violations } from '../../../test/help';
import { detection, fail, instance, keychain, mockCommands, unmockCommands, type MockAnswers } from '../../test/fixtures';
import FirstRun from './FirstRun.svelte';

const PASSWORD = 'canary-pass-71';

beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true, advanceTimeDelta: 20 }));
afterEach(() => {
  vi.useRealTimers();
  unmockCommands();
});

function show(answers: MockAnswers = {}, more = {}) {
  const mock = mockCommands({
    keychainState: () => keychain(),
    detectInstance: () => detection({ suggested_name: 'Staging' }),
    addInstance: () => instance({ name: 'Staging', session: 'signed_out' }),
    signIn: () => instance({ name: 'Staging' }),
    ...answers,
  });
  const onadded = vi.fn();
  const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
  return { ...mock, onadded, user, ...render(FirstRun, { onadded, onnetwork: vi.fn(), ...more }) };
}
const address = () => screen.getByLabelText('Address');
const submit = () => screen.getByRole('button', { name: 'Sign in' });
const count = (calls: { command: string }[], command: string) => calls.filter((call) => call.command === command).length;

async function typeAddress(user: ReturnType<typeof userEvent.setup>, text = 'bi.example.com') {
  await user.type(address(), text);
  await vi.advanceTimersByTimeAsync(500);
}
async function typePerson(user: ReturnType<typeof userEvent.setup>) {
  await user.type(screen.getByLabelText('Username'), 'jane');
  await user.type(screen.getByLabelText('Password', { selector: 'input' }), PASSWORD);
}

it('starts in the address and breaks no rule', async () => {
  show();
  expect(address()).toHaveFocus();
  vi.useRealTimers();
  expect(await violations()).toEqual([]);
});

describe('looking', () => {
  it('waits until typing pauses, and says what is there', async () => {
    const { user, calls } = show();
    await typeAddress(user);
    expect(count(calls, 'detectInstance')).toBe(1);
    expect(calls.find((c) => c.command === 'detectInstance')?.given).toEqual({ address: 'bi.example.com', allowHttp: false, network: null });
    const verdict = screen.getByRole('status', { name: 'What we found' });
    expect(verdict).toHaveTextContent('Superset 6.1.0');
    expect(verdict).toHaveTextContent('API keys are on');
    expect(verdict).toHaveTextContent('superset.example.com/mcp');
    expect(address()).toHaveAccessibleDescription(expect.stringContaining('Superset 6.1.0'));
  });

  it('takes the name and the kind from the address until the person says otherwise', async () => {
    const { user } = show();
    await typeAddress(user);
    expect(screen.getByLabelText('Name')).toHaveValue('Staging');
    expect(screen.getByRole('radio', { name: 'Staging' })).toBeChecked();
    await user.clear(screen.getByLabelText('Name'));
    await user.type(screen.getByLabelText('Name'), 'Mine');
    await user.click(screen.getByRole('radio', { name: 'Development' }));
    await typeAddress(user, '/bi');
    expect(screen.getByLabelText('Name')).toHaveValue('Mine');
    expect(screen.getByRole('radio', { name: 'Development' })).toBeChecked();
  });

  it('drops an answer about an address that has changed since', async () => {
    const late: ((seen: ReturnType<typeof detection>) => void)[] = [];
    const { user } = show({ detectInstance: () => new Promise((done) => late.push(done)) });
    await typeAddress(user, 'one.example.com');
    await typeAddress(user, '/two');
    late[0]?.(detection({ version: '1.0.0' }));
    await vi.advanceTimersByTimeAsync(10);
    expect(screen.queryByText('Superset 1.0.0')).toBeNull();
    late[1]?.(detection({ version: '6.1.0' }));
    await vi.advanceTimersByTimeAsync(10);
    expect(screen.getByText('Superset 6.1.0')).toBeInTheDocument();
  });

  it.each([
    ['not_superset', {}, 'No Superset at this address'],
    ['unreachable', { host: 'bi', kind: 'timed_out' }, 'bi does not answer'],
    ['certificate_untrusted', { host: 'bi' }, 'We cannot verify this server'],
  ] as const)('says %s in words and looks again on demand', async (code, params, title) => {
    const { user, calls, answers } = show({ detectInstance: () => { throw fail(code, params); } });
    await typeAddress(user);
    expect(screen.getByText(`${title}.`)).toBeInTheDocument();
    answers.detectInstance = () => detection();
    await user.click(screen.getByRole('button', { name: 'Look again' }));
    await vi.advanceTimersByTimeAsync(50);
    expect(count(calls, 'detectInstance')).toBe(2);
    expect(screen.getByText('API keys are on')).toBeInTheDocument();
  });

  it('offers the address it was sent to', async () => {
    const { user, calls, answers } = show({ detectInstance: () => { throw fail('redirected', { host: 'bi.example.com', to: 'https://new.example.com' }); } });
    await typeAddress(user);
    answers.detectInstance = () => detection();
    await user.click(screen.getByRole('button', { name: 'Use https://new.example.com' }));
    await vi.advanceTimersByTimeAsync(50);
    expect(address()).toHaveValue('https://new.example.com');
    expect(calls.at(-1)?.given).toEqual({ address: 'https://new.example.com', allowHttp: false, network: null });
  });

  it.each([
    ['not_tls', 'https://bi:8088', 'http://bi:8088'],
    ['not_http', 'http://bi:8443', 'https://bi:8443'],
  ])('offers the protocol that answers: %s', async (kind, typed, to) => {
    const { user, calls } = show({ detectInstance: () => { throw fail('unreachable', { host: 'bi', kind }); } });
    await typeAddress(user, typed);
    await user.click(screen.getByRole('button', { name: `Use ${to}` }));
    await vi.advanceTimersByTimeAsync(50);
    expect(calls.at(-1)?.given).toMatchObject({ address: to });
  });

  it('shows whose certificate it is', async () => {
    const { user } = show({ detectInstance: () => { throw fail('certificate_untrusted', { host: 'bi', problem: 'unknown_issuer', issuer: 'Acme CA' }); } });
    await typeAddress(user);
    await user.click(screen.getByText('Technical details'));
    expect(screen.getByText('Acme CA')).toBeVisible();
  });

  it('lets a person trust the authority of this address, and of no other', async () => {
    let trusts = false;
    const { user, calls } = show({
      detectInstance: ({ network }) => {
        trusts = JSON.stringify(network).includes('/home/jane/acme.pem');
        if (!trusts) throw fail('certificate_untrusted', { host: 'bi', problem: 'unknown_issuer', issuer: 'Acme CA' });
        return detection({ suggested_name: 'Staging' });
      },
      chooseFile: () => '/home/jane/acme.pem',
    });
    await typeAddress(user);
    await user.click(screen.getByRole('button', { name: 'Trust an authority…' }));
    await waitFor(() => expect(trusts).toBe(true));
    await typePerson(user);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(calls.find((c) => c.command === 'addInstance')?.given).toMatchObject({ network: { trusted: { file: '/home/jane/acme.pem' } } }));
  });

  it('leads on where the server wants a certificate, since nobody could sign in there', async () => {
    const onnetwork = vi.fn();
    const { user, calls } = show({ detectInstance: () => detection({ wants_certificate: true, mcp_url: null, version: null }) }, { onnetwork });
    await typeAddress(user);
    expect(screen.getByText('It wants a certificate of yours')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Add it, and set the certificate' }));
    await waitFor(() => expect(onnetwork).toHaveBeenCalledTimes(1));
    expect(calls.some((c) => c.command === 'addInstance')).toBe(true);
  });

  it('says that strangers have permissions, and what mends it', async () => {
    const { user, calls } = show({ detectInstance: () => detection({ public_role: true }), copyText: () => null });
    await typeAddress(user);
    expect(screen.getByText('Public has permissions')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Copy message for your admin' }));
    expect(String(calls.at(-1)?.given.text)).toContain('PUBLIC_ROLE_LIKE');
  });

  it('promises nothing that only signing in can tell', async () => {
    const { user } = show();
    await typeAddress(user);
    expect(screen.getByRole('status', { name: 'What we found' })).not.toHaveTextContent(/can create/);
  });

  it('asks for a consent to an open line only where one is needed, for that address alone', async () => {
    const { user, calls, answers } = show({ detectInstance: () => { throw fail('insecure_address', { host: 'bi' }); } });
    expect(screen.queryByRole('checkbox', { name: /Continue without/ })).toBeNull();
    await typeAddress(user, 'http://bi');
    answers.detectInstance = () => detection({ unencrypted: true });
    await user.click(screen.getByRole('checkbox', { name: /Continue without/ }));
    await vi.advanceTimersByTimeAsync(50);
    expect(calls.at(-1)?.given).toEqual({ address: 'http://bi', allowHttp: true, network: null });
    expect(screen.getByText('Not encrypted')).toBeInTheDocument();
    await user.type(address(), 'x');
    expect(screen.queryByRole('checkbox', { name: /Continue without/ })).toBeNull();
  });

  it.each([
    ['off', 'API keys are off'],
    ['management_off', 'API keys cannot be managed here'],
    ['unknown', 'API keys may be on'],
  ] as const)('tells keys %s, and a missing MCP endpoint', async (support, words) => {
    const { user, calls } = show({ detectInstance: () => detection({ api_keys: support, mcp_url: null }), copyText: () => null });
    await typeAddress(user);
    expect(screen.getByText(words)).toBeInTheDocument();
    expect(screen.getByText(/not found here yet/)).toBeInTheDocument();
    const message = screen.queryByRole('button', { name: 'Copy message for your admin' });
    if (support !== 'off') return expect(message).toBeNull();
    if (message) await user.click(message);
    expect(String(calls.at(-1)?.given.text)).toContain('FAB_API_KEY_ENABLED');
  });
});

it('says of an answer that comes late that the page was left', async () => {
  let answer: (view: ReturnType<typeof instance>) => void = () => undefined;
  const { user, onadded, unmount, calls } = show({ signIn: () => new Promise((resolve) => (answer = resolve)) });
  await typeAddress(user);
  await typePerson(user);
  await user.click(submit());
  await waitFor(() => expect(count(calls, 'signIn')).toBe(1));
  unmount();
  answer(instance());
  await waitFor(() => expect(onadded).toHaveBeenCalledWith(instance(), true));
});

describe('an address that is on the list', () => {
  const listed = [{ id: 'inst-production', name: 'Production', username: 'jane' }];

  it('is said, and what is there can be opened', async () => {
    const onopen = vi.fn();
    const { user } = show({ detectInstance: () => detection({ listed }) }, { onopen });
    await typeAddress(user);
    expect(screen.getByRole('alert')).toHaveTextContent('Production is at this address already, for jane.');
    await user.click(screen.getByRole('button', { name: 'Open Production' }));
    expect(onopen).toHaveBeenCalledWith('inst-production');
  });

  it('may be added for somebody else', async () => {
    const { user } = show({ detectInstance: () => detection({ listed }) });
    await typeAddress(user);
    await user.type(screen.getByLabelText('Username'), 'john');
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('ways to sign in', () => {
  const ways = (over: object) => ({ detectInstance: () => detection({ sign_in: { password: false, ldap: false, existing_key: true, others: [], known: true, ...over } }) });

  it('are those the server offers', async () => {
    const { user } = show(ways({ ldap: true }));
    await typeAddress(user);
    const group = within(screen.getByRole('radiogroup', { name: 'Sign in' }));
    expect(group.getAllByRole('radio').map((radio) => radio.textContent)).toEqual(['LDAP', 'Existing key']);
  });

  it('are all of them where it does not tell', async () => {
    const { user } = show(ways({ known: false }));
    await typeAddress(user);
    expect(screen.getByRole('radio', { name: 'Password' })).toBeInTheDocument();
    expect(screen.getByText(/does not tell how it signs people in/)).toBeInTheDocument();
  });

  it('are the company’s own page, and a key in its place', async () => {
    const { user } = show(ways({ others: ['okta'] }));
    await typeAddress(user);
    expect(screen.getByRole('button', { name: 'Sign in with Okta' })).toBeInTheDocument();
    expect(screen.queryByLabelText('Username')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Paste a key instead' }));
    await waitFor(() => expect(screen.getByLabelText('API key')).toHaveFocus());
  });

  it('are said to be missing where there are none', async () => {
    const { user } = show(ways({ existing_key: false }));
    await typeAddress(user);
    expect(screen.getByText('This server offers only ways to sign in that we do not have.')).toBeInTheDocument();
    expect(submit()).toBeDisabled();
  });
});

describe('signing in', () => {
  it('adds, signs in, and lets go of the password', async () => {
    const { user, calls, onadded, container } = show();
    await typeAddress(user);
    await typePerson(user);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(onadded).toHaveBeenCalledTimes(1));
    expect(calls.find((c) => c.command === 'addInstance')?.given).toEqual({
      instance: { address: 'bi.example.com', name: 'Staging', environment: 'staging', mcp_url: 'https://superset.example.com/mcp', allow_http: false, username: 'jane' },
      network: null,
    });
    expect(calls.find((c) => c.command === 'signIn')?.given.credentials).toEqual({ way: 'password', username: 'jane', password: PASSWORD, stay: true });
    expect(screen.getByLabelText('Password', { selector: 'input' })).toHaveValue('');
    expect(container.innerHTML).not.toContain(PASSWORD);
  });

  it('stays after a wrong password, and never adds twice', async () => {
    const { user, calls, onadded, answers } = show({ signIn: () => { throw fail('wrong_credentials'); } });
    await typeAddress(user);
    await typePerson(user);
    await user.click(submit());
    const password = screen.getByLabelText('Password', { selector: 'input' });
    await waitFor(() => expect(password).toHaveFocus());
    expect(password).toHaveAccessibleDescription(expect.stringContaining('That did not match'));
    expect(password).toHaveValue(PASSWORD);
    expect(screen.getByText('Staging is added. Only signing in is left.')).toBeInTheDocument();
    expect(address()).toBeDisabled();
    answers.signIn = () => instance();
    await user.click(submit());
    await waitFor(() => expect(onadded).toHaveBeenCalledTimes(1));
    expect(count(calls, 'addInstance')).toBe(1);
    expect(count(calls, 'signIn')).toBe(2);
  });

  it('can be left for later once the instance is added', async () => {
    const { user, onadded } = show({ signIn: () => { throw fail('unreachable', { host: 'bi' }); } });
    await typeAddress(user);
    await typePerson(user);
    await user.click(submit());
    expect(await screen.findByRole('alert')).toHaveTextContent('does not answer');
    await user.click(screen.getByRole('button', { name: 'Sign in later' }));
    expect(onadded).toHaveBeenCalledWith(expect.objectContaining({ session: 'signed_out' }), false);
  });

  it('checks what is typed before it asks anybody, and goes to the first gap', async () => {
    const { user, calls } = show();
    await user.click(submit());
    expect(address()).toHaveFocus();
    expect(address()).toBeInvalid();
    await typeAddress(user);
    await user.click(submit());
    expect(screen.getByLabelText('Username')).toHaveFocus();
    expect(screen.getByLabelText('Username')).toHaveAccessibleDescription('Type your user name.');
    expect(count(calls, 'addInstance')).toBe(0);
  });

  it('puts a refused address on the address', async () => {
    const { user, onadded } = show({ addInstance: () => { throw fail('not_superset', { host: 'bi' }); } });
    await typeAddress(user);
    await typePerson(user);
    await user.click(submit());
    await waitFor(() => expect(address()).toHaveFocus());
    expect(address()).toHaveAccessibleDescription(expect.stringContaining('No Superset at this address'));
    expect(onadded).not.toHaveBeenCalled();
  });

  it('works with an existing key, and says what that costs', async () => {
    const { user, calls, onadded, container } = show();
    await typeAddress(user);
    await user.click(screen.getByRole('radio', { name: 'Existing key' }));
    expect(screen.getByText(/each call moves its own last-used time/)).toBeInTheDocument();
    await user.type(screen.getByLabelText('API key'), ` sst_${PASSWORD} `);
    await user.click(submit());
    await waitFor(() => expect(onadded).toHaveBeenCalled());
    expect(calls.find((c) => c.command === 'signIn')?.given.credentials).toEqual({ way: 'api_key', key: `sst_${PASSWORD}`, stay: true });
    expect(container.innerHTML).not.toContain(PASSWORD);
  });

  it('does not promise to stay where nothing can be kept', async () => {
    const { user, calls, onadded } = show({ keychainState: () => keychain({ ready: false, problem: 'keychain_absent' }) });
    await typeAddress(user);
    await typePerson(user);
    expect(screen.getByRole('checkbox', { name: 'Stay signed in' })).toBeDisabled();
    await user.click(submit());
    await waitFor(() => expect(onadded).toHaveBeenCalled());
    expect(calls.find((c) => c.command === 'signIn')?.given.credentials).toMatchObject({ stay: false });
  });

  it('takes an existing key for as long as it runs where nothing can be kept', async () => {
    const { user, calls, onadded } = show({ keychainState: () => keychain({ ready: false, problem: 'keychain_absent' }) });
    await typeAddress(user);
    await user.click(screen.getByRole('radio', { name: 'Existing key' }));
    expect(screen.getByLabelText('API key')).toHaveAccessibleDescription(expect.stringContaining('paste it again at the next start'));
    await user.type(screen.getByLabelText('API key'), `sst_${PASSWORD}`);
    await user.click(submit());
    await waitFor(() => expect(onadded).toHaveBeenCalled());
    expect(calls.find((c) => c.command === 'signIn')?.given.credentials).toMatchObject({ way: 'api_key', stay: false });
  });
});

it('can be cancelled where there is something to go back to', async () => {
  const oncancel = vi.fn();
  const { user } = show({}, { oncancel });
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(oncancel).toHaveBeenCalledTimes(1);
});
