// The conformance suite as a program: what it examines, and what it found.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { room } from '../clients/room.mjs';
import { run } from '../clients/process.mjs';
import { bin, here, modernNode } from './packages.mjs';

const suite = join(bin, 'conformance');

/** Every scenario for clients, with the protocol versions it is for. */
export function clientScenarios() {
  const list = execFileSync(modernNode, [suite, 'list'], { encoding: 'utf8', timeout: 60_000 });
  const [, part] = list.split('Client scenarios').at(1).match(/\n([\s\S]*?)\n\n/);
  return part.split('\n').map((line) => {
    const [, scenario, versions] = line.match(/- (\S+) \[(.*)\]/);
    return { scenario, versions: versions.split(',') };
  });
}

/** What the suite thinks of our client in a scenario: check -> status. */
export async function examinedClient(scenario, version, way) {
  const results = mkdtempSync(join(room, 'conformance-'));
  // It splits the command at blanks, so the program is named from the folder it lies in.
  const args = ['client', '--command', 'node conformance-client.mjs', '--scenario', scenario];
  const path = [dirname(process.execPath), process.env.PATH].join(':');
  const options = { cwd: here, env: { ...process.env, ...way, PATH: path }, seconds: 60 };
  const { stderr } = await run(modernNode, [suite, ...args, '--spec-version', version, '-o', results], options);
  return checks(results, stderr);
}

/** What it thinks of a server, in one scenario or in all of the newest protocol with sessions. */
export async function examinedServer(url, scenario) {
  const results = mkdtempSync(join(room, 'conformance-'));
  const which = scenario ? ['--scenario', scenario] : ['--suite', 'all'];
  const args = ['server', '--url', url, ...which, '--spec-version', '2025-11-25', '-o', results];
  const { stderr } = await run(modernNode, [suite, ...args], { env: process.env, seconds: 100 });
  return checks(results, stderr);
}

/** The scenarios that checks belong to. */
export const scenariosOf = (names) => [...new Set(names.map((name) => name.split(' ')[0].replace(/^server-/, '')))];

/** Those checks that belong to a scenario. */
export const checksOf = (scenario, names) => names.filter((name) => name.startsWith(`server-${scenario} `));

function checks(results, said) {
  const found = {};
  for (const folder of readdirSync(results)) {
    const scenario = folder.replace(/-\d{4}-\d\d-\d\dT.*/, '');
    for (const { id, name, status } of JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8'))) {
      if (status !== 'INFO') found[`${scenario} ${id} ${name}`] = status;
    }
  }
  if (Object.keys(found).length === 0) throw new Error(`The conformance suite found nothing: ${said.slice(-2000)}`);
  return found;
}
