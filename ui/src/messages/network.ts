// How an instance is reached.
import type { CallError, ClientCertificateProblem, NetworkView, ProxyView, WayView } from '../ipc';

export const network = {
  title: 'Network',
  reach: 'For this app, the command line and every bridge',
  reading: 'Reading what is set…',
  tryAgain: 'Try again',
  way: {
    label: 'The way to the server',
    looking: 'Going there…',
    open: 'The way is open',
    openText: (host: string, proxy: string | null) => (proxy === null ? `${host} answered.` : `${host} answered, through ${proxy}.`),
    again: 'Go there again',
    stations: { address: 'Address', proxy: 'Proxy', certificate: 'Its certificate', own: 'Your certificate', superset: 'Superset' },
    good: { address: 'found', proxy: 'lets us through', certificate: 'trusted', own: 'taken', superset: 'answers' },
    bad: { address: 'not reached', proxy: 'in the way', certificate: 'not trusted', own: 'not taken', superset: 'no answer' },
    not: 'not reached',
  },
  trust: {
    label: 'Whom to trust',
    hint: 'Besides this computer’s own list',
    none: 'Nobody else',
    choose: 'Choose a file…',
    dialog: 'Certificate of your company’s authority',
    done: 'This authority is trusted for this instance.',
    removed: 'Nobody else is trusted for this instance any more.',
  },
  own: {
    label: 'Your certificate',
    hint: 'If the server asks who you are',
    none: 'None',
    choose: 'Choose a file…',
    chooseNew: 'Choose a new one',
    dialog: 'Your certificate: PEM or PKCS#12',
    kept: (ring: string) => `PEM or PKCS#12. Its key is in ${ring}; you may delete the file.`,
    keeps: (ring: string) => `PEM or PKCS#12. Its key goes into ${ring}; the file is not needed afterwards.`,
    done: 'Servers that ask see this certificate now.',
    removed: 'No certificate is shown any more, and its key is gone.',
    problems: { missing: '', expired: 'ended', not_yet_valid: 'not valid yet', other_authority: '', other_purpose: 'not made for clients', revoked: '', untold: '' } satisfies Record<ClientCertificateProblem, string>,
  },
  key: {
    title: 'Where is its key?',
    text: 'The file holds the certificate alone. Its private key is in a file of its own, often with the ending .key.',
    choose: 'Choose the key’s file…',
    dialog: 'The private key of your certificate',
    busy: 'Reading…',
  },
  passphrase: {
    title: 'The file’s passphrase',
    text: 'PKCS#12 is encrypted. The passphrase is used once, here, and kept nowhere.',
    label: 'Passphrase',
    wrong: 'It does not open with this one.',
    confirm: 'Open',
    busy: 'Opening…',
  },
  replace: 'Replace',
  remove: 'Remove',
  until: (day: string) => `until ${day}`,
  ended: (day: string) => `ended ${day}`,
  begins: (day: string) => `begins ${day}`,
  daysLeft: (days: number) => `ends in ${days} ${days === 1 ? 'day' : 'days'}`,
  proxy: {
    label: 'Proxy',
    kinds: { system: 'This computer’s', none: 'None', given: 'This one' } satisfies Record<ProxyView['kind'], string>,
    hints: {
      system: 'As the system’s settings or HTTPS_PROXY say. Never for what is on this computer.',
      none: 'Straight to the server, whatever the system says.',
    },
    address: 'Address',
    placeholder: 'http://proxy.example.com:3128',
    name: 'Name',
    password: 'Password',
    kept: '••••••••',
    hint: (ring: string) => `http, https, socks5 and socks5h. The password goes into ${ring}. With socks5h the proxy looks names up.`,
    save: 'Use this proxy',
    busy: 'Setting…',
    done: { system: 'The system’s proxy is taken.', none: 'No proxy is taken.', given: 'This proxy is taken for everything, also for this computer.' } satisfies Record<ProxyView['kind'], string>,
  },
  timeouts: {
    label: 'Time-outs',
    connect: 'Connect within',
    call: 'Answer within',
    seconds: (n: number) => `${n} ${n === 1 ? 'second' : 'seconds'}`,
    general: (n: number) => `As for all (${n} s)`,
    asForAll: 'As for all',
  },
  always: 'Checking the server’s certificate cannot be turned off. Trust your company’s authority here instead.',
};

export type Station = keyof typeof network.way.stations;

/** At which station a way ends, by why it is closed. */
export function stationOf({ code, params }: Pick<CallError, 'code' | 'params'>): Station {
  switch (code) {
    case 'proxy_unusable': case 'proxy_password_gone': return 'proxy';
    case 'certificate_untrusted': case 'no_trusted_certificates': return 'certificate';
    case 'client_certificate_refused': case 'client_key_gone': return 'own';
    case 'unreachable': return params.kind === 'not_http' || params.kind === 'other' ? 'superset' : 'address';
    default: return 'superset';
  }
}

/** The stations of a way, in the order of a request’s. */
export function stationsOf(view: NetworkView, https: boolean, way: WayView | undefined, failed: Station | null): Station[] {
  const through = view.proxy.kind === 'given' || (way?.proxy ?? null) !== null || failed === 'proxy';
  const shows = view.certificate !== null || failed === 'own' || (way?.asked_who ?? false);
  return ['address', ...(through ? ['proxy' as const] : []), ...(https ? ['certificate' as const] : []), ...(https && shows ? ['own' as const] : []), 'superset'];
}
