import { type Clock, pause } from "../domain/clock.ts";

/** Waits until the clock shows the instant, or until the signal aborts; not at all when it already does. */
export async function pauseUntil(clock: Clock, atMs: number, signal?: AbortSignal): Promise<void> {
  const leftMs = atMs - clock.nowMs();
  if (leftMs > 0) await pause(clock, leftMs, signal);
}
