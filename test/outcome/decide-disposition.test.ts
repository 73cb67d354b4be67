import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answeredByValues, hangupByValues } from "../../src/domain/attempt.ts";
import { callEndings } from "../../src/domain/call-fact.ts";
import { endReasons } from "../../src/domain/conversation.ts";
import { decideDisposition, type FinishedAttempt } from "../../src/outcome/decide-disposition.ts";

const ended: FinishedAttempt = {
  state: "ended",
  ending: "completed",
  carrierCode: null,
  refusalCode: null,
  answeredBy: "person",
  hangupBy: null,
  failureClass: null,
  optedOut: false,
  conversation: null,
};
const talk = { endReason: "agent_goodbye", disposition: null, answeredBy: "person", optedOut: false, calleeSpoke: true } as const;

describe("the disposition of a finished attempt", () => {
  test("is what the conversation recorded", () => {
    expect(decideDisposition({ ...ended, conversation: { ...talk, disposition: "promise_to_pay" } })).toMatchObject({ disposition: "promise_to_pay", reached: true });
  });

  test("is opted_out whenever the person opted out, whatever else was recorded", () => {
    expect(decideDisposition({ ...ended, conversation: { ...talk, disposition: "promise_to_pay", optedOut: true } }).disposition).toBe("opted_out");
  });

  test.each([
    ["busy", "486", "busy"],
    ["no_answer", "487", "no_answer"],
    ["no_answer", "480", "unreachable"],
    ["failed", "404", "invalid_number"],
    ["failed", "480", "unreachable"],
    ["failed", "503", "failed"],
  ] as const)("of a call that ended %s with code %s is %s", (ending, carrierCode, disposition) => {
    expect(decideDisposition({ ...ended, ending, carrierCode, answeredBy: "unknown" })).toMatchObject({ disposition, reached: false });
  });

  test("does not blame the callee for a request the carrier refused, and does not count it", () => {
    expect(decideDisposition({ ...ended, state: "rejected", ending: null, refusalCode: "21212" })).toMatchObject({ failureClass: "platform", counts: false });
  });

  test("of a refused number is final for that number", () => {
    expect(decideDisposition({ ...ended, state: "rejected", ending: null, refusalCode: "invalid_number" })).toMatchObject({ disposition: "invalid_number", counts: true });
  });

  test("of a call we took back before it rang does not count", () => {
    expect(decideDisposition({ ...ended, ending: "canceled", hangupBy: "operator" }).counts).toBe(false);
  });

  test("is an opt-out when the person said no before any conversation was opened", () => {
    expect(decideDisposition({ ...ended, optedOut: true })).toMatchObject({ disposition: "opted_out", reached: true, counts: true });
  });

  test("of an attempt whose fate is unknown counts as an attempt", () => {
    expect(decideDisposition({ ...ended, state: "closed_unknown", ending: null })).toMatchObject({ disposition: "failed", failureClass: "carrier", counts: true });
  });

  test("exists for every way an attempt can end, and a machine is never a person reached", () => {
    const anyAttempt = fc.record({
      state: fc.constantFrom("ended", "rejected", "closed_unknown"),
      ending: fc.option(fc.constantFrom(...callEndings)),
      carrierCode: fc.option(fc.constantFrom("404", "480", "486", "487", "503")),
      refusalCode: fc.option(fc.constantFrom("invalid_number", "21212", "10004")),
      answeredBy: fc.constantFrom(...answeredByValues),
      hangupBy: fc.option(fc.constantFrom(...hangupByValues)),
      failureClass: fc.constant(null),
      optedOut: fc.boolean(),
      conversation: fc.option(
        fc.record({
          endReason: fc.constantFrom(...endReasons),
          disposition: fc.option(fc.constantFrom("promise_to_pay", "voicemail", "carrier_announcement")),
          answeredBy: fc.constantFrom(...answeredByValues),
          optedOut: fc.boolean(),
          calleeSpoke: fc.boolean(),
        }),
      ),
    });
    fc.assert(
      fc.property(anyAttempt, (attempt) => {
        const decision = decideDisposition(attempt);
        expect(decision.disposition).not.toBe("");
        if (["voicemail", "carrier_announcement", "busy", "no_answer"].includes(decision.disposition)) expect(decision.reached).toBe(false);
      }),
    );
  });
});
