import { type Clock, pause } from "../domain/clock.ts";

/** Waits until the clock shows the instant; not at all when it already does. */
export async function pauseUntil(clock: Clock, atMs: number): Promise<void> {
  const leftMs = atMs - clock.nowMs();
  if (leftMs > 0) await pause(clock, leftMs);
}
