// A check-up as text for whoever runs the server. It names the key and holds no letter of it.
import type { CheckupItemView, CheckupView, InstanceView } from '../../ipc';
import { exact, utc } from '../../lib/dates';
import { checkup, itemWords, type Place } from '../../messages/checkup';
import { countExamined, countPassed, isBad, rowsOf } from './order';
import { resultTitle } from './result';

const words = checkup.report;

function lines(item: CheckupItemView, place: Place, repeats: boolean): string[] {
  const said = itemWords(item, place);
  const told = [`[${checkup.verdicts[item.verdict]}] ${said.title}: ${said.seen}`];
  if (said.why) told.push(`  ${words.why}: ${said.why}`);
  if (said.remedy && !repeats) {
    told.push(`  ${words.toDo}: ${said.remedy.text}`);
    if (said.remedy.config) told.push(...said.remedy.config.split('\n').map((line) => `    ${line}`));
  }
  return told;
}

export function reportOf(view: CheckupView, instance: InstanceView): string {
  const place = { instance, mcpUrl: view.mcp_url };
  const when = new Date(view.checked);
  // What needs attention comes first; the rest keeps its order.
  const rows = rowsOf([...view.items.filter(isBad), ...view.items.filter((item) => !isBad(item))]);
  return [
    words.title(instance.name, instance.url),
    instance.version ? words.version(instance.version) : words.unknownVersion,
    view.mcp_url ? words.endpoint(view.mcp_url) : words.noEndpoint,
    view.key ? words.key(view.key.name) : words.noKey,
    `${exact(when)} (${utc(when)})`,
    `${resultTitle(view, instance.name)}. ${checkup.passed(countPassed(view.items), countExamined(view.items))}.`,
    '',
    ...rows.flatMap(({ item, repeats }) => lines(item, place, repeats)),
    '',
  ].join('\n');
}
