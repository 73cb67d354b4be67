import fc from "fast-check";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import { istFromMs } from "../../src/domain/clock.ts";
import { purposes, sectors } from "../../src/domain/definition.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import type { BrakeFacts, ConsentFacts, GateFacts, HoldFacts, PaperFacts, PreferenceFacts, ScrubRunFacts } from "../../src/rules/facts.ts";
import { dayMs } from "../../src/rules/ist-calendar.ts";
import { type Judgement, judge } from "../../src/rules/judge.ts";

/** Epoch milliseconds of a time written in India's zone: "2026-11-23 12:00". */
export function at(text: string): number {
  const ms = Date.parse(`${text.replace(" ", "T")}${text.length === 16 ? ":00" : ""}+05:30`);
  if (Number.isNaN(ms)) throw new Error(`expected a time such as 2026-11-23 12:00, got ${text}`);
  return ms;
}

export const caller = { promotional: "+911401234567", finance: "+911600123456", utility: "+911601123456", foreign: "+14155550100" } as const;

export function papersFor(number: string): PaperFacts[] {
  const open = { validFromMs: at("2020-01-01 00:00"), validUntilMs: null };
  return [
    { kind: "registration", reference: "PE-1", callerNumbers: [], dates: [], ...open },
    { kind: "a2p_declaration", reference: "A2P-1", callerNumbers: [number], dates: [], ...open },
  ];
}

/** The sender's word that the complaints before this instant were looked into. */
export function brakeRelease(fromMs: number): PaperFacts {
  return { kind: "brake_release", reference: "all complaints were examined", callerNumbers: [], dates: [], validFromMs: fromMs, validUntilMs: fromMs + 10 * dayMs };
}

export function run(scrubbed: string, more: Partial<ScrubRunFacts> = {}): ScrubRunFacts {
  const scrubbedAtMs = at(scrubbed);
  return { provider: "operator", reference: "RUN-1", listHash: "h", category: null, scrubbedAtMs, expiresAtMs: at(`${scrubbed.slice(0, 10)} 00:00`) + dayMs, ...more };
}

/** A call that everything speaks for: a lender's collection call with all papers. */
export function facts(more: Partial<GateFacts> = {}): GateFacts {
  const callerNumber = more.callerNumber === undefined ? (caller.finance as E164) : more.callerNumber;
  return {
    purpose: "collection",
    sector: "lending",
    microfinance: false,
    mayTransfer: false,
    preferenceCategory: null,
    consentBasis: "inferred",
    window: null,
    perNumberPerDay: 3,
    perNumberPerWeek: 15,
    minutesBetweenCalls: null,
    optOutsInTenDays: null,
    accountState: "active",
    campaignState: "running",
    acknowledged: [],
    papers: papersFor(callerNumber ?? ""),
    scrubRun: null,
    brake: { complaintsAtMs: [], promotionalOptOutsAtMs: [], optOutsAtMs: "unknown" },
    notBeforeMs: null,
    notAfterMs: null,
    addedAtMs: at("2026-01-01 00:00"),
    party: null,
    suppression: null,
    preference: null,
    scrubResult: "not_covered",
    consents: [],
    optedOutAtMs: null,
    holds: [],
    sentAtMs: [],
    unknownSentAtMs: null,
    ...more,
    callerNumber,
  };
}

/** A promotional call that everything speaks for on the given day. */
export function promotion(day: string, more: Partial<GateFacts> = {}): GateFacts {
  return facts({
    purpose: "promotional",
    preferenceCategory: 1,
    consentBasis: null,
    callerNumber: caller.promotional as E164,
    papers: papersFor(caller.promotional),
    scrubRun: run(`${day} 00:00`),
    scrubResult: "clear",
    ...more,
  });
}

export function preference(more: Partial<PreferenceFacts>): PreferenceFacts {
  return { scheme: "partial", categories: [], modes: [], bands: [], days: [], importId: null, ...more };
}

export function consent(more: Partial<ConsentFacts>): ConsentFacts {
  return { basis: "explicit", reference: null, registeredOnDlt: false, givenAtMs: at("2026-11-20 12:00"), endsAtMs: null, revokedAtMs: null, ...more };
}

export function hold(kind: HoldFacts["kind"], more: Partial<HoldFacts> = {}): HoldFacts {
  return { kind, startsAtMs: at("2026-01-01 00:00"), endsAtMs: null, hours: null, ...more };
}

/** "call", "wait 2026-11-24 10:00:00 code" or "never code". */
export function verdictAt(of: GateFacts, time: string): string {
  return told(judge(of, istFromMs(at(time))));
}

export function told({ verdict }: Judgement): string {
  if (verdict.kind === "call") return "call";
  if (verdict.kind === "never") return `never ${verdict.because.code}`;
  return `wait ${verdict.until.toFormat("yyyy-MM-dd HH:mm:ss")} ${verdict.because.code}`;
}

/** Instants from 2024 to 2032, with the minutes around midnights, new years, leap days and window edges more often. */
export function instants(): fc.Arbitrary<number> {
  const edges = ["2026-12-31", "2027-01-01", "2028-02-29", "2028-03-01", "2026-02-28", "2026-11-23", "2029-12-31"].flatMap((day) =>
    ["00:00", "05:30", "08:00", "09:00", "10:00", "12:00", "18:00", "18:30", "19:00", "20:00", "21:00", "23:59"].map((time) => at(`${day} ${time}`)),
  );
  return fc.oneof(
    fc.integer({ min: at("2024-07-01 00:00"), max: at("2032-01-01 00:00") }),
    fc.tuple(fc.constantFrom(...edges), fc.constantFrom(-60_000, -1_000, -1, 0, 1, 1_000)).map(([edge, by]) => edge + by),
  );
}

const minutes = fc.integer({ min: 0, max: 1_439 }).map((minute) => `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`);
const weekdays = fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), { nil: null });

/** Facts of any kind about a call considered at `nowMs`: records lie in the past, papers and holds may lie ahead. */
export function anyFacts(nowMs: number): fc.Arbitrary<GateFacts> {
  const past = (days: number) => fc.integer({ min: 0, max: days * dayMs }).map((ago) => nowMs - ago);
  const near = (days: number) => fc.integer({ min: -days * dayMs, max: days * dayMs }).map((by) => nowMs + by);
  const maybe = <T>(arb: fc.Arbitrary<T>) => fc.option(arb, { nil: null, freq: 2 });
  const codes = (list: readonly number[]) => fc.subarray([...list], { maxLength: 4 });
  const mostly = <T>(likely: T, arb: fc.Arbitrary<T>) => fc.oneof({ weight: 15, arbitrary: fc.constant(likely) }, { weight: 1, arbitrary: arb });
  const anyHold = fc.record({
    kind: fc.constantFrom("complaint" as const, "dispute" as const, "hardship" as const, "bereavement" as const, "not_party" as const, "hours" as const),
    startsAtMs: near(20),
    endsAtMs: fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 40 * dayMs }).map((ms) => nowMs + ms) }, { weight: 1, arbitrary: fc.constant(null) }),
    hours: fc.record({ mode: fc.constantFrom("only" as const, "not" as const), from: minutes, to: minutes, days: weekdays }),
  });
  const anyPaper = fc.record({
    kind: fc.constantFrom("registration" as const, "a2p_declaration" as const),
    reference: fc.constant("P"),
    callerNumbers: fc.subarray(Object.values(caller)),
    dates: fc.constant<string[]>([]),
    validFromMs: near(30),
    validUntilMs: maybe(near(200)),
  });
  const anyRelease = past(12).map((fromMs) => brakeRelease(fromMs));
  const anyConsent = fc.record({
    basis: fc.constantFrom("inferred" as const, "explicit" as const, "enquiry" as const, "dca" as const),
    reference: maybe(fc.constant("C")),
    registeredOnDlt: fc.boolean(),
    givenAtMs: past(400),
    endsAtMs: maybe(near(60)),
    revokedAtMs: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: past(100) }),
  });
  const window = fc.record({ from: minutes, to: minutes }).chain((hours) => weekdays.map((days) => (days === null ? hours : { ...hours, days })));
  return fc.record({
    purpose: fc.constantFrom(...purposes),
    sector: fc.constantFrom(...sectors),
    microfinance: fc.boolean(),
    mayTransfer: fc.boolean(),
    preferenceCategory: maybe(fc.integer({ min: 1, max: 8 })),
    consentBasis: mostly<GateFacts["consentBasis"]>(null, fc.constantFrom("inferred" as const, "explicit" as const, "enquiry" as const, "dca" as const)),
    window: fc.option(window, { nil: null, freq: 1 }),
    perNumberPerDay: fc.integer({ min: 1, max: 4 }),
    perNumberPerWeek: fc.integer({ min: 1, max: 8 }),
    minutesBetweenCalls: fc.option(fc.integer({ min: 1, max: 3_000 }), { nil: null, freq: 1 }),
    optOutsInTenDays: fc.option(fc.integer({ min: 1, max: 6 }), { nil: null, freq: 1 }),
    accountState: mostly<GateFacts["accountState"]>("active", fc.constantFrom("stopped", "unknown")),
    campaignState: mostly<GateFacts["campaignState"]>("running", fc.constantFrom("paused", "cancelled", "unknown")),
    acknowledged: mostly<GateFacts["acknowledged"]>([...acknowledgeableCodes], fc.subarray([...acknowledgeableCodes])),
    callerNumber: mostly<string>(caller.foreign, fc.constantFrom(...Object.values(caller))).map((number) => number as E164),
    papers: fc.array(fc.oneof({ weight: 5, arbitrary: anyPaper }, { weight: 1, arbitrary: anyRelease }), { maxLength: 4 }),
    scrubRun: mostly<GateFacts["scrubRun"]>(
      { provider: "p", reference: "r", listHash: "h", category: null, scrubbedAtMs: nowMs - 1, expiresAtMs: nowMs + 30 * dayMs },
      fc.constantFrom(null, "unknown"),
    ),
    brake: fc.record({
      complaintsAtMs: fc.array(past(12), { maxLength: 5 }),
      promotionalOptOutsAtMs: fc.array(past(12), { maxLength: 5 }),
      optOutsAtMs: mostly<BrakeFacts["optOutsAtMs"]>([], fc.oneof(fc.array(past(12), { maxLength: 8 }), fc.constant("unknown" as const))),
    }),
    notBeforeMs: maybe(near(20)),
    notAfterMs: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: near(60) }),
    addedAtMs: past(1),
    party: mostly<GateFacts["party"]>("borrower", fc.constantFrom("guarantor", null, "other")),
    suppression: mostly<GateFacts["suppression"]>(null, fc.constant({ scope: "account", reason: "asked", sinceMs: nowMs - 1 })),
    preference: maybe(
      fc.record({
        scheme: mostly<PreferenceFacts["scheme"]>("partial", fc.constantFrom("none", "full_block", "block_promo", "legacy")),
        categories: codes([1, 2, 3, 4, 5, 6, 7, 8]),
        modes: codes([11, 12, 13, 14, 15]),
        bands: codes([21, 23, 24, 25, 26, 27, 28, 29]),
        days: codes([31, 32, 33, 34, 35, 36, 37, 38]),
        importId: fc.constant(null),
      }),
    ),
    scrubResult: mostly<GateFacts["scrubResult"]>("clear", fc.constantFrom("blocked", "not_covered", "unknown")),
    consents: fc.array(anyConsent, { maxLength: 3 }),
    optedOutAtMs: maybe(past(120)),
    holds: fc.array(anyHold, { maxLength: 3 }),
    sentAtMs: fc.array(past(8), { maxLength: 6 }).map((list) => list.sort((a, b) => b - a)),
    unknownSentAtMs: maybe(past(1)),
  });
}
