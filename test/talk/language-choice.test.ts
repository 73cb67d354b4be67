import { describe, expect, test } from "vitest";
import type { Language } from "../../src/domain/definition.ts";
import { followLanguage, type LanguageChoice } from "../../src/talk/language-choice.ts";

const all: readonly Language[] = ["hi-IN", "en-IN", "ta-IN", "te-IN", "pa-IN", "bn-IN", "gu-IN", "mr-IN", "kn-IN", "ml-IN"];
const after = (current: Language, ...turns: readonly string[]): string => turns.reduce<LanguageChoice>((choice, turn) => followLanguage(choice, turn, all), { current, leaning: null, turns: 0 }).current;

describe("one turn", () => {
  test.each<[Language, string, Language]>([
    ["en-IN", "sorry I don't speak Hindi", "en-IN"],
    ["en-IN", "I don\u2019t know Hindi", "en-IN"],
    ["en-IN", "please don't talk in Hindi", "en-IN"],
    ["en-IN", "hindi mujhe nahi aati", "en-IN"],
    ["hi-IN", "sorry I don't speak English", "hi-IN"],
    ["hi-IN", "मुझे इंग्लिश में बात नहीं करनी", "hi-IN"],
    ["hi-IN", "english samajh nahi aati bhaiya", "hi-IN"],
    ["hi-IN", "mujhe nahi aati english", "hi-IN"],
    ["hi-IN", "my English is weak", "hi-IN"],
    ["hi-IN", "English I don't understand", "hi-IN"],
    ["hi-IN", "English nahi", "hi-IN"],
  ])("in %s that refuses another language stays: %s", (current, turn, expected) => expect(after(current, turn)).toBe(expected));

  test.each<[Language, string, Language]>([
    ["hi-IN", "I don't understand Hindi", "en-IN"],
    ["hi-IN", "I do not know Hindi please speak English", "en-IN"],
    ["hi-IN", "hindi nahi aati mujhe", "en-IN"],
    ["hi-IN", "no Hindi please", "en-IN"],
    ["hi-IN", "हिंदी नहीं आती", "en-IN"],
    ["hi-IN", "எனக்கு ஹிந்தி தெரியாது", "ta-IN"],
    ["hi-IN", "నాకు హిందీ రాదు", "te-IN"],
    ["hi-IN", "আমি হিন্দি জানি না", "bn-IN"],
    ["en-IN", "I don't speak English", "hi-IN"],
    ["en-IN", "mujhe english nahi aati", "hi-IN"],
    ["en-IN", "I can't speak English, Hindi please", "hi-IN"],
    ["en-IN", "Hindi nahi Tamil", "ta-IN"],
  ])("in %s that refuses it leaves it: %s", (current, turn, expected) => expect(after(current, turn)).toBe(expected));

  test.each<[Language, string, Language]>([
    ["hi-IN", "Please speak in English.", "en-IN"],
    ["hi-IN", "can we talk in English", "en-IN"],
    ["hi-IN", "English please", "en-IN"],
    ["hi-IN", "English.", "en-IN"],
    ["hi-IN", "could you explain in English please", "en-IN"],
    ["en-IN", "Hindi mein boliye", "hi-IN"],
    ["en-IN", "hindi main baat karo na", "hi-IN"],
    ["en-IN", "हिंदी में बात कीजिए", "hi-IN"],
    ["en-IN", "no no Hindi please", "hi-IN"],
    ["en-IN", "I don't understand speak Hindi", "hi-IN"],
    ["en-IN", "can't you speak Hindi?", "hi-IN"],
    ["en-IN", "why don't you speak in Hindi", "hi-IN"],
    ["en-IN", "aap hindi mein kyun nahi bolte", "hi-IN"],
    ["en-IN", "hindi nahi bol sakte kya", "hi-IN"],
    ["en-IN", "sirf hindi mein", "hi-IN"],
    ["hi-IN", "Tamil please", "ta-IN"],
    ["hi-IN", "do you know Tamil", "ta-IN"],
    ["hi-IN", "Tamil mein bolo", "ta-IN"],
    ["en-IN", "தமிழில் பேசுங்கள்", "ta-IN"],
    ["en-IN", "తెలుగులో మాట్లాడండి", "te-IN"],
    ["hi-IN", "punjabi vich gal karo ji, Punjabi mein", "pa-IN"],
    ["en-IN", "speak Telugu only", "te-IN"],
  ])("in %s that asks for another is followed: %s", (current, turn, expected) => expect(after(current, turn)).toBe(expected));

  test.each<[Language, string]>([
    ["hi-IN", "main Tamil Nadu mein hoon"],
    ["hi-IN", "मैं तमिल नाडु में हूँ"],
    ["hi-IN", "punjabi bagh branch mein"],
    ["hi-IN", "main punjabi bagh mein rehta hoon"],
    ["en-IN", "I work as a Hindi teacher in school"],
    ["en-IN", "my wife is watching a Hindi film"],
    ["hi-IN", "bengali market ke paas dukaan hai"],
    ["hi-IN", "message english tha isliye dekha nahi"],
    ["en-IN", "already paid the loan amount through app yesterday"],
    ["en-IN", "main problem is the payment"],
    ["en-IN", "the phone is on par with the other"],
    ["en-IN", "my son is in Gujarati medium"],
    ["hi-IN", "yes tell me what is it"],
    ["hi-IN", "payment done, please check the app"],
    ["en-IN", "ok"],
    ["hi-IN", "1985"],
  ])("in %s that only names a language, or shows too little, changes nothing: %s", (current, turn) => expect(after(current, turn)).toBe(current));
});

test("the words that both languages share do not make English Hindi over two turns", () => {
  expect(after("en-IN", "is the bill due", "the payment was done")).toBe("en-IN");
  expect(after("en-IN", "the main phone", "the main par")).toBe("en-IN");
});

test("two turns or a long one are followed still", () => {
  expect(after("hi-IN", "yes what is this", "who are you please")).toBe("en-IN");
  expect(after("en-IN", "haan theek hai boliye", "kal subah de dunga")).toBe("hi-IN");
  expect(after("en-IN", "mujhe abhi paise nahi mile hain agle hafte dunga")).toBe("hi-IN");
  expect(after("en-IN", "எனக்கு இன்னும் பணம் வரவில்லை அடுத்த வாரம் தருகிறேன் சார்")).toBe("ta-IN");
});

test("a language that the campaign does not speak is never chosen", () => {
  const two: readonly Language[] = ["hi-IN", "en-IN"];
  const choice: LanguageChoice = { current: "hi-IN", leaning: null, turns: 0 };
  expect(followLanguage(choice, "Tamil please", two).current).toBe("hi-IN");
  expect(followLanguage(choice, "I don't know Hindi, Tamil please", two).current).toBe("en-IN");
  expect(followLanguage(choice, "I don't speak Hindi", ["hi-IN"]).current).toBe("hi-IN");
});
