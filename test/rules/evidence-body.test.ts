import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { istFromMs } from "../../src/domain/clock.ts";
import type { E164 } from "../../src/domain/phone-number.ts";
import { evidenceBody } from "../../src/rules/evidence-body.ts";
import * as clocks from "../../src/rules/data/consent-clocks.ts";
import * as limits from "../../src/rules/data/limits.ts";
import * as series from "../../src/rules/data/number-series.ts";
import * as codes from "../../src/rules/data/preference-codes.ts";
import { holidayOn } from "../../src/rules/data/public-holidays.ts";
import * as windows from "../../src/rules/data/windows.ts";
import { judge } from "../../src/rules/judge.ts";
import { ruleBook, ruleBookEdition } from "../../src/rules/rule-book.ts";
import { at, caller, facts, preference, promotion } from "./facts-fixture.ts";

describe("the evidence of a decision", () => {
  it("names the rules asked, what they used, the list versions and what was vouched for", () => {
    const of = promotion("2026-11-23", { callerNumber: caller.foreign as E164, acknowledged: ["foreign_caller_number", "no_a2p_declaration"], preference: preference({ bands: [25], importId: "import-7" }) });
    const body = JSON.parse(JSON.stringify(evidenceBody(of, judge(of, istFromMs(at("2026-11-23 12:00"))).findings))) as { allowed_by: string[] };
    expect(body).toMatchObject({
      rule_book: ruleBookEdition,
      call_class: "promotional",
      acknowledged: ["foreign_caller_number", "no_a2p_declaration"],
      objected: [{ rule: "preference-band", says: "wait", code: "preference_band", until: "2026-11-23T14:00:00.000+05:30" }],
      facts: { caller_series: "foreign", scrub_run: { reference: "RUN-1", list_hash: "h", expires_at: "2026-11-24T00:00:00.000+05:30" }, preference: { bands: [25], import_id: "import-7" }, scrub_result: "clear" },
    });
    expect(body.allowed_by).toContain("promotional-window");
  });

  it("says of what is not known that it is not known", () => {
    const of = facts({ holds: "unknown" });
    expect(evidenceBody(of, judge(of, istFromMs(at("2026-11-23 12:00"))).findings).facts).toMatchObject({ holds: "unknown" });
  });

  it("carries the edition of the rule book, which changes with its text", () => {
    const rules = ruleBook.map(({ id, title, citations, certainty, inForce, about }) => ({ id, title, citations, certainty, inForce, about }));
    const data = [windows, series, codes, clocks, limits, Array.from({ length: 800 }, (_, day) => holidayOn(20_454 + day))];
    const digest = createHash("sha256").update(JSON.stringify([rules, data])).digest("hex").slice(0, 16);
    expect({ edition: ruleBookEdition, digest }, "the book changed: give it a new edition and note the digest here").toEqual({ edition: "2026-11-30.2", digest: "ddd9a93becf6eb41" });
  });
});
