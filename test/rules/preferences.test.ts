import { describe, expect, it } from "vitest";
import type { GateFacts, PaperFacts } from "../../src/rules/facts.ts";
import { at, caller, consent, facts, papersFor, preference, promotion, run, verdictAt } from "./facts-fixture.ts";

const noon = "2026-11-23 12:00";
const blocked = (row: Parameters<typeof preference>[0], more: Partial<GateFacts> = {}) => verdictAt(promotion("2026-11-23", { preference: preference(row), ...more }), noon);
const dlt = consent({ basis: "dca", reference: "C-1", registeredOnDlt: true, givenAtMs: at("2026-10-01 12:00") });
const explicitService = (more: Partial<GateFacts> = {}) =>
  verdictAt(facts({ purpose: "service", consentBasis: "explicit", consents: [consent({})], scrubRun: run("2026-11-23 08:00"), scrubResult: "clear", ...more }), noon);

describe("a subscriber's whole blocks", () => {
  const schemes = ["full_block", "block_promo", "legacy"] as const;

  it("close promotional calls, whatever categories a row of 2010 lists", () => {
    for (const scheme of schemes) expect(blocked({ scheme })).toBe(`never preference_${scheme}`);
    expect(blocked({ scheme: "legacy", categories: [3, 4] })).toBe("never preference_legacy");
    expect(blocked({ scheme: "none" })).toBe("call");
  });

  it("close explicit-consent service calls too, a partial block included", () => {
    expect(explicitService()).toBe("call");
    for (const scheme of [...schemes, "partial"] as const) {
      expect(explicitService({ preference: preference({ scheme }) })).toBe(`never preference_${scheme}`);
    }
  });

  it("do not touch collection, reminders, inferred service and transactional calls", () => {
    for (const purpose of ["collection", "reminder", "service", "transactional"] as const) {
      for (const scheme of schemes) expect(verdictAt(facts({ purpose, preference: preference({ scheme }), addedAtMs: at(noon) }), noon)).toBe("call");
    }
  });

  it("are opened by a consent registered on DLT, by no other", () => {
    expect(blocked({ scheme: "full_block" }, { consents: [dlt] })).toBe("call");
    expect(blocked({ scheme: "full_block" }, { consents: [{ ...dlt, registeredOnDlt: false }] })).toBe("never preference_full_block");
    expect(blocked({ scheme: "full_block" }, { consents: [{ ...dlt, reference: null }] })).toBe("never preference_full_block");
    expect(blocked({ scheme: "full_block" }, { consents: [{ ...dlt, basis: "inferred" }] })).toBe("never preference_full_block");
  });
});

describe("a subscriber's partial block", () => {
  it("of the campaign's category closes the call, of another does not", () => {
    expect(blocked({ categories: [1] })).toBe("never preference_category");
    expect(blocked({ categories: [2, 3, 8] })).toBe("call");
    expect(blocked({ categories: [1] }, { consents: [dlt] })).toBe("call");
  });

  it("takes the sector's category when the definition states none, and any block when there is none", () => {
    expect(blocked({ categories: [1] }, { preferenceCategory: null, sector: "lending" })).toBe("never preference_category");
    expect(blocked({ categories: [5] }, { preferenceCategory: null, sector: "retail" })).toBe("never preference_category");
    expect(blocked({}, { preferenceCategory: null, sector: "retail" })).toBe("never preference_category_missing");
  });

  it("of voice, announcement or robo-call closes a call by a machine; of live agents only one that may transfer", () => {
    for (const mode of [10, 11, 13, 15]) expect(blocked({ modes: [mode] })).toBe("never preference_mode");
    expect(blocked({ modes: [12] })).toBe("call");
    expect(blocked({ modes: [14] })).toBe("call");
    expect(blocked({ modes: [14] }, { mayTransfer: true })).toBe("never preference_mode");
  });

  it("of bands waits for the next open one, also against a registered consent", () => {
    expect(blocked({ bands: [25] })).toBe("wait 2026-11-23 14:00:00 preference_band");
    expect(blocked({ bands: [25, 26] }, { consents: [dlt] })).toBe("wait 2026-11-23 16:00:00 preference_band");
    expect(blocked({ bands: [25, 26, 27, 28] })).toBe("wait 2026-11-24 10:00:00 outside_promotional_window");
    expect(blocked({ bands: [20] })).toBe("never preference_band");
    expect(blocked({ bands: [24, 25, 26, 27, 28] })).toBe("never no_opening");
    expect(verdictAt(promotion("2026-11-23", { preference: preference({ bands: [24] }) }), "2026-11-23 11:59:59")).toBe("wait 2026-11-23 12:00:00 preference_band");
  });

  it("of days waits for the next open one", () => {
    expect(blocked({ days: [31] })).toBe("wait 2026-11-24 10:00:00 outside_promotional_window");
    expect(blocked({ days: [31, 32, 33] })).toBe("wait 2026-11-26 10:00:00 outside_promotional_window");
    expect(blocked({ days: [30] })).toBe("never preference_day");
    expect(blocked({ days: [31, 32, 33, 34, 35, 36, 37] })).toBe("never preference_day");
  });

  it("of public holidays is a choice: Republic Day is closed to those who made it, and open to others", () => {
    const of = (days: number[]) => verdictAt(promotion("2027-01-26", { preference: preference({ days }) }), "2027-01-26 12:00");
    expect(of([38])).toBe("wait 2027-01-27 10:00:00 outside_promotional_window");
    expect(of([37])).toBe("call");
    expect(verdictAt(promotion("2028-01-03", { preference: preference({ days: [38] }) }), "2028-01-03 12:00")).toBe("never holiday_list_ends");
  });

  it("of public holidays follows the sender's own lists too: they add days, and years that the built-in list does not have", () => {
    const listed = (...dates: string[]): PaperFacts => ({ kind: "holiday_list", reference: "Gazette 2028", callerNumbers: [], dates, validFromMs: at("2026-01-01 00:00"), validUntilMs: null });
    const on = (day: string, ...dates: string[]) => {
      const of = promotion(day, { preference: preference({ days: [38] }) });
      return verdictAt({ ...of, papers: [...papersFor(caller.promotional), listed(...dates)] }, `${day} 12:00`);
    };
    const of2028 = ["2028-01-26", "2028-03-11", "2028-08-15", "2028-10-02"];
    expect(on("2028-01-03", ...of2028)).toBe("call");
    expect(on("2028-03-11", ...of2028)).toBe("wait 2028-03-12 10:00:00 outside_promotional_window");
    expect(on("2028-08-15", ...of2028)).toBe("wait 2028-08-16 10:00:00 outside_promotional_window");
    expect(on("2026-12-01", "2026-12-01")).toBe("wait 2026-12-02 10:00:00 outside_promotional_window");
    expect(on("2029-01-03", ...of2028)).toBe("never holiday_list_ends");
  });

  it("of public holidays is not satisfied by a stray day of a year: a list without the national holidays is no list of its year", () => {
    const stray: PaperFacts = { kind: "holiday_list", reference: "one day", callerNumbers: [], dates: ["2028-01-01"], validFromMs: at("2026-01-01 00:00"), validUntilMs: null };
    const of = promotion("2028-03-11", { preference: preference({ days: [38] }) });
    expect(verdictAt({ ...of, papers: [...papersFor(caller.promotional), stray] }, "2028-03-11 12:00")).toBe("never holiday_list_ends");
  });
});

describe("the scrub run", () => {
  it("must exist, be of this day and cover the number", () => {
    expect(verdictAt(promotion("2026-11-23", { scrubRun: null }), noon)).toBe("never scrub_run_missing");
    expect(verdictAt(promotion("2026-11-22"), noon)).toBe("never scrub_run_expired");
    expect(verdictAt(promotion("2026-11-23", { scrubResult: "blocked" }), noon)).toBe("never scrub_blocked");
    expect(verdictAt(promotion("2026-11-23", { scrubResult: "not_covered" }), noon)).toBe("never not_scrubbed");
    expect(verdictAt(promotion("2026-11-23", { scrubRun: run("2026-11-23 13:00") }), noon)).toBe("never scrub_run_in_future");
  });

  it("ends at midnight IST", () => {
    const late = promotion("2026-11-23", { purpose: "service", consentBasis: "explicit", consents: [consent({ givenAtMs: at("2026-11-23 00:00") })] });
    expect(verdictAt({ ...late, purpose: "promotional" }, "2026-11-23 20:59:59")).toBe("call");
    expect(verdictAt({ ...late, purpose: "promotional" }, "2026-11-24 00:00:00")).toBe("never scrub_run_expired");
  });

  it("must be of the campaign's category", () => {
    expect(verdictAt(promotion("2026-11-23", { scrubRun: run("2026-11-23 08:00", { category: 2 }) }), noon)).toBe("never scrub_run_other_category");
    expect(verdictAt(promotion("2026-11-23", { scrubRun: run("2026-11-23 08:00", { category: 1 }) }), noon)).toBe("call");
  });

  it("is not asked of inferred service calls, which must not be scrubbed away", () => {
    for (const purpose of ["collection", "reminder", "service"] as const) {
      expect(verdictAt(facts({ purpose, scrubResult: "blocked", scrubRun: run("2026-11-20 08:00") }), noon)).toBe("call");
    }
  });

  it("that blocked a number is not argued with by consent", () => {
    expect(verdictAt(promotion("2026-11-23", { scrubResult: "blocked", consents: [dlt] }), noon)).toBe("never scrub_blocked");
  });
});
