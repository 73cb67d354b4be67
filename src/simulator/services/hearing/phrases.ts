import { foldedWords } from "./fold.ts";

/** Finds a phrase in folded words. */
export type Phrase = (words: readonly string[]) => boolean;

/**
 * Reads a phrase as written in the lexicons: words in ordinary spelling, `a|b` for either, `..` for up to four words
 * in between. "nahi|nahin .. dunga" is heard in "main abhi nahi de dunga".
 */
export function phrase(pattern: string): Phrase {
  const steps = pattern.split(" ").map((step) => (step === ".." ? "(?: \\S+){0,4}" : ` (?:${step.split("|").map(foldedOne).join("|")})`));
  const expression = new RegExp(`${steps.join("")} `);
  return (words) => expression.test(` ${words.join(" ")} `);
}

/** Whether any of the phrases is heard. */
export function anyPhrase(...patterns: readonly string[]): Phrase {
  const all = patterns.map(phrase);
  return (words) => all.some((matches) => matches(words));
}

function foldedOne(word: string): string {
  return foldedWords(word).join(" ");
}
