// What to send to whoever runs the server, where only they can help.
import type { BrowserRefusal, ErrorCode } from '../ipc';
import { fill } from '../lib/fill';
import found from './checkup.json';

type Params = Readonly<Record<string, string>>;

/** Whose Superset it is about, and who asks. */
interface Place {
  url: string;
  user?: string | undefined;
  role?: string | undefined;
}

const permissions = ['can_list on ApiKey', 'can_create on ApiKey', 'can_get on ApiKey', 'can_revoke on ApiKey'];

const turnOn = ({ url }: Place): string[] => [
  `Hello, could you turn on API keys on our Superset, ${url}?`,
  '',
  '1. Flask-AppBuilder 5.2.0 or newer must be installed:  pip install "Flask-AppBuilder>=5.2.0"',
  '2. In superset_config.py:  FAB_API_KEY_ENABLED = True',
  '3. Run:  superset db upgrade',
  '4. Run:  superset init',
  `5. Roles that may use keys need: ${permissions.join(', ')}.`,
  '',
  'Then restart Superset. Thank you.',
];

const tokens: Readonly<Record<string, readonly string[]>> = {
  header_missing: ['It says that the Authorization header did not arrive.', 'A proxy before Superset must pass that header on to it.'],
  subject_not_text: [
    'Its Flask-AppBuilder makes tokens that its newer PyJWT does not read.',
    'Either update Flask-AppBuilder, or set in superset_config.py:  JWT_VERIFY_SUB = False',
  ],
  signature: [
    'Its tokens are signed with another key than the one they are checked with.',
    'SECRET_KEY (and JWT_SECRET_KEY, where it is set) must be the same for every worker and every host.',
  ],
  expired: ['Its tokens are over as soon as they are made.', 'The clocks of its hosts must agree, and JWT_ACCESS_TOKEN_EXPIRES must be minutes or more.'],
};

const messages: Partial<Record<ErrorCode, (place: Place, params: Params) => string[]>> = {
  api_keys_off: turnOn,
  not_created: turnOn,
  forbidden: ({ url, user, role }) => {
    const who = user ? ` My user name is ${user}${role ? `, role ${role}` : ''}.` : '';
    return [
      `Hello, could you let me manage my own API keys on our Superset, ${url}?${who}`,
      '',
      'In Settings > List Roles, my role needs these permissions:',
      ...permissions.map((permission) => `- ${permission}`),
      '',
      'If they are not offered there, running superset init adds them. Thank you.',
    ];
  },
  key_table_missing: ({ url }) => [
    `Hello, API keys are on at our Superset, ${url}, but its database has no table for them (ab_api_key).`,
    '',
    'Could you bring the database up to date?',
    '',
    '1. Make a backup of the metadata database.',
    '2. Run:  superset db upgrade',
    '3. Run:  superset init',
    '',
    'Then restart Superset. Thank you.',
  ],
  // The check-up finds it too, and says the same.
  public_role: ({ url }) => [fill(found.remedies.empty_public_role.admin, { url })],
  token_refused: ({ url }, { problem = '', said }) => [
    `Hello, our Superset, ${url}, does not take the tokens it has just given, so nobody can use its API.`,
    ...(said ? [`It says: "${said}"`] : []),
    '',
    ...(tokens[problem] ?? ['Its settings for tokens do not fit together: SECRET_KEY and the JWT_ settings in superset_config.py.']),
    '',
    'Thank you.',
  ],
};

/** Absent where no admin is needed. */
export const adminMessage = (reason: { code: ErrorCode; params?: Params }, place: Place): string | undefined =>
  messages[reason.code]?.(place, reason.params ?? {}).join('\n');

/** Whether the way on is to ask an admin. */
export const isForAdmin = (code: ErrorCode): boolean => messages[code] !== undefined;

interface Refused {
  url: string;
  /** As the server names the provider, and as people do. */
  provider: string | null;
  name: string;
  at: string;
}

/** What to send where Superset let a person in its company knows not in. */
export function signInRefused({ told, loops, stayed, passed }: BrowserRefusal, { url, provider, name, at }: Refused): string {
  const hello = `Hello, our Superset, ${url}, did not let me in through ${name}, at ${at}.`;
  const said = ((): string[] => {
    if (told !== null) {
      const pkce = told === 'invalid_request' ? ['If it demands PKCE, the provider in OAUTH_PROVIDERS needs:', '  "client_kwargs": {"code_challenge_method": "S256"}'] : [];
      return [`${name} answered: ${told}`, 'Its own log, and the settings of the client that Superset is there, tell more.', ...pkce];
    }
    if (loops) {
      return [
        'The sign-in began anew again and again, as where the session cookie is over 4 KB and no browser keeps it: many groups in the token do that.',
        'Either of these mends it:',
        '1. In superset_config.py:  SESSION_SERVER_SIDE = True  (with SESSION_TYPE for where sessions are kept)',
        `2. Fewer claims or groups in what ${name} sends.`,
      ];
    }
    if (passed) {
      return [
        'It let me pass its sign-in, and then knew nobody. Its log of that time can tell which of these it is:',
        ...(provider === null || provider === 'remote_user'
          ? ['- The proxy did not name me in the variable of AUTH_REMOTE_USER_ENV_VAR.', '- I have no account, and AUTH_USER_REGISTRATION is off.', '- My account is deactivated.']
          : ['- SESSION_PROTECTION is "strong", and I come from two addresses, as through a proxy.', '- The session cookie was lost on the way.']),
      ];
    }
    if (stayed && provider === 'remote_user') {
      return [
        'It showed its own sign-in page. Superset 6.1 does that with AUTH_REMOTE_USER: its page takes the place of the one that looks at what the proxy says.',
        'In superset_config.py this mends it:',
        '',
        'from superset.security import SupersetSecurityManager',
        '',
        'class RemoteUserSecurityManager(SupersetSecurityManager):',
        '    register_superset_auth_view = False',
        '',
        'CUSTOM_SECURITY_MANAGER = RemoteUserSecurityManager',
        '',
        'If it is set already: does the proxy name me in the variable of AUTH_REMOTE_USER_ENV_VAR?',
      ];
    }
    if (stayed) return [`It did not send me to ${name}. Can it reach that, and is it still set up in superset_config.py?`];
    return [
      'It returned to its sign-in page without a reason. Its log of that time can tell which of these it is:',
      '- I have no account, and AUTH_USER_REGISTRATION is off.',
      '- My account is deactivated.',
      '- The state of the sign-in did not match: its cookie was lost on the way, or it took too long.',
    ];
  })();
  return [hello, '', ...said, '', 'Thank you.'].join('\n');
}
