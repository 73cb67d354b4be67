import type { RecordingOrder } from "./carrier-parameters.ts";
import { samplesPerSecond } from "./mulaw.ts";
import { wavFile } from "./wav.ts";

/** A recording of one call, both sides, frame by frame. */
export interface SimRecording {
  readonly sid: string;
  readonly callSid: string;
  readonly order: RecordingOrder;
  readonly source: "OutboundAPI" | "StartCallRecordingAPI" | "StartCallRecordingTwiML";
  readonly startedAtMs: number;
  status: "in-progress" | "paused" | "stopped" | "completed" | "absent";
  readonly heard: Uint8Array[];
  readonly said: Uint8Array[];
}

export function recordedSeconds(recording: SimRecording): number {
  return Math.round(recording.heard.reduce((sum, frame) => sum + frame.length, 0) / samplesPerSecond);
}

/** The recording as a WAV file: callee left, agent right. */
export function recordingWav(recording: SimRecording): Uint8Array {
  return wavFile(Buffer.concat(recording.said), Buffer.concat(recording.heard));
}
