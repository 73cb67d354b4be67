import { minutesOf, wallClock, within } from "./ist.ts";
import { atOnceMs, nextGateMs } from "./slack.ts";
import { hoursOf, recoveryHours } from "./tables.ts";
import type { Campaign, LedgerCall } from "./truth.ts";

/** Hours by law, hours of the definition, and whether the campaign ran at all. */
export function judgeHours(call: LedgerCall): string[] {
  return [...byLaw(call.campaign, call.receivedAtMs), ...byDefinition(call), ...byOperator(call)];
}

/** The hours in which such a call may begin on that day; null: at any. */
export function lawfulHours({ purpose, microfinance }: Pick<Campaign, "purpose" | "microfinance">, atMs: number): readonly [number, number] | null {
  if (purpose !== "collection") return hoursOf[purpose];
  const { date } = wallClock(atMs);
  const line = recoveryHours.find(({ until }) => date <= until);
  return line ? (microfinance ? line.microfinance : line.others) : null;
}

function byLaw(campaign: Campaign, atMs: number): string[] {
  const hours = lawfulHours(campaign, atMs);
  if (!hours) return [];
  const { minute } = wallClock(atMs);
  return minute >= hours[0] && minute < hours[1] ? [] : [`outside the hours of ${campaign.microfinance ? "microfinance " : ""}${campaign.purpose} calls`];
}

/** Of windows that changed moments ago either may have been asked. */
function byDefinition(call: LedgerCall): string[] {
  const { windows } = call.campaign;
  const settled = windows.findLastIndex(({ fromMs }) => fromMs + nextGateMs <= call.leftAtMs);
  const possible = windows.filter(({ fromMs }, at) => at >= Math.max(0, settled) && fromMs <= call.leftAtMs);
  const inside = possible.some(({ hours }) => hours === null || (minutesOf(hours.from) < minutesOf(hours.to) && within(hours, call.receivedAtMs)));
  return inside ? [] : ["outside the campaign's own hours"];
}

function byOperator(call: LedgerCall): string[] {
  const ran = call.campaign.running.some(({ fromMs, toMs }) => fromMs <= call.leftAtMs && (toMs === null || call.leftAtMs < toMs + atOnceMs));
  return ran ? [] : ["the campaign did not run"];
}
