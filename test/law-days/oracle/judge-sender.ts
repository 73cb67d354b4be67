import { startOf } from "./ist.ts";
import { nextGateMs } from "./slack.ts";
import { classOf, grievancesAtMost, grievanceSpanMs, seriesOfSector } from "./tables.ts";
import type { LedgerCall } from "./truth.ts";

/** Papers, the number shown, and whether the sender must pause. */
export function judgeSender(call: LedgerCall): string[] {
  return [...papers(call), ...numberShown(call), ...basisStated(call), ...brake(call)];
}

function vouched(call: LedgerCall, code: string): boolean {
  return call.campaign.acknowledged.some((each) => each.code === code && each.fromMs <= call.leftAtMs);
}

/** Papers end at the instant they state; one that was ended early is missed at the next gate. */
function papers(call: LedgerCall): string[] {
  const stands = call.campaign.sender.papers.filter(({ fromMs, toMs }) => fromMs <= call.receivedAtMs && (toMs === null || call.leftAtMs < toMs + nextGateMs));
  const said: string[] = [];
  if (!stands.some(({ kind }) => kind === "registration") && !vouched(call, "no_sender_registration")) said.push("the sender is not registered");
  const declared = stands.some(({ kind, numbers }) => kind === "a2p_declaration" && numbers.includes(call.from));
  if (!declared && !vouched(call, "no_a2p_declaration")) said.push(`no declaration of automated calls names ${call.from}`);
  return said;
}

function numberShown(call: LedgerCall): string[] {
  const { campaign, from } = call;
  if (!from.startsWith("+91")) return vouched(call, "foreign_caller_number") ? [] : ["a foreign number was shown"];
  if (classOf(campaign) === "promotional") return from.startsWith("+91140") ? [] : ["a promotional call without a 140 number"];
  const duty = seriesOfSector[campaign.microfinance ? "lending" : campaign.sector];
  if (duty && call.receivedAtMs >= startOf(duty.since)) return from.startsWith(duty.prefix) ? [] : [`a service call of ${campaign.sector} without its series`];
  if (from.startsWith("+91140") || from.startsWith("+911600")) return [`the series of others was shown: ${from}`];
  return vouched(call, "no_series_for_sector") ? [] : ["no series is allotted to the sector and nobody vouched"];
}

function basisStated({ campaign, ...call }: LedgerCall): string[] {
  if (campaign.purpose === "promotional" || campaign.purpose === "transactional" || campaign.basis !== null) return [];
  return vouched({ campaign, ...call }, "consent_basis_not_recorded") ? [] : ["on which consent the calls rest is not stated"];
}

function brake(call: LedgerCall): string[] {
  const { sender, purpose, pausesAt } = call.campaign;
  const recent = sender.grievances.filter(({ atMs }) => atMs > call.receivedAtMs - grievanceSpanMs && atMs + nextGateMs <= call.leftAtMs);
  const ofTheLaw = peopleIn(recent.filter(({ kind }) => kind === "complaint" || (kind === "promotional_opt_out" && purpose === "promotional")));
  if (ofTheLaw > grievancesAtMost) return [`${ofTheLaw} people complained or opted out within ten days`];
  const ofAnyCall = peopleIn(recent);
  return pausesAt !== null && ofAnyCall >= pausesAt ? [`${ofAnyCall} people complained or opted out, the campaign pauses at ${pausesAt}`] : [];
}

function peopleIn(grievances: readonly { person: string }[]): number {
  return new Set(grievances.map(({ person }) => person)).size;
}
