import { latinFromDevanagari } from "./devanagari.ts";

/**
 * Folds what was heard into plain comparable words: both scripts of Hindi and its many Latin spellings come out the same
 * ("पाँच हज़ार", "paanch hazaar" and "panch hajar" are all `["panch", "hajar"]`). Numbers keep their digits, clock times their colon.
 */
export function foldedWords(text: string): string[] {
  return latinFromDevanagari(text.normalize("NFKC"))
    .toLowerCase()
    .replace(/['’‘`]/g, "")
    .replace(/(\d),(?=\d)/g, "$1")
    .replace(/₹|\brs\.?(?=[\s\d])|\binr\b/g, " rupees ")
    .replace(/\ba\.m\b\.?/g, "am")
    .replace(/\bp\.m\b\.?/g, "pm")
    .split(/[^\p{L}\p{M}\d:./-]+/u)
    .flatMap(splitMixed)
    .map(foldWord)
    .filter((word) => word !== "");
}

/** "6pm" is two words, "28th" a number, "pay-kar" two words; dates such as 28/11 and times such as 5:30 stay whole. */
function splitMixed(word: string): string[] {
  const bare = withoutMarksAround(word);
  if (/^[\d:./-]*$/.test(bare)) return [bare];
  const ordinal = /^(\d+)(?:st|nd|rd|th)$/.exec(bare);
  if (ordinal?.[1] !== undefined) return [ordinal[1]];
  const measured = /^(\d[\d:.]*)(\p{L}+)$/u.exec(bare);
  if (measured?.[1] !== undefined && measured[2] !== undefined) return [measured[1], measured[2]];
  return bare.split(/[:./-]+/);
}

const marks = ":./-";

function withoutMarksAround(word: string): string {
  let [from, to] = [0, word.length];
  while (from < to && marks.includes(word.charAt(from))) from += 1;
  while (to > from && marks.includes(word.charAt(to - 1))) to -= 1;
  return word.slice(from, to);
}

function foldWord(word: string): string {
  if (!/^\p{L}/u.test(word)) return word;
  return word
    .replaceAll("aa", "a")
    .replaceAll("ee", "i")
    .replaceAll("oo", "u")
    .replaceAll("ei", "e")
    .replaceAll("iye", "ie")
    .replaceAll("ph", "f")
    .replaceAll("w", "v")
    .replaceAll("z", "j")
    .replace(/cc?h+/g, "ch")
    .replace(/(ch|sh|th|dh|bh|kh|gh|jh)\1/g, "$1")
    .replace(/(\p{L})\1+/gu, "$1")
    .replace(/([aeiou])h$/, "$1");
}
