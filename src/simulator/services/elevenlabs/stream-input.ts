import { z } from "zod";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { speaker } from "./speaker.ts";
import { defaultSchedule, textBuffer, type TextBuffer } from "./text-buffer.ts";
import { keyAccepted, type VoiceSettings } from "./voice-query.ts";
import { audioMessage, endWithError, finalMessage, invalidMessage, watchInput } from "./voice-messages.ts";

const inputMessage = z.strictObject({
  text: z.string(),
  flush: z.boolean().nullish(),
  try_trigger_generation: z.boolean().nullish(),
  voice_settings: z.record(z.string(), z.unknown()).nullish(),
  generation_config: z.object({ chunk_length_schedule: z.array(z.number().min(50).max(500)).min(1) }).nullish(),
  pronunciation_dictionary_locators: z.array(z.unknown()).nullish(),
  "xi-api-key": z.string().nullish(),
  authorization: z.string().nullish(),
});

/** Serves one `stream-input` socket: one voice, one text, ended by an empty text (ElevenLabs' API reference). */
export function serveStreamInput(deps: ServiceDeps, socket: ServiceSocket, settings: VoiceSettings): void {
  const voice = speaker(deps, socket.random);
  const alive = watchInput(deps, socket, settings.inactivityMs);
  let buffer: TextBuffer | undefined;
  let ended = false;
  let characters = 0;
  socket.onClose(() => deps.onUse("elevenlabs", "spoke", { model: settings.modelId, characters }));

  const speak = (text: string): void => {
    characters += text.length;
    if (text === "" || socket.fault?.kind === "empty") return;
    for (const { chunk, delayMs } of voice.speak(text)) socket.send(audioMessage(chunk, { finalName: "isFinal" }), delayMs);
  };

  socket.onBinary((bytes) => invalidMessage(deps, socket, `${bytes.length} binary bytes`));
  socket.onJson((json, text) => {
    alive();
    const read = inputMessage.safeParse(json);
    if (!read.success) return invalidMessage(deps, socket, text);
    const message = read.data;
    if (ended) return deps.onMisuse({ service: "elevenlabs", code: "text_after_end", detail: message.text.slice(0, 100) });
    if (buffer === undefined) {
      if (!settings.authorised && !keyAccepted(deps, message["xi-api-key"] ?? undefined)) {
        return endWithError(socket, { error: "invalid_api_key", message: "Invalid API key" });
      }
      if (message.text !== " ") deps.onMisuse({ service: "elevenlabs", code: "first_message_not_a_space", detail: message.text.slice(0, 100) });
      buffer = textBuffer({ autoMode: settings.autoMode, chunkLengthSchedule: message.generation_config?.chunk_length_schedule ?? defaultSchedule });
    }
    if (message.text !== "") return speak(buffer.add(message.text, { flush: message.flush === true, trigger: message.try_trigger_generation === true }));
    ended = true;
    speak(buffer.add("", { flush: true, trigger: false }));
    socket.send(finalMessage("isFinal"), voice.busyForMs());
    socket.close(1000);
  });
}
