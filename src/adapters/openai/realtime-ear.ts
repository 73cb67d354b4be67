import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import type { Clock, Timer } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import { bytesPerMs, type Transcriber, type TranscriberListener } from "../../talk/ports.ts";
import { type TranscriptionMessage, transcriptionTurns } from "./transcription-turns.ts";

/** The hearing face of a speech-to-speech session: the model's own voice detection and its transcripts make the turns. */
export interface RealtimeEar {
  readonly transcriber: Transcriber;
  onReady(): void;
  onEvent(event: RealtimeServerEvent): void;
  fail(error: VendorError): void;
  /** Uses up one turn that was heard with this text. */
  takeHeard(text: string): boolean;
  /** Waits for no transcript any more. */
  close(): void;
}

export interface RealtimeEarOptions {
  name: string;
  clock: Clock;
  /** Silence after which the vendor says that speech has stopped, in ms; its instant of that includes it. */
  silenceMs: number;
  append(audio: Uint8Array): boolean;
}

/** 40 ms in a message: half the messages, and no delay that could be heard. */
const framesPerMessage = 2;
/** A transcript that is not there so long after speech stopped does not come. */
const transcriptWithinMs = 2_500;
/** Stretches of speech in a row without a transcript, until somebody else must hear. */
const mostFailures = 2;

/**
 * Speech comes in stretches, each an item of the session with a transcript of its own, which may come when the next is
 * spoken already: a turn is over when nobody speaks and the transcript of each of its stretches has come, or will not.
 */
export function realtimeEar(options: RealtimeEarOptions): RealtimeEar {
  const { clock } = options;
  const turns = transcriptionTurns();
  const heard: string[] = [];
  let listener: TranscriberListener | undefined;
  let deadline: Timer | undefined;
  let sentMs = 0;
  let speechEndedMs: number | null = null;
  let failures = 0;
  let isReady = false;
  let isTold = false;
  let isOver = false;

  const tellOpen = (): void => {
    if (!isReady || !listener || isTold) return;
    isTold = true;
    listener.onOpen();
  };
  const close = (): void => {
    isReady = false;
    isOver = true;
    deadline?.cancel();
  };
  const fail = (error: VendorError): void => {
    if (isOver) return;
    close();
    listener?.onClosed(error);
  };
  const take = (message: TranscriptionMessage): void => {
    for (const event of turns.take(message, speechEndedMs === null ? null : Math.max(0, sentMs - speechEndedMs))) {
      if (isOver) return;
      // An answer begun before the turn has ended would be told the turn as text beside the session's own hearing of it.
      if (event.kind === "eager_end" || event.kind === "resumed") continue;
      if (event.kind === "ended" && event.text !== "") heard.push(event.text);
      listener?.onHearing(event);
    }
    expectTranscript(message.kind === "completed" || message.kind === "failed");
  };
  /** Each transcript, also of an earlier stretch, gives the next one its time. */
  const expectTranscript = (hasCome: boolean): void => {
    if (hasCome || !turns.isOwed) {
      deadline?.cancel();
      deadline = undefined;
    }
    if (!turns.isOwed || isOver) return;
    deadline ??= clock.setTimer(transcriptWithinMs, () => {
      deadline = undefined;
      take({ kind: "given_up" });
      noteFailure("no_transcript");
    });
  };
  const noteFailure = (code: string): void => {
    failures += 1;
    if (failures >= mostFailures) fail(new VendorError("speech_model", code, "the speech model does not say what it hears", false));
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
          close,
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
          speechEndedMs = null;
          return take({ kind: "sound" });
        case "input_audio_buffer.speech_stopped":
          speechEndedMs = event.audio_end_ms - options.silenceMs;
          take({ kind: "cut", inPause: true });
          return take({ kind: "silence" });
        case "input_audio_buffer.committed":
          return take({ kind: "committed", itemId: event.item_id });
        case "conversation.item.input_audio_transcription.delta":
          return take({ kind: "delta", itemId: event.item_id, text: event.delta ?? "" });
        case "conversation.item.input_audio_transcription.completed":
          failures = 0;
          return take({ kind: "completed", itemId: event.item_id, text: event.transcript, languages: event.languages?.map((language) => language.code) ?? [] });
        case "conversation.item.input_audio_transcription.failed":
          take({ kind: "failed", itemId: event.item_id });
          return noteFailure(event.error.code ?? "failed");
        default:
          return;
      }
    },
    fail,
    close,
    takeHeard(text) {
      const at = heard.indexOf(text);
      if (at >= 0) heard.splice(at, 1);
      return at >= 0;
    },
  };
}
