import { samplesPerMs, silence } from "./mulaw.ts";

/** A telephone frame: 20 ms, 160 bytes. */
export const frameMs = 20;
export const samplesPerFrame = frameMs * samplesPerMs;
/** A frame of silence; shared, never written to. */
export const silentFrame: Uint8Array = silence(samplesPerFrame);
