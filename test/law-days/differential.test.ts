import { describe, expect, test } from "vitest";
import { istFromMs } from "../../src/domain/clock.ts";
import { seededRandom } from "../../src/domain/random.ts";
import { judge } from "../../src/rules/judge.ts";
import { drawSituation, type Situation } from "./differential.ts";
import { judgeCall } from "./oracle/judge-call.ts";
import { lawDefects } from "./seeded-defects.ts";

/** Situations of a seed until one is found that the rules allow and the oracle objects to; undefined when there is none. */
function unlawful(seed: number, situations: number): { situation: Situation; objections: string[] } | undefined {
  const random = seededRandom(seed);
  for (let drawn = 0; drawn < situations; drawn += 1) {
    const situation = drawSituation(random);
    if (judge(situation.facts, istFromMs(situation.call.receivedAtMs)).verdict.kind !== "call") continue;
    const objections = judgeCall(situation.call, situation.earlier);
    if (objections.length > 0) return { situation, objections };
  }
  return undefined;
}

const situations = 5_000;
/** A slip in a rare case takes longer to meet; most are met within some hundred. */
const atMost = 20_000;

describe("the rules against the oracle", () => {
  test(`allow nothing that the oracle objects to, in ${situations} situations`, () => {
    expect(unlawful(1, situations)?.objections).toBeUndefined();
  }, 60_000);

  test("are not refusing everything: a good part of the situations is allowed", () => {
    const random = seededRandom(2);
    const allowed = Array.from({ length: 1_000 }, () => drawSituation(random)).filter(({ call, facts }) => judge(facts, istFromMs(call.receivedAtMs)).verdict.kind === "call");
    expect(allowed.length).toBeGreaterThan(100);
  });

  test.each(lawDefects)("made wrong are caught: $name", (defect) => {
    const undo = defect.make();
    try {
      expect(unlawful(1, atMost)?.objections).toBeDefined();
    } finally {
      undo();
    }
  }, 60_000);
});
