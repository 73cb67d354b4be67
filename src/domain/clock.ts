import { DateTime } from "luxon";

/** India has one civil zone, UTC+05:30 without daylight saving; every rule and every shown instant uses it. */
export const IST = "Asia/Kolkata";

/** A timer that was set; cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time. The production clock follows the database's clock, so that every process of a
 * deployment agrees; tests and trials move it by hand or run it faster.
 */
export interface Clock {
  /** The instant now, in Asia/Kolkata. */
  now(): DateTime<true>;
  /** The instant now as epoch milliseconds; the difference of two readings is a duration. */
  nowMs(): number;
  /** Calls `fire` once, `delayMs` of this clock's time from now (never early, never while this call runs). */
  setTimer(delayMs: number, fire: () => void): Timer;
}

/** The real instant, whatever a trial's clock says: for what is compared with the clocks of others. */
export type WallClock = Pick<Clock, "nowMs">;

/** The instant of the given epoch milliseconds, in Asia/Kolkata. */
export function istFromMs(epochMs: number): DateTime<true> {
  const instant = DateTime.fromMillis(epochMs, { zone: IST });
  if (!instant.isValid) throw new RangeError(`expected epoch milliseconds, got ${epochMs}`);
  return instant;
}

/** Waits `delayMs` of the clock's time; resolves early, without error, when the signal aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = () => {
      timer.cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.setTimer(delayMs, done);
    signal?.addEventListener("abort", done, { once: true });
  });
}
