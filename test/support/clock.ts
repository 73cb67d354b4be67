import { setImmediate as nextTurn } from "node:timers/promises";
import { DateTime } from "luxon";
import { type Clock, IST, istFromMs, type Timer } from "../../src/domain/clock.ts";

/** A clock that stands still until the test moves it. */
export interface ManualClock extends Clock {
  /** Moves the clock and fires the timers that fall due, in order of their instants, each at its own instant. */
  advance(ms: number): void;
  /** The same up to an instant ("2026-12-01T10:00", read in Asia/Kolkata unless it names its offset). */
  advanceTo(iso: string): void;
  /** As `advance`, but after each instant waits until the promises it set off have settled (I/O on sockets excepted). */
  advanceAsync(ms: number): Promise<void>;
  advanceToAsync(iso: string): Promise<void>;
  /** Moves to the next timer, if any, and fires it; answers whether there was one. */
  advanceToNextTimer(): Promise<boolean>;
  /** How many timers are waiting. */
  readonly pending: number;
}

interface Waiting {
  dueMs: number;
  order: number;
  fire: () => void;
}

/** Starts at the given instant, read in Asia/Kolkata unless it names its offset. */
export function manualClock(isoIst: string): ManualClock {
  let nowMs = msOf(isoIst);
  let order = 0;
  const waiting = new Set<Waiting>();

  const nextDue = (untilMs: number): Waiting | undefined => {
    let next: Waiting | undefined;
    for (const timer of waiting) {
      if (timer.dueMs > untilMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  };
  const fireNext = (untilMs: number): boolean => {
    const timer = nextDue(untilMs);
    if (!timer) return false;
    waiting.delete(timer);
    nowMs = Math.max(nowMs, timer.dueMs);
    timer.fire();
    return true;
  };
  const refuseBackwards = (untilMs: number): void => {
    if (untilMs < nowMs) throw new RangeError(`expected an instant at or after ${istFromMs(nowMs).toISO()}, got ${istFromMs(untilMs).toISO()}`);
  };
  const moveTo = (untilMs: number): void => {
    refuseBackwards(untilMs);
    while (fireNext(untilMs));
    nowMs = untilMs;
  };
  const moveToAsync = async (untilMs: number): Promise<void> => {
    refuseBackwards(untilMs);
    await settle();
    while (fireNext(untilMs)) await settle();
    nowMs = untilMs;
    await settle();
  };

  return {
    now: () => istFromMs(nowMs),
    nowMs: () => nowMs,
    setTimer(delayMs: number, fire: () => void): Timer {
      const timer: Waiting = { dueMs: nowMs + Math.max(0, delayMs), order: order++, fire };
      waiting.add(timer);
      return { cancel: () => void waiting.delete(timer) };
    },
    advance: (ms) => moveTo(nowMs + ms),
    advanceTo: (iso) => moveTo(msOf(iso)),
    advanceAsync: (ms) => moveToAsync(nowMs + ms),
    advanceToAsync: (iso) => moveToAsync(msOf(iso)),
    async advanceToNextTimer() {
      const fired = fireNext(Number.POSITIVE_INFINITY);
      await settle();
      return fired;
    },
    get pending() {
      return waiting.size;
    },
  };
}

/** Lets promise chains run to their end: a few turns of the event loop empty the microtask queue each time. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await nextTurn();
}

function msOf(iso: string): number {
  const instant = DateTime.fromISO(iso, { zone: IST });
  if (!instant.isValid) throw new RangeError(`expected an ISO instant, got ${iso}`);
  return instant.toMillis();
}
