import { samplesPerSecond } from "../../mulaw.ts";
import { anyPhrase } from "../hearing/phrases.ts";
import { foldedWords } from "../hearing/fold.ts";

/** A word heard in the audio, with its place on the stream's time axis. */
export interface HeardWord {
  text: string;
  startSample: number;
  endSample: number;
}

/** Seconds on the stream's time axis, rounded as the vendor does. */
export function seconds(samples: number): number {
  return Math.round((samples / samplesPerSecond) * 1_000) / 1_000;
}

/** The word in lower case and without punctuation around it. */
export function bareWord(text: string): string {
  const letters = [...text.toLowerCase()];
  const from = letters.findIndex((letter) => /[\p{L}\p{N}₹]/u.test(letter));
  const to = letters.findLastIndex((letter) => /[\p{L}\p{M}\p{N}]/u.test(letter));
  return from === -1 ? "" : letters.slice(from, to + 1).join("");
}

const hindiMarks = anyPhrase(
  "hai|hain|haan|nahi|nahin|mein|main|mera|mujhe|aap|aapka|kya|kal|aaj|karo|karna|kar|dunga|doongi|dungi|diya|baje|bol|boliye|ji|theek|thik|abhi|baad|paise|rupaye|hoon|raha|rahi|kaun|galat|namaste|ko|ka|ki|tak|se|nahi",
);

/** The languages of what was heard, most frequent first: "hi", "en". */
export function languagesOf(words: readonly string[]): string[] {
  const text = words.join(" ");
  if (text.trim() === "") return [];
  if (/[\u0900-\u097f]/.test(text)) return /[A-Za-z]{3}/.test(text) ? ["hi", "en"] : ["hi"];
  return hindiMarks(foldedWords(text)) ? ["hi", "en"] : ["en"];
}
