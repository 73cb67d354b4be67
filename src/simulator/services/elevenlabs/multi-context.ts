import { z } from "zod";
import type { Timer } from "../../../domain/clock.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { speaker } from "./speaker.ts";
import { defaultSchedule, textBuffer, type TextBuffer } from "./text-buffer.ts";
import type { VoiceSettings } from "./voice-query.ts";
import { audioMessage, endWithError, finalMessage, invalidMessage, watchInput } from "./voice-messages.ts";

const mostContexts = 5;
const voiceMessage = z.strictObject({
  context_id: z.string().max(1_000).nullish(),
  text: z.string().nullish(),
  flush: z.boolean().nullish(),
  close_context: z.boolean().nullish(),
  close_socket: z.boolean().nullish(),
  voice_settings: z.record(z.string(), z.unknown()).nullish(),
  generation_config: z.object({ chunk_length_schedule: z.array(z.number().min(50).max(500)).min(1) }).nullish(),
  pronunciation_dictionary_locators: z.array(z.unknown()).nullish(),
  "xi-api-key": z.string().nullish(),
  xi_api_key: z.string().nullish(),
  authorization: z.string().nullish(),
});
type VoiceMessage = z.infer<typeof voiceMessage>;

interface Context {
  buffer: TextBuffer;
  voice: ReturnType<typeof speaker>;
  state: "open" | "draining" | "closed";
  idle: Timer | undefined;
}

/**
 * Serves one `multi-stream-input` socket (ElevenLabs' API reference). A context opens with its first message and holds one of
 * five places until its last audio has left: `close_context` stops it from taking text, what was flushed before is
 * still spoken, then comes the final message. A context that gets no message for the inactivity time closes by itself;
 * so does the whole socket.
 */
export function serveMultiContext(deps: ServiceDeps, socket: ServiceSocket, settings: VoiceSettings): void {
  const contexts = new Map<string, Context>();
  let characters = 0;
  const finalName = socket.random.fraction() < 0.5 ? "isFinal" : "is_final";
  const alive = watchInput(deps, socket, settings.inactivityMs);
  const misuse = (code: string, detail: string): void => deps.onMisuse({ service: "elevenlabs", code, detail });

  const closeContext = (contextId: string, context: Context): void => {
    if (context.state !== "open") return;
    context.state = "draining";
    context.idle?.cancel();
    deps.clock.setTimer(context.voice.busyForMs(), () => {
      context.state = "closed";
      socket.send(finalMessage(finalName, contextId), 0, contextId);
    });
  };
  const keepAlive = (contextId: string, context: Context): void => {
    context.idle?.cancel();
    context.idle = deps.clock.setTimer(settings.inactivityMs, () => closeContext(contextId, context));
  };
  const openContext = (contextId: string, message: VoiceMessage): Context | undefined => {
    const open = [...contexts.values()].filter((context) => context.state !== "closed").length;
    if (open >= mostContexts) {
      misuse("too_many_contexts", `${contextId} would be context ${open + 1}`);
      const told = "Maximum simultaneous contexts per WebSocket connection exceeded (5). Please close an existing context before opening a new one.";
      endWithError(socket, { error: "max_active_conversations", message: told });
      return undefined;
    }
    const schedule = message.generation_config?.chunk_length_schedule ?? defaultSchedule;
    const context: Context = {
      buffer: textBuffer({ autoMode: settings.autoMode, chunkLengthSchedule: schedule }),
      voice: speaker(deps, socket.random),
      state: "open",
      idle: undefined,
    };
    contexts.set(contextId, context);
    return context;
  };

  const take = (contextId: string, message: VoiceMessage): void => {
    const known = contexts.get(contextId);
    if (known !== undefined && known.state !== "open") {
      if (message.close_context === true && !message.text) return;
      return misuse("closed_context", `${contextId} is closed and was sent ${JSON.stringify(message.text ?? "")}`);
    }
    if (known === undefined && message.close_context === true) return misuse("unknown_context", `${contextId} was closed before it was opened`);
    const context = known ?? openContext(contextId, message);
    if (context === undefined) return;
    keepAlive(contextId, context);
    const text = context.buffer.add(message.text ?? "", { flush: message.flush === true, trigger: false });
    characters += text.length;
    if (text !== "" && socket.fault?.kind !== "empty") {
      for (const { chunk, delayMs } of context.voice.speak(text)) socket.send(audioMessage(chunk, { contextId, finalName }), delayMs, contextId);
    }
    if (message.close_context === true) closeContext(contextId, context);
  };

  socket.onBinary((bytes) => invalidMessage(deps, socket, `${bytes.length} binary bytes`));
  socket.onJson((json, text) => {
    alive();
    const message = voiceMessage.safeParse(json);
    if (!message.success) return invalidMessage(deps, socket, text);
    if (message.data.close_socket === true) return socket.close(1000);
    take(message.data.context_id ?? "default", message.data);
  });
  socket.onClose(() => {
    deps.onUse("elevenlabs", "spoke", { model: settings.modelId, characters });
    for (const context of contexts.values()) context.idle?.cancel();
  });
}
