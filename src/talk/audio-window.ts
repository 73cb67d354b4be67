import { frameMs } from "./ports.ts";
import { isLoud } from "./speech-energy.ts";

/**
 * The last ten seconds of the callee's audio, in frames: first those that were handed to a transcriber and may have to
 * be heard again, then those that wait. When a connection is lost the border between the two moves back.
 */
export interface AudioWindow {
  /** Keeps a copy of the next frame; the oldest goes when there are too many. */
  push(frame: Uint8Array): void;
  /** How many frames wait to be handed over. */
  readonly waiting: number;
  /** The oldest waiting frames as one message. */
  message(frames: number): Uint8Array;
  /** So many of the oldest waiting frames were handed over; outside of turns no more than three seconds are kept for long. */
  handedOver(frames: number, inTurn: boolean): void;
  /** The transcriber's text has changed: it has heard what it was given, but for the last few hundred ms. */
  textChanged(): void;
  /** A turn is over; its last word ended so many ms before the end of what was handed over, null where nobody knows. */
  turnEnded(silentForMs: number | null): void;
  /** A turn was taken for over without the transcriber: what belongs to words told already is not heard again. */
  turnGivenUp(): void;
  /**
   * The connection is lost: what it may not have told is to be handed over again. `caughtUp` says whether it had the time
   * to hear what it was given at once. Answers how many frames are to be handed over again.
   */
  takeBack(caughtUp: boolean): number;
  clear(): void;
}

const mostFrames = 500;
/** Transcribers tell words up to 600 ms late, and of messages of 80 ms: so much before a change may not be told yet. */
export const lateFrames = 40;
/** A word may have begun so long before; what is heard again begins with a quiet frame, between two words. */
const wordFrames = 30;
/** A vendor's idea of a word's end may miss a bit of its sound. */
const wordTailFrames = 10;
/** Quiet kept before the first sound that is heard again. */
const quietBefore = 10;
/** Sound outside of a turn is rarely speech: no more of it is kept. */
const outsideTurnFrames = 150;

export function audioWindow(): AudioWindow {
  const frames: Uint8Array[] = [];
  /** Places in `frames`: where waiting begins, where the text changed last, and before which nothing is heard again. */
  let handed = 0;
  let changedAt = 0;
  let floor = 0;

  const drop = (count: number): void => {
    if (count <= 0) return;
    frames.splice(0, count);
    handed = Math.max(0, handed - count);
    changedAt = Math.max(0, changedAt - count);
    floor = Math.max(0, floor - count);
  };
  const loudAt = (at: number): boolean => {
    const frame = frames[at];
    return frame !== undefined && isLoud(frame);
  };
  const isLoudWithin = (from: number, to: number): boolean => {
    for (let at = from; at < to; at += 1) if (loudAt(at)) return true;
    return false;
  };
  /** The quiet frame between two words where hearing again is to begin. */
  const seam = (): number => {
    const wanted = changedAt - lateFrames;
    if (wanted <= floor) return floor;
    const earliest = Math.max(floor, wanted - wordFrames);
    for (let at = wanted; at >= earliest; at -= 1) if (!loudAt(at)) return at;
    return earliest === floor ? floor : wanted;
  };

  return {
    push(frame) {
      frames.push(frame.slice());
      if (frames.length > mostFrames) drop(1);
    },
    get waiting() {
      return frames.length - handed;
    },
    message(count) {
      const only = frames[handed];
      if (count === 1 && only) return only;
      return Buffer.concat(frames.slice(handed, handed + count));
    },
    handedOver(count, inTurn) {
      handed += count;
      if (!inTurn) drop(handed - outsideTurnFrames);
    },
    textChanged() {
      changedAt = handed;
      drop(Math.max(floor, changedAt - lateFrames - wordFrames));
    },
    turnEnded(silentForMs) {
      const silent = silentForMs === null ? 0 : Math.round(silentForMs / frameMs);
      floor = Math.max(floor, handed - silent);
      for (let tail = 0; tail < wordTailFrames && floor < handed && loudAt(floor); tail += 1) floor += 1;
      changedAt = floor;
      drop(floor);
    },
    turnGivenUp() {
      floor = Math.max(floor, changedAt);
      handed = Math.max(handed, floor);
    },
    takeBack(caughtUp) {
      let from = seam();
      // Sound before the last change that was followed by enough time for its words has been told, or has none.
      if (!isLoudWithin(caughtUp ? Math.max(from, Math.min(changedAt, handed - lateFrames)) : from, handed)) return 0;
      const quietFrom = from;
      while (from < handed && !loudAt(from)) from += 1;
      from = Math.max(quietFrom, from - quietBefore);
      const count = handed - from;
      handed = from;
      return count;
    },
    clear() {
      frames.length = 0;
      handed = 0;
      changedAt = 0;
      floor = 0;
    },
  };
}
