import type { ChatRequest } from "../openai/chat-request.ts";
import { think } from "../brain/brain.ts";
import { type Outbox, outbox } from "../outbox.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { answerEvents, type TimedEvent } from "./realtime-answer.ts";
import type { Item } from "./realtime-items.ts";
import type { RealtimeSettings } from "./realtime-settings.ts";

/** The one response a session may have in the making. */
export interface Responses {
  readonly active: boolean;
  /** Begins a response; false when one is active. */
  create(): boolean;
  /** Stops the active response; false when there is none. */
  cancel(reason: "turn_detected" | "client_cancelled"): boolean;
  /** Something was said aloud: the voice is settled from then on. */
  readonly hasSpoken: boolean;
}

export interface ResponsesContext {
  deps: ServiceDeps;
  socket: ServiceSocket;
  settings: () => RealtimeSettings;
  items: () => readonly Item[];
  add: (item: Item) => void;
  tell: (event: Record<string, unknown>) => void;
  newId: (prefix: string) => string;
}

/** Makes responses out of what the scripted model answers, event by event on the clock. */
export function realtimeResponses({ deps, socket, settings, items, add, tell, newId }: ResponsesContext): Responses {
  let current: { id: string; box: Outbox<TimedEvent>; made: Item[] } | undefined;
  let hasSpoken = false;

  const finish = (status: "completed" | "cancelled", reason?: string): void => {
    if (current === undefined) return;
    const { id, made, box } = current;
    box.discard();
    current = undefined;
    const statusDetails = status === "completed" ? null : { type: status, reason };
    tell({ type: "response.done", response: { ...shell(id, settings()), status, status_details: statusDetails, output: made.map((item) => item.wire), usage: usageOf(items(), made) } });
  };

  socket.onClose(() => current?.box.discard());
  return {
    get active() {
      return current !== undefined;
    },
    get hasSpoken() {
      return hasSpoken;
    },
    create() {
      if (current !== undefined) return false;
      const id = newId("resp");
      const made: Item[] = [];
      const box = outbox<TimedEvent>(deps.clock, ({ event, onLeave }) => {
        onLeave?.();
        if (event.type === "response.output_audio.delta") hasSpoken = true;
        tell(event);
      });
      current = { id, box, made };
      tell({ type: "response.created", response: { ...shell(id, settings()), status: "in_progress", status_details: null, output: [], usage: null } });
      const request = requestOf(settings(), items());
      const reply = socket.fault?.kind === "empty" ? { text: "", toolCalls: [] } : think(deps.brain, request);
      const keep = (item: Item): void => {
        made.push(item);
        add(item);
      };
      for (const event of answerEvents(reply, settings().spoken, socket.random, { responseId: id, newId }, keep)) box.put(event, event.delayMs);
      box.afterAll(() => finish("completed"));
      return true;
    },
    cancel(reason) {
      if (current === undefined) return false;
      finish("cancelled", reason);
      return true;
    },
  };
}

function shell(id: string, settings: RealtimeSettings): object {
  return {
    object: "realtime.response",
    id,
    conversation_id: "conv_1",
    output_modalities: [settings.spoken ? "audio" : "text"],
    max_output_tokens: "inf",
    audio: { output: { format: { type: settings.outputFormat }, voice: settings.voice } },
    metadata: null,
  };
}

/** The conversation as the scripted model reads it. */
function requestOf(settings: RealtimeSettings, items: readonly Item[]): ChatRequest {
  return {
    model: settings.model,
    messages: [{ role: "system", content: settings.instructions }, ...items.map((item) => item.message)],
    tools: settings.tools.map(({ type, ...tool }) => ({ type, function: tool })),
    tool_choice: settings.toolChoice === "none" ? "none" : "auto",
  };
}

function usageOf(items: readonly Item[], made: readonly Item[]): object {
  const input = Math.ceil(JSON.stringify(items.map((item) => item.message)).length / 4);
  const audio = made.reduce((sum, item) => sum + Math.ceil((item.speech?.audioMs ?? 0) / 50), 0);
  const text = made.reduce((sum, item) => sum + Math.ceil(JSON.stringify(item.message).length / 4), 0);
  return {
    total_tokens: input + audio + text,
    input_tokens: input,
    output_tokens: audio + text,
    input_token_details: { text_tokens: input, audio_tokens: 0, image_tokens: 0, cached_tokens: 0 },
    output_token_details: { text_tokens: text, audio_tokens: audio },
  };
}
