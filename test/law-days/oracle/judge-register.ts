import { startOf, wallClock } from "./ist.ts";
import { nextGateMs } from "./slack.ts";
import { dltConsent } from "./judge-people.ts";
import { bandOfHour, classOf, handOverMode, machineModes, nationalHolidays } from "./tables.ts";
import type { Choice, LedgerCall } from "./truth.ts";

/** The subscriber's register and the scrub of the list: for promotional and explicit-consent calls only. */
export function judgeRegister(call: LedgerCall): string[] {
  if (classOf(call.campaign) === "free") return [];
  const person = call.campaign.sender.people.get(call.to);
  const choices = person?.choices ?? [];
  const settled = choices.findLastIndex(({ fromMs }) => fromMs + nextGateMs <= call.leftAtMs);
  const possible = choices.filter(({ fromMs }, at) => at >= Math.max(0, settled) && fromMs <= call.leftAtMs);
  const opened = person !== undefined && dltConsent(person, call);
  const objections = possible.map(({ choice }) => blockedBy(choice, call, opened));
  const blocked = settled >= 0 && objections.every((each) => each !== null) ? objections[0] : null;
  return [...(blocked ? [blocked] : []), ...judgeScrub(call)];
}

function blockedBy(choice: Choice, call: LedgerCall, opened: boolean): string | null {
  const { campaign } = call;
  if (choice.scheme === "none") return null;
  const promotional = classOf(campaign) === "promotional";
  if (choice.scheme !== "partial" || !promotional) return opened ? null : `the subscriber registered ${choice.scheme}`;
  const { date, hour, weekday } = wallClock(call.receivedAtMs);
  if (choice.bands.includes(20) || choice.bands.includes(bandOfHour[hour] ?? 20)) return "the subscriber blocked this time band";
  const holiday = nationalHolidays.has(date.slice(5)) && choice.days.includes(38);
  if (holiday || choice.days.includes(30) || choice.days.includes(30 + weekday)) return "the subscriber blocked this day";
  if (opened) return null;
  if (choice.categories.length > 0 && (campaign.category === null || choice.categories.includes(campaign.category))) return "the subscriber blocked this category";
  const modes = campaign.mayTransfer ? [...machineModes, handOverMode] : machineModes;
  return choice.modes.some((mode) => modes.includes(mode)) ? "the subscriber blocked calls by machines" : null;
}

/** The newest scrub by its instant clears, until the end of its day; any other of the day may block. */
function judgeScrub(call: LedgerCall): string[] {
  const known = call.campaign.runs.filter(({ recordedAtMs }) => recordedAtMs <= call.leftAtMs);
  const judgements = [nextGateMs, 0].map((ms) => {
    const runs = known.filter(({ recordedAtMs }) => recordedAtMs + ms <= call.leftAtMs).sort((a, b) => b.scrubbedAtMs - a.scrubbedAtMs);
    const [run] = runs;
    if (!run) return "the list was never scrubbed";
    if (call.receivedAtMs >= endOfDay(run)) return "the scrub of the list is of an earlier day";
    if (runs.some((each) => call.receivedAtMs < endOfDay(each) && each.said.get(call.to) === "blocked")) return "a scrub of the day blocked the number";
    if (run.category !== null && call.campaign.category !== null && run.category !== call.campaign.category) return "the list was scrubbed for another category";
    const said = run.said.get(call.to);
    return said === "clear" ? null : `the scrub ${said === "blocked" ? "blocked" : "did not cover"} the number`;
  });
  return judgements.every((each) => each !== null) ? judgements.slice(0, 1).filter((each) => each !== null) : [];
}

function endOfDay({ scrubbedAtMs }: { scrubbedAtMs: number }): number {
  return startOf(wallClock(scrubbedAtMs).date) + 86_400_000;
}
