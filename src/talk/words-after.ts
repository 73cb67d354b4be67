import { bareWords } from "./backchannel.ts";

/**
 * What a text says behind words that are known already, compared without case and punctuation: empty when it says no
 * more, the whole text when it does not begin with them.
 */
export function wordsAfter(text: string, known: string): string {
  const knownWords = bareWords(known);
  if (knownWords.length === 0) return text;
  const parts = text.split(/\s+/).filter((part) => part !== "");
  let at = 0;
  for (const [nth, part] of parts.entries()) {
    if (at >= knownWords.length) return parts.slice(nth).join(" ");
    for (const word of bareWords(part)) {
      if (word !== knownWords[at]) return text;
      at += 1;
    }
  }
  return at >= knownWords.length ? "" : text;
}
