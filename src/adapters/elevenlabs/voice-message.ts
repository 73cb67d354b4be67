import { z } from "zod";

const alignment = z
  .object({
    chars: z.array(z.string()),
    charStartTimesMs: z.array(z.number()),
    charDurationsMs: z.array(z.number()).optional(),
    charsDurationsMs: z.array(z.number()).optional(),
  })
  .transform(({ chars, charStartTimesMs, charDurationsMs, charsDurationsMs }) => ({
    chars,
    startsMs: charStartTimesMs,
    durationsMs: charDurationsMs ?? charsDurationsMs ?? [],
  }));
export type Alignment = z.infer<typeof alignment>;

/**
 * What ElevenLabs says on a multi-context socket. Its specification, its SDK and its service spell some names
 * differently; all spellings met so far are read.
 */
const serverMessage = z
  .object({
    audio: z.string().nullish(),
    contextId: z.string().nullish(),
    context_id: z.string().nullish(),
    isFinal: z.boolean().nullish(),
    is_final: z.boolean().nullish(),
    alignment: alignment.nullish(),
    error: z.string().nullish(),
    message: z.string().nullish(),
  })
  .transform((message) => ({
    contextId: message.contextId ?? message.context_id ?? null,
    audio: message.audio ?? null,
    alignment: message.alignment ?? null,
    isFinal: message.isFinal === true || message.is_final === true,
    error: message.error ?? null,
  }));
export type VoiceMessage = z.infer<typeof serverMessage>;

/** Reads one text frame; undefined when it is no message of the service. */
export function readVoiceMessage(frame: string): VoiceMessage | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(frame);
  } catch {
    return undefined;
  }
  return serverMessage.safeParse(parsed).data;
}
