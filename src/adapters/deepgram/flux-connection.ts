import type { Deepgram, DeepgramClient } from "@deepgram/sdk";
import { VendorError } from "../../domain/errors.ts";
import { bytesPerMs, frameBytes, type HearingEvent, type TranscriberConnection, type TranscriberListener } from "../../talk/ports.ts";
import { isLoud } from "../../talk/speech-energy.ts";
import { runConnection } from "./connection.ts";
import type { Listening } from "./deepgram-languages.ts";

/** The vendor asks for 80 ms of audio in a message. */
const framesPerMessage = 4;
/** Confidence at which a turn is over, and the vendor's least at which a reply may be prepared: wrong guesses cost only tokens. */
const endOfTurnThreshold = 0.7;
const eagerThreshold = 0.3;
/** A turn ends after this much silence whatever the model thinks. */
const endOfTurnTimeoutMs = 3_000;

/** So much silence behind the words of an update, by loudness, and a reply may be prepared. */
const eagerSilenceMs = 150;

type FluxMessage = Deepgram.listen.ListenV2Connected | Deepgram.listen.ListenV2TurnInfo | Deepgram.listen.ListenV2ConfigureSuccess | Deepgram.listen.ListenV2ConfigureFailure | Deepgram.listen.ListenV2FatalError;

/**
 * A connection to Flux, which tells turns itself. Its transcript is always that of the whole turn. An `Update` comes for
 * every quarter of a second of audio: one with silence behind the words is reason enough to prepare a reply, also where
 * the vendor hesitates to believe in the end. On a noisy line there is no silence, and only the vendor's own word counts.
 */
export function openFlux(
  client: DeepgramClient,
  options: { listening: Extract<Listening, { api: "flux" }>; keyterms: readonly string[]; listener: TranscriberListener },
): TranscriberConnection {
  /** Where on the audio's axis the last loud frame ended, and the words a reply was asked for last. */
  let loudUntilMs = 0;
  let toldEagerly = "";
  const isEagerByItself = (turn: Deepgram.listen.ListenV2TurnInfo, text: string): boolean =>
    turn.event === "Update" && text !== "" && text !== toldEagerly && turn.audio_window_end * 1_000 - loudUntilMs >= eagerSilenceMs;
  const connection = runConnection<FluxMessage>({
    opening: client.listen.v2.connect({
      model: options.listening.model,
      encoding: "mulaw",
      sample_rate: 8_000,
      eot_threshold: endOfTurnThreshold,
      eager_eot_threshold: eagerThreshold,
      eot_timeout_ms: endOfTurnTimeoutMs,
      ...(options.keyterms.length > 0 ? { keyterm: [...options.keyterms] } : {}),
      ...(options.listening.hints.length > 0 ? { language_hint: [...options.listening.hints] } : {}),
      reconnectAttempts: 0,
    }),
    framesPerMessage,
    listener: options.listener,
    onMessage(message, fail) {
      if (message.type === "Error") return fail(new VendorError("transcriber", message.code, "the transcriber reported a fatal error", true));
      if (message.type !== "TurnInfo") return;
      const text = message.transcript.trim();
      const isEager = isEagerByItself(message, text);
      if (isEager || message.event === "EagerEndOfTurn") toldEagerly = text;
      if (message.event === "EndOfTurn") toldEagerly = "";
      if (isEager) return options.listener.onHearing({ kind: "eager_end", text });
      for (const event of hearingEvents(message, connection.audioSentMs())) options.listener.onHearing(event);
    },
  });
  return {
    ...connection,
    send(audio) {
      const fromMs = connection.audioSentMs();
      if (!connection.send(audio)) return false;
      for (let at = 0; at < audio.length; at += frameBytes) {
        if (isLoud(audio.subarray(at, at + frameBytes))) loudUntilMs = fromMs + (at + frameBytes) / bytesPerMs;
      }
      return true;
    },
  };
}

function hearingEvents(turn: Deepgram.listen.ListenV2TurnInfo, audioSentMs: number): readonly HearingEvent[] {
  const text = turn.transcript.trim();
  switch (turn.event) {
    case "StartOfTurn":
      return text === "" ? [{ kind: "started" }] : [{ kind: "started" }, { kind: "words", text }];
    case "Update":
      return text === "" ? [] : [{ kind: "words", text }];
    case "EagerEndOfTurn":
      return [{ kind: "eager_end", text }];
    case "TurnResumed":
      return [{ kind: "resumed" }];
    case "EndOfTurn": {
      const lastWordEnd = turn.words.at(-1)?.end;
      const silentForMs = lastWordEnd === undefined ? null : Math.max(0, audioSentMs - lastWordEnd * 1_000);
      return [{ kind: "ended", text, languages: turn.languages ?? [], silentForMs }];
    }
    default:
      return [];
  }
}
