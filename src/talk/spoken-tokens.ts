import { unitWords, folded, isHindiNumber, isVerbDo, looseOrdinals, measures, multipliers, shyNumbers, smallNumbers } from "./number-lexicon.ts";
import { monthNumber } from "./spoken-date.ts";

/** A number as it was written or said: `digits` keeps leading zeros, `written` tells digits from words. */
export interface NumberToken {
  readonly kind: "number";
  readonly value: number;
  readonly digits: string;
  readonly written: boolean;
}

/** One word of an utterance, as far as it says a number or a month; a `stop` ends a sentence. */
export type SpokenToken =
  | NumberToken
  | { readonly kind: "times"; readonly value: number }
  | { readonly kind: "month"; readonly month: number }
  | { readonly kind: "word"; readonly word: string }
  | { readonly kind: "stop" };

/** The digit zero of each script of India; the nine others follow it. */
const zeros = [0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66];

/** Digits of the Indian scripts as ASCII digits; everything else untouched. */
export function asciiDigits(text: string): string {
  return text.replace(/[\u0966-\u0d6f]/g, (digit) => {
    const zero = zeros.find((first) => digit.charCodeAt(0) >= first && digit.charCodeAt(0) < first + 10);
    return zero === undefined ? digit : String(digit.charCodeAt(0) - zero);
  });
}

const groupedNumber = /(?<![\d,])\d{1,3}(?:,\d{2,3}){0,5},\d{3}(?!\d)/g;
const piece = /(?<![\d.])\d+\.\d{1,2}(?![\d.])|\d+(?:(?:st|nd|rd|th|k)(?!\p{L}))?|[\p{L}\p{M}']+|[.!?।;\n]+(?=\s|$)/giu;

/** The words of an utterance with the numbers and months among them, in digits or words, Hindi or English, in either script. */
export function spokenTokens(text: string): readonly SpokenToken[] {
  const raw = withDoubles(asciiDigits(text).normalize("NFC").replace(groupedNumber, (grouped) => grouped.replaceAll(",", "")).match(piece) ?? []);
  const words = raw.map((written) => (/^\d/.test(written) ? written.toLowerCase() : folded(written)));
  const monthAt = (at: number): number | undefined => (smallNumbers.has(words[at] ?? "") ? undefined : monthNumber(raw[at] ?? ""));
  const tokens: SpokenToken[] = [];
  for (let at = 0; at < words.length; ) {
    const end = blockEnd(words, at);
    const month = end > at ? undefined : monthAt(at);
    if (end > at) tokens.push(...blockTokens(words, at, end, { alone: end - at === words.length, beforeUnit: [end, words[end] === "of" ? end + 1 : end].some((next) => monthAt(next) !== undefined || unitWords.has(words[next] ?? "")) }));
    else tokens.push(month === undefined ? wordToken(words[at] ?? "") : { kind: "month", month });
    at = Math.max(end, at + 1);
  }
  return tokens;
}

const doubling: ReadonlyMap<string, number> = new Map([["double", 2], ["dabal", 2], ["triple", 3]]);

/** "double five" and "triple nine", as phone numbers and years are dictated. */
function withDoubles(pieces: readonly string[]): readonly string[] {
  return pieces.flatMap((written, at) => {
    const next = pieces[at + 1] ?? "";
    const digit = /^\d$/.test(next) ? Number(next) : smallNumbers.get(folded(next));
    const count = doubling.get(written.toLowerCase());
    return count === undefined || digit === undefined || digit > 9 ? [written] : Array.from({ length: count - 1 }, () => next);
  });
}

const wordToken = (word: string): SpokenToken => (/^\P{L}/u.test(word) ? { kind: "stop" } : { kind: "word", word });
const isNumberLike = (word: string | undefined): boolean => word !== undefined && (/^\d/.test(word) || smallNumbers.has(word) || multipliers.has(word));

/** Where the words that may all be numbers end. */
function blockEnd(words: readonly string[], from: number): number {
  let end = from;
  while (isNumberLike(words[end]) && !(end > from && isVerbDo(words[end] ?? "", words[end - 1]))) end += 1;
  // "two thousand and five"
  if (end > from && multipliers.has(words[end - 1] ?? "") && ["and", "aur", "और"].includes(words[end] ?? "") && isNumberLike(words[end + 1])) return blockEnd(words, end + 1);
  return end;
}

function blockTokens(words: readonly string[], from: number, end: number, context: { alone: boolean; beforeUnit: boolean }): SpokenToken[] {
  const block = words.slice(from, end).filter((word) => isNumberLike(word));
  const next = words[end];
  const isCertain = (word: string): boolean => !/^\d/.test(word) && !shyNumbers.has(word) && !looseOrdinals.has(word);
  const certain = context.alone || context.beforeUnit || block.some(isCertain);
  const tokens = block.map((word, at): SpokenToken => {
    const before = at === 0 ? words[from - 1] : block[at - 1];
    const isLoose = looseOrdinals.has(word) && !(context.beforeUnit && at === block.length - 1);
    const isShy = shyNumbers.has(word) && !(certain && isSurrounded(block, at));
    return isLoose || isShy || isVerbDo(word, before) ? { kind: "word", word } : numberToken(word);
  });
  const isAge = ["year", "years", "sal", "साल"].includes(next ?? "") && ["old", "ka", "ki", "ke", "का", "की", "के"].includes(words[end + 1] ?? "");
  if (next !== undefined && (measures.has(next) || isAge)) dropLastNumber(tokens);
  else if (block.at(-1) === "second" && block.length > 1 && !context.beforeUnit) {
    tokens.pop();
    dropLastNumber(tokens);
  }
  return tokens;
}

/** The number before a measure goes, with its tens: "1985, twenty five minutes". */
function dropLastNumber(tokens: SpokenToken[]): void {
  const last = tokens.pop();
  const before = tokens.at(-1);
  const isUnit = last?.kind === "number" && !last.written && last.value < 10;
  if (isUnit && before?.kind === "number" && !before.written && before.value >= 20 && before.value % 10 === 0) tokens.pop();
}

/** "so" is a hundred only behind a Hindi number; "oh" is a zero only behind a number or before a single digit. */
function isSurrounded(block: readonly string[], at: number): boolean {
  const word = block[at];
  const before = block[at - 1];
  if (word === "so") return before !== undefined && isHindiNumber(before);
  if (word === "oh" || word === "o") return before !== undefined || (block.length === 2 && (smallNumbers.get(block[1] ?? "") ?? 10) < 10);
  return true;
}

function numberToken(word: string): SpokenToken {
  const written = /^(\d[\d.]*)(k)?/.exec(word);
  if (written?.[1] !== undefined) {
    const value = Number(written[1]) * (written[2] === undefined ? 1 : 1_000);
    return { kind: "number", value, digits: written[2] === undefined ? written[1] : String(value), written: true };
  }
  const times = multipliers.get(word);
  if (times !== undefined) return { kind: "times", value: times };
  const value = smallNumbers.get(word) ?? 0;
  return { kind: "number", value, digits: String(value), written: false };
}
