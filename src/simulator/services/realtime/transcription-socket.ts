import { z } from "zod";
import { wholeBelow } from "../../../domain/random.ts";
import { languagesOf } from "../deepgram/heard-words.ts";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { transcriptionEar, type TranscriptionEarEvent } from "./transcription-ear.ts";
import { newTranscriptionSettings, transcriptionPatch, transcriptionSettings } from "./transcription-settings.ts";

const named = { event_id: z.string().optional() };
const clientEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("session.update"), ...named, session: transcriptionPatch }),
  z.strictObject({ type: z.literal("input_audio_buffer.append"), ...named, audio: z.base64() }),
  z.strictObject({ type: z.literal("input_audio_buffer.commit"), ...named }),
  z.strictObject({ type: z.literal("input_audio_buffer.clear"), ...named }),
]);
type ClientEvent = z.infer<typeof clientEvent>;

/** The longest a session lives (developers.openai.com/api/docs/guides/realtime). */
const sessionMinutes = 60;

/**
 * Serves one session that only transcribes. A streaming model tells each word shortly after it was spoken; any other
 * tells all of a stretch after its commit. The final transcript takes 150 to 349 ms, of which no source tells.
 */
export function serveTranscription(deps: ServiceDeps, socket: ServiceSocket): void {
  let settings = newTranscriptionSettings;
  let itemId: string | undefined;
  let previousId: string | null = null;
  let wordsOfItem = 0;
  const newId = (prefix: string): string => `${prefix}_${Buffer.from(socket.random.bytes(15)).toString("base64url").replace(/[-_]/g, "0")}`;
  const sessionId = newId("sess");
  const isDeaf = socket.fault?.kind === "empty";
  const ear = transcriptionEar(() => settings.silenceMs);
  const tell = (event: Record<string, unknown>, delayMs = 0): void => socket.send({ event_id: newId("event"), ...event }, delayMs);
  const tellSession = (type: string): void => tell({ type, session: { type: "transcription", object: "realtime.transcription_session", id: sessionId, ...settings.shown } });
  const fail = (code: string, message: string, eventId: string | undefined, param: string | null = null): void => {
    deps.onMisuse({ service: "openai_transcription", code, detail: message });
    tell({ type: "error", error: { type: "invalid_request_error", code, message, param, event_id: eventId ?? null } });
  };

  const tellDelta = (id: string, text: string, delayMs: number): void => {
    tell({ type: "conversation.item.input_audio_transcription.delta", item_id: id, content_index: 0, delta: wordsOfItem === 0 ? text : ` ${text}` }, delayMs);
    wordsOfItem += 1;
  };
  const tellCommitted = (id: string, transcript: string): void => {
    const hearingMs = deps.latencies.listening(socket.random);
    tell({ type: "input_audio_buffer.committed", previous_item_id: previousId, item_id: id }, hearingMs);
    const item = { id, type: "message", role: "user", status: "completed", content: [{ type: "input_audio", transcript: null }] };
    for (const type of ["conversation.item.added", "conversation.item.done"]) tell({ type, previous_item_id: previousId, item }, hearingMs);
    const words = isDeaf || transcript === "" ? [] : transcript.split(" ");
    const doneMs = hearingMs + 150 + wholeBelow(socket.random, 200);
    if (!settings.streams) for (const word of words) tellDelta(id, word, doneMs);
    const usage = { type: "duration", seconds: ear.heardMs / 1_000 };
    const languages = settings.model === "gpt-transcribe" ? { languages: languagesOf(words).map((code) => ({ code })) } : {};
    tell({ type: "conversation.item.input_audio_transcription.completed", item_id: id, content_index: 0, transcript: words.join(" "), usage, ...languages }, doneMs);
    previousId = id;
    itemId = undefined;
    wordsOfItem = 0;
  };
  const onEar = (event: TranscriptionEarEvent): void => {
    const id = (itemId ??= newId("item"));
    switch (event.kind) {
      case "word":
        if (settings.streams && !isDeaf) tellDelta(id, event.text, deps.latencies.listening(socket.random));
        return;
      case "started":
        return tell({ type: "input_audio_buffer.speech_started", audio_start_ms: event.audioStartMs, item_id: id }, deps.latencies.listening(socket.random));
      case "stopped":
        return tell({ type: "input_audio_buffer.speech_stopped", audio_end_ms: event.audioEndMs, item_id: id }, deps.latencies.listening(socket.random));
      case "committed":
        return tellCommitted(id, event.transcript);
    }
  };
  const update = (event: Extract<ClientEvent, { type: "session.update" }>): void => {
    const next = transcriptionSettings(event.session);
    if ("code" in next) return fail(next.code, next.message, event.event_id, next.param);
    settings = next;
    tellSession("session.updated");
  };
  const act = (event: ClientEvent): void => {
    switch (event.type) {
      case "session.update":
        return update(event);
      case "input_audio_buffer.append":
        if (settings.model === undefined) return fail("invalid_value", "Audio came before the session had a transcription model.", event.event_id);
        return ear.append(Buffer.from(event.audio, "base64")).forEach(onEar);
      case "input_audio_buffer.commit": {
        const committed = ear.commit();
        if (typeof committed !== "number") return onEar(committed);
        return fail("input_audio_buffer_commit_empty", `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${committed.toFixed(2)}ms of audio.`, event.event_id);
      }
      case "input_audio_buffer.clear":
        ear.clear();
        return tell({ type: "input_audio_buffer.cleared" });
    }
  };

  const expiry = deps.clock.setTimer(sessionMinutes * 60_000, () => {
    tell({ type: "error", error: { type: "invalid_request_error", code: "session_expired", message: `Your session hit the maximum duration of ${sessionMinutes} minutes.`, param: null, event_id: null } });
    socket.close(1001, "session_expired");
  });
  socket.onClose(() => {
    expiry.cancel();
    deps.onUse("openai_transcription", "transcribed", { model: settings.model, seconds: ear.heardMs / 1_000 });
  });
  tellSession("session.created");
  socket.onBinary((bytes) => fail("invalid_message", `expected JSON, got ${bytes.length} binary bytes`, undefined));
  socket.onJson((json, text) => {
    const read = clientEvent.safeParse(json);
    if (read.success) return act(read.data);
    const issue = read.error.issues[0];
    const isUnknown = issue?.code === "unrecognized_keys";
    const eventId = typeof json?.["event_id"] === "string" ? json["event_id"] : undefined;
    const param = [...(issue?.path ?? []), ...(isUnknown ? issue.keys.slice(0, 1) : [])].join(".");
    fail(isUnknown ? "unknown_parameter" : "invalid_value", isUnknown ? `Unknown parameter: '${param}'.` : `Invalid value: ${issue?.message ?? ""} at '${param}' of ${text.slice(0, 120)}`, eventId, param);
  });
}
