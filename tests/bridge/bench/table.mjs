// The measurements as Markdown, each beside what is aimed at.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../clients/places.mjs';

const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const plus = (value) => `${value < 0 ? '−' : '+'}${ms(Math.abs(value))}`;
const perSecond = (value) => `${Math.round(value / 1000)} 000/s`;
const megabytes = ({ rss, pss }) => `${rss.toFixed(1)} MB (${pss.toFixed(1)} MB)`;

export function table(found, machine) {
  const rows = [
    ['', 'direct', 'bridge', 'mcp-remote', 'the bridge adds', 'aim'],
    ['---', '--:', '--:', '--:', '--:', '--:'],
    startRow('start to first answer, p50', found.start, 'p50', '+40 ms'),
    startRow('start to first answer, p95', found.start, 'p95', ''),
    ...requestRows('one request at a time', found.one, { p50: '+0.3 ms', p95: '+1 ms' }),
    ...requestRows('16 requests at a time', found.sixteen, {}),
    streamRow(found.stream),
    ['memory at rest, RSS (PSS)', '', ...bridgeAndRemote(found.idle), '', '10 MB'],
    ['memory after all this, RSS (PSS)', '', ...bridgeAndRemote(found.after), '', ''],
    ...requestRows('`health_check` on Superset', found.real, {}).slice(0, 2),
  ];
  return [...rows.map((row) => `| ${row.join(' | ')} |`), '', ...alone(found), '', `Read on ${machine}.`].join('\n');
}

function startRow(title, { direct, bridge, remote }, part, aim) {
  return [title, ms(direct[part]), ms(bridge[part]), ms(remote[part]), plus(bridge[part] - direct[part]), aim];
}

function requestRows(title, { direct, bridge, remote }, aims) {
  return ['p50', 'p95', 'p99'].map((part) => {
    const cells = [direct, bridge, remote].map((way) => (way ? ms(way[part]) : ''));
    return [`${title}, ${part}`, ...cells, plus(bridge.added[part]), aims[part] ?? ''];
  });
}

function streamRow({ direct, bridge, remote }) {
  return ['notifications in one stream', ...[direct, bridge, remote].map(({ p50 }) => perSecond(p50)), '', ''];
}

const bridgeAndRemote = ({ bridge, remote }) => [megabytes(bridge), megabytes(remote)];

function alone({ processes, size }) {
  const rows = [
    ['', 'p50', 'p95', 'aim'],
    ['---', '--:', '--:', '--:'],
    ['`superset-keys headers`, the whole process', processes.headers, '10 ms, 20 ms'],
    ['`secret-tool lookup`', processes.secretTool, ''],
    ['`true`, a process that does nothing', processes.nothing, ''],
  ].filter((row) => row[1] !== undefined);
  const lines = rows.map(([title, taken, ...more]) =>
    typeof taken === 'string' ? [title, taken, ...more] : [title, ms(taken.p50), ms(taken.p95), ...more],
  );
  const binary = `The program is ${size.toFixed(1)} MB; the aim is 7 MB at most.`;
  return [...lines.map((row) => `| ${row.join(' | ')} |`), '', binary];
}

/** Between the two comments that are there for it. */
export function putIntoReadme(text) {
  const readme = join(checkout, 'README.md');
  const [begin, end] = ['<!-- bench:bridge -->', '<!-- /bench:bridge -->'];
  const [before, ...rest] = readFileSync(readme, 'utf8').split(begin);
  const after = rest.join(begin).split(end).at(1);
  if (after === undefined) throw new Error(`README.md has no ${begin} … ${end} to write between`);
  writeFileSync(readme, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}
