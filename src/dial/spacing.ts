import { type Clock, pause } from "../domain/clock.ts";

/** What the placings of one process share, so that they do not get in each other's way. */
export interface Spacing {
  /**
   * Resolves when a call may leave; at most one does within 97 % of `intervalMs`. Keeps the calls of one process apart even
   * when timers or the database were late for some of them: two calls that were given places 33 ms apart must not leave in
   * one breath (reliability.md R1.6). Processes are kept apart by the places themselves.
   */
  leave(intervalMs: number): Promise<void>;
  /**
   * Runs a pass of the gate, at most `gateWidth` at once: the gate waits for the deployment's slot lock with a connection in
   * its hand, and callbacks need connections too.
   */
  atGate<T>(pass: () => Promise<T>): Promise<T>;
}

/** Slightly less than the whole interval, so that a process that fell behind can catch up. */
const shareOfInterval = 0.97;
const gateWidth = 3;

export function newSpacing(clock: Clock): Spacing {
  let freeMs = 0;
  let atGate = 0;
  const queue: (() => void)[] = [];
  return {
    async leave(intervalMs) {
      const nowMs = clock.nowMs();
      const atMs = Math.max(nowMs, freeMs);
      freeMs = atMs + intervalMs * shareOfInterval;
      if (atMs > nowMs) await pause(clock, atMs - nowMs);
    },
    async atGate(pass) {
      if (atGate >= gateWidth) await new Promise<void>((resolve) => queue.push(resolve));
      else atGate += 1;
      try {
        return await pass();
      } finally {
        const next = queue.shift();
        if (next) next();
        else atGate -= 1;
      }
    },
  };
}
