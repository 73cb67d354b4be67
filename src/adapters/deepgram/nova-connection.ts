import type { Deepgram, DeepgramClient } from "@deepgram/sdk";
import type { Clock, Timer } from "../../domain/clock.ts";
import type { TranscriberConnection, TranscriberListener } from "../../talk/ports.ts";
import { runConnection } from "./connection.ts";
import type { Listening } from "./deepgram-languages.ts";
import { type NovaMessage, novaTurns } from "./nova-turns.ts";

const framesPerMessage = 1;
/** Silence after which Nova calls speech final, and a reply may be prepared (vendor's advice for `multi`; its default is 10 ms). */
const endpointingMs = 100;
/** So much more silence makes the pause the end of the turn. */
const pauseMs = 500;
const utteranceEndMs = 1_000;
/** Speech brings its first word sooner than this; a sound that does not was noise. */
const wordsWithinMs = 3_000;
/** Without audio for ten seconds the vendor closes; it asks for a sign of life every three to five. */
const keepAliveMs = 4_000;

type NovaServerMessage = Deepgram.listen.ListenV1Results | Deepgram.listen.ListenV1Metadata | Deepgram.listen.ListenV1UtteranceEnd | Deepgram.listen.ListenV1SpeechStarted;

/** A connection to Nova, whose results are put together into turns here. */
export function openNova(
  client: DeepgramClient,
  options: { listening: Extract<Listening, { api: "nova" }>; keyterms: readonly string[]; listener: TranscriberListener; clock: Clock },
): TranscriberConnection {
  const { clock, listener, listening } = options;
  const turns = novaTurns();
  let pause: Timer | undefined;
  let words: Timer | undefined;
  let keepAlive: Timer | undefined;
  let sentAtLastLook = 0;

  const opening = client.listen.v1.connect({
    model: listening.model,
    language: listening.language,
    encoding: "mulaw",
    sample_rate: 8_000,
    channels: 1,
    interim_results: "true",
    vad_events: "true",
    smart_format: "true",
    endpointing: endpointingMs,
    utterance_end_ms: utteranceEndMs,
    ...(options.keyterms.length > 0 ? { keyterm: [...options.keyterms] } : {}),
    ...(listening.hints.length > 0 ? { queryParams: { language_hint: [...listening.hints] } } : {}),
    reconnectAttempts: 0,
  });

  const take = (message: NovaMessage): void => {
    const { events, awaitPause, awaitWords } = turns.take(message, connection.audioSentMs());
    if (!awaitPause) {
      pause?.cancel();
      pause = undefined;
    } else pause ??= clock.setTimer(pauseMs, () => take({ kind: "pause_over" }));
    if (!awaitWords) {
      words?.cancel();
      words = undefined;
    } else words ??= clock.setTimer(wordsWithinMs, () => take({ kind: "words_overdue" }));
    for (const event of events) listener.onHearing(event);
  };
  const stayAlive = (): void => {
    keepAlive = clock.setTimer(keepAliveMs, () => {
      const sent = connection.audioSentMs();
      if (sent === sentAtLastLook) void opening.then((socket) => socket.sendKeepAlive({ type: "KeepAlive" })).catch(() => connection.close());
      sentAtLastLook = sent;
      stayAlive();
    });
  };

  const connection = runConnection<NovaServerMessage>({
    opening,
    framesPerMessage,
    listener: {
      onOpen() {
        stayAlive();
        listener.onOpen();
      },
      onHearing: (event) => listener.onHearing(event),
      onClosed(error) {
        pause?.cancel();
        words?.cancel();
        keepAlive?.cancel();
        listener.onClosed(error);
      },
    },
    onMessage(message) {
      const read = novaMessage(message);
      if (read) take(read);
    },
  });
  return connection;
}

function novaMessage(message: NovaServerMessage): NovaMessage | undefined {
  switch (message.type) {
    case "SpeechStarted":
      return { kind: "speech_started" };
    case "UtteranceEnd":
      return { kind: "utterance_end" };
    case "Results": {
      const best = message.channel.alternatives[0];
      const lastWordEnd = best?.words.at(-1)?.end;
      return {
        kind: "results",
        text: best?.transcript.trim() ?? "",
        isFinal: message.is_final ?? false,
        speechFinal: message.speech_final ?? false,
        languages: best?.languages ?? [],
        lastWordEndMs: lastWordEnd === undefined ? null : lastWordEnd * 1_000,
      };
    }
    default:
      return undefined;
  }
}
