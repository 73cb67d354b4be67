import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answeredByValues } from "../../src/domain/attempt.ts";
import { callEndings, type CallFact } from "../../src/domain/call-fact.ts";
import { type CallFold, emptyFold, foldOf, joinFolds, provenState, readFold } from "../../src/dial/fold.ts";
import { foldView } from "../../src/dial/fold-view.ts";

const common = {
  callSid: fc.constant("CA1"),
  authority: fc.constantFrom("carrier" as const, "inferred" as const),
  atMs: fc.integer({ min: 0, max: 1_000_000 }),
  sequence: fc.integer({ min: 0, max: 9 }),
};
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const anyFact: fc.Arbitrary<CallFact> = fc.oneof(
  fc.record({ ...common, kind: fc.constantFrom("initiated" as const, "ringing" as const, "answered" as const) }),
  fc.record({
    ...common,
    kind: fc.constant("ended" as const),
    ending: fc.constantFrom(...callEndings),
    durationSeconds: maybe(fc.integer({ min: 0, max: 600 })),
    carrierCode: maybe(fc.constantFrom("200", "404", "486", "487", "503")),
    pricePaise: maybe(fc.integer({ min: 0, max: 5_000 })),
  }),
  fc.record({ ...common, kind: fc.constant("answered_by" as const), answeredBy: fc.constantFrom(...answeredByValues), detectionMs: maybe(fc.integer({ min: 0 })) }),
  fc.record({
    ...common,
    kind: fc.constant("recording" as const),
    recordingSid: fc.constantFrom("RE1", "RE2"),
    state: fc.constantFrom("in_progress" as const, "completed" as const, "absent" as const),
    durationSeconds: maybe(fc.integer({ min: 0 })),
  }),
);
const anyFold = fc.array(anyFact, { maxLength: 5 }).map((facts) => foldAll(facts));

function foldAll(facts: readonly CallFact[]): CallFold {
  return facts.reduce((fold, fact) => joinFolds(fold, foldOf(fact)), emptyFold);
}

describe("the fold of a call's facts", () => {
  test("R2.1 ends in the same state for any order and up to three deliveries of each fact", () => {
    fc.assert(
      fc.property(
        fc.array(anyFact, { minLength: 1, maxLength: 8 }).chain((facts) =>
          fc.tuple(
            fc.constant(facts),
            fc.shuffledSubarray(
              facts.flatMap((fact) => [fact, fact, fact]),
              { minLength: 0 },
            ).map((some) => [...facts, ...some]).chain((all) => fc.shuffledSubarray(all, { minLength: all.length })),
          ),
        ),
        ([facts, delivered]) => JSON.stringify(foldAll(facts)) === JSON.stringify(foldAll(delivered)),
      ),
      { numRuns: 100_000 },
    );
  }, 60_000);

  test("joins in any grouping, and joining twice changes nothing", () => {
    fc.assert(
      fc.property(anyFold, anyFold, anyFold, (a, b, c) => {
        expect(joinFolds(joinFolds(a, b), c)).toEqual(joinFolds(a, joinFolds(b, c)));
        expect(joinFolds(a, b)).toEqual(joinFolds(b, a));
        expect(joinFolds(a, a)).toEqual(a);
        expect(joinFolds(a, emptyFold)).toEqual(a);
      }),
      { numRuns: 3_000 },
    );
  });

  test("R2.1 never leaves the end again, whatever comes later", () => {
    fc.assert(
      fc.property(fc.array(anyFact), fc.array(anyFact), (before, later) => {
        const fold = foldAll(before);
        fc.pre(provenState(fold) === "ended");
        expect(provenState(joinFolds(fold, foldAll(later)))).toBe("ended");
      }),
      { numRuns: 3_000 },
    );
  });

  test("lets the carrier's word about the end stand against our inference, in either order", () => {
    const at = { callSid: "CA1", atMs: 5, sequence: 1, durationSeconds: null, carrierCode: null, pricePaise: null } as const;
    const carrier: CallFact = { ...at, kind: "ended", authority: "carrier", ending: "busy" };
    const inferred: CallFact = { ...at, kind: "ended", authority: "inferred", ending: "completed" };
    expect(foldView(foldAll([carrier, inferred])).ending).toBe("busy");
    expect(foldView(foldAll([inferred, carrier])).ending).toBe("busy");
  });

  test("survives its way through the database's JSON", () => {
    fc.assert(
      fc.property(anyFold, (fold) => {
        expect(readFold(JSON.parse(JSON.stringify(fold)))).toEqual(fold);
      }),
      { numRuns: 1_000 },
    );
    expect(readFold({})).toEqual(emptyFold);
  });
});
