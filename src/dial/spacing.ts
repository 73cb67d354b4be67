import { type Clock, pause } from "../domain/clock.ts";

/**
 * Keeps the calls of one process apart even when timers or the database were late for some of them: two calls that were
 * given places 33 ms apart must not leave in one breath (reliability.md R1.6). Processes are kept apart by the places
 * themselves.
 */
export interface Spacing {
  /** Resolves when a call may leave; at most one does within 97 % of `intervalMs`. */
  leave(intervalMs: number): Promise<void>;
}

/** Slightly less than the whole interval, so that a process that fell behind can catch up. */
const shareOfInterval = 0.97;

export function newSpacing(clock: Clock): Spacing {
  let freeMs = 0;
  return {
    async leave(intervalMs) {
      const nowMs = clock.nowMs();
      const atMs = Math.max(nowMs, freeMs);
      freeMs = atMs + intervalMs * shareOfInterval;
      if (atMs > nowMs) await pause(clock, atMs - nowMs);
    },
  };
}
