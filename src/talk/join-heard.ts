import { bareWords } from "./backchannel.ts";

/** Longer runs of words than this are not looked for: so much is not heard twice. */
const mostWordsTwice = 10;

/**
 * One text of words that were kept and words of audio that was heard again from a little before their end. The longest
 * run of words, compared without case and punctuation, that ends the one and begins the other was heard twice and stays
 * once, as it was heard last; the last word kept may have been heard half ("paanch haz", "paanch hazaar").
 *
 * Of a hearing that goes on (`so_far`), words that are among the last ones kept are taken for these: it has not come to
 * anything new yet.
 */
export function joinHeard(kept: string, again: string, hearing: "so_far" | "whole"): string {
  const keptParts = partsOf(kept);
  const newParts = partsOf(again);
  const keptWords = keptParts.map(bare);
  const newWords = newParts.map(bare);
  if (newWords.length === 0) return kept;
  if (keptWords.length === 0) return again;
  const most = Math.min(mostWordsTwice, keptWords.length);
  if (hearing === "so_far" && isAmong(newWords, keptWords.slice(-most))) return kept;
  for (let length = Math.min(most, newWords.length); length > 0; length -= 1) {
    if (isHeardAgain(keptWords.slice(-length), newWords)) return [...keptParts.slice(0, -length), ...newParts].join(" ");
  }
  return [...keptParts, ...newParts].join(" ");
}

const partsOf = (text: string): string[] => text.split(/\s+/).filter((part) => part !== "");
const bare = (part: string): string => bareWords(part).join("");

/** Whether these words begin the others, the last of them perhaps in half. */
function isHeardAgain(run: readonly string[], words: readonly string[]): boolean {
  return run.every((word, at) => word !== "" && (word === words[at] || (at === run.length - 1 && (words[at] ?? "").startsWith(word))));
}

/** Whether the words are a stretch of the kept ones, the last of them perhaps in half. */
function isAmong(words: readonly string[], kept: readonly string[]): boolean {
  return kept.some((_, from) => from + words.length <= kept.length && isHeardAgain(words, kept.slice(from)));
}
