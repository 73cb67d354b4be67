import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recogniseOptOut } from "../../src/domain/opt-out-phrases.ts";
import { wishes as shapes } from "../../src/domain/opt-out-wishes.ts";
import { wishes } from "./opt-out-sentences.ts";
import { otherHours, otherTalk } from "./other-sentences.ts";

describe("what people say about being called again", () => {
  it.each(wishes)("an opt-out: %s", (sentence) => {
    expect(recogniseOptOut(sentence).kind).toBe("opt_out");
  });

  it.each(otherHours)("a wish about the hour: %s", (sentence) => {
    expect(recogniseOptOut(sentence).kind).toBe("not_now");
  });

  it.each(otherTalk)("neither: %s", (sentence) => {
    expect(recogniseOptOut(sentence).kind).toBe("none");
  });

  it.each(Object.values(shapes).flat())("the shape %j is in its example: %s", (_, example) => {
    expect(recogniseOptOut(example).kind).toBe("opt_out");
  });
});

describe("an opt-out, whatever stands around it", () => {
  const said = fc.constantFrom(...wishes);

  it("is heard after and before other sentences", () => {
    const talk = fc.constantFrom("haan ji boliye", "theek hai", "mera naam Ramesh hai", "I will pay on Friday", "मैं ठीक हूं", "kaun bol raha hai");
    holds(fc.tuple(said, talk, talk), ([wish, before, after]) => recogniseOptOut(`${before}. ${wish}. ${after}.`).kind === "opt_out");
  });

  it("is heard in capitals and with other spaces", () => {
    holds(fc.tuple(said, fc.constantFrom(" ", "  ", "\t")), ([wish, space]) => recogniseOptOut(wish.toUpperCase().replaceAll(" ", space)).kind === "opt_out");
  });

  it("is heard behind a polite word", () => {
    holds(fc.tuple(said, fc.constantFrom("please", "sir", "bhai", "dekhiye", "प्लीज", "hello")), ([wish, word]) => recogniseOptOut(`${word}, ${wish}`).kind === "opt_out");
  });

  it("is heard when a vowel is drawn out", () => {
    holds(said, (wish) => recogniseOptOut(wish.replace(/[ao](?=\b)/, (vowel) => vowel.repeat(4))).kind === "opt_out");
  });

  it("is not made by sentences that have none, said one after the other", () => {
    holds(fc.array(fc.constantFrom(...otherTalk), { minLength: 2, maxLength: 5 }), (talk) => recogniseOptOut(talk.join(". ")).kind !== "opt_out");
  });
});

function holds<T>(sentences: fc.Arbitrary<T>, claim: (sentence: T) => boolean): void {
  fc.assert(fc.property(sentences, claim), { numRuns: 400 });
}
