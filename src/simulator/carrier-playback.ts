import { samplesPerMs, silenceByte } from "./mulaw.ts";
import { samplesPerFrame, silentFrame } from "./frame.ts";

/** Audio waiting to be played to the callee, in order, with marks between. */
export interface Playback {
  /** Appends audio; what does not fit is dropped and counted in the answer. */
  enqueue(audio: Uint8Array): { droppedSamples: number };
  /** Asks to be told when everything before has been played: at once when nothing waits. */
  mark(name: string): void;
  /** Throws away what waits; every mark in it is told as cleared. Answers how many samples were thrown away. */
  clear(): number;
  /** The next 20 ms: what waits, and silence for the rest. */
  frame(): Uint8Array;
  readonly waitingSamples: number;
  /** Samples of audio played so far, silence not counted. */
  readonly playedSamples: number;
}

/** A carrier holds at most ten minutes (error 31931 of Media Streams). */
const longestWaitingSamples = 10 * 60 * 1_000 * samplesPerMs;

export function newPlayback(onMark: (name: string, cleared: boolean) => void): Playback {
  let chunks: Uint8Array[] = [];
  let firstChunkUsed = 0;
  let waiting = 0;
  let played = 0;
  let marks: Array<{ name: string; dueAtSample: number }> = [];

  const tellDueMarks = (): void => {
    while (marks[0] && marks[0].dueAtSample <= played) {
      const mark = marks.shift();
      if (mark) onMark(mark.name, false);
    }
  };

  /** Copies up to a frame of what waits; answers how many samples there were. */
  const take = (frame: Uint8Array): number => {
    let filled = 0;
    while (filled < frame.length) {
      const chunk = chunks[0];
      if (!chunk) break;
      const piece = chunk.subarray(firstChunkUsed, firstChunkUsed + frame.length - filled);
      frame.set(piece, filled);
      filled += piece.length;
      firstChunkUsed += piece.length;
      if (firstChunkUsed < chunk.length) break;
      chunks.shift();
      firstChunkUsed = 0;
    }
    return filled;
  };

  return {
    enqueue(audio) {
      const room = Math.max(0, longestWaitingSamples - waiting);
      const kept = audio.length <= room ? audio : audio.subarray(0, room);
      if (kept.length > 0) chunks.push(kept);
      waiting += kept.length;
      return { droppedSamples: audio.length - kept.length };
    },
    mark(name) {
      marks.push({ name, dueAtSample: played + waiting });
      tellDueMarks();
    },
    clear() {
      const dropped = waiting;
      chunks = [];
      firstChunkUsed = 0;
      waiting = 0;
      const cleared = marks;
      marks = [];
      for (const mark of cleared) onMark(mark.name, true);
      return dropped;
    },
    frame() {
      if (waiting === 0) return silentFrame;
      const frame = new Uint8Array(samplesPerFrame).fill(silenceByte);
      const taken = take(frame);
      waiting -= taken;
      played += taken;
      tellDueMarks();
      return frame;
    },
    get waitingSamples() {
      return waiting;
    },
    get playedSamples() {
      return played;
    },
  };
}
