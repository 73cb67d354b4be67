import type { Clock } from "./clock.ts";

/** What one background loop tells of itself. */
export interface Pulse {
  /**
   * Runs the work once. Rejects, and leaves the work to itself, when it is not over in time: nothing that hangs may stop the
   * loop for good.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** The loop has ended and is not missed any more. */
  end(): void;
}

export interface LoopTraits {
  /** Without it the process cannot do its part; it asks nobody but the database and is over in seconds. */
  vital?: boolean;
  /** Milliseconds that a run may take; default two minutes. */
  deadlineMs?: number;
}

/** Knows whether the background loops of this process go round. */
export interface Liveness {
  loop(name: string, traits?: LoopTraits): Pulse;
  /** Milliseconds since a run of each loop last ended, well or not; since its start when none has. */
  msSinceRun(): ReadonlyMap<string, number>;
  /** Vital loops of which no run has ended for 45 s. */
  stalled(): readonly string[];
}

export const stalledAfterMs = 45_000;
const usualDeadlineMs = 120_000;

/** `clock` is real time, whatever clock the loops themselves go by. */
export function newLiveness(clock: Clock): Liveness {
  const loops = new Map<Pulse, { name: string; vital: boolean; endedMs: number }>();
  const ageOf = (loop: { endedMs: number }): number => clock.nowMs() - loop.endedMs;
  return {
    loop(name, { vital = false, deadlineMs = usualDeadlineMs } = {}) {
      const standing = { name, vital, endedMs: clock.nowMs() };
      const pulse: Pulse = {
        async run(work) {
          const working = work().finally(() => {
            standing.endedMs = clock.nowMs();
          });
          return within(clock, working, { deadlineMs, name });
        },
        end: () => void loops.delete(pulse),
      };
      loops.set(pulse, standing);
      return pulse;
    },
    msSinceRun: () => new Map([...loops.values()].map((loop) => [loop.name, ageOf(loop)])),
    stalled: () => [...loops.values()].filter((loop) => loop.vital && ageOf(loop) > stalledAfterMs).map((loop) => loop.name),
  };
}

async function within<T>(clock: Clock, working: Promise<T>, limit: { deadlineMs: number; name: string }): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const timer = clock.setTimer(limit.deadlineMs, () => overdue.reject(new Error(`expected a run of "${limit.name}" to be over within ${limit.deadlineMs / 1_000} s; it is left to itself`)));
  try {
    return await Promise.race([working, overdue.promise]);
  } finally {
    timer.cancel();
    // Nobody waits any more for work that was left to itself.
    working.catch(() => undefined);
  }
}
