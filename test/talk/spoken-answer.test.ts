import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numberInWords } from "../../src/talk/number-words.ts";
import { answerMatches } from "../../src/talk/spoken-answer.ts";
import { numbersIn } from "../../src/talk/spoken-numbers.ts";

describe("a spoken answer", () => {
  test.each(["1985", "nineteen eighty five", "It is 1985.", "unnees sau pachaasi", "unnis sau pachasi", "उन्नीस सौ पचासी", "१९८५", "one nine eight five", "19 85", "85", "pachasi"])("gives the year 1985: %s", (answer) => {
    expect(answerMatches("number", answer, 1985)).toBe(true);
  });

  test.each(["1984", "nineteen eighty four", "I will not tell you", "", "85 or 86", "19850", "5"])("does not give the year 1985: %s", (answer) => {
    expect(answerMatches("number", answer, 1985)).toBe(false);
  });

  test("a date may be said in any order, with or without the year", () => {
    for (const answer of ["5 December 2026", "2026-12-05", "fifth... 5 december", "paanch December", "05/12/2026", "पाँच दिसंबर"]) expect(answerMatches("date", answer, "2026-12-05")).toBe(true);
    for (const answer of ["6 December 2026", "5 November", "5 December 2025", "December"]) expect(answerMatches("date", answer, "2026-12-05")).toBe(false);
  });

  test("a text agrees word for word, whatever the case and order", () => {
    expect(answerMatches("text", "it's mehta, Asha", "Asha Mehta")).toBe(true);
    expect(answerMatches("text", "Asha", "Asha Mehta")).toBe(false);
    expect(answerMatches("text", "", "Asha")).toBe(false);
  });

  test("money is compared in paise", () => {
    expect(answerMatches("money", "₹4,500", 450_000)).toBe(true);
    expect(answerMatches("money", "chaar hazaar paanch sau", 450_000)).toBe(true);
    expect(answerMatches("money", "4501", 450_000)).toBe(false);
  });

  test("every number that can be spoken is understood again", () => {
    const script = fc.constantFrom("devanagari", "latin_hindi", "english" as const);
    fc.assert(fc.property(fc.nat(99_999_999), script, (value, as) => numbersIn(numberInWords(value, as)).includes(value)));
  });
});
