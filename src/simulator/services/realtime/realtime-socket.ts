import { z } from "zod";
import type { ServiceDeps } from "../service-deps.ts";
import type { ServiceSocket } from "../service-socket.ts";
import { type EarEvent, realtimeEar } from "./realtime-ear.ts";
import { heardItem, type Item, itemCreation, itemFrom, truncateItem } from "./realtime-items.ts";
import { realtimeResponses } from "./realtime-responses.ts";
import { defaultSettings, patched, sessionPatch, shownSession } from "./realtime-settings.ts";

const named = { event_id: z.string().optional() };
const clientEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("session.update"), ...named, session: sessionPatch }),
  z.strictObject({ type: z.literal("input_audio_buffer.append"), ...named, audio: z.base64() }),
  z.strictObject({ type: z.literal("input_audio_buffer.commit"), ...named }),
  z.strictObject({ type: z.literal("input_audio_buffer.clear"), ...named }),
  itemCreation,
  z.strictObject({ type: z.literal("conversation.item.delete"), ...named, item_id: z.string() }),
  z.strictObject({ type: z.literal("conversation.item.retrieve"), ...named, item_id: z.string() }),
  z.strictObject({ type: z.literal("conversation.item.truncate"), ...named, item_id: z.string(), content_index: z.literal(0), audio_end_ms: z.int().min(0) }),
  z.strictObject({ type: z.literal("response.create"), ...named, response: z.looseObject({}).optional() }),
  z.strictObject({ type: z.literal("response.cancel"), ...named, response_id: z.string().optional() }),
]);
type ClientEvent = z.infer<typeof clientEvent>;
const transcriptionMs = 180;

/** Serves one Realtime session, speech in and speech out (OpenAI's API reference). */
export function serveRealtime(deps: ServiceDeps, socket: ServiceSocket, model: string): void {
  let settings = defaultSettings(model);
  let items: Item[] = [];
  let heardId: string | undefined;
  const newId = (prefix: string): string => `${prefix}_${Buffer.from(socket.random.bytes(15)).toString("base64url").replace(/[-_]/g, "0")}`;
  const tell = (event: Record<string, unknown>, delayMs = 0): void => socket.send({ event_id: newId("event"), ...event }, delayMs, delayMs === 0 ? "" : "late");
  const add = (item: Item): void => void (items = [...items, item]);
  const responses = realtimeResponses({ deps, socket, settings: () => settings, items: () => items, add, tell, newId });
  const ear = realtimeEar(() => settings.turnDetection?.silenceMs);

  const fail = (code: string, message: string, eventId: string | undefined, param: string | null = null): void => {
    deps.onMisuse({ service: "openai_realtime", code, detail: message });
    tell({ type: "error", error: { type: "invalid_request_error", code, message, param, event_id: eventId ?? null } });
  };
  const addTold = (item: Item): void => {
    const previous = items.at(-1)?.id ?? null;
    add(item);
    for (const type of ["conversation.item.added", "conversation.item.done"]) tell({ type, previous_item_id: previous, item: item.wire });
  };
  const onEar = (event: EarEvent): void => {
    heardId ??= newId("item");
    switch (event.kind) {
      case "started":
        tell({ type: "input_audio_buffer.speech_started", audio_start_ms: event.audioStartMs, item_id: heardId });
        if (settings.turnDetection?.interruptResponse === true) responses.cancel("turn_detected");
        return;
      case "stopped":
        return tell({ type: "input_audio_buffer.speech_stopped", audio_end_ms: event.audioEndMs, item_id: heardId });
      case "committed": {
        const id = heardId;
        heardId = undefined;
        tell({ type: "input_audio_buffer.committed", previous_item_id: items.at(-1)?.id ?? null, item_id: id });
        addTold(heardItem(id, event.transcript));
        if (settings.transcribes) {
          const usage = { type: "duration", seconds: event.audioMs / 1_000 };
          tell({ type: "conversation.item.input_audio_transcription.completed", item_id: id, content_index: 0, transcript: event.transcript, usage }, transcriptionMs);
        }
        if (settings.turnDetection?.createResponse === true) responses.create();
      }
    }
  };

  const act = (event: ClientEvent): void => {
    switch (event.type) {
      case "session.update": {
        const next = patched(settings, event.session);
        if (next.voice !== settings.voice && responses.hasSpoken) return fail("cannot_update_voice", "Cannot update a conversation's voice if assistant audio is present.", event.event_id, "session.audio.output.voice");
        if (next.inputFormat !== "audio/pcmu" || next.outputFormat !== "audio/pcmu") return fail("invalid_value", "This phone world speaks and hears audio/pcmu only.", event.event_id, "session.audio");
        settings = next;
        return tell({ type: "session.updated", session: shownSession("sess_1", settings) });
      }
      case "input_audio_buffer.append":
        return ear.append(Buffer.from(event.audio, "base64")).forEach(onEar);
      case "input_audio_buffer.commit": {
        const committed = ear.commit();
        return committed === undefined ? fail("input_audio_buffer_commit_empty", "Error committing input audio buffer: buffer too small.", event.event_id) : onEar(committed);
      }
      case "input_audio_buffer.clear":
        ear.clear();
        return tell({ type: "input_audio_buffer.cleared" });
      case "conversation.item.create":
        return addTold(itemFrom(event.item, event.item.id ?? newId("item")));
      case "conversation.item.delete":
        if (!items.some((item) => item.id === event.item_id)) return fail("item_delete_invalid_item_id", `Error deleting item: the item with id '${event.item_id}' does not exist.`, event.event_id);
        items = items.filter((item) => item.id !== event.item_id);
        return tell({ type: "conversation.item.deleted", item_id: event.item_id });
      case "conversation.item.retrieve":
        return tell({ type: "conversation.item.retrieved", item: items.find((item) => item.id === event.item_id)?.wire ?? null });
      case "conversation.item.truncate": {
        const problem = truncateItem(items.find((item) => item.id === event.item_id), event.audio_end_ms);
        if (problem !== undefined) return fail("invalid_value", problem, event.event_id, "audio_end_ms");
        return tell({ type: "conversation.item.truncated", item_id: event.item_id, content_index: 0, audio_end_ms: event.audio_end_ms });
      }
      case "response.create":
        if (!responses.create()) fail("conversation_already_has_active_response", "Conversation already has an active response in progress.", event.event_id);
        return;
      case "response.cancel":
        if (!responses.cancel("client_cancelled")) fail("response_cancel_not_active", "Cancellation failed: no active response found", event.event_id);
    }
  };

  tell({ type: "session.created", session: shownSession("sess_1", settings) });
  socket.onBinary((bytes) => fail("invalid_message", `expected JSON, got ${bytes.length} binary bytes`, undefined));
  socket.onJson((json, text) => {
    const read = clientEvent.safeParse(json);
    if (read.success) return act(read.data);
    const issue = read.error.issues[0];
    const unknown = issue?.code === "unrecognized_keys";
    const eventId = typeof json?.["event_id"] === "string" ? json["event_id"] : undefined;
    const param = [...(issue?.path ?? []), ...(unknown ? issue.keys.slice(0, 1) : [])].join(".");
    fail(unknown ? "unknown_parameter" : "invalid_value", unknown ? `Unknown parameter: '${param}'.` : `Invalid value: ${issue?.message ?? ""} at '${param}' of ${text.slice(0, 120)}`, eventId, param);
  });
}
