import { z } from "zod";

/** Counters come as strings; some emulators send numbers. */
const count = z.union([z.string().regex(/^\d{1,15}$/), z.number().int().nonnegative()]).transform(Number);

/**
 * What Twilio says on a bidirectional media stream, one JSON text frame each
 * (https://www.twilio.com/docs/voice/media-streams/websocket-messages).
 */
export const mediaMessage = z.discriminatedUnion("event", [
  z.object({ event: z.literal("connected") }),
  z.object({
    event: z.literal("start"),
    streamSid: z.string().max(64),
    start: z.object({
      callSid: z.string().min(1).max(64),
      mediaFormat: z.object({ encoding: z.literal("audio/x-mulaw"), sampleRate: z.literal(8000), channels: z.literal(1) }),
      customParameters: z.record(z.string(), z.string()).default({}),
    }),
  }),
  z.object({ event: z.literal("media"), media: z.object({ track: z.string().optional(), timestamp: count, payload: z.string() }) }),
  z.object({ event: z.literal("dtmf"), dtmf: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/) }) }),
  z.object({ event: z.literal("mark"), mark: z.object({ name: z.string().max(200) }) }),
  z.object({ event: z.literal("stop") }),
]);
export type MediaMessage = z.infer<typeof mediaMessage>;

/** Reads one text frame; undefined when it is no message we know, which is the sender's mistake and ends the stream. */
export function readMediaMessage(frame: string): MediaMessage | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame);
  } catch {
    return undefined;
  }
  return mediaMessage.safeParse(parsed).data;
}
