import { bytesPerMs, type SpokenWord } from "../../talk/ports.ts";
import type { Alignment } from "./voice-message.ts";

/**
 * Makes words of the character times of one context. Times are relative to their piece of audio, and a word may go on in
 * the next piece: it is told when the white space behind it has come, or when the context ends.
 */
export interface WordCollector {
  /** A piece of audio with its characters; answers the words that are complete. */
  take(alignment: Alignment | null, audioBytes: number): readonly SpokenWord[];
  /** Nothing more comes: the last word. */
  rest(): readonly SpokenWord[];
}

export function wordCollector(): WordCollector {
  let elapsedMs = 0;
  let text = "";
  let endMs = 0;

  const close = (): SpokenWord[] => {
    if (text === "") return [];
    const word = { text, endMs };
    text = "";
    return [word];
  };
  return {
    take(alignment, audioBytes) {
      const words: SpokenWord[] = [];
      alignment?.chars.forEach((char, index) => {
        if (char.trim() === "") return void words.push(...close());
        text += char;
        endMs = elapsedMs + (alignment.startsMs[index] ?? 0) + (alignment.durationsMs[index] ?? 0);
      });
      elapsedMs += audioBytes / bytesPerMs;
      return words;
    },
    rest: close,
  };
}
