import type { Request } from "express";
import type { Clock } from "../domain/clock.ts";

const mostBytes = 16 * 1024 * 1024;
const longestMs = 10_000;

/**
 * Lets a caller whose request was answered early finish sending: what still comes is thrown away, up to a bound, then the
 * connection is closed. Closing at once would reset it before the caller has read the answer.
 */
export function discardRest(request: Request, clock: Clock): void {
  if (request.complete || request.destroyed) return;
  let leftBytes = mostBytes;
  const timer = clock.setTimer(longestMs, () => request.destroy());
  request.once("close", () => timer.cancel());
  request.on("data", (chunk: Buffer) => {
    leftBytes -= chunk.length;
    if (leftBytes < 0) request.destroy();
  });
  request.resume();
}
