import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionSchema } from "../../src/domain/definition.ts";
import type { Decision } from "../../src/outcome/decide-disposition.ts";
import { type FollowUpInput, planFollowUp } from "../../src/outcome/follow-up.ts";

const minute = 60_000;
const definition = definitionSchema.parse({
  name: "test",
  purpose: "reminder",
  agent: { persona: "the assistant", greeting: "hello" },
  dispositions: { promise_to_pay: { fields: { amount: "money" } }, dispute: { then: "hold" } },
  retry: { no_answer: ["30m", "2h"], busy: ["10m"] },
  limits: { attempts: 3 },
});
const nowMs = Date.UTC(2026, 10, 23, 5);
const after = (decision: Partial<Decision>, more: Partial<FollowUpInput> = {}) =>
  planFollowUp({
    decision: { disposition: "no_answer", reached: false, counts: true, failureClass: "callee", ...decision },
    definition,
    attemptsUsed: 1,
    sameBefore: 0,
    callbacksBefore: 0,
    callbackAtMs: null,
    minGapMs: 0,
    nowMs,
    ...more,
  });

describe("what follows a disposition", () => {
  test("a contact that did not answer is tried again after the plan's delays, which widen", () => {
    expect(after({})).toMatchObject({ state: "waiting", dueClass: "retry", atMs: nowMs + 30 * minute });
    expect(after({}, { attemptsUsed: 2, sameBefore: 1 })).toMatchObject({ atMs: nowMs + 120 * minute });
  });

  test("a contact whose attempts are used up is left in peace", () => {
    expect(after({}, { attemptsUsed: 3 })).toEqual({ state: "exhausted" });
  });

  test("a disposition without a retry plan is not retried", () => {
    expect(after({ disposition: "voicemail" })).toEqual({ state: "exhausted" });
  });

  test("a promise ends the contact, a dispute waits for a person", () => {
    expect(after({ disposition: "promise_to_pay", reached: true })).toEqual({ state: "done" });
    expect(after({ disposition: "dispute", reached: true })).toEqual({ state: "held" });
  });

  test("a callback is kept at the instant the person named, also when the attempts are used up", () => {
    const callbackAtMs = nowMs + 7 * 60 * minute;
    expect(after({ disposition: "callback_requested", reached: true }, { callbackAtMs, attemptsUsed: 3 })).toMatchObject({
      state: "waiting",
      dueClass: "callback",
      atMs: callbackAtMs,
    });
  });

  test("an invalid number is never tried again", () => {
    expect(after({ disposition: "invalid_number" })).toEqual({ state: "exhausted" });
  });

  test("after an attempt of unknown fate nobody is rung before the gap has passed", () => {
    expect(after({}, { minGapMs: 240 * minute })).toMatchObject({ atMs: nowMs + 240 * minute });
  });

  test("no plan leads into the past or to more attempts than allowed", () => {
    const input = fc.record({
      disposition: fc.constantFrom("no_answer", "busy", "voicemail", "failed", "callback_requested", "promise_to_pay", "opted_out", "unheard_of"),
      attemptsUsed: fc.integer({ min: 1, max: 6 }),
      sameBefore: fc.integer({ min: 0, max: 6 }),
      callbackAtMs: fc.option(fc.integer({ min: nowMs - 1e9, max: nowMs + 1e9 })),
    });
    fc.assert(
      fc.property(input, ({ disposition, ...more }) => {
        const plan = after({ disposition }, more);
        if (plan.state !== "waiting") return;
        expect(plan.atMs).toBeGreaterThan(nowMs);
        if (plan.dueClass === "retry") expect(more.attemptsUsed).toBeLessThan(3);
      }),
    );
  });
});
