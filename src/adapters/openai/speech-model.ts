import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { RealtimeClientEvent, RealtimeServerEvent } from "openai/resources/realtime/realtime";
import type { Clock } from "../../domain/clock.ts";
import { VendorError } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import type { Brain, BrainRequest, SpeechModel, SpeechModelOptions, SpeechModelSession, ToolDescription } from "../../talk/ports.ts";
import { realtimeAnswers } from "./realtime-answers.ts";
import { realtimeEar } from "./realtime-ear.ts";
import { realtimeHistory } from "./realtime-history.ts";
import { realtimeMouth } from "./realtime-mouth.ts";

export interface OpenAiSpeechModelOptions {
  apiKey: string;
  /** Up to and with `/v1`; null is the vendor's own. The SDK speaks TLS whatever the scheme says. */
  baseUrl: string | null;
  model: string;
  voice: string;
  /** Turns the callee's speech into the text our rules read. */
  transcriptionModel: string;
  clock: Clock;
  log: Log;
  /** For a server with a certificate of its own. */
  certificatePem?: string;
}

const handshakeTimeoutMs = 5_000;
const largestMessageBytes = 4 * 1024 * 1024;
/** Silence after which the callee's turn is over. */
const silenceMs = 500;

/**
 * OpenAI's Realtime API as a speech-to-speech session (https://platform.openai.com/docs/guides/realtime). Responses
 * are never begun by the server: our rules read each turn first. An interrupted answer is truncated to what marks prove
 * was heard.
 */
export function openAiSpeechModel(options: OpenAiSpeechModelOptions): SpeechModel {
  return { name: `openai ${options.model}`, open: (opening) => openSession(options, opening) };
}

function openSession(options: OpenAiSpeechModelOptions, opening: SpeechModelOptions): SpeechModelSession {
  const name = `openai ${options.model}`;
  const client = new OpenAI({ apiKey: options.apiKey, baseURL: options.baseUrl, logLevel: "off" });
  const realtime = new OpenAIRealtimeWS(
    {
      model: options.model,
      options: { perMessageDeflate: false, handshakeTimeout: handshakeTimeoutMs, maxPayload: largestMessageBytes, ...(options.certificatePem === undefined ? {} : { ca: options.certificatePem }) },
    },
    client,
  );
  const ready = Promise.withResolvers<void>();
  let failure: VendorError | undefined;
  let isClosed = false;
  let isReady = false;
  let instructions = "";

  const send = (event: RealtimeClientEvent): void => {
    if (realtime.socket.readyState === realtime.socket.OPEN) realtime.send(event);
  };
  const mouth = realtimeMouth({ name, otherVoice: opening.voice, truncate: (itemId, audioEndMs) => send({ type: "conversation.item.truncate", item_id: itemId, content_index: 0, audio_end_ms: audioEndMs }) });
  const ear = realtimeEar({
    name,
    clock: options.clock,
    silenceMs,
    append(audio) {
      if (!isReady || failure) return false;
      send({ type: "input_audio_buffer.append", audio: Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString("base64") });
      return true;
    },
  });
  const answers = realtimeAnswers(mouth);
  const history = realtimeHistory({ hasSpoken: mouth.hasSpoken, hasCalled: answers.hasCalled, takeHeard: ear.takeHeard });
  ready.promise.catch(() => undefined);

  const over = (error: VendorError): void => {
    if (failure || isClosed) return;
    failure = error;
    ready.reject(error);
    answers.fail(error);
    mouth.fail(error);
    ear.fail(error);
  };
  const onEvent = (event: RealtimeServerEvent): void => {
    if (isClosed) return;
    if (event.type === "session.updated" && !isReady) {
      isReady = true;
      ready.resolve();
      ear.onReady();
    }
    ear.onEvent(event);
    answers.onEvent(event);
  };

  realtime.socket.on("open", () => send({ type: "session.update", session: sessionSettings(options) }));
  realtime.socket.on("close", (code: number) => over(new VendorError("speech_model", String(code), `the speech model closed the connection with ${code}`, false)));
  realtime.on("event", onEvent);
  realtime.on("error", (error) => {
    // A request it refused leaves the session as it was; a connection that failed before it was ready does not.
    options.log.warn("speech model reported an error", { code: error.error?.code ?? "connection" });
    if (!isReady) over(new VendorError("speech_model", error.error?.code ?? "connection", "the speech model could not be reached", false, error));
  });

  const prepare = (request: BrainRequest): void => {
    const wanted = request.messages.flatMap((message) => (message.role === "system" ? [message.text] : [])).join("\n\n");
    const tools = request.tools.map(wireTool);
    if (wanted !== instructions) send({ type: "session.update", session: { type: "realtime", instructions: wanted, tools } });
    instructions = wanted;
    const said = request.messages.filter((message) => message.role !== "system");
    for (const item of history.untold(said)) send({ type: "conversation.item.create", ...item });
  };
  const brain: Brain = {
    name,
    async *reply(request, signal) {
      await ready.promise;
      await answers.idle();
      if (signal.aborted) return;
      if (failure) throw failure;
      prepare(request);
      const events = answers.follow(request.replyId, signal, () => send({ type: "response.cancel" }));
      send({ type: "response.create" });
      yield* events;
    },
  };
  return {
    transcriber: ear.transcriber,
    brain,
    voice: mouth.voice,
    close() {
      if (isClosed) return;
      isClosed = true;
      ear.close();
      answers.fail(new VendorError("speech_model", "closed", "the session was closed", false));
      realtime.close();
    },
  };
}

/** μ-law in and out, so that sound goes from and to the telephone untouched; turns by voice detection, replies on demand. */
function sessionSettings(options: OpenAiSpeechModelOptions) {
  return {
    type: "realtime" as const,
    output_modalities: ["audio" as const],
    audio: {
      input: {
        format: { type: "audio/pcmu" as const },
        transcription: { model: options.transcriptionModel },
        turn_detection: { type: "server_vad" as const, silence_duration_ms: silenceMs, create_response: false, interrupt_response: false },
      },
      output: { format: { type: "audio/pcmu" as const }, voice: options.voice },
    },
  };
}

function wireTool(tool: ToolDescription) {
  return { type: "function" as const, name: tool.name, description: tool.description, parameters: { ...tool.parameters } };
}
