import { frameBytes, frameMs, silenceByte } from "./ports.ts";

/** Longer holes are not filled: the listener has to live with a jump. */
const longestFillMs = 10_000;
/** Carriers' time stamps jitter by a few milliseconds: less than this is neither a hole nor a repeat. */
const toleranceMs = 15;

/**
 * Puts the carrier's frames onto an unbroken time axis. Frames carry their own time; a hole is filled with silence so
 * that the transcriber's clock stays the line's clock, a frame that comes twice or too late is dropped. The axis never
 * drifts from the carrier's by more than the tolerance.
 */
export function inboundTimeline(onFrame: (frame: Uint8Array) => void): { push(timestampMs: number, audio: Uint8Array): void } {
  const silence = new Uint8Array(frameBytes).fill(silenceByte);
  let nextMs: number | undefined;
  return {
    push(timestampMs, audio) {
      const offMs = timestampMs - (nextMs ?? timestampMs);
      if (offMs <= -toleranceMs) return;
      const holes = offMs >= toleranceMs ? Math.min(Math.round(offMs / frameMs), longestFillMs / frameMs) : 0;
      for (let hole = 0; hole < holes; hole += 1) onFrame(silence);
      const jumped = offMs > longestFillMs;
      nextMs = (jumped || nextMs === undefined ? timestampMs : nextMs + holes * frameMs) + (audio.length / frameBytes) * frameMs;
      onFrame(audio);
    },
  };
}
