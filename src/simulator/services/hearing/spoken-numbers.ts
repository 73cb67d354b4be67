import { doubtfulNumbers, fractionalNumber, scaleOf, shiftOf, smallNumber } from "./number-words.ts";

/** A number in folded words: its value and the words it took (`to` exclusive). */
export interface SpokenNumber {
  value: number;
  from: number;
  to: number;
  /** Said with a scale word (hundred, hazaar, lakh): surely a quantity. */
  scaled: boolean;
  /** The digits as said, when it was one written number or a row of single digits. */
  digits: string | undefined;
}

/** Every number in the words, longest first reading: "saadhe chaar hazaar" is one number, 4500. */
export function spokenNumbers(words: readonly string[]): SpokenNumber[] {
  const found: SpokenNumber[] = [];
  let at = 0;
  while (at < words.length) {
    const number = numberAt(words, at);
    if (number === undefined) at += 1;
    else {
      found.push(number);
      at = number.to;
    }
  }
  return found;
}

function numberAt(words: readonly string[], from: number): SpokenNumber | undefined {
  const first = words[from] ?? "";
  const row = digitRow(words, from);
  if (row !== undefined) return row;
  const scaled = scaledNumber(words, from);
  if (scaled !== undefined) return scaled;
  const value = plainValue(first);
  if (value === undefined || doubtfulNumbers.has(first)) return undefined;
  const next = plainValue(words[from + 1] ?? "");
  const tensAndUnit = value >= 20 && value < 100 && value % 10 === 0 && next !== undefined && next > 0 && next < 10 && !/^\d/.test(first);
  if (tensAndUnit) return yearPair(words, from, value + next, 2) ?? { value: value + next, from, to: from + 2, scaled: false, digits: undefined };
  return yearPair(words, from, value, 1) ?? { value, from, to: from + 1, scaled: false, digits: /^\d+$/.test(first) ? first : undefined };
}

/** "nineteen eighty five" and "twenty twenty six": two numbers below a hundred, said as one year. */
function yearPair(words: readonly string[], from: number, hundreds: number, used: number): SpokenNumber | undefined {
  if (hundreds < 18 || hundreds > 20 || /^\d/.test(words[from] ?? "")) return undefined;
  const tens = plainValue(words[from + used] ?? "");
  if (tens === undefined || tens < 10 || tens > 99) return undefined;
  const unit = tens % 10 === 0 ? plainValue(words[from + used + 1] ?? "") : undefined;
  const withUnit = unit !== undefined && unit > 0 && unit < 10;
  return { value: hundreds * 100 + tens + (withUnit ? unit : 0), from, to: from + used + (withUnit ? 2 : 1), scaled: false, digits: undefined };
}

/** "one nine eight five": at least three single digits, read as they were said. */
function digitRow(words: readonly string[], from: number): SpokenNumber | undefined {
  let to = from;
  let digits = "";
  for (; to < words.length; to += 1) {
    const value = smallNumber(words[to] ?? "");
    if (value === undefined || value > 9) break;
    digits += String(value);
  }
  return digits.length >= 3 ? { value: Number(digits), from, to, scaled: false, digits } : undefined;
}

function scaledNumber(words: readonly string[], from: number): SpokenNumber | undefined {
  let total = 0;
  let current: number | undefined;
  let shift = 0;
  let scaled = false;
  let at = from;
  let end = from;
  for (; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const scale = scaleOf(word);
    const value = plainValue(word) ?? fractionalNumber(word);
    if (scale !== undefined && (current !== undefined || shift !== 0)) {
      const counted = ((current ?? 1) + shift) * scale;
      [total, current] = scale === 100 ? [total, counted] : [total + counted, undefined];
      shift = 0;
      scaled = true;
      end = at + 1;
    } else if (value !== undefined) {
      if (current !== undefined && !joins(current, value)) break;
      current = (current ?? 0) + value;
      if (scaled) end = at + 1;
    } else if (shiftOf(word) !== undefined && current === undefined) shift = shiftOf(word) ?? 0;
    else if (!(word === "and" || word === "aur") || !scaled) break;
  }
  return scaled ? { value: Math.round((total + (current ?? 0)) * 100) / 100, from, to: end, scaled, digits: undefined } : undefined;
}

/** Whether a smaller number continues a larger one: 500 and 50, 20 and 5; not 28 and 11. */
function joins(current: number, value: number): boolean {
  return (current >= 100 && current % 100 === 0 && value < 100) || (current % 100 >= 20 && current % 10 === 0 && value < 10);
}

function plainValue(word: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(word) ? Number(word) : smallNumber(word);
}
