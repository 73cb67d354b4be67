import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acknowledgeableCodes } from "../../src/domain/campaign.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import { istFromMs } from "../../src/domain/clock.ts";
import type { GateFacts } from "../../src/rules/facts.ts";
import { judgeCampaign } from "../../src/rules/judge.ts";
import { missingPapers } from "../../src/rules/missing-papers.ts";
import { anyFacts, at, caller, consent, facts, papersFor, preference, promotion, run, verdictAt } from "./facts-fixture.ts";

const noon = "2026-11-23 12:00";

function from(number: string, more: Partial<GateFacts> = {}): string {
  return verdictAt(facts({ callerNumber: number as E164, papers: papersFor(number), addedAtMs: at(noon), ...more }), noon);
}

describe("the caller number", () => {
  it("of promotional calls is of the 140 series, whatever the sector", () => {
    expect(verdictAt(promotion("2026-11-23"), noon)).toBe("call");
    for (const number of [caller.finance, caller.utility, "+919876543210"]) {
      const of = promotion("2026-11-23", { callerNumber: number as E164, papers: papersFor(number) });
      expect(verdictAt(of, noon)).toBe("never wrong_caller_number_series");
    }
  });

  it("of lenders and insurers is of the 1600 series for every other purpose", () => {
    for (const sector of ["lending", "insurance"] as const) {
      for (const purpose of ["collection", "reminder", "service", "transactional"] as const) {
        expect(from(caller.finance, { sector, purpose })).toBe("call");
        for (const number of [caller.promotional, caller.utility, "+919876543210", "+912266112233"]) {
          expect(from(number, { sector, purpose, acknowledged: ["no_series_for_sector"] })).toBe("never wrong_caller_number_series");
        }
      }
    }
  });

  it("of whoever collects on microfinance loans is a lender's, whatever the sector says", () => {
    for (const sector of ["other", "retail"] as const) {
      const call = { sector, microfinance: true, acknowledged: ["no_series_for_sector"] } as const;
      expect(from("+919876543210", call)).toBe("never wrong_caller_number_series");
      expect(from(caller.finance, call)).toBe("call");
    }
  });

  it("of utilities is of the 1601 series since 8 November 2026", () => {
    expect(from(caller.utility, { sector: "utility", purpose: "reminder" })).toBe("call");
    expect(from(caller.finance, { sector: "utility", purpose: "reminder" })).toBe("never wrong_caller_number_series");
    const ordinary = facts({ sector: "utility", purpose: "reminder", callerNumber: "+919876543210" as E164, papers: papersFor("+919876543210"), acknowledged: ["no_series_for_sector"] });
    expect(verdictAt(ordinary, "2026-11-07 12:00")).toBe("call");
    expect(verdictAt(ordinary, "2026-11-08 12:00")).toBe("never wrong_caller_number_series");
  });

  it("of sectors without a series needs the operator's word", () => {
    for (const sector of ["education", "health", "retail", "other"] as const) {
      expect(from("+919876543210", { sector, purpose: "reminder" })).toBe("never no_series_for_sector");
      expect(from("+919876543210", { sector, purpose: "reminder", acknowledged: ["no_series_for_sector"] })).toBe("call");
      expect(from(caller.finance, { sector, purpose: "reminder", acknowledged: ["no_series_for_sector"] })).toBe("never wrong_caller_number_series");
    }
  });

  it("that is foreign needs the operator's word, for every purpose", () => {
    expect(from(caller.foreign)).toBe("never foreign_caller_number");
    expect(from(caller.foreign, { acknowledged: ["foreign_caller_number"] })).toBe("call");
    expect(from(caller.foreign, { acknowledged: ["no_series_for_sector"] })).toBe("never foreign_caller_number");
  });

  it("must be there and be named by an A2P declaration that holds now", () => {
    expect(verdictAt(facts({ callerNumber: null }), noon)).toBe("never no_caller_number");
    expect(from(caller.finance, { papers: papersFor("+911600999999") })).toBe("never no_a2p_declaration");
    const [registration, declaration] = papersFor(caller.finance);
    if (!registration || !declaration) throw new Error("expected two papers");
    expect(from(caller.finance, { papers: [registration, { ...declaration, validUntilMs: at(noon) }] })).toBe("never no_a2p_declaration");
    expect(from(caller.finance, { papers: [registration, { ...declaration, validFromMs: at("2026-11-24 12:00") }] })).toBe("wait 2026-11-24 12:00:00 a2p_declaration_not_yet_valid");
    expect(from(caller.finance, { papers: [declaration] })).toBe("never no_sender_registration");
    expect(from(caller.finance, { papers: [], acknowledged: ["no_sender_registration", "no_a2p_declaration"] })).toBe("call");
  });
});

describe("the basis of consent", () => {
  it("is stated, or vouched for, where a call rests on one", () => {
    for (const purpose of ["collection", "reminder", "service"] as const) {
      expect(from(caller.finance, { purpose, consentBasis: null })).toBe("never consent_basis_not_recorded");
    }
    for (const purpose of ["collection", "reminder"] as const) {
      expect(from(caller.finance, { purpose, consentBasis: null, acknowledged: ["consent_basis_not_recorded"] })).toBe("call");
    }
    expect(from(caller.finance, { purpose: "transactional", consentBasis: null })).toBe("call");
    expect(verdictAt(promotion("2026-11-23", { consentBasis: null }), noon)).toBe("call");
  });

  it("vouched for opens no subscriber's block: a service call of which nobody says what it rests on is scrubbed like an explicit one", () => {
    const vouched = { purpose: "service", consentBasis: null, acknowledged: ["consent_basis_not_recorded"] } as const;
    expect(from(caller.finance, vouched)).toBe("never scrub_run_missing");
    const scrubbed = { ...vouched, scrubRun: run("2026-11-23 08:00"), scrubResult: "clear" } as const;
    expect(from(caller.finance, scrubbed)).toBe("call");
    expect(from(caller.finance, { ...scrubbed, preference: preference({ scheme: "full_block" }) })).toBe("never preference_full_block");
  });

  it.each(["reminder", "collection", "service"] as const)("that is no contract makes a %s one by explicit consent, which preferences and the scrub apply to", (purpose) => {
    for (const consentBasis of ["enquiry", "explicit", "dca"] as const) {
      const call = { purpose, consentBasis, consents: [consent({ basis: consentBasis })] };
      expect(from(caller.finance, call)).toBe("never scrub_run_missing");
      expect(from(caller.finance, { ...call, scrubRun: run("2026-11-23 08:00"), scrubResult: "clear", preference: preference({ scheme: "full_block" }) })).toBe("never preference_full_block");
    }
  });
});

describe("missing papers", () => {
  const check = (of: GateFacts, numbers: readonly string[] = [of.callerNumber === "unknown" ? "" : (of.callerNumber ?? "")]) =>
    missingPapers({ facts: of, callerNumbers: numbers }, at(noon));

  it("are none for a lender with everything in order", () => {
    expect(check(facts())).toEqual([]);
    expect(check(promotion("2026-11-23"))).toEqual([]);
  });

  it("of a fresh account on a foreign number are told in plain words, each of which may be vouched for", () => {
    const fresh = facts({ callerNumber: caller.foreign as E164, papers: [], consentBasis: null });
    expect(check(fresh).map(({ code, acknowledgeable }) => [code, acknowledgeable])).toEqual([
      ["no_sender_registration", true],
      ["no_a2p_declaration", true],
      ["foreign_caller_number", true],
      ["consent_basis_not_recorded", true],
    ]);
    expect(check(fresh).find(({ code }) => code === "foreign_caller_number")?.message).toContain("Twilio rents no Indian outbound numbers");
    expect(check({ ...fresh, acknowledged: [...acknowledgeableCodes] })).toEqual([]);
  });

  it("that protect the called person cannot be vouched for", () => {
    const bare = promotion("2026-11-23", { scrubRun: null, preferenceCategory: null, sector: "retail", acknowledged: [...acknowledgeableCodes] });
    expect(check(bare)).toMatchObject([
      { code: "preference_category_missing", acknowledgeable: false },
      { code: "scrub_run_missing", acknowledgeable: false },
    ]);
    expect(check(facts({ acknowledged: [...acknowledgeableCodes] }), [caller.promotional])).toMatchObject([{ code: "wrong_caller_number_series", acknowledgeable: false }]);
    expect(check(facts({ acknowledged: [...acknowledgeableCodes] }), [])).toMatchObject([{ code: "no_caller_number", acknowledgeable: false }]);
  });

  it("are checked for every number the campaign may present", () => {
    const codes = check(facts(), [caller.finance, caller.foreign, "+919876543210"]).map(({ code }) => code);
    expect(codes).toEqual(["no_a2p_declaration", "foreign_caller_number", "wrong_caller_number_series"]);
  });

  it("agree with the gate: what may start is refused for no paper", () => {
    const ids = ["sender-registration", "a2p-declaration", "caller-number-series", "consent-basis", "promotional-category", "scrub-run"];
    fc.assert(
      fc.property(anyFacts(at(noon)), (of) => {
        const number = typeof of.callerNumber === "string" ? of.callerNumber : "";
        const { findings } = judgeCampaign(of, istFromMs(at(noon)));
        const refused = findings.some((finding) => ids.includes(finding.ruleId) && finding.says !== "call");
        expect(missingPapers({ facts: of, callerNumbers: [number] }, at(noon)).length > 0).toBe(refused);
      }),
      { numRuns: 1_500 },
    );
  });
});
