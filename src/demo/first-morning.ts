import { istFromMs } from "../domain/clock.ts";

/** 10:05 in India, today or, on a Sunday, the day after: inside every calling window, whenever the demo is started. */
export function firstMorning(nowMs: number): number {
  const today = istFromMs(nowMs);
  const morning = today.set({ hour: 10, minute: 5, second: 0, millisecond: 0 });
  return (morning.weekday === 7 ? morning.plus({ days: 1 }) : morning).toMillis();
}
