import { judgeHours } from "./judge-hours.ts";
import { judgePeople } from "./judge-people.ts";
import { judgeRegister } from "./judge-register.ts";
import { judgeSender } from "./judge-sender.ts";
import { wallClock } from "./ist.ts";
import { nextGateMs } from "./slack.ts";
import { weekMs } from "./tables.ts";
import type { LedgerCall } from "./truth.ts";

/** A call may be a moment on its way: near midnight the day it was sent on is the dialer's. */
const onItsWayMs = 2_000;

/** What was unlawful about one call of the carrier's ledger, in words; empty when nothing was. `earlier`: every call received before it. */
export function judgeCall(call: LedgerCall, earlier: readonly LedgerCall[]): string[] {
  return [...judgeHours(call), ...judgePeople(call), ...judgeRegister(call), ...judgeSender(call), ...judgeCaps(call, earlier)];
}

function judgeCaps(call: LedgerCall, earlier: readonly LedgerCall[]): string[] {
  const caps = call.campaign.caps.findLast(({ fromMs }) => fromMs + nextGateMs <= call.leftAtMs) ?? call.campaign.caps[0];
  if (!caps) return [];
  const loosest = call.campaign.caps.filter(({ fromMs }) => fromMs <= call.leftAtMs && fromMs + nextGateMs > call.leftAtMs).concat(caps);
  const perDay = Math.max(...loosest.map((each) => each.perDay));
  const perWeek = Math.max(...loosest.map((each) => each.perWeek));
  const same = earlier.filter((other) => other.to === call.to && other.campaign.sender === call.campaign.sender);
  const { date } = wallClock(call.receivedAtMs);
  const today = same.filter((other) => wallClock(other.receivedAtMs).date === date && wallClock(other.receivedAtMs - onItsWayMs).date === date).length + 1;
  const week = same.filter((other) => other.receivedAtMs > call.receivedAtMs - weekMs + onItsWayMs).length + 1;
  return [
    ...(today > perDay ? [`call ${today} of a day to one number, at most ${perDay} allowed`] : []),
    ...(week > perWeek ? [`call ${week} of seven days to one number, at most ${perWeek} allowed`] : []),
  ];
}
