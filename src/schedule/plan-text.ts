import { istFromMs } from "../domain/clock.ts";
import type { Paise } from "../domain/money.ts";
import type { Forecast, ForecastInput } from "./forecast.ts";

const shownDays = 14;

/** A forecast as an operator reads it in a terminal: the days, the finish, the cost band, and what was assumed. */
export function planText(campaign: { name: string; budgetPaise: Paise | null }, input: ForecastInput, result: Forecast): string {
  const { mix } = input;
  return [
    `${campaign.name}: ${whole(input.contacts)} contacts`,
    "",
    ...dayTable(result),
    "",
    `calls      ${whole(result.calls)} (${ratio(result.calls, input.contacts)} per contact), of them ${whole(result.reached)} answered by a person`,
    `speed      ${result.callsPerSecond.toFixed(2)} calls/s, limited by ${result.limitedBy} (${input.cps} calls/s, ${whole(input.concurrency)} at once)`,
    `finished   ${result.finishesAtMs === null ? "not within a year" : instantText(result.finishesAtMs)}`,
    `cost       ${rupees(result.costPaise.likely)} (between ${rupees(result.costPaise.low)} and ${rupees(result.costPaise.high)})`,
    ...budgetLine(campaign.budgetPaise, result),
    "",
    `Assumed: ${share(mix.reached)} of calls reach a person, ${share(mix.noAnswer)} ring out, ${share(mix.busy)} are busy, ${share(mix.notReached)} are not reachable;`,
    `a conversation takes ${mix.talkSeconds} s; a carrier minute costs ${rupees(input.prices.carrierPerMinutePaise)}, a minute of talk another ${rupees(input.prices.vendorsPerTalkMinutePaise)}.`,
  ].join("\n");
}

function budgetLine(budget: Paise | null, result: Forecast): string[] {
  if (budget === null || result.costPaise.likely <= budget) return [];
  const calls = Math.floor((result.calls * budget) / result.costPaise.likely);
  return [`budget     ${rupees(budget)} stops the campaign after about ${whole(calls)} calls`];
}

function dayTable(result: Forecast): string[] {
  if (result.days.length === 0) return ["No call can be made: the calling hours of this definition never open."];
  const rows = result.days.slice(0, shownDays).map((day) => `${day.date} ${weekday(day.date)}  ${whole(day.calls).padStart(12)}  ${whole(day.reached).padStart(12)}`);
  const more = result.days.length - shownDays;
  return [`${"day".padEnd(14)}  ${"calls".padStart(12)}  ${"answered".padStart(12)}`, ...rows, ...(more > 0 ? [`… and ${more} more days`] : [])];
}

function weekday(date: string): string {
  return istFromMs(Date.parse(`${date}T12:00:00+05:30`)).toFormat("ccc", { locale: "en" });
}

function instantText(ms: number): string {
  return istFromMs(ms).toFormat("ccc d LLL yyyy, HH:mm 'IST'", { locale: "en" });
}

function whole(count: number): string {
  return count.toLocaleString("en-IN");
}

function rupees(paise: Paise): string {
  const digits = paise < 100_000 ? 2 : 0;
  return `₹${(paise / 100).toLocaleString("en-IN", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

function share(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

function ratio(calls: number, contacts: number): string {
  return (calls / Math.max(1, contacts)).toFixed(2);
}
