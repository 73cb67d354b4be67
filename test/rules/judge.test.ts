import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { istFromMs } from "../../src/domain/clock.ts";
import type { GateFacts } from "../../src/rules/facts.ts";
import { dayMs, istDateText, istDay } from "../../src/rules/ist-calendar.ts";
import { type Judgement, horizonDays, judge, judgeBy, judgeCampaign } from "../../src/rules/judge.ts";
import { mayCall, type Rule, type RuleVerdict, waitUntil } from "../../src/rules/rule.ts";
import { ruleBook } from "../../src/rules/rule-book.ts";
import { anyFacts, at, facts, hold, instants, promotion, told, verdictAt } from "./facts-fixture.ts";

const situations = instants().chain((nowMs) => fc.tuple(fc.constant(nowMs), anyFacts(nowMs)));

function inForce(rule: Rule, ms: number): boolean {
  const date = istDateText(istDay(ms));
  return rule.inForce.from <= date && (rule.inForce.to === null || date < rule.inForce.to);
}

function says(rule: Rule, of: GateFacts, ms: number): RuleVerdict {
  return inForce(rule, ms) ? rule.decide(of, ms) : mayCall();
}

/** never < later wait < earlier wait < call */
function leave(judgement: Judgement): number {
  const { verdict } = judgement;
  return verdict.kind === "call" ? Infinity : verdict.kind === "never" ? -Infinity : -verdict.until.toMillis();
}

describe("a judgement", () => {
  it("is call exactly when every rule in force says call", () => {
    fc.assert(
      fc.property(situations, ([nowMs, of]) => {
        const all = ruleBook.every((rule) => says(rule, of, nowMs).kind === "call");
        expect(judge(of, istFromMs(nowMs)).verdict.kind === "call").toBe(all);
      }),
      { numRuns: 1_500 },
    );
  });

  it("never lets a call start outside the intersection of the windows, reckoned by luxon", () => {
    const minute = (ms: number) => istFromMs(ms).hour * 60 + istFromMs(ms).minute;
    const open = facts({ acknowledged: ["no_a2p_declaration", "foreign_caller_number", "no_series_for_sector", "consent_basis_not_recorded"], addedAtMs: Infinity });
    let calls = 0;
    fc.assert(
      fc.property(instants(), fc.constantFrom("collection", "reminder", "service", "promotional"), fc.boolean(), (ms, purpose, microfinance) => {
        const promotional = purpose === "promotional";
        const base = promotional ? { ...promotion(istDateText(istDay(ms))), acknowledged: open.acknowledged } : open;
        const verdict = judge({ ...base, purpose, microfinance, window: { from: "09:30", to: "18:45" } }, istFromMs(ms)).verdict;
        if (verdict.kind !== "call") return;
        calls += 1;
        const micro = purpose === "collection" && microfinance && istFromMs(ms).year < 2027;
        const legal = promotional ? [600, 1_260] : purpose !== "collection" ? [540, 1_200] : micro ? [540, 1_080] : [480, 1_140];
        expect(minute(ms)).toBeGreaterThanOrEqual(Math.max(570, legal[0] ?? 0));
        expect(minute(ms)).toBeLessThan(Math.min(1_125, legal[1] ?? 0));
      }),
      { numRuns: 1_500 },
    );
    expect(calls).toBeGreaterThan(300);
  });

  it("waits to the first instant at which no rule waits: not earlier, not later", () => {
    let waits = 0;
    fc.assert(
      fc.property(situations, fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 12, maxLength: 12 }), ([nowMs, of], probes) => {
        const { verdict } = judge(of, istFromMs(nowMs));
        if (verdict.kind !== "wait") return;
        waits += 1;
        const untilMs = verdict.until.toMillis();
        expect(untilMs).toBeGreaterThan(nowMs);
        expect(ruleBook.filter((rule) => says(rule, of, untilMs).kind === "wait")).toEqual([]);
        for (const ms of [nowMs, untilMs - 1, ...probes.map((part) => nowMs + Math.floor((untilMs - nowMs) * part))]) {
          expect(ruleBook.some((rule) => says(rule, of, ms).kind === "wait")).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
    expect(waits).toBeGreaterThan(300);
  });

  it("finds every rule silent at the very instant it waited for, and waiting until the one before", () => {
    fc.assert(
      fc.property(situations, ([nowMs, of]) => {
        for (const rule of ruleBook) {
          const verdict = says(rule, of, nowMs);
          if (verdict.kind !== "wait") continue;
          expect(verdict.untilMs, rule.id).toBeGreaterThan(nowMs);
          expect(says(rule, of, verdict.untilMs).kind, rule.id).not.toBe("wait");
          expect(says(rule, of, Math.min(verdict.untilMs, rule.inForce.to === null ? Infinity : at(`${rule.inForce.to} 00:00`)) - 1).kind, rule.id).toBe("wait");
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("keeps a never about a person for good", () => {
    fc.assert(
      fc.property(situations, fc.integer({ min: 1, max: horizonDays * dayMs }), ([nowMs, of], laterMs) => {
        for (const rule of ruleBook) {
          if (rule.about !== "contact" || says(rule, of, nowMs).kind !== "never") continue;
          expect(says(rule, of, nowMs + laterMs).kind, rule.id).toBe("never");
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it("allows no more when a rule is added", () => {
    fc.assert(
      fc.property(situations, fc.subarray([...ruleBook]), fc.integer({ min: 0, max: ruleBook.length - 1 }), ([nowMs, of], book, extra) => {
        const now = istFromMs(nowMs);
        const added = ruleBook[extra];
        if (!added || book.includes(added)) return;
        expect(leave(judgeBy([...book, added], of, now))).toBeLessThanOrEqual(leave(judgeBy(book, of, now)));
      }),
      { numRuns: 1_500 },
    );
  });

  it("says never, naming the fact, when a fact is not known", () => {
    const when = istFromMs(at("2026-11-23 12:00"));
    const known = promotion("2026-11-23", { preference: null });
    const needed = ["accountState", "campaignState", "callerNumber", "papers", "scrubRun", "brake", "suppression", "preference", "scrubResult", "consents", "optedOutAtMs", "holds", "sentAtMs", "unknownSentAtMs"] as const;
    expect(judge(known, when).verdict.kind).toBe("call");
    for (const fact of needed) {
      const { verdict, concerns } = judge({ ...known, [fact]: "unknown" }, when);
      expect(verdict, fact).toMatchObject({ kind: "never", because: { code: "fact_missing", detail: `cannot decide: ${fact} is not known` } });
      expect(concerns).toBe("campaign");
    }
  });

  it("tells whose matter a refusal is, and names the person's first", () => {
    const when = istFromMs(at("2026-11-23 12:00"));
    const suppressed = { suppression: { scope: "platform", reason: "court order", sinceMs: 0 } } as const;
    expect(judge(facts({ campaignState: "paused" }), when).concerns).toBe("campaign");
    expect(judge(facts({ campaignState: "paused", ...suppressed }), when)).toMatchObject({ concerns: "contact", verdict: { because: { ruleId: "suppression" } } });
    expect(judge(facts(), istFromMs(at("2026-11-23 22:00"))).concerns).toBe("campaign");
    expect(judge(facts({ notBeforeMs: at("2026-11-25 12:00") }), when).concerns).toBe("contact");
    expect(judge(facts(), when).concerns).toBeNull();
  });

  it("follows waits over several rules, days and the change of the law", () => {
    const of = facts({ microfinance: true, window: { from: "08:15", to: "08:45" } });
    expect(verdictAt(of, "2026-12-30 08:20")).toBe("wait 2027-01-01 08:15:00 outside_campaign_window");
    const wish = hold("hours", { hours: { mode: "only", from: "18:00", to: "18:30", days: [3] } });
    expect(verdictAt(facts({ holds: [wish], notBeforeMs: at("2026-11-25 18:10") }), "2026-11-23 12:00")).toBe("wait 2026-11-25 18:10:00 not_before");
    expect(verdictAt(facts({ holds: [wish], notBeforeMs: at("2026-11-25 18:30") }), "2026-11-23 12:00")).toBe("wait 2026-12-02 18:00:00 contact_hours");
  });

  it("refuses at once what can never be: no common hour, or a last date before the next opening", () => {
    expect(verdictAt(facts({ window: { from: "19:30", to: "20:00" } }), "2026-11-23 12:00")).toBe("never no_opening");
    expect(judge(facts({ window: { from: "19:30", to: "20:00" } }), istFromMs(at("2026-11-23 12:00"))).concerns).toBe("campaign");
    expect(verdictAt(facts({ notAfterMs: at("2026-11-24 08:00") }), "2026-11-23 19:00")).toBe("never not_after_passed");
    expect(verdictAt(facts({ notAfterMs: at("2026-11-24 08:01") }), "2026-11-23 19:00")).toBe("wait 2026-11-24 08:00:00 outside_recovery_window");
  });

  it("waits for the opening although the scrub run will have ended by then: the operator can scrub again", () => {
    expect(verdictAt(promotion("2026-11-23"), "2026-11-23 21:00")).toBe("wait 2026-11-24 10:00:00 outside_promotional_window");
    expect(verdictAt(promotion("2026-11-23"), "2026-11-24 10:00")).toBe("never scrub_run_expired");
  });

  it("of a campaign agrees with the judgement of a person nothing speaks against", () => {
    fc.assert(
      fc.property(situations, ([nowMs, of]) => {
        const { purpose, sector, microfinance, mayTransfer, preferenceCategory, consentBasis, window, optOutsInTenDays, accountState, campaignState, acknowledged, callerNumber, papers, scrubRun, brake } = of;
        const campaign = { purpose, sector, microfinance, mayTransfer, preferenceCategory, consentBasis, window, perNumberPerDay: 3, perNumberPerWeek: 15, minutesBetweenCalls: null, optOutsInTenDays, accountState, campaignState, acknowledged, callerNumber, papers, scrubRun, brake };
        const alone = judgeBy(ruleBook.filter((rule) => rule.about === "campaign"), of, istFromMs(nowMs));
        expect(told(judgeCampaign(campaign, istFromMs(nowMs)))).toBe(told(alone));
      }),
      { numRuns: 500 },
    );
  });

  it("reports what every rule in force said", () => {
    const { findings } = judge(facts({ sentAtMs: [at("2026-11-23 09:00"), at("2026-11-23 10:00"), at("2026-11-23 11:00")] }), istFromMs(at("2026-11-23 12:00")));
    expect(findings.map((finding) => finding.ruleId)).toContain("recovery-window");
    expect(findings.map((finding) => finding.ruleId)).not.toContain("recovery-window-2027");
    expect(findings.find((finding) => finding.ruleId === "cap-per-day")).toMatchObject({ says: "wait", code: "cap_per_day", until: "2026-11-24T00:00:00.000+05:30" });
    expect(findings.filter((finding) => finding.says !== "call")).toHaveLength(1);
  });
});

describe("the rule book", () => {
  it("names every rule once, with a citation and dates, and lets only rules that never refuse run out", () => {
    expect(new Set(ruleBook.map((rule) => rule.id)).size).toBe(ruleBook.length);
    for (const rule of ruleBook) {
      expect(rule.citations.length, rule.id).toBeGreaterThan(0);
      expect(rule.inForce.from, rule.id).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
    fc.assert(
      fc.property(situations, ([nowMs, of]) => {
        for (const rule of ruleBook) if (rule.inForce.to !== null) expect(rule.decide(of, nowMs).kind, rule.id).not.toBe("never");
      }),
    );
  });

  it("can be read by a wait that is exact to the millisecond", () => {
    const late: Rule = { id: "x", title: "x", citations: ["x"], certainty: "own_policy", inForce: { from: "2020-01-01", to: null }, about: "contact", decide: (_, ms) => (ms < at("2026-11-23 12:00") + 1 ? waitUntil(at("2026-11-23 12:00") + 1, "x", "x") : mayCall()) };
    const { verdict } = judgeBy([late], facts(), istFromMs(at("2026-11-23 11:00")));
    expect(verdict).toMatchObject({ kind: "wait" });
    if (verdict.kind === "wait") expect(verdict.until.toMillis()).toBe(at("2026-11-23 12:00") + 1);
  });

  it("cannot be brought to a standstill by a rule that waits for what has passed: it refuses", () => {
    const noon = at("2026-11-23 12:00");
    const stuck: Rule = { id: "x", title: "x", citations: ["x"], certainty: "own_policy", inForce: { from: "2020-01-01", to: null }, about: "contact", decide: () => waitUntil(noon, "x", "x") };
    for (const time of ["2026-11-23 11:00", "2026-11-23 12:00", "2026-11-23 13:00"]) {
      expect(told(judgeBy([stuck], facts(), istFromMs(at(time)))), time).toBe("never endless_wait");
    }
  });
});
