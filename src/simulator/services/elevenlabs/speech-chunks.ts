import { type Random, wholeBelow } from "../../../domain/random.ts";
import { modulateWords } from "../../modem.ts";
import { samplesPerMs } from "../../mulaw.ts";

/** One piece of generated speech, with its characters timed from the beginning of the piece. */
export interface SpeechChunk {
  audio: Uint8Array;
  alignment: Alignment;
}

export interface Alignment {
  chars: string[];
  charStartTimesMs: number[];
  charDurationsMs: number[];
}

const shortestChunk = 1_201;
const chunkSpread = 2_800;
const frame = 160;

/**
 * Speaks a text: audio in pieces whose sizes are no multiples of a telephone frame, each with the characters that begin
 * in it. Concatenated, the characters are the text and the pieces are its audio.
 */
export function speechChunks(text: string, random: Random): SpeechChunk[] {
  const { audio, words } = modulateWords(text);
  const times = charTimes(text, words, audio.length);
  const chunks: SpeechChunk[] = [];
  let char = 0;
  for (let from = 0; from < audio.length; ) {
    let size = shortestChunk + wholeBelow(random, chunkSpread);
    if (size % frame === 0) size += 1;
    const to = audio.length - from - size < shortestChunk ? audio.length : from + size;
    const alignment: Alignment = { chars: [], charStartTimesMs: [], charDurationsMs: [] };
    for (; char < times.length && (to === audio.length || (times[char]?.start ?? 0) < to); char += 1) {
      const time = times[char];
      if (time === undefined) break;
      alignment.chars.push(time.char);
      alignment.charStartTimesMs.push(Math.round((time.start - from) / samplesPerMs));
      alignment.charDurationsMs.push(Math.round((time.end - from) / samplesPerMs) - Math.round((time.start - from) / samplesPerMs));
    }
    chunks.push({ audio: audio.subarray(from, to), alignment });
    from = to;
  }
  return chunks;
}

interface CharTime {
  char: string;
  start: number;
  end: number;
}

/** Each character's samples: those of a word share it evenly, white space has the silence after the word before it. */
function charTimes(text: string, words: ReturnType<typeof modulateWords>["words"], totalSamples: number): CharTime[] {
  const times: CharTime[] = [];
  const spread = (from: number, to: number, start: number, end: number): void => {
    const count = to - from;
    for (let at = 0; at < count; at += 1) {
      times.push({
        char: text.charAt(from + at),
        start: Math.round(start + ((end - start) * at) / count),
        end: Math.round(start + ((end - start) * (at + 1)) / count),
      });
    }
  };
  let charAt = 0;
  let sampleAt = 0;
  for (const word of words) {
    spread(charAt, word.charStart, sampleAt, word.startSample);
    spread(word.charStart, word.charEnd, word.startSample, word.endSample);
    charAt = word.charEnd;
    sampleAt = word.endSample;
  }
  spread(charAt, text.length, sampleAt, totalSamples);
  return times;
}
