import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import { VendorError } from "../../domain/errors.ts";
import { bytesPerMs, type Transcriber, type TranscriberListener } from "../../talk/ports.ts";

/** The hearing face of a speech-to-speech session: the model's own voice detection and its transcript make the turns. */
export interface RealtimeEar {
  readonly transcriber: Transcriber;
  onReady(): void;
  onEvent(event: RealtimeServerEvent): void;
  fail(error: VendorError): void;
  /** Uses up one turn that was heard with this text. */
  takeHeard(text: string): boolean;
}

/** 40 ms in a message: half the messages, and no delay that could be heard. */
const framesPerMessage = 2;

export function realtimeEar(options: { name: string; append: (audio: Uint8Array) => boolean }): RealtimeEar {
  const heard: string[] = [];
  let listener: TranscriberListener | undefined;
  let words = "";
  let sentMs = 0;
  let speechEndedMs: number | null = null;
  let isReady = false;

  let isTold = false;

  const tellOpen = (): void => {
    if (!isReady || !listener || isTold) return;
    isTold = true;
    listener.onOpen();
  };
  return {
    transcriber: {
      name: options.name,
      open(_, wanted) {
        // A session hears one call from its beginning; it cannot be opened again, another transcriber must take over.
        if (listener) {
          queueMicrotask(() => wanted.onClosed(new VendorError("speech_model", "closed", "a speech-to-speech session opens once", false)));
          return { framesPerMessage, send: () => false, close: () => undefined };
        }
        listener = wanted;
        queueMicrotask(tellOpen);
        return {
          framesPerMessage,
          send(audio) {
            if (!isReady || !options.append(audio)) return false;
            sentMs += audio.length / bytesPerMs;
            return true;
          },
          close: () => void (isReady = false),
        };
      },
    },
    onReady() {
      isReady = true;
      tellOpen();
    },
    onEvent(event) {
      switch (event.type) {
        case "input_audio_buffer.speech_started":
          words = "";
          speechEndedMs = null;
          return listener?.onHearing({ kind: "started" });
        case "input_audio_buffer.speech_stopped":
          speechEndedMs = event.audio_end_ms;
          return;
        case "conversation.item.input_audio_transcription.delta":
          words += event.delta ?? "";
          return listener?.onHearing({ kind: "words", text: words });
        case "conversation.item.input_audio_transcription.completed": {
          const text = event.transcript.trim();
          if (text !== "") heard.push(text);
          return listener?.onHearing({ kind: "ended", text, languages: [], silentForMs: speechEndedMs === null ? null : Math.max(0, sentMs - speechEndedMs) });
        }
        case "conversation.item.input_audio_transcription.failed":
          return listener?.onHearing({ kind: "ended", text: words, languages: [], silentForMs: null });
        default:
          return;
      }
    },
    fail(error) {
      isReady = false;
      listener?.onClosed(error);
    },
    takeHeard(text) {
      const at = heard.indexOf(text);
      if (at >= 0) heard.splice(at, 1);
      return at >= 0;
    },
  };
}
