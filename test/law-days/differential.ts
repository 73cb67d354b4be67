import type { AcknowledgeableCode } from "../../src/domain/campaign.ts";
import type { Sector } from "../../src/domain/definition.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { Random } from "../../src/domain/random.ts";
import type { ContactFacts, GateFacts, PaperFacts } from "../../src/rules/facts.ts";
import { between, chance, pick, some } from "./draw.ts";
import { drawCampaign, drawHours, shown } from "./draw-campaign.ts";
import { drawPerson } from "./draw-person.ts";
import { startOf, wallClock } from "./oracle/ist.ts";
import type { Campaign, LedgerCall, Person, Purpose, Sender } from "./oracle/truth.ts";

/** One call at one instant: as the oracle sees it in the carrier's ledger, and as the gate would see it. */
export interface Situation {
  call: LedgerCall;
  earlier: LedgerCall[];
  facts: GateFacts;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const firstMs = startOf("2026-02-01");
const days = 1_060;
const number = "+916000010001";
const purposes: readonly Purpose[] = ["collection", "reminder", "service", "transactional", "promotional"];
const codes: readonly AcknowledgeableCode[] = ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration", "no_series_for_sector", "consent_basis_not_recorded"];

/** Draws a situation in which mostly one or two things speak against the call. */
export function drawSituation(random: Random): Situation {
  const nowMs = drawInstant(random);
  const rarely = (): boolean => chance(random, 0.12);
  const before = (withinDays: number): number => Math.floor(nowMs - between(random, 0.001, withinDays) * dayMs);
  const drawn = drawPerson(random, number, nowMs);
  const person: Person = {
    ...drawn,
    consents: chance(random, 0.5) ? drawn.consents.filter(({ givenAtMs }) => givenAtMs < nowMs) : [],
    choices: [{ fromMs: 0, choice: chance(random, 0.5) ? (drawn.choices[0]?.choice ?? noChoice) : noChoice }],
    suppressed: rarely() ? [{ fromMs: before(5), toMs: chance(random, 0.5) ? null : before(0.01) }] : [],
    refusals: rarely() ? [before(110)] : [],
    holds: rarely() ? [drawHold(random, before(3), nowMs)] : [],
  };
  const sender: Sender = { name: "sender", papers: [], grievances: rarely() ? drawGrievances(random, before) : [], people: new Map([[number, person]]) };
  const { truth } = drawCampaign(random, { name: "campaign", purpose: pick(random, purposes), sender, nowMs });
  const from = drawNumber(random, truth);
  sender.papers.push(...(rarely() ? [] : [{ kind: "registration" as const, numbers: [], fromMs: firstMs - dayMs, toMs: rarely() ? before(3) - 60_000 : null }]));
  sender.papers.push(...(rarely() ? [] : [{ kind: "a2p_declaration" as const, numbers: rarely() ? [shown.foreign] : Object.values(shown), fromMs: firstMs - dayMs, toMs: null }]));
  const acknowledged = some(random, codes, 0.7);
  const campaign: Campaign = {
    ...truth,
    acknowledged: acknowledged.map((code) => ({ code, fromMs: 0 })),
    windows: [{ fromMs: 0, hours: rarely() ? drawHours(random) : null }],
    caps: [{ fromMs: 0, perDay: pick(random, [1, 2, 3]), perWeek: pick(random, [2, 4, 6]) }],
    running: [{ fromMs: 0, toMs: null }],
    runs: rarely() ? [] : [drawRun(random, truth.category, nowMs)],
  };
  const addedAtMs = campaign.purpose === "transactional" ? before(0.04) : before(20);
  const dates = { notBeforeMs: rarely() ? Math.floor(nowMs + between(random, -1, 1) * dayMs) : null, notAfterMs: rarely() ? Math.floor(nowMs + between(random, -1, 1) * dayMs) : null };
  campaign.contacts = new Map([[number, { addedAtMs, ...dates, party: chance(random, 0.2) ? pick(random, ["borrower", "guarantor", "brother"]) : null }]]);
  const call: LedgerCall = { receivedAtMs: nowMs, leftAtMs: nowMs, to: number, from, campaign };
  const earlier = (rarely() || rarely() ? [0, 1, 2, 3].slice(0, 1 + Math.floor(random.fraction() * 4)) : []).map((): LedgerCall => {
    const atMs = chance(random, 0.5) ? Math.max(startOf(wallClock(nowMs).date), nowMs - Math.floor(between(random, 60_000, 6 * hourMs))) + 3_000 : before(7.5);
    return { ...call, receivedAtMs: Math.min(atMs, nowMs - 30_000), leftAtMs: Math.min(atMs, nowMs - 30_000) };
  });
  return { call, earlier, facts: factsOf(call, earlier) };
}

const noChoice = { scheme: "none" as const, categories: [], modes: [], bands: [], days: [] };

/** Any second of the years, more often within minutes of an hour at which something opens or closes. */
function drawInstant(random: Random): number {
  const notable = [startOf("2026-12-31"), startOf("2027-01-01"), startOf("2028-02-29"), startOf("2027-01-26"), startOf("2026-08-15"), startOf("2026-11-07"), startOf("2026-11-08")];
  const day = chance(random, 0.25) ? pick(random, notable) : firstMs + Math.floor(random.fraction() * days) * dayMs;
  if (chance(random, 0.5)) return Math.floor(day + between(random, 8, 21) * hourMs);
  return Math.floor(day + pick(random, [0, 6, 7, 8, 9, 10, 12, 14, 16, 18, 19, 20, 21, 22, 24]) * hourMs + pick(random, [-3_600_000, -61_000, -1_000, 0, 1_000, 61_000, 1_800_000]));
}

function drawHold(random: Random, fromMs: number, nowMs: number): Person["holds"][number] {
  const kind = pick(random, ["complaint", "dispute", "hardship", "bereavement", "not_party", "hours", "hours"] as const);
  const wish = { mode: pick(random, ["only", "not"] as const), from: pick(random, ["09:00", "18:00", "22:00"]), to: pick(random, ["11:00", "19:30", "21:00"]), days: chance(random, 0.3) ? [1, 3, 6] : null };
  return { kind, fromMs: fromMs - 60_000, toMs: chance(random, 0.5) ? null : Math.floor(nowMs + between(random, -1, 1) * dayMs), wish: kind === "hours" ? wish : null, id: null };
}

function drawGrievances(random: Random, before: (withinDays: number) => number): Sender["grievances"] {
  return ["a", "b", "c", "d"].slice(0, 2 + Math.floor(random.fraction() * 3)).map((person) => ({ person, atMs: before(13) - 60_000, kind: pick(random, ["complaint", "complaint", "promotional_opt_out", "opt_out"] as const) }));
}

function drawRun(random: Random, category: number | null, nowMs: number): Campaign["runs"][number] {
  const today = startOf(wallClock(nowMs).date);
  const scrubbedAtMs = chance(random, 0.85) ? Math.min(today + 60_000, nowMs - 60_000) : today - Math.floor(between(random, 0.001, 2) * dayMs);
  const said = chance(random, 0.85) ? new Map([[number, "clear" as const]]) : new Map(chance(random, 0.5) ? [[number, "blocked" as const]] : []);
  return { recordedAtMs: scrubbedAtMs, scrubbedAtMs, category: chance(random, 0.9) ? category : pick(random, [1, 2, 3, 4]), said };
}

function drawNumber(random: Random, campaign: Campaign): string {
  if (chance(random, 0.15)) return pick(random, Object.values(shown));
  if (campaign.purpose === "promotional") return shown.promotional;
  return campaign.sector === "lending" || campaign.sector === "insurance" ? shown.finance : campaign.sector === "utility" ? shown.utility : shown.ordinary;
}

/** The same truth in the words of the rules. */
function factsOf(call: LedgerCall, earlier: readonly LedgerCall[]): GateFacts {
  const { campaign } = call;
  const { sender } = campaign;
  const run = campaign.runs.toSorted((a, b) => b.scrubbedAtMs - a.scrubbedAtMs)[0];
  const hours = campaign.windows.at(-1)?.hours ?? null;
  const caps = campaign.caps.at(-1);
  const told = (kind: string): number[] => sender.grievances.filter((each) => each.kind === kind).map(({ atMs }) => atMs).sort((a, b) => b - a);
  return {
    purpose: campaign.purpose,
    sector: campaign.sector as Sector,
    microfinance: campaign.microfinance,
    mayTransfer: campaign.mayTransfer,
    preferenceCategory: campaign.category,
    consentBasis: campaign.basis,
    window: hours && { from: hours.from, to: hours.to, ...(hours.days && { days: [...hours.days] }) },
    perNumberPerDay: caps?.perDay ?? 1,
    perNumberPerWeek: caps?.perWeek ?? 1,
    minutesBetweenCalls: null,
    optOutsInTenDays: campaign.pausesAt,
    accountState: "active",
    campaignState: "running",
    acknowledged: codes.filter((code) => campaign.acknowledged.some((each) => each.code === code)),
    callerNumber: call.from as E164,
    papers: sender.papers.map(({ kind, numbers, fromMs, toMs }): PaperFacts => ({ kind, reference: "paper", callerNumbers: numbers, dates: [], validFromMs: fromMs, validUntilMs: toMs })),
    scrubRun: run ? { provider: "operator", reference: "run", listHash: "", category: run.category, scrubbedAtMs: run.scrubbedAtMs, expiresAtMs: startOf(wallClock(run.scrubbedAtMs).date) + dayMs } : null,
    scrubResult: run?.said.get(number) ?? "not_covered",
    brake: { complaintsAtMs: told("complaint"), promotionalOptOutsAtMs: told("promotional_opt_out"), optOutsAtMs: [...told("promotional_opt_out"), ...told("opt_out")] },
    ...personFacts(call),
    sentAtMs: earlier.map(({ leftAtMs }) => leftAtMs),
    unknownSentAtMs: null,
  };
}

function personFacts(call: LedgerCall): Omit<ContactFacts, "scrubResult" | "sentAtMs" | "unknownSentAtMs"> {
  const person = call.campaign.sender.people.get(number);
  const contact = call.campaign.contacts.get(number);
  if (!person || !contact) throw new Error("expected the person and the contact of the situation");
  const listed = person.suppressed.find(({ toMs }) => toMs === null || toMs > call.leftAtMs);
  const choice = person.choices.at(-1)?.choice;
  return {
    notBeforeMs: contact.notBeforeMs,
    notAfterMs: contact.notAfterMs,
    addedAtMs: contact.addedAtMs,
    party: contact.party === null || contact.party === "borrower" || contact.party === "guarantor" ? contact.party : "other",
    suppression: listed ? { scope: "account", reason: "asked", sinceMs: listed.fromMs } : null,
    preference: choice ? { ...choice, importId: null } : null,
    consents: person.consents.map(({ basis, givenAtMs, endsAtMs, revokedAtMs, onDlt }) => ({ basis, reference: "consent", registeredOnDlt: onDlt, givenAtMs, endsAtMs, revokedAtMs })),
    optedOutAtMs: person.refusals.length > 0 ? Math.max(...person.refusals) : null,
    holds: person.holds.map(({ kind, fromMs, toMs, wish }) => ({ kind, startsAtMs: fromMs, endsAtMs: toMs, hours: wish })),
  };
}
