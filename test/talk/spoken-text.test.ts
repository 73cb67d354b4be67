import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Language } from "../../src/domain/definition.ts";
import { numberInWords } from "../../src/talk/number-words.ts";
import { numbersIn } from "../../src/talk/spoken-numbers.ts";
import { spokenText } from "../../src/talk/spoken-text.ts";

const golden: readonly (readonly [Language, string, string])[] = [
  ["en-IN", "Your EMI of ₹4,500 is due on 5 December 2026.", "Your EMI of four thousand five hundred rupees is due on fifth December twenty twenty six."],
  ["en-IN", "₹1,50,000.50", "one lakh fifty thousand rupees fifty paise"],
  ["en-IN", "Rs. 900/- only", "nine hundred rupees only"],
  ["en-IN", "₹2.5 lakh at 12.5% for 24 months", "two point five lakh rupees at twelve point five percent for twenty four months"],
  ["en-IN", "₹1,00,00,000", "one crore rupees"],
  ["en-IN", "₹1", "one rupee"],
  ["en-IN", "INR 12,34,567", "twelve lakh thirty four thousand five hundred sixty seven rupees"],
  ["en-IN", "call +91 98765 43210.", "call nine eight seven six five four three two one zero."],
  ["en-IN", "call 1800-123-4567", "call one eight zero zero one two three four five six seven"],
  ["en-IN", "loan LN-20000 ending 4321", "loan LN two zero zero zero zero ending four three two one"],
  ["en-IN", "on 2026-12-05", "on fifth December twenty twenty six"],
  ["en-IN", "at 2026-12-05T18:30:00+05:30", "at fifth December twenty twenty six, six thirty P M"],
  ["en-IN", "5/12/2026 or 05-12-2026", "fifth December twenty twenty six or fifth December twenty twenty six"],
  ["en-IN", "December 5, 2026 at 10:05 am", "fifth December twenty twenty six at ten oh five A M"],
  ["en-IN", "at 6:30 pm, 10 am, 18:00 or 9:15", "at six thirty P M, ten A M, six P M or nine fifteen"],
  ["en-IN", "born in 1985, 3 children", "born in nineteen eighty five, three children"],
  ["en-IN", "**Thank you** & goodbye 🙏", "Thank you and goodbye"],
  ["hi-IN", "आपकी ₹5,650 की किस्त 6 दिसंबर 2026 को देय है।", "आपकी पाँच हज़ार छह सौ पचास रुपये की किस्त छह दिसंबर दो हज़ार छब्बीस को देय है।"],
  ["hi-IN", "शाम 6:30 बजे", "शाम छह बजकर तीस मिनट"],
  ["hi-IN", "18:00", "शाम छह बजे"],
  ["hi-IN", "12% ब्याज", "बारह प्रतिशत ब्याज"],
  ["hi-IN", "₹१,५००", "एक हज़ार पाँच सौ रुपये"],
  ["hi-IN", "1,20,000 रुपये", "एक लाख बीस हज़ार रुपये"],
  ["hi-IN", "aapki EMI 4500 rupaye ki hai, 5 December ko", "aapki EMI chaar hazaar paanch sau rupaye ki hai, paanch December ko"],
  ["hi-IN", "1985 mein", "unnees sau pachaasi mein"],
  ["en-IN", "₹5k or ₹2.5L or ₹3 Cr", "five thousand rupees or two point five lakh rupees or three crore rupees"],
  ["en-IN", "₹2 million", "twenty lakh rupees"],
  ["en-IN", "Rs 5000-6000", "five thousand to six thousand rupees"],
  ["en-IN", "₹5,000-₹6,000 or 500-600 rupees", "five thousand to six thousand rupees or five hundred to six hundred rupees"],
  ["en-IN", "₹5-6 lakh", "five to six lakh rupees"],
  ["en-IN", "₹50,000 - 1 lakh", "fifty thousand rupees to one lakh rupees"],
  ["en-IN", "₹5000 - 2 days", "five thousand rupees - two days"],
  ["en-IN", "₹1,20,000.50", "one lakh twenty thousand rupees fifty paise"],
  ["en-IN", "4,500/-", "four thousand five hundred rupees"],
  ["en-IN", "500₹", "five hundred rupees"],
  ["en-IN", "₹4,500, please", "four thousand five hundred rupees, please"],
  ["en-IN", "-₹500", "minus five hundred rupees"],
  ["en-IN", "₹1.5 करोड़", "one point five crore rupees"],
  ["hi-IN", "₹2.5 lakh बकाया", "दो दशमलव पाँच लाख रुपये बकाया"],
  ["hi-IN", "₹5k देय", "पाँच हज़ार रुपये देय"],
  ["hi-IN", "Rs 5000-6000 dene hain", "paanch hazaar se chhah hazaar rupaye dene hain"],
  ["hi-IN", "₹1,20,000.50", "एक लाख बीस हज़ार रुपये पचास पैसे"],
  ["ta-IN", "₹4,500", "4,500 ரூபாய்"],
  ["ta-IN", "₹2.5 lakh", "2.5 லட்சம் ரூபாய்"],
  ["ta-IN", "₹2.5 லட்சம்", "2.5 லட்சம் ரூபாய்"],
  ["te-IN", "₹10 crore", "10 కోట్ల రూపాయలు"],
  ["mr-IN", "₹2.5 लाख", "2.5 लाख रुपये"],
  ["bn-IN", "₹2.5 lakh", "2.5 লাখ টাকা"],
  ["gu-IN", "₹5k", "5 હજાર રૂપિયા"],
  ["kn-IN", "Rs 5000-6000", "5000 ರಿಂದ 6000 ರೂಪಾಯಿ"],
  ["ml-IN", "4,500/-", "4,500 രൂപ"],
  ["pa-IN", "₹1,20,000.50", "1,20,000.50 ਰੁਪਏ"],
];

describe("the speech normaliser", () => {
  test.each(golden)("%s: %s", (language, text, spoken) => {
    expect(spokenText(text, language)).toBe(spoken);
  });

  test("leaves words alone and is at rest after one pass", () => {
    for (const [language, , spoken] of golden) {
      expect(spokenText(spoken, language)).toBe(spoken);
    }
  });

  const rupees = fc.integer({ min: 1, max: 99_999_999 });
  const written = fc.constantFrom((value: string) => `₹${value}`, (value: string) => `Rs. ${value}/-`, (value: string) => `INR ${value}`, (value: string) => `${value} rupees`, (value: string) => `${value}/-`);
  const scales = fc.constantFrom(["thousand", 1_000] as const, ["lakh", 100_000] as const, ["lac", 100_000] as const, ["crore", 10_000_000] as const, ["लाख", 100_000] as const, ["करोड़", 10_000_000] as const);

  test("says in words the amount that is written, to the last rupee", () => {
    fc.assert(fc.property(rupees, written, fc.boolean(), fc.constantFrom<Language>("en-IN", "hi-IN"), (value, as, grouped, language) => numbersIn(spokenText(as(grouped ? value.toLocaleString("en-IN") : String(value)), language)).includes(value)));
  });

  test("never loses a scale in words", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 99 }), scales, fc.constantFrom<Language>("en-IN", "hi-IN"), (value, [word, factor], language) => numbersIn(spokenText(`₹${value} ${word}`, language)).includes(value * factor)));
  });

  test("never loses a digit or a scale where the voice reads the digits", () => {
    const others = fc.constantFrom<Language>("ta-IN", "te-IN", "mr-IN", "bn-IN", "gu-IN", "kn-IN", "ml-IN", "pa-IN");
    fc.assert(
      fc.property(rupees, fc.option(scales), others, (value, scale, language) => {
        const spoken = spokenText(scale === null ? `₹${value}` : `₹${value} ${scale[0]}`, language);
        return /^\d+/.exec(spoken)?.[0] === String(value) && spoken.split(" ").length === (scale === null ? 2 : 3);
      }),
    );
  });

  test("answers a hostile text in no time", () => {
    const startedAt = performance.now();
    for (const text of ["1,".repeat(20_000), "₹".repeat(20_000), "1".repeat(20_000), "1:".repeat(20_000), "ending ".repeat(10_000), "[".repeat(20_000), "₹1-".repeat(10_000), "₹1 lakh - ".repeat(5_000), "5k".repeat(10_000), "1 - 2 ".repeat(5_000)]) spokenText(text, "en-IN");
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  test("numbers have Indian grouping in every script", () => {
    expect(numberInWords(12_345_678, "english")).toBe("one crore twenty three lakh forty five thousand six hundred seventy eight");
    expect(numberInWords(100_000, "devanagari")).toBe("एक लाख");
    expect(numberInWords(0, "latin_hindi")).toBe("shunya");
  });
});
