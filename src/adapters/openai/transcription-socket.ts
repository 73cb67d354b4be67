import type OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { RealtimeServerEvent, RealtimeTranscriptionSessionCreateRequest } from "openai/resources/realtime/realtime";
import type { Clock, Timer } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import { transcriptionClosed, transcriptionError } from "./transcription-errors.ts";

export interface TranscriptionSocketOptions {
  client: OpenAI;
  clock: Clock;
  session: RealtimeTranscriptionSessionCreateRequest;
  /** For a server with a certificate of its own. */
  certificatePem: string | undefined;
  /** The session has its settings and takes audio. */
  onReady(): void;
  onEvent(event: RealtimeServerEvent): void;
  /** The vendor reported something that leaves the session as it was. */
  onComplaint(code: string): void;
  /** Said once; undefined when we closed. */
  onClosed(error: VendorError | undefined): void;
}

export interface TranscriptionSocket {
  /** False when the session takes no audio: not ready, over, or the peer does not drain. */
  append(audio: Uint8Array): boolean;
  commit(): void;
  fail(error: VendorError): void;
  close(): void;
}

const handshakeTimeoutMs = 5_000;
const largestMessageBytes = 1024 * 1024;
/** About five seconds of audio as it goes over the wire; what does not fit stays with the caller. */
const mostUnsentBytes = 64 * 1024;
/** A peer that answers no ping by the next one is gone, whatever TCP believes. */
const pingMs = 10_000;
/** A close that the peer does not answer is not waited for longer than this. */
const closeMs = 1_000;

/** One Realtime socket with the intent to transcribe. The end is told once, whichever of error, event and close comes first. */
export function openTranscriptionSocket(options: TranscriptionSocketOptions): TranscriptionSocket {
  const { clock, certificatePem } = options;
  const realtime = new OpenAIRealtimeWS(
    {
      intent: "transcription",
      options: { perMessageDeflate: false, handshakeTimeout: handshakeTimeoutMs, maxPayload: largestMessageBytes, ...(certificatePem === undefined ? {} : { ca: certificatePem }) },
    },
    options.client,
  );
  const { socket } = realtime;
  const message = { type: "input_audio_buffer.append" as const, audio: "" };
  let isReady = false;
  let isOver = false;
  let hasPonged = true;
  let timer: Timer | undefined;

  const over = (error: VendorError | undefined): void => {
    if (isOver) return;
    isOver = true;
    timer?.cancel();
    if (socket.readyState !== socket.CLOSED) {
      timer = clock.setTimer(closeMs, () => socket.terminate());
      realtime.close();
    }
    options.onClosed(error);
  };
  const ping = (): void => {
    timer = clock.setTimer(pingMs, () => {
      if (!hasPonged) return over(new VendorError("transcriber", "unresponsive", "the transcriber answers no pings", true));
      hasPonged = false;
      socket.ping();
      ping();
    });
  };

  socket.on("open", () => void (isOver || realtime.send({ type: "session.update", session: options.session })));
  socket.on("pong", () => void (hasPonged = true));
  socket.on("close", (code: number) => {
    if (isOver) timer?.cancel();
    over(transcriptionClosed(code));
  });
  realtime.on("event", (event) => {
    if (isOver) return;
    if (event.type === "session.updated" && !isReady) {
      isReady = true;
      ping();
      options.onReady();
    } else options.onEvent(event);
  });
  realtime.on("error", (error) => {
    if (isOver) return;
    const failure = transcriptionError(error, isReady);
    if (failure) over(failure);
    else options.onComplaint(error.error?.code ?? error.error?.type ?? "");
  });

  return {
    append(audio) {
      if (!isReady || isOver || socket.readyState !== socket.OPEN || socket.bufferedAmount > mostUnsentBytes) return false;
      message.audio = Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64");
      realtime.send(message);
      return true;
    },
    commit: () => realtime.send({ type: "input_audio_buffer.commit" }),
    fail: over,
    close: () => over(undefined),
  };
}
