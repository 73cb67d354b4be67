import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numberInWords } from "../../src/talk/number-words.ts";
import { answerMatches, type Question, valuesSaid } from "../../src/talk/spoken-answer.ts";
import { numbersIn } from "../../src/talk/spoken-numbers.ts";
import { dateInWords, yearInWords } from "../../src/talk/spoken-date.ts";
import type { VariableValue } from "../../src/talk/variable-values.ts";

const year: Question = { type: "number", expected: 1985 };
const day: Question = { type: "date", expected: "1985-03-14" };
const lastDigits: Question = { type: "number", expected: 4321 };
const name: Question = { type: "text", expected: "Mahesh" };
const gives = ({ type, expected }: Question, answer: string): boolean => answerMatches(type, answer, expected ?? "");
const script = fc.constantFrom("devanagari", "latin_hindi", "english" as const);

describe("the year 1985", () => {
  test.each([
    "1985", "nineteen eighty five", "nineteen eighty-five", "It is 1985.", "unnees sau pachaasi", "unnis sau pachasi", "unnis so pachasi", "उन्नीस सौ पचासी", "१९८५", "௧௯௮௫", "১৯৮৫", "one nine eight five", "ek nau aath paanch",
    "19 85", "1 9 8 5", "1,985", "nineteen eightyfive", "ninteen eighty five", "unnis sau pichasi", "unnis sau pichyasi", "सन् पिचासी", "ek hazaar nau sau pachasi", "85", "born in '85", "pachasi", "nineteen hundred eighty five", "sir 1985 hai", "1985, 1985", "haan ji 1985 ka janam hai", "मेरा जन्म 1985 में हुआ", "14 March 1985", "14/3/85",
  ])("is given by: %s", (answer) => expect(gives(year, answer)).toBe(true));

  test.each([
    "likh do 1985", "likh do unnees sau pachasi", "लिख दो 1985", "लिख दो उन्नीस सौ पचासी", "bata do 1985", "1985 one second", "ek minute, 1985", "two minutes, nineteen eighty five", "twenty five minutes, 1985", "I do know it is 1985",
    "I am 40 years old, born 1985", "mera 2 number, 1985 hai", "so it is 1985", "oh, 1985", "my chai is hot, 1985", "one more thing, 1985",
  ])("is not lost among other words: %s", (answer) => expect(gives(year, answer)).toBe(true));

  test.each(["1984", "nineteen eighty four", "19850", "1984 one second", "1984 plus 1", "nineteen eighty four one", "लिख दो 1983", "likh do 1983", "I am 85 years old", "5", ""])("is not given by: %s", (answer) => expect(gives(year, answer)).toBe(false));

  test.each(["1983 or 1984 or 1985", "1983 1984 1985", "1984 and 1985", "either 84 or 85", "85 or 86", "82 83 84 85", "1985 ya 1986", "1985 या 84", "nineteen eighty four, nineteen eighty five"])("is not picked from a list: %s", (answer) => {
    expect(gives(year, answer)).toBe(false);
  });

  test.each(["haan ji boliye", "one second", "do minute do", "I do not know", "please do so", "ek minute", "first of all who are you", "kya chahiye aapko", "main jaanna chah raha hoon", "chai pi raha hoon", "aap kaun"])("has no answer at all in: %s", (answer) => {
    expect(valuesSaid(year, answer)).toEqual([]);
  });

  test("other years are read as well", () => {
    for (const answer of ["two thousand and five", "do hazaar paanch", "दो हज़ार पाँच", "twenty oh five", "05", "2005"]) expect(answerMatches("number", answer, 2005)).toBe(true);
    for (const answer of ["twenty ten", "do hazaar das", "10"]) expect(answerMatches("number", answer, 2010)).toBe(true);
  });

  test("is read again from every way of saying a year", () => {
    fc.assert(fc.property(fc.integer({ min: 1900, max: 2099 }), script, (value, as) => answerMatches("number", yearInWords(value, as), value)));
  });
});

describe("the 14th of March 1985", () => {
  test.each([
    "14 March 1985", "14 March 85", "14/3/85", "14 3 1985", "14 3 85", "14, 3, 1985", "14th of March, 1985", "14.03.1985", "14-03-1985", "1985-03-14", "fourteen three eighty five", "fourteen three nineteen eighty five",
    "chaudah march pachaasi", "chaudah march unnees sau pachasi", "चौदह मार्च उन्नीस सौ पचासी", "१४ मार्च १९८५", "१४/३/८५", "14031985", "140385", "1 4 0 3 1 9 8 5", "one four zero three one nine eight five", "March 14 1985",
    "March 14th, 85", "fourteenth March nineteen eighty five", "the fourteenth of march eighty five", "14 tareekh, March mahina, saal 1985", "meri date of birth 14 March 1985 hai", "14 March", "chaudah tareekh march ki", "likh do 14 March 1985",
    "ek minute, 14 march 85", "I have 2 kids, my birthday is 14 March 1985",
  ])("is given by: %s", (answer) => expect(gives(day, answer)).toBe(true));

  test.each(["13 March 1985", "14 March 31", "14 March 1984", "14 April 1985", "3/14/1985", "March", "1985", "14", "14 or 15 March 1985", "14 March or 15 March 1985", "14 March or April 1985", "14 January February March 1985", "31 February 1985"])("is not given by: %s", (answer) => {
    expect(gives(day, answer)).toBe(false);
  });

  test("other days of the month are read as well", () => {
    for (const answer of ["do december", "doosri December", "second of December 2026", "दो दिसंबर", "2 disambar"]) expect(answerMatches("date", answer, "2026-12-02")).toBe(true);
    for (const answer of ["twenty second of December", "baees December"]) expect(answerMatches("date", answer, "2026-12-22")).toBe(true);
    for (const answer of ["5 December 2026", "fifth... 5 december", "paanch December", "05/12/2026", "पाँच दिसंबर"]) expect(answerMatches("date", answer, "2026-12-05")).toBe(true);
  });

  test("is read again from every way of saying a day", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("1930-01-01"), max: new Date("2030-12-31"), noInvalidDate: true }), script, fc.boolean(), (date, as, withYear) => {
        const spoken = dateInWords(date.getUTCDate(), date.getUTCMonth() + 1, withYear ? date.getUTCFullYear() : undefined, as) ?? "";
        return answerMatches("date", spoken, date.toISOString().slice(0, 10));
      }),
    );
  });
});

describe("other answers", () => {
  test.each(["4321", "four three two one", "43 21", "forty three twenty one", "char teen do ek", "it ends in 4321", "chaar hazaar teen sau ikkees", "4,321"])("four digits: %s", (answer) => expect(gives(lastDigits, answer)).toBe(true));
  test.each(["4320 4321", "4321 or 4322", "4 3 2 2", "4320, 1", "4320 ek"])("other digits: %s", (answer) => expect(gives(lastDigits, answer)).toBe(false));
  test.each(["one second", "do minute do", "please do so", "first of all who are you", "likh do", "bata do na", "ek baat batao", "that one", "so what", "doosri call par hoon"])("no number at all: %s", (answer) => expect(valuesSaid(lastDigits, answer)).toEqual([]));

  test("a PIN code may be said in pieces", () => {
    for (const answer of ["560001", "560 001", "five six double zero zero one"]) expect(answerMatches("number", answer, 560_001)).toBe(true);
  });

  test.each(["Mahesh", "my father's name is Mahesh", "It's Mahesh.", "mere pita ka naam Mahesh hai", "MAHESH ji"])("the name: %s", (answer) => expect(gives(name, answer)).toBe(true));
  test.each(["no it is not Ramesh, is it Suresh or Mahesh", "Suresh Mahesh Ramesh", "Suresh or Mahesh", "Suresh, Mahesh", "Mahesh ya Suresh", "not Mahesh", ""])("not the name: %s", (answer) => expect(gives(name, answer)).toBe(false));

  test("a name agrees word for word, whatever the case and order", () => {
    expect(answerMatches("text", "it's mehta, Asha", "Asha Mehta")).toBe(true);
    expect(answerMatches("text", "Asha", "Asha Mehta")).toBe(false);
    expect(answerMatches("text", "", "Asha")).toBe(false);
  });

  test("money is compared in paise", () => {
    const amounts: readonly (readonly [string, VariableValue])[] = [["₹4,500", 450_000], ["chaar hazaar paanch sau rupaye", 450_000], ["4,500.50", 450_050], ["2.5 lakh", 25_000_000]];
    for (const [answer, paise] of amounts) expect(answerMatches("money", answer, paise)).toBe(true);
    expect(answerMatches("money", "4501", 450_000)).toBe(false);
    expect(answerMatches("money", "4500 or 4600", 450_000)).toBe(false);
  });
});

describe("listing candidates", () => {
  const joiner = fc.constantFrom(" or ", " ", ", ", " ya ", " and ", ". ", " या ", " / ", "; ");

  test("gives no year, however the list is joined", () => {
    fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: 1940, max: 2009 }), { minLength: 2, maxLength: 70 }), joiner, (years, between) => years.every((expected) => !answerMatches("number", years.join(between), expected))));
  });

  test("gives no birthday, however the list is joined", () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 4, maxLength: 31 });
    fc.assert(fc.property(days, fc.constantFrom(" or ", " ya ", " या "), (listed, between) => listed.every((of) => !answerMatches("date", `${listed.join(between)} March 1985`, `1985-03-${String(of).padStart(2, "0")}`))));
  });

  test("gives no name", () => {
    const names = ["Asha", "Ramesh", "Suresh", "Mahesh", "Sunita", "Kavita"];
    fc.assert(fc.property(fc.shuffledSubarray(names, { minLength: 2 }), joiner, (listed, between) => listed.every((expected) => !answerMatches("text", `is it ${listed.join(between)}`, expected))));
  });
});

test("every number that can be spoken is understood again, and as nothing else", () => {
  fc.assert(
    fc.property(fc.nat(99_999_999), script, (value, as) => {
      expect(numbersIn(numberInWords(value, as))).toEqual([value]);
    }),
  );
});

test("a hostile answer is read in no time", () => {
  const startedAt = performance.now();
  for (const text of ["sau ".repeat(20_000), "1 ".repeat(20_000), "do ".repeat(20_000), "1,".repeat(20_000), "march ".repeat(20_000), "1.".repeat(20_000), "1985 or ".repeat(5_000), "sau ".repeat(249), "1 ".repeat(499), "march 1 ".repeat(124)]) {
    for (const question of [year, day, lastDigits, name]) valuesSaid(question, text);
  }
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});
