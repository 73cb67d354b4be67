import type OpenAI from "openai";
import type { RealtimeServerEvent } from "openai/resources/realtime/realtime";
import type { Clock, Timer } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import { bytesPerMs, type TranscriberConnection, type TranscriberListener, type TranscriberOptions } from "../../talk/ports.ts";
import { speechDetector } from "./speech-detector.ts";
import { transcriptionManner, transcriptionSession, vendorSilenceMs } from "./transcription-session.ts";
import { openTranscriptionSocket } from "./transcription-socket.ts";
import { type TranscriptionMessage, transcriptionTurns } from "./transcription-turns.ts";

/** 40 ms in a message: half the messages, and no delay that could be heard. */
const framesPerMessage = 2;
/** A transcript that is not there so long after the cut does not come: users report sessions that fall silent and stay open. */
const transcriptWithinMs = 2_500;
/** Without words for so long, what sounds like speech is the street. */
const wordlessMs = 2_000;
/** A model that transcribes only what was committed is given no longer stretch than this. */
const longestStretchMs = 5_000;
/** Stretches in a row that could not be transcribed, until somebody else must hear. */
const mostFailures = 2;

/** A session that hears one call: it turns sound and the vendor's events into turns, and sees to it that each is ended. */
export function openTranscription(options: {
  client: OpenAI;
  clock: Clock;
  log: Log;
  model: string;
  certificatePem?: string | undefined;
  wanted: TranscriberOptions;
  listener: TranscriberListener;
}): TranscriberConnection {
  const { clock, listener, log } = options;
  const manner = transcriptionManner(options.model);
  const turns = transcriptionTurns();
  let sentMs = 0;
  let wordsAtMs = 0;
  /** Where speech ended on the audio's axis, as the vendor's detection tells. */
  let speechEndMs: number | null = null;
  let failures = 0;
  let deadline: Timer | undefined;
  let isClosed = false;

  const silentForMs = (): number | null => {
    if (!manner.vendorDetectsTurns) return detector.silentForMs();
    return speechEndMs === null ? null : Math.max(0, sentMs - speechEndMs);
  };
  const take = (message: TranscriptionMessage): void => {
    for (const event of turns.take(message, silentForMs())) {
      if (isClosed) return;
      if (event.kind === "words") wordsAtMs = sentMs;
      listener.onHearing(event);
    }
    expectTranscript(message.kind === "completed" || message.kind === "failed");
  };
  /** Each answer, also to an earlier cut, gives the next one its time. */
  const expectTranscript = (wasAnswered: boolean): void => {
    if (wasAnswered || !turns.isOwed || isClosed) {
      deadline?.cancel();
      deadline = undefined;
    }
    if (!turns.isOwed || isClosed) return;
    deadline ??= clock.setTimer(transcriptWithinMs, () => {
      deadline = undefined;
      if (turns.text === "") socket.fail(new VendorError("transcriber", "no_transcript", "the transcriber does not answer", true));
      else take({ kind: "given_up" });
    });
  };
  const cut = (inPause: boolean): void => {
    socket.commit();
    take({ kind: "cut", inPause });
  };

  const detector = speechDetector(
    { onSound: () => take({ kind: "sound" }), onPause: () => cut(true), onSilence: () => take({ kind: "silence" }), onLongStretch: () => cut(false) },
    { longestStretchMs: manner.streams ? Number.POSITIVE_INFINITY : longestStretchMs },
  );
  const endWordless = (): void => {
    if (!manner.streams || turns.text === "" || !detector.isSpeaking || sentMs - wordsAtMs < wordlessMs) return;
    detector.ignoreUntilStill();
    cut(true);
    take({ kind: "silence" });
  };
  const onFailed = (code: string | undefined): void => {
    failures += 1;
    log.warn("the transcriber could not transcribe a stretch", { code: code ?? "" });
    if (failures >= mostFailures) socket.fail(new VendorError("transcriber", code ?? "failed", "the transcriber cannot transcribe", true));
  };
  const onEvent = (event: RealtimeServerEvent): void => {
    switch (event.type) {
      case "input_audio_buffer.speech_started":
        speechEndMs = null;
        return take({ kind: "sound" });
      case "input_audio_buffer.speech_stopped":
        // The vendor's end of speech includes the silence that told of it.
        speechEndMs = event.audio_end_ms - vendorSilenceMs;
        take({ kind: "cut", inPause: true });
        return take({ kind: "silence" });
      case "input_audio_buffer.committed":
        return take({ kind: "committed", itemId: event.item_id });
      case "conversation.item.input_audio_transcription.delta":
        if (!manner.vendorDetectsTurns && turns.isNewSpeech(event.item_id) && event.delta?.trim()) detector.hint();
        return take({ kind: "delta", itemId: event.item_id, text: event.delta ?? "" });
      case "conversation.item.input_audio_transcription.completed":
        failures = 0;
        return take({ kind: "completed", itemId: event.item_id, text: event.transcript, languages: event.languages?.map((language) => language.code) ?? [] });
      case "conversation.item.input_audio_transcription.failed":
        take({ kind: "failed", itemId: event.item_id });
        return onFailed(event.error.code);
      default:
        return;
    }
  };

  const socket = openTranscriptionSocket({
    client: options.client,
    clock,
    session: transcriptionSession(options.model, options.wanted),
    certificatePem: options.certificatePem,
    onReady: () => listener.onOpen(),
    onEvent,
    onComplaint(code) {
      log.warn("the transcriber reported an error", { code });
      // The cut was refused: there is nothing in it.
      if (code === "input_audio_buffer_commit_empty") take({ kind: "given_up" });
    },
    onClosed(error) {
      isClosed = true;
      deadline?.cancel();
      listener.onClosed(error);
    },
  });
  return {
    framesPerMessage,
    send(audio) {
      if (!socket.append(audio)) return false;
      sentMs += audio.length / bytesPerMs;
      if (!manner.vendorDetectsTurns) {
        detector.push(audio);
        endWordless();
      }
      return true;
    },
    close: () => socket.close(),
  };
}
