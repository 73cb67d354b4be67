import { anyPhrase } from "./phrases.ts";
import { foldedWords } from "./fold.ts";
import { type SpokenNumber, spokenNumbers } from "./spoken-numbers.ts";

const rupeeWords: ReadonlySet<string> = new Set(["rupees", "rupaye", "rupye", "rupay", "rupe", "rupya", "rupaya", "rupee", "bucks"].flatMap((word) => foldedWords(word)));
const dayWords: ReadonlySet<string> = new Set(
  ["tarikh", "taareekh", "baje", "am", "pm", "din", "day", "days", "ghante", "minute", "minutes", "hour", "hours", "mahine", "months", "percent", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "navambar", "disambar"].flatMap((word) => foldedWords(word)),
);

/** The amount of rupees that was said, in whole paise; undefined when none was. Years, days and clock times are not amounts. */
export function spokenAmountPaise(words: readonly string[]): number | undefined {
  const numbers = spokenNumbers(words);
  const named = numbers.find((number) => rupeeWords.has(words[number.to] ?? "") || rupeeWords.has(words[number.from - 1] ?? ""));
  const likely = named ?? numbers.find((number) => number.scaled && !looksLikeYear(number)) ?? numbers.find((number) => unnamedAmount(number, words));
  return likely === undefined ? undefined : Math.round(likely.value * 100);
}

function unnamedAmount(number: SpokenNumber, words: readonly string[]): boolean {
  if (number.value < 50 || looksLikeYear(number)) return false;
  return !dayWords.has(words[number.to] ?? "") && !dayWords.has(words[number.from - 1] ?? "");
}

function looksLikeYear(number: SpokenNumber): boolean {
  return number.value >= 1900 && number.value <= 2099 && Number.isInteger(number.value) && number.value % 100 !== 0 && number.value % 50 !== 0;
}

/** "the full amount", "poora paisa", "pura". */
export const saysWholeAmount = anyPhrase("full amount|payment", "poora|pura|puri|poori|pure", "whole amount", "entire amount", "saara|sara paisa|amount", "in full");

/** "half", "aadha". */
export const saysHalf = anyPhrase("half of|the|amount|payment|now", "aadha|aadhi");
