import { describe, expect, it } from "vitest";
import type { GateFacts } from "../../src/rules/facts.ts";
import { at, brakeRelease, consent, facts, hold, papersFor, promotion, run, verdictAt } from "./facts-fixture.ts";

const noon = "2026-11-23 12:00";

describe("consents", () => {
  const resting = (basis: GateFacts["consentBasis"], consents: GateFacts["consents"], time = noon) =>
    verdictAt(promotion(time.slice(0, 10), { consentBasis: basis, consents }), time);

  it("by enquiry and explicit last seven days to the second", () => {
    for (const basis of ["enquiry", "explicit"] as const) {
      const given = [consent({ basis, givenAtMs: at("2026-11-16 12:00:01") })];
      expect(resting(basis, given)).toBe("call");
      expect(resting(basis, given, "2026-11-23 12:00:01")).toBe("never consent_lapsed");
    }
  });

  it("on the DCA platform last one year", () => {
    const given = [consent({ basis: "dca", givenAtMs: at("2025-11-23 12:00:01") })];
    expect(resting("dca", given)).toBe("call");
    expect(resting("dca", given, "2026-11-23 12:00:01")).toBe("never consent_lapsed");
  });

  it("of a contract last while the contract lasts, and are the list's word as long as none is on file", () => {
    const contract = (endsAtMs: number | null, revokedAtMs: number | null = null) => [consent({ basis: "inferred", givenAtMs: at("2020-01-01 12:00"), endsAtMs, revokedAtMs })];
    expect(verdictAt(facts({ consents: [] }), noon)).toBe("call");
    expect(verdictAt(facts({ consents: contract(null) }), noon)).toBe("call");
    expect(verdictAt(facts({ consents: contract(at(noon)) }), noon)).toBe("never consent_lapsed");
    expect(verdictAt(facts({ consents: [...contract(at(noon)), ...contract(null)] }), noon)).toBe("call");
    expect(verdictAt(facts({ consents: contract(null, at("2026-11-01 12:00")) }), noon)).toBe("never consent_lapsed");
  });

  it("that a campaign rests on must be on file, except the contract's", () => {
    for (const basis of ["enquiry", "explicit", "dca"] as const) expect(resting(basis, [])).toBe("never no_consent");
    expect(resting(null, [])).toBe("call");
    expect(resting("inferred", [])).toBe("call");
  });

  it("are not asked for again within 90 days of a refusal", () => {
    const after = (more: Partial<GateFacts>) => verdictAt(promotion("2026-11-23", more), noon);
    expect(after({ optedOutAtMs: at("2026-08-25 12:00:01") })).toBe("wait 2026-11-23 12:00:01 asked_too_soon");
    expect(after({ optedOutAtMs: at("2026-08-25 12:00:00") })).toBe("call");
    expect(after({ consents: [consent({ revokedAtMs: at("2026-11-01 15:00") })] })).toBe("wait 2027-01-30 15:00:00 asked_too_soon");
    const registered = consent({ basis: "dca", reference: "C", registeredOnDlt: true, givenAtMs: at("2026-11-02 12:00") });
    expect(after({ optedOutAtMs: at("2026-11-01 12:00"), consents: [registered] })).toBe("call");
    expect(after({ optedOutAtMs: at("2026-11-03 12:00"), consents: [registered] })).toBe("wait 2027-02-01 12:00:00 asked_too_soon");
    expect(verdictAt(facts({ optedOutAtMs: at("2026-11-20 12:00") }), noon)).toBe("call");
  });
});

describe("somebody on the do-not-call list", () => {
  it("is called for no purpose, not even a transaction of their own", () => {
    for (const purpose of ["collection", "reminder", "service", "transactional"] as const) {
      expect(verdictAt(facts({ purpose, addedAtMs: at(noon), suppression: { scope: "account", reason: "asked", sinceMs: 0 } }), noon)).toBe("never suppressed");
    }
    expect(verdictAt(promotion("2026-11-23", { suppression: { scope: "platform", reason: "court", sinceMs: 0 } }), noon)).toBe("never suppressed");
  });

  it("cannot be vouched away, and neither can windows, scrub, holds or caps", () => {
    const acknowledged: GateFacts["acknowledged"] = ["foreign_caller_number", "no_sender_registration", "no_a2p_declaration", "no_series_for_sector", "consent_basis_not_recorded"];
    expect(verdictAt(facts({ acknowledged, suppression: { scope: "account", reason: "asked", sinceMs: 0 } }), noon)).toBe("never suppressed");
    expect(verdictAt(facts({ acknowledged }), "2026-11-23 19:00")).toMatch(/^wait/);
    expect(verdictAt(promotion("2026-11-23", { acknowledged, scrubRun: null }), noon)).toBe("never scrub_run_missing");
    expect(verdictAt(facts({ acknowledged, holds: [hold("dispute")] }), noon)).toBe("never hold_dispute");
    expect(verdictAt(facts({ acknowledged, sentAtMs: [at("2026-11-23 09:00"), at("2026-11-23 10:00"), at("2026-11-23 11:00")] }), noon)).toMatch(/^wait/);
  });
});

describe("holds", () => {
  it("of every kind stop collection and reminders until they end", () => {
    for (const kind of ["complaint", "dispute", "hardship", "bereavement"] as const) {
      for (const purpose of ["collection", "reminder"] as const) {
        expect(verdictAt(facts({ purpose, holds: [hold(kind)] }), noon)).toBe(`never hold_${kind}`);
        expect(verdictAt(facts({ purpose, holds: [hold(kind, { endsAtMs: at("2026-11-25 11:00") })] }), noon)).toBe(`wait 2026-11-25 11:00:00 hold_${kind}`);
        expect(verdictAt(facts({ purpose, holds: [hold(kind, { endsAtMs: at(noon) })] }), noon)).toBe("call");
        expect(verdictAt(facts({ purpose, holds: [hold(kind, { startsAtMs: at("2026-11-23 12:00:01") })] }), noon)).toBe("call");
      }
    }
  });

  it("that follow on each other are waited for to the last", () => {
    const holds = [hold("dispute", { endsAtMs: at("2026-11-25 12:00") }), hold("hardship", { startsAtMs: at("2026-11-25 09:00"), endsAtMs: at("2026-12-01 12:00") })];
    expect(verdictAt(facts({ holds }), noon)).toBe("wait 2026-12-01 12:00:00 hold_hardship");
    expect(verdictAt(facts({ holds: [...holds, hold("bereavement", { startsAtMs: at("2026-12-01 11:59") })] }), noon)).toBe("never hold_bereavement");
  });

  it("for a complaint let a service call answer it; mourning does not", () => {
    expect(verdictAt(facts({ purpose: "service", holds: [hold("complaint")] }), noon)).toBe("call");
    expect(verdictAt(facts({ purpose: "service", holds: [hold("bereavement")] }), noon)).toBe("never hold_bereavement");
    expect(verdictAt(facts({ purpose: "transactional", addedAtMs: at(noon), holds: [hold("bereavement")] }), noon)).toBe("call");
  });

  it("for a number that is somebody else's stop every purpose", () => {
    for (const purpose of ["collection", "reminder", "service"] as const) expect(verdictAt(facts({ purpose, holds: [hold("not_party")] }), noon)).toBe("never hold_not_party");
    expect(verdictAt(promotion("2026-11-23", { holds: [hold("not_party")] }), noon)).toBe("never hold_not_party");
  });
});

describe("the right party", () => {
  it("of a collection call is the borrower or the guarantor", () => {
    for (const party of ["borrower", "guarantor", null] as const) expect(verdictAt(facts({ party }), noon)).toBe("call");
    expect(verdictAt(facts({ party: "other" }), noon)).toBe("never not_borrower");
    expect(verdictAt(facts({ party: "other", purpose: "reminder" }), noon)).toBe("call");
  });
});

describe("a person's wish about hours", () => {
  const wish = (mode: "only" | "not", from: string, to: string, more: Parameters<typeof hold>[1] = {}) => hold("hours", { hours: { mode, from, to, days: null }, ...more });

  it("is kept: only then, and not then", () => {
    expect(verdictAt(facts({ holds: [wish("only", "17:00", "19:00")] }), noon)).toBe("wait 2026-11-23 17:00:00 contact_hours");
    expect(verdictAt(facts({ holds: [wish("not", "11:00", "15:00")] }), noon)).toBe("wait 2026-11-23 15:00:00 contact_hours");
    expect(verdictAt(facts({ holds: [wish("not", "22:00", "13:00")] }), noon)).toBe("wait 2026-11-23 13:00:00 contact_hours");
  });

  it("never opens an hour that the law closes", () => {
    expect(verdictAt(facts({ holds: [wish("only", "20:00", "21:00")] }), noon)).toBe("never no_opening");
  });

  it("is replaced by a newer one of its kind", () => {
    const holds = [wish("only", "17:00", "18:00"), wish("only", "12:00", "13:00", { startsAtMs: at("2026-11-20 12:00") })];
    expect(verdictAt(facts({ holds }), noon)).toBe("call");
    expect(verdictAt(facts({ holds: [...holds].reverse() }), noon)).toBe("call");
  });

  it("ends when its time ends", () => {
    expect(verdictAt(facts({ holds: [wish("not", "00:00", "24:00", { endsAtMs: at("2026-11-24 15:30") })] }), noon)).toBe("wait 2026-11-24 15:30:00 contact_hours");
    expect(verdictAt(facts({ holds: [wish("not", "00:00", "24:00")] }), noon)).toBe("never contact_hours");
  });

  it("that cannot be read refuses", () => {
    expect(verdictAt(facts({ holds: [hold("hours", { hours: "unknown" })] }), noon)).toBe("never fact_missing");
  });
});

describe("caps", () => {
  it("of the day count to midnight IST", () => {
    const sentAtMs = [at("2026-11-23 11:00"), at("2026-11-23 10:00"), at("2026-11-23 08:00")];
    expect(verdictAt(facts({ sentAtMs }), noon)).toBe("wait 2026-11-24 08:00:00 outside_recovery_window");
    expect(verdictAt(facts({ sentAtMs, perNumberPerDay: 4 }), noon)).toBe("call");
    expect(verdictAt(facts({ sentAtMs: [at("2026-11-22 23:59:59"), at("2026-11-22 23:59:58"), at("2026-11-22 20:00")] }), noon)).toBe("call");
  });

  it("between two calls hold as long as the campaign asks, and not at all when it does not", () => {
    const sentAtMs = [at("2026-11-23 11:30"), at("2026-11-22 11:00")];
    expect(verdictAt(facts({ sentAtMs }), noon)).toBe("call");
    expect(verdictAt(facts({ sentAtMs, minutesBetweenCalls: 45 }), noon)).toBe("wait 2026-11-23 12:15:00 call_spacing");
    expect(verdictAt(facts({ sentAtMs, minutesBetweenCalls: 30 }), noon)).toBe("call");
    expect(verdictAt(facts({ sentAtMs: [], minutesBetweenCalls: 10_080 }), noon)).toBe("call");
  });

  it("of the week count seven times 24 hours", () => {
    const sentAtMs = [at("2026-11-20 12:00"), at("2026-11-18 12:00"), at("2026-11-16 13:00")];
    expect(verdictAt(facts({ sentAtMs, perNumberPerWeek: 3 }), noon)).toBe("wait 2026-11-23 13:00:00 cap_per_week");
    expect(verdictAt(facts({ sentAtMs, perNumberPerWeek: 2 }), noon)).toBe("wait 2026-11-25 12:00:00 cap_per_week");
    expect(verdictAt(facts({ sentAtMs, perNumberPerWeek: 4 }), noon)).toBe("call");
  });
});

describe("a call of unknown fate", () => {
  it("gives the number four hours of rest", () => {
    expect(verdictAt(facts({ unknownSentAtMs: at("2026-11-23 08:00:01") }), noon)).toBe("wait 2026-11-23 12:00:01 unknown_call_gap");
    expect(verdictAt(facts({ unknownSentAtMs: at("2026-11-23 08:00:00") }), noon)).toBe("call");
  });
});

describe("the brake", () => {
  const days = (...list: string[]) => list.map((day) => at(`${day} 15:00`));

  it("stops every purpose at three complaints in ten days, until the third-newest is ten days old", () => {
    const brake = { complaintsAtMs: days("2026-11-22", "2026-11-20", "2026-11-14"), promotionalOptOutsAtMs: [], optOutsAtMs: "unknown" } as const;
    expect(verdictAt(facts({ brake }), noon)).toBe("wait 2026-11-24 15:00:00 sender_brake");
    expect(verdictAt(facts({ brake: { ...brake, complaintsAtMs: brake.complaintsAtMs.slice(0, 2) } }), noon)).toBe("call");
    expect(verdictAt(facts({ brake: { ...brake, complaintsAtMs: days("2026-11-22", "2026-11-20", "2026-11-13") } }), noon)).toBe("wait 2026-11-23 15:00:00 sender_brake");
  });

  it("counts opt-outs said in promotional calls against promotional calls only", () => {
    const brake = { complaintsAtMs: days("2026-11-20"), promotionalOptOutsAtMs: days("2026-11-22", "2026-11-21"), optOutsAtMs: "unknown" } as const;
    expect(verdictAt(promotion("2026-11-23", { brake }), noon)).toBe("wait 2026-11-30 15:00:00 sender_brake");
    expect(verdictAt(facts({ brake }), noon)).toBe("call");
  });

  describe("narrowed by the definition", () => {
    const brake = { complaintsAtMs: days("2026-11-20"), promotionalOptOutsAtMs: [], optOutsAtMs: days("2026-11-22", "2026-11-21") };

    it("counts opt-outs of every call, beside the complaints, against a campaign of any purpose", () => {
      expect(verdictAt(facts({ brake }), noon)).toBe("call");
      expect(verdictAt(facts({ brake, optOutsInTenDays: 4 }), noon)).toBe("call");
      expect(verdictAt(facts({ brake, optOutsInTenDays: 3 }), noon)).toBe("wait 2026-11-30 15:00:00 sender_brake");
      expect(verdictAt(facts({ brake, optOutsInTenDays: 1 }), noon)).toBe("wait 2026-12-02 15:00:00 sender_brake");
      expect(verdictAt(promotion("2026-11-23", { brake, optOutsInTenDays: 3 }), noon)).toBe("wait 2026-11-30 15:00:00 sender_brake");
    });

    it("never loosens what the law counts", () => {
      const complaints = { complaintsAtMs: days("2026-11-22", "2026-11-20", "2026-11-14"), promotionalOptOutsAtMs: [], optOutsAtMs: [] };
      expect(verdictAt(facts({ brake: complaints, optOutsInTenDays: 20 }), noon)).toBe("wait 2026-11-24 15:00:00 sender_brake");
    });

    it("ends by a written release, at any number", () => {
      const many = { ...brake, optOutsAtMs: days("2026-11-22", "2026-11-21", "2026-11-21", "2026-11-20", "2026-11-20", "2026-11-19") };
      const of = facts({ brake: many, optOutsInTenDays: 3 });
      expect(verdictAt({ ...of, papers: [...papersFor(of.callerNumber ?? ""), brakeRelease(at("2026-11-22 16:00"))] }, noon)).toBe("call");
      expect(verdictAt({ ...of, papers: [...papersFor(of.callerNumber ?? ""), brakeRelease(at("2026-11-20 14:00"))] }, noon)).toBe("wait 2026-12-01 15:00:00 sender_brake");
    });

    it("allows nothing when the opt-outs could not be read", () => {
      expect(verdictAt(facts({ brake: { ...brake, optOutsAtMs: "unknown" }, optOutsInTenDays: 3 }), noon)).toBe("never fact_missing");
    });
  });

  describe("released in writing", () => {
    const complaintsAtMs = days("2026-11-22", "2026-11-20", "2026-11-14");
    const released = (on: string, brake: { complaintsAtMs: number[]; promotionalOptOutsAtMs?: number[] }, more: Partial<GateFacts> = {}) => {
      const of = facts({ ...more, brake: { promotionalOptOutsAtMs: [], optOutsAtMs: "unknown", ...brake } });
      return { ...of, papers: [...papersFor(of.callerNumber ?? ""), brakeRelease(at(on))] };
    };

    it("lets go of the complaints before the release, and of no later one", () => {
      expect(verdictAt(released("2026-11-22 16:00", { complaintsAtMs }), noon)).toBe("call");
      expect(verdictAt(released("2026-11-20 16:00", { complaintsAtMs }), noon)).toBe("call");
      expect(verdictAt(released("2026-11-23 16:00", { complaintsAtMs }), noon)).toBe("wait 2026-11-24 15:00:00 sender_brake");
      const again = { complaintsAtMs: days("2026-11-22", "2026-11-21", "2026-11-20", "2026-11-13") };
      expect(verdictAt(released("2026-11-18 16:00", again), noon)).toBe("wait 2026-11-30 15:00:00 sender_brake");
    });

    it("stops again at five within ten days, released or not, until the fifth-newest is ten days old", () => {
      const five = days("2026-11-22", "2026-11-22", "2026-11-20", "2026-11-16", "2026-11-14");
      expect(verdictAt(released("2026-11-22 16:00", { complaintsAtMs: five }), noon)).toBe("wait 2026-11-24 15:00:00 sender_brake");
      expect(verdictAt(released("2026-11-22 16:00", { complaintsAtMs: five.slice(0, 4) }), noon)).toBe("call");
    });

    it("protects nobody less who complained", () => {
      expect(verdictAt(released("2026-11-22 16:00", { complaintsAtMs }, { holds: [hold("complaint")] }), noon)).toBe("never hold_complaint");
      expect(verdictAt(released("2026-11-22 16:00", { complaintsAtMs }, { suppression: { scope: "account", reason: "opted out", sinceMs: at("2026-11-20 15:00") } }), noon)).toBe("never suppressed");
    });
  });
});

describe("a service call by enquiry", () => {
  it("is an explicit-consent call: it needs a scrub and a living enquiry", () => {
    const call = facts({ purpose: "service", consentBasis: "enquiry", consents: [consent({ basis: "enquiry" })], scrubRun: run("2026-11-23 08:00"), scrubResult: "clear" });
    expect(verdictAt(call, noon)).toBe("call");
    expect(verdictAt({ ...call, scrubRun: null }, noon)).toBe("never scrub_run_missing");
    expect(verdictAt({ ...call, consents: [] }, noon)).toBe("never no_consent");
  });
});
