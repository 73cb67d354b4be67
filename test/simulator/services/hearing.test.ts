import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { foldedWords } from "../../../src/simulator/services/hearing/fold.ts";
import { phrase } from "../../../src/simulator/services/hearing/phrases.ts";
import { spokenAmountPaise } from "../../../src/simulator/services/hearing/spoken-amounts.ts";
import { spokenDate } from "../../../src/simulator/services/hearing/spoken-dates.ts";
import { spokenNumbers } from "../../../src/simulator/services/hearing/spoken-numbers.ts";
import { spokenInstant } from "../../../src/simulator/services/hearing/spoken-times.ts";

const monday = DateTime.fromISO("2026-11-23T11:05:00", { zone: "Asia/Kolkata" }) as DateTime<true>;

describe("folding", () => {
  test.each([
    ["पाँच हज़ार रुपये", "paanch hazaar rupye"],
    ["अगले सोमवार को दे दूंगा", "agle somwaar ko de doonga"],
    ["मंगलवार", "mangalwar"],
    ["गलत है", "galat hai"],
    ["मुझे फोन मत करना", "mujhe fon mat karnaa"],
    ["छब्बीस", "chhabbees"],
  ])("%s is heard like %s", (devanagari, latin) => {
    expect(foldedWords(devanagari).join(" ")).toBe(foldedWords(latin).join(" "));
  });

  test("phrases skip words in between and match either spelling", () => {
    const refuses = phrase("nahi|nahin .. dunga|karunga");
    expect(refuses(foldedWords("मैं नहीं अभी दूंगा"))).toBe(true);
    expect(refuses(foldedWords("main nahin karoonga"))).toBe(true);
    expect(refuses(foldedWords("main kar dunga"))).toBe(false);
  });
});

describe("numbers", () => {
  test.each([
    ["saadhe chaar hazaar", 4_500],
    ["साढ़े चार हज़ार", 4_500],
    ["dedh hazaar", 1_500],
    ["sava lakh", 125_000],
    ["do hazaar paanch sau", 2_500],
    ["two lakh fifty thousand", 250_000],
    ["nineteen eighty five", 1_985],
    ["unnees sau pachaasi", 1_985],
    ["उन्नीस सौ पचासी", 1_985],
    ["one nine eight five", 1_985],
    ["१९८५", 1_985],
    ["twenty five", 25],
    ["5k", 5_000],
  ])("%s is %d", (text, value) => {
    expect(spokenNumbers(foldedWords(text)).map((number) => number.value)).toEqual([value]);
  });

  test("give is not two, and with is not sixty", () => {
    expect(spokenNumbers(foldedWords("paise de do aap ke saath"))).toEqual([]);
  });
});

describe("amounts", () => {
  test.each([
    ["I will pay 4500 on 28 November", 450_000],
    ["5 December 2026 ko 4,500 rupaye", 450_000],
    ["main 2500 de sakta hoon", 250_000],
    ["अट्ठाईस नवंबर को साढ़े चार हज़ार", 450_000],
    ["₹ 1,20,000.50", 12_000_050],
    ["two thousand five hundred by friday", 250_000],
    ["28 November", undefined],
    ["I was born in 1985", undefined],
    ["call me at six", undefined],
  ])("%s", (text, paise) => {
    expect(spokenAmountPaise(foldedWords(text))).toBe(paise);
  });
});

describe("days", () => {
  test.each([
    ["kal de dunga", "2026-11-24"],
    ["28 November", "2026-11-28"],
    ["November the 28th", "2026-11-28"],
    ["22 November", "2027-11-22"],
    ["अट्ठाईस नवंबर", "2026-11-28"],
    ["twenty eighth november", "2026-11-28"],
    ["on the fifth", "2026-12-05"],
    ["पाँच तारीख को दे दूंगा", "2026-12-05"],
    ["pehli tarikh ko", "2026-12-01"],
    ["अगले सोमवार", "2026-11-30"],
    ["next monday", "2026-11-30"],
    ["is shukravaar tak", "2026-11-27"],
    ["parson", "2026-11-25"],
    ["do din baad", "2026-11-25"],
    ["month end tak", "2026-11-30"],
    ["28/11", "2026-11-28"],
    ["2026-12-05", "2026-12-05"],
    ["aaj", "2026-11-23"],
    ["haan theek hai", undefined],
  ])("%s is %s", (text, day) => {
    expect(spokenDate(foldedWords(text), monday)?.toISODate()).toBe(day);
  });

  test.each([
    ["kal de diya", "2026-11-22"],
    ["parson hi bhar diya", "2026-11-21"],
    ["paid on 20 November", "2026-11-20"],
    ["pichle hafte", "2026-11-16"],
    ["on monday", "2026-11-16"],
    ["do din pehle", "2026-11-21"],
  ])("%s, in the past, is %s", (text, day) => {
    expect(spokenDate(foldedWords(text), monday, "gone")?.toISODate()).toBe(day);
  });
});

describe("times", () => {
  test.each([
    ["call me at six", "2026-11-23T18:00"],
    ["शाम छह बजे", "2026-11-23T18:00"],
    ["shaam chhe baje call karo", "2026-11-23T18:00"],
    ["saadhe paanch baje", "2026-11-23T17:30"],
    ["paune paanch baje", "2026-11-23T16:45"],
    ["half past five", "2026-11-23T17:30"],
    ["5:30 pm", "2026-11-23T17:30"],
    ["kal subah das baje", "2026-11-24T10:00"],
    ["tomorrow at 11 am", "2026-11-24T11:00"],
    ["das baje", "2026-11-24T10:00"],
    ["do ghante baad", "2026-11-23T13:05"],
    ["aadhe ghante baad", "2026-11-23T11:35"],
    ["after twenty minutes", "2026-11-23T11:25"],
    ["tomorrow morning", "2026-11-24T10:00"],
    ["dopahar baarah baje", "2026-11-23T12:00"],
    ["raat aath baje", "2026-11-23T20:00"],
    ["I am busy right now, please call me today at 6 pm", "2026-11-23T18:00"],
    ["theek hai", undefined],
  ])("%s is %s", (text, instant) => {
    expect(spokenInstant(foldedWords(text), monday)?.toFormat("yyyy-MM-dd'T'HH:mm")).toBe(instant);
  });
});
