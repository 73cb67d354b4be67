import { performance } from "node:perf_hooks";
import { type Clock, istFromMs, type Timer } from "../../domain/clock.ts";

/** A clock that runs by itself and can be moved: forward by a jump, or onto another clock's reading. */
export interface RunningClock extends Clock {
  /** Moves the clock forward; timers that fall into the jump fire at once, in order. */
  jumpTo(epochMs: number): void;
  /** Shifts the clock by the given milliseconds without touching timers: follows the database's clock. */
  correctBy(ms: number): void;
}

interface Pending {
  dueMs: number;
  fire: () => void;
  handle: NodeJS.Timeout | undefined;
}

/**
 * A clock over the machine's monotonic time. `startMs` is where it starts (default: the system's time), `rate` how
 * much faster than real time it runs (tests of whole conversations run at a multiple).
 */
export function runningClock(options: { startMs?: number; rate?: number } = {}): RunningClock {
  const rate = options.rate ?? 1;
  const originMs = performance.now();
  let baseMs = options.startMs ?? performance.timeOrigin + originMs;
  const pending = new Set<Pending>();
  const nowMs = (): number => baseMs + (performance.now() - originMs) * rate;

  const arm = (timer: Pending): void => {
    const realMs = Math.min(Math.max(0, (timer.dueMs - nowMs()) / rate), 2_000_000_000);
    timer.handle = setTimeout(() => {
      if (nowMs() + 0.5 < timer.dueMs) return arm(timer);
      pending.delete(timer);
      timer.fire();
    }, realMs);
  };

  return {
    nowMs,
    now: () => istFromMs(Math.floor(nowMs())),
    setTimer(delayMs: number, fire: () => void): Timer {
      const timer: Pending = { dueMs: nowMs() + Math.max(0, delayMs), fire, handle: undefined };
      pending.add(timer);
      arm(timer);
      return {
        cancel: () => {
          clearTimeout(timer.handle);
          pending.delete(timer);
        },
      };
    },
    jumpTo(epochMs: number): void {
      const byMs = epochMs - nowMs();
      if (byMs <= 0) return;
      baseMs += byMs;
      for (const timer of [...pending].sort((a, b) => a.dueMs - b.dueMs)) {
        clearTimeout(timer.handle);
        arm(timer);
      }
    },
    correctBy(ms: number): void {
      baseMs += ms;
      for (const timer of pending) timer.dueMs += ms;
    },
  };
}
