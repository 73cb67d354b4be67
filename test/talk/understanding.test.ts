import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBackchannel, isPickup } from "../../src/talk/backchannel.ts";
import { cutClauses } from "../../src/talk/clauses.ts";
import { followLanguage, type LanguageChoice } from "../../src/talk/language-choice.ts";
import { machinePhrasesIn } from "../../src/talk/machine-phrases.ts";

describe("a backchannel", () => {
  test.each(["hmm", "haan", "haan haan", "हाँ जी", "ok ok", "Achha...", "theek hai ji", "Haan ji, boliye.", "go on", "हाँ बताइए", ""])("only shows that somebody listens: %s", (text) => expect(isBackchannel(text)).toBe(true));
  test.each(["no", "haan but listen", "nahi", "wait", "haan haan theek hai ji achha ok", "kaun"])("is not: %s", (text) => expect(isBackchannel(text)).toBe(false));
  test.each(["Hello?", "haan ji boliye", "haan kaun bol raha hai", "हेलो जी"])("people pick up with: %s", (text) => expect(isPickup(text)).toBe(true));
  test.each(["hello I am busy now", "wrong number", "mat call karo"])("people do not pick up with: %s", (text) => expect(isPickup(text)).toBe(false));
});

describe("clauses", () => {
  const all = (text: string): string[] => {
    const { clauses, rest } = cutClauses(text, { before: 0 });
    return [...clauses, rest];
  };
  test("end where a stop is followed by white space", () => {
    expect(all("Yes. You owe ₹4,500.50 by 10:30 today. Is that")).toEqual(["Yes.", "You owe ₹4,500.50 by 10:30 today.", "Is that"]);
    expect(all("ठीक है। आप कब देंगे? मैं")).toEqual(["ठीक है।", "आप कब देंगे?", "मैं"]);
  });
  test("do not end at an abbreviation or in the middle of a number", () => {
    expect(all("You owe Rs. 500 and Dr. Rao")).toEqual(["You owe Rs. 500 and Dr. Rao"]);
    expect(all("You owe 4.")).toEqual(["You owe 4."]);
  });
  test("the first may end early, at a comma", () => {
    expect(all("Before I go on, Asha ji, I will")).toEqual(["Before I go on,", "Asha ji, I will"]);
    expect(all("Yes, Asha ji")).toEqual(["Yes, Asha ji"]);
  });
  test("two words and a comma are enough for the voice to begin, and the next may end at a comma too, so that the first is not alone", () => {
    expect(all("ठीक है, पाँच सौ रुपये नोट कर लिए हैं, और शुक्रवार की तारीख भी, सब ठीक")).toEqual(["ठीक है,", "पाँच सौ रुपये नोट कर लिए हैं,", "और शुक्रवार की तारीख भी, सब ठीक"]);
    expect(all("Theek hai, 25 tareekh, 500 rupaye")).toEqual(["Theek hai,", "25 tareekh, 500 rupaye"]);
  });
  test("a question mark and a danda need no white space behind them", () => {
    expect(all("Can you pay?")).toEqual(["Can you pay?", ""]);
    expect(all("ठीक है।")).toEqual(["ठीक है।", ""]);
  });
  test("lose nothing, whatever the pieces in which the text came", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ,.?!।]{0,12}$/), { maxLength: 20 }), (pieces) => {
        let rest = "";
        const spoken: string[] = [];
        for (const piece of pieces) {
          const cut = cutClauses(rest + piece, { before: spoken.length });
          spoken.push(...cut.clauses);
          rest = cut.rest;
        }
        const bare = (text: string) => text.replace(/\s+/g, "");
        return bare([...spoken, rest].join("")) === bare(pieces.join(""));
      }),
    );
  });
});

describe("a recorded voice", () => {
  const ids = (text: string) => machinePhrasesIn(text).map((phrase) => phrase.id);
  test.each([
    ["Please leave your message after the beep.", ["leave_message", "after_the_tone"]],
    ["The number you are calling is switched off. Please try again later.", ["number_called", "switched_off", "call_later"]],
    ["जिस व्यक्ति को आप कॉल कर रहे हैं वह नेटवर्क क्षेत्र से बाहर है", ["number_called", "not_reachable"]],
    ["Aapke dwara dial kiya gaya number abhi switch off hai.", ["number_called", "switched_off"]],
    ["Hello, kaun bol raha hai?", []],
    ["I am driving, please call later in the evening", []],
  ])("%s", (text, found) => expect(ids(text)).toEqual(found));
});

describe("the language", () => {
  const hindi: LanguageChoice = { current: "hi-IN", leaning: null, turns: 0 };
  const both = ["hi-IN", "en-IN"] as const;
  const after = (turns: readonly string[], start = hindi): string => turns.reduce((choice, turn) => followLanguage(choice, turn, both), start).current;

  test("does not follow one short turn", () => expect(after(["yes tell me what is it"])).toBe("hi-IN"));
  test("follows two turns in a row", () => expect(after(["yes what is this", "who are you please"])).toBe("en-IN"));
  test("follows one long turn", () => expect(after(["I do not understand what you are saying to me"])).toBe("en-IN"));
  test("forgets a leaning when the callee goes back", () => expect(after(["what is this about", "haan ji boliye aap", "who is this please"])).toBe("hi-IN"));
  test("follows a plain request at once", () => {
    expect(after(["Please speak in English."])).toBe("en-IN");
    expect(after(["Hindi mein boliye"], { current: "en-IN", leaning: null, turns: 0 })).toBe("hi-IN");
  });
  test("takes Hindi in Latin letters for Hindi", () => expect(after(["main kal payment kar dunga", "haan theek hai kal subah"])).toBe("hi-IN"));
  test("numbers and yes change nothing", () => expect(after(["1985", "ok", "4500"])).toBe("hi-IN"));
  test("never leaves the campaign's languages", () => expect(followLanguage(hindi, "தமிழில் பேசுங்கள்", both).current).toBe("hi-IN"));
});
