import { WebSocket } from "ws";
import type { Clock } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import { readVoiceMessage } from "./voice-message.ts";
import { type WordCollector, wordCollector } from "./word-collector.ts";
import type { VoiceListener } from "../../talk/ports.ts";

/** One `multi-stream-input` connection: one voice, one language, several contexts. */
export interface VoiceSocket {
  readonly voiceId: string;
  readonly language: string | undefined;
  /** Whether one more context may be opened here. */
  hasRoom(): boolean;
  /** Whether nothing is being spoken here and nothing may be any more. */
  isSpent(): boolean;
  has(contextId: string): boolean;
  speak(contextId: string, text: string, last: boolean): void;
  cancel(contextId: string): void;
  close(): void;
}

interface Context {
  words: WordCollector;
  gaveSound: boolean;
  askedAtMs: number;
}

/** The service allows five contexts on a connection; one is kept free for those still draining. */
const mostContexts = 4;
const handshakeTimeoutMs = 5_000;
/** A text that is given up after this long without sound speaks against the connection, not against the text. */
const suspiciousMs = 1_000;

export function openVoiceSocket(options: { url: string; apiKey: string; voiceId: string; language: string | undefined; listener: VoiceListener; clock: Clock }): VoiceSocket {
  const { listener } = options;
  const socket = new WebSocket(options.url, { headers: { "xi-api-key": options.apiKey }, perMessageDeflate: false, handshakeTimeout: handshakeTimeoutMs });
  const contexts = new Map<string, Context>();
  const unsent: string[] = [];
  let failure: VendorError | undefined;
  /** A connection on which a text brought no sound is not trusted with another. */
  let isSuspect = false;
  let isOver = false;

  const send = (message: object): void => {
    const text = JSON.stringify(message);
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else if (socket.readyState === WebSocket.CONNECTING) unsent.push(text);
  };
  const over = (error: VendorError): void => {
    if (isOver) return;
    isOver = true;
    const lost = [...contexts.keys()];
    contexts.clear();
    socket.terminate();
    for (const contextId of lost) listener.onFailed(contextId, failure ?? error);
  };
  const onText = (frame: string): void => {
    const message = readVoiceMessage(frame);
    if (!message) return over(new VendorError("voice", "bad_message", "the voice sent what is no message", true));
    if (message.error !== null) {
      failure = new VendorError("voice", message.error, "the voice reported an error", !hopeless.has(message.error));
      return over(failure);
    }
    const contextId = message.contextId ?? onlyContext();
    const context = contextId === undefined ? undefined : contexts.get(contextId);
    if (contextId === undefined || !context) return;
    const audio = message.audio === null ? new Uint8Array(0) : Buffer.from(message.audio, "base64");
    const words = context.words.take(message.alignment, audio.length);
    const last = message.isFinal ? context.words.rest() : [];
    if (audio.length > 0 || words.length + last.length > 0) {
      context.gaveSound ||= audio.length > 0;
      listener.onAudio(contextId, audio, [...words, ...last]);
    }
    if (!message.isFinal) return;
    contexts.delete(contextId);
    listener.onDone(contextId);
  };
  const onlyContext = (): string | undefined => (contexts.size === 1 ? [...contexts.keys()][0] : undefined);

  socket.on("open", () => {
    for (const text of unsent.splice(0)) socket.send(text);
  });
  socket.on("message", (data, isBinary) => {
    if (!isBinary && !isOver) onText(Buffer.isBuffer(data) ? data.toString("utf8") : "");
  });
  socket.on("error", (error) => {
    const status = /\b([45]\d\d)\b/.exec(error.message)?.[1];
    failure ??= new VendorError("voice", status ?? "connection", "the voice's connection failed", status !== "401" && status !== "403", error);
  });
  socket.on("close", (code) => over(new VendorError("voice", String(code), `the voice closed the connection with ${code}`, code !== 1008)));

  return {
    voiceId: options.voiceId,
    language: options.language,
    hasRoom: () => !isOver && !isSuspect && contexts.size < mostContexts && socket.readyState <= WebSocket.OPEN,
    isSpent: () => isOver || (isSuspect && contexts.size === 0),
    has: (contextId) => contexts.has(contextId),
    speak(contextId, text, last) {
      if (!contexts.has(contextId)) {
        contexts.set(contextId, { words: wordCollector(), gaveSound: false, askedAtMs: options.clock.nowMs() });
        send({ context_id: contextId, text: " " });
      }
      if (text !== "") send({ context_id: contextId, text: `${text} `, flush: true });
      if (last) send({ context_id: contextId, close_context: true });
    },
    cancel(contextId) {
      const context = contexts.get(contextId);
      if (!context) return;
      contexts.delete(contextId);
      isSuspect ||= !context.gaveSound && options.clock.nowMs() - context.askedAtMs >= suspiciousMs;
      send({ context_id: contextId, close_context: true });
    },
    close() {
      if (isOver) return;
      isOver = true;
      contexts.clear();
      send({ close_socket: true });
      socket.close();
    },
  };
}

const hopeless = new Set(["invalid_api_key", "quota_exceeded", "voice_not_found", "model_not_found", "unsupported_model"]);
