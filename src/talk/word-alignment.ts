import { wordsOf } from "./clauses.ts";
import type { WordEnd } from "./player-track.ts";
import { bytesPerMs, type SpokenWord } from "./ports.ts";

/**
 * Which of our words the voice has spoken. Voices may merge or split words and treat white space as they like, so
 * progress is counted in characters that are no white space.
 */
export interface WordAlignment {
  /** More text was given to the voice. */
  give(text: string): void;
  /** The voice has spoken these; answers the word ends that have become known. */
  spoken(words: readonly SpokenWord[]): readonly WordEnd[];
  /** The voice has told no timing: the words lie in the sound by their length. */
  proportional(totalBytes: number): readonly WordEnd[];
  /**
   * The voice tells no timing and the sound is being heard: how many words lie within its first `heardBytes`. All sound made
   * so far says all text given so far, unless that runs ahead of the sound: then nobody speaks faster than people do.
   */
  wordsWithin(heardBytes: number, made: { bytes: number; isAll: boolean }): number;
  /** Whether the voice has told any timing. */
  readonly isTimed: boolean;
  readonly wordsGiven: number;
  readonly wordsSpoken: number;
}

/** Vendors tell whole milliseconds: a word may end half a millisecond later than they say. */
const roundingMs = 0.5;
/** A place that is only estimated counts as reached this much later: rather a word too few than one too many. */
const estimateMs = 250;
/** Characters a second, white space left out, of a voice that is not slow: a faster one is believed to have said less. */
const fastestPerMs = 13 / 1_000;
/** Written short and spoken long, in characters. */
const digitWeight = 4;
const currencyWeight = 6;

function weightOf(word: string): number {
  return [...word].reduce((sum, char) => sum + (/\p{Nd}/u.test(char) ? digitWeight : /\p{Sc}/u.test(char) ? currencyWeight : 1), 0);
}

export function wordAlignment(): WordAlignment {
  /** For each word, how many characters there are up to its end. */
  const ends: number[] = [];
  /** The same in characters as they take time to say. */
  const spokenEnds: number[] = [];
  let spokenChars = 0;
  let spokenWords = 0;
  let isTimed = false;
  return {
    give(text) {
      for (const word of wordsOf(text)) {
        ends.push((ends.at(-1) ?? 0) + word.length);
        spokenEnds.push((spokenEnds.at(-1) ?? 0) + weightOf(word));
      }
    },
    spoken(words) {
      const found: WordEnd[] = [];
      for (const word of words) {
        isTimed = true;
        spokenChars += word.text.replace(/\s+/g, "").length;
        const before = spokenWords;
        while ((ends[spokenWords] ?? Number.POSITIVE_INFINITY) <= spokenChars) spokenWords += 1;
        if (spokenWords > before) found.push({ words: spokenWords, atByte: Math.ceil((word.endMs + roundingMs) * bytesPerMs) });
      }
      return found;
    },
    proportional(totalBytes) {
      const total = spokenEnds.at(-1) ?? 0;
      spokenWords = ends.length;
      return spokenEnds.map((end, index) => ({ words: index + 1, atByte: Math.min(totalBytes, Math.ceil((totalBytes * end) / total) + estimateMs * bytesPerMs) }));
    },
    wordsWithin(heardBytes, made) {
      if (made.isAll && heardBytes >= made.bytes) return spokenEnds.length;
      const surelyBytes = Math.max(0, heardBytes - estimateMs * bytesPerMs);
      const share = made.bytes === 0 ? 0 : ((spokenEnds.at(-1) ?? 0) * surelyBytes) / made.bytes;
      const reached = made.isAll ? share : Math.min(share, (surelyBytes / bytesPerMs) * fastestPerMs);
      return spokenEnds.findLastIndex((end) => end <= reached) + 1;
    },
    get isTimed() {
      return isTimed;
    },
    get wordsGiven() {
      return ends.length;
    },
    get wordsSpoken() {
      return spokenWords;
    },
  };
}
