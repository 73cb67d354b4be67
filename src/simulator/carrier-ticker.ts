import type { Clock, Timer } from "../domain/clock.ts";
import { frameMs } from "./frame.ts";

/** Whatever lives in frames of 20 ms. */
export interface Framed {
  frame(): void;
}

export interface Ticker {
  add(framed: Framed): void;
  remove(framed: Framed): void;
  stop(): void;
}

/** Beyond this delay the lost time is skipped instead of made up. */
const longestCatchUpMs = 2_000;

/**
 * Gives every live line its frame each 20 ms of the clock. Frames are counted against the clock, so lateness does not
 * add up; frames that are behind come one per turn of the event loop, so that audio on its way is let in between.
 */
export function newTicker(clock: Clock, onSkipped: (lostMs: number) => void): Ticker {
  const lines = new Set<Framed>();
  let timer: Timer | undefined;
  let nextFrameAtMs = 0;
  let catchingUp: NodeJS.Immediate | undefined;

  const tick = (): void => {
    timer = undefined;
    catchingUp = undefined;
    if (lines.size === 0) return;
    const behindMs = clock.nowMs() - nextFrameAtMs;
    if (behindMs > longestCatchUpMs) {
      onSkipped(behindMs);
      nextFrameAtMs = clock.nowMs();
    }
    nextFrameAtMs += frameMs;
    for (const line of lines) line.frame();
    arm();
  };

  const arm = (): void => {
    const waitMs = nextFrameAtMs - clock.nowMs();
    if (waitMs > 0) timer = clock.setTimer(waitMs, tick);
    else catchingUp = setImmediate(tick);
  };

  const disarm = (): void => {
    timer?.cancel();
    timer = undefined;
    clearImmediate(catchingUp);
    catchingUp = undefined;
  };

  return {
    add(line) {
      lines.add(line);
      if (lines.size > 1 || timer || catchingUp) return;
      nextFrameAtMs = clock.nowMs() + frameMs;
      arm();
    },
    remove(line) {
      lines.delete(line);
      if (lines.size === 0) disarm();
    },
    stop() {
      lines.clear();
      disarm();
    },
  };
}
