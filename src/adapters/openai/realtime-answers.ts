import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import { VendorError } from "../../domain/errors.ts";
import type { BrainEvent } from "../../talk/ports.ts";
import type { RealtimeMouth } from "./realtime-mouth.ts";

/** The answers of a session: one at a time, told as the events of a brain while its sound goes to the mouth. */
export interface RealtimeAnswers {
  /** Follows the answer that the next `response.created` begins. */
  follow(replyId: string, signal: AbortSignal, cancel: () => void): AsyncIterable<BrainEvent>;
  onEvent(event: RealtimeServerEvent): void;
  fail(error: VendorError): void;
  hasCalled(callId: string): boolean;
  /** Resolves when no answer is being made. */
  idle(): Promise<void>;
}

interface Following {
  readonly replyId: string;
  responseId: string | undefined;
  readonly events: BrainEvent[];
  failure: VendorError | undefined;
  isOver: boolean;
  wake: () => void;
}

export function realtimeAnswers(mouth: RealtimeMouth): RealtimeAnswers {
  const called = new Set<string>();
  let current: Following | undefined;
  const whenIdle: (() => void)[] = [];

  const add = (event: BrainEvent): void => {
    current?.events.push(event);
    current?.wake();
  };
  const end = (failure?: VendorError): void => {
    if (!current) return;
    const ended = current;
    current = undefined;
    ended.failure = failure;
    ended.isOver = true;
    ended.wake();
    for (const resolve of whenIdle.splice(0)) resolve();
  };

  return {
    hasCalled: (callId) => called.has(callId),
    idle: () => (current ? new Promise((resolve) => whenIdle.push(resolve)) : Promise.resolve()),
    async *follow(replyId, signal, cancel) {
      let wakeUp: () => void = () => undefined;
      const following: Following = { replyId, responseId: undefined, events: [], failure: undefined, isOver: false, wake: () => wakeUp() };
      current = following;
      const onAbort = (): void => {
        if (current === following) cancel();
        wakeUp();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      try {
        while (!signal.aborted) {
          const next = following.events.shift();
          if (next) yield next;
          else if (following.isOver) break;
          else await new Promise<void>((resolve) => void (wakeUp = resolve));
        }
        if (!signal.aborted && following.failure) throw following.failure;
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    },
    onEvent(event) {
      switch (event.type) {
        case "response.created":
          if (current && event.response.id !== undefined) current.responseId ??= event.response.id;
          return;
        case "response.output_item.added":
          if (current && event.response_id === current.responseId && event.item.type === "message" && event.item.id !== undefined) mouth.onItem(current.replyId, event.item.id);
          return;
        case "response.output_audio.delta":
          if (current && event.response_id === current.responseId) mouth.onSound(current.replyId, Buffer.from(event.delta, "base64"));
          return;
        case "response.output_audio_transcript.delta":
        case "response.output_text.delta":
          if (event.response_id === current?.responseId) add({ kind: "text", delta: event.delta });
          return;
        case "response.function_call_arguments.done":
          if (event.response_id !== current?.responseId) return;
          called.add(event.call_id);
          return add({ kind: "tool_call", call: { id: event.call_id, name: event.name, argumentsJson: event.arguments } });
        case "response.done": {
          if (!current || (event.response.id !== undefined && event.response.id !== current.responseId)) return;
          mouth.onDone(current.replyId);
          const { status, usage } = event.response;
          if (status === "failed" || status === "incomplete") return end(new VendorError("speech_model", event.response.status_details?.error?.code ?? status, `the speech model's answer is ${status}`, true));
          add({ kind: "done", inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 });
          return end();
        }
        default:
          return;
      }
    },
    fail: (error) => end(error),
  };
}
