import type { AttemptState } from "../domain/attempt.ts";

/** Beyond the ring time, for the carrier's own slack (Twilio may ring five seconds longer) and late callbacks. */
export const silenceGraceMs = 30_000;
/** How often a call in progress is looked at; costs a request to the carrier only when its media socket is gone. */
export const inProgressLookMs = 20_000;
/** When the carrier is first asked for the price of a call it has ended. */
export const priceReadingMs = 180_000;

/**
 * When the sweeper looks at an attempt that has just entered a state: what callbacks never told,
 * it fetches. Null: nothing more is expected.
 */
export function nextCheckMs(input: { state: AttemptState; nowMs: number; ringSeconds: number; priced: boolean }): number | null {
  switch (input.state) {
    case "dialed":
    case "ringing":
      return input.nowMs + input.ringSeconds * 1_000 + silenceGraceMs;
    case "in_progress":
      return input.nowMs + inProgressLookMs;
    case "ended":
      return input.priced ? null : input.nowMs + priceReadingMs;
    default:
      return null;
  }
}
