// How a person makes a key in a browser of their own.

/** Superset 6.1 and before have none; where nothing is known of the version, 6.1 is what is out there. */
export function hasKeyPage(version: string | null): boolean {
  const [, major = '', minor = ''] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) > 1);
}

/** For the console of a page of that Superset: the session of the person there makes the key. */
export function makesKey(url: string): string {
  // It stands in quotes there.
  const root = new URL(url).pathname.replace(/\/+$/, '').replaceAll("'", '%27');
  const fetched = `fetch('${root}/api/v1/security/api_keys/', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({name: 'Superset Keys'})})`;
  return `${fetched}.then(r => r.json()).then(j => j.result.key)`;
}
