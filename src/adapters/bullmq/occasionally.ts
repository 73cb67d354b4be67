import type { Clock } from "../../domain/clock.ts";

const quietMs = 30_000;

/**
 * Passes the first of many alike on and keeps quiet about the others for half a minute, then tells how many there were: a
 * connection that is away reports itself several times a second.
 */
export function occasionally<T>(clock: Clock, tell: (latest: T, times: number) => void): (each: T) => void {
  let quietUntilMs = 0;
  let times = 0;
  return (each) => {
    times += 1;
    if (clock.nowMs() < quietUntilMs) return;
    quietUntilMs = clock.nowMs() + quietMs;
    tell(each, times);
    times = 0;
  };
}
