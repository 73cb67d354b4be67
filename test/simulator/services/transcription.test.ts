import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { RealtimeTranscriptionSessionCreateRequest } from "openai/resources/realtime/realtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runningClock, type RunningClock } from "../../../src/adapters/system/clock.ts";
import { modulate } from "../../../src/simulator/modem.ts";
import { silence } from "../../../src/simulator/mulaw.ts";
import { type PhoneWorld, startPhoneWorld } from "../../../src/simulator/phone-world.ts";
import { silentLog } from "../../support/log.ts";
import { heardList } from "../../support/scripted-socket-server.ts";

let world: PhoneWorld;
let clock: RunningClock;
beforeEach(async () => {
  clock = runningClock({ startMs: Date.parse("2026-11-23T11:05:00+05:30"), rate: 20 });
  world = await startPhoneWorld({ clock, log: silentLog, accountSid: "AC0", authToken: "t" });
});
afterEach(() => world.close());

type Event = Record<string, unknown> & { type: string };
type Input = NonNullable<NonNullable<RealtimeTranscriptionSessionCreateRequest["audio"]>["input"]>;
const pcmu = { type: "audio/pcmu" } as const;

async function session(input?: Input) {
  const client = new OpenAI({ apiKey: "sk-test", baseURL: `${world.origin}/v1` });
  const realtime = new OpenAIRealtimeWS({ intent: "transcription", options: { ca: world.certificatePem } }, client);
  const told = heardList<Event>();
  const closed = new Promise<number>((resolve) => realtime.socket.on("close", resolve));
  realtime.on("event", (event) => told.push({ ...event }));
  realtime.on("error", () => undefined);
  const until = (type: string): Promise<Event> => told.until((event) => event.type === type);
  await until("session.created");
  if (input) {
    realtime.send({ type: "session.update", session: { type: "transcription", audio: { input } } });
    await until("session.updated");
  }
  return {
    realtime,
    told,
    until,
    closed,
    all: (type: string) => told.all.filter((event) => event.type === type),
    hear(...parts: readonly (string | number)[]) {
      const sound = Buffer.concat(parts.map((part) => (typeof part === "string" ? modulate(part) : silence(part * 8))));
      for (let at = 0; at < sound.length; at += 320) realtime.send({ type: "input_audio_buffer.append", audio: sound.subarray(at, at + 320).toString("base64") });
    },
  };
}
const live: Input = { format: pcmu, transcription: { model: "gpt-live-transcribe", languages: ["hi", "en"], keywords: ["Asha"] }, turn_detection: null };
const detecting: Input = { format: pcmu, transcription: { model: "gpt-4o-transcribe", language: "en" }, turn_detection: { type: "server_vad", silence_duration_ms: 500 } };

describe("/v1/realtime with the intent to transcribe", () => {
  test("a streaming model tells words as they are spoken, and all of them once they are committed", async () => {
    const { realtime, told, until, all, hear } = await session(live);
    hear("Haan, main kal dunga.", 400);
    await told.until((event) => event["delta"] === " dunga.");
    expect(all("input_audio_buffer.speech_started")).toEqual([]);
    expect(all("conversation.item.input_audio_transcription.completed")).toEqual([]);
    realtime.send({ type: "input_audio_buffer.commit" });
    const completed = await until("conversation.item.input_audio_transcription.completed");
    expect(completed["transcript"]).toBe("Haan, main kal dunga.");
    const deltas = all("conversation.item.input_audio_transcription.delta");
    expect(deltas.map((event) => event["delta"]).join("")).toBe("Haan, main kal dunga.");
    const [committed] = all("input_audio_buffer.committed");
    expect(new Set([...deltas, committed, completed].map((event) => event?.["item_id"])).size).toBe(1);
    hear("Theek hai.");
    realtime.send({ type: "input_audio_buffer.commit" });
    await told.until((event) => event["transcript"] === "Theek hai.");
    expect(all("input_audio_buffer.committed")[1]).toMatchObject({ previous_item_id: committed?.["item_id"] });
    realtime.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test("a model with voice detection commits by itself; the end it tells includes the silence that told of it", async () => {
    const { realtime, told, until, all, hear } = await session(detecting);
    hear(1_000, "Hello there", 900);
    const completed = await until("conversation.item.input_audio_transcription.completed");
    expect(completed["transcript"]).toBe("Hello there");
    const order = [...new Set(told.all.map((event) => event.type))];
    expect(order).toEqual([
      "session.created", "session.updated", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
      "conversation.item.added", "conversation.item.done", "conversation.item.input_audio_transcription.delta", "conversation.item.input_audio_transcription.completed",
    ]);
    const spokenMs = (modulate("Hello there").length - 40 * 8) / 8;
    expect(Number(all("input_audio_buffer.speech_started")[0]?.["audio_start_ms"])).toBe(700);
    expect(Number(all("input_audio_buffer.speech_stopped")[0]?.["audio_end_ms"])).toBeCloseTo(1_000 + spokenMs + 500, -2);
    realtime.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test("gpt-transcribe tells the languages it heard", async () => {
    const { realtime, until, hear } = await session({ format: pcmu, transcription: { model: "gpt-transcribe" }, turn_detection: null });
    hear("haan main kal dunga");
    realtime.send({ type: "input_audio_buffer.commit" });
    expect(await until("conversation.item.input_audio_transcription.completed")).toMatchObject({ languages: [{ code: "hi" }, { code: "en" }] });
    realtime.close();
  });

  test.each<[string, object, string]>([
    ["a session of the other type", { type: "session.update", session: { type: "realtime" } }, "invalid_value"],
    ["a name of the beta", { type: "session.update", session: { type: "transcription", input_audio_format: "g711_ulaw" } }, "unknown_parameter"],
    ["an event of a conversation", { type: "response.create" }, "invalid_value"],
    ["an unknown field of the transcription", update({ transcription: { model: "gpt-live-transcribe", temperature: 0 } }), "unknown_parameter"],
    ["an unknown model", update({ transcription: { model: "gpt-live-listen" } }), "model_not_found"],
    ["voice detection with a model that has none", update({ transcription: { model: "gpt-live-transcribe" }, turn_detection: { type: "server_vad" } }), "invalid_value"],
    ["keywords with a model that takes none", update({ transcription: { model: "gpt-4o-transcribe", keywords: ["Asha"] } }), "unsupported_parameter"],
    ["a prompt with a model that takes none", update({ transcription: { model: "gpt-realtime-whisper", prompt: "Asha" } }), "unsupported_parameter"],
    ["delay with a model that has none", update({ transcription: { model: "gpt-live-transcribe", delay: "low" } }), "unsupported_parameter"],
    ["a language with its country", update({ transcription: { model: "gpt-4o-transcribe", language: "hi-IN" } }), "invalid_value"],
    ["audio before the settings", { type: "input_audio_buffer.append", audio: "/////w==" }, "invalid_value"],
    ["an empty commit", { type: "input_audio_buffer.commit" }, "input_audio_buffer_commit_empty"],
  ])("%s is an error, and in the ledger", async (_, message, code) => {
    const { realtime, until } = await session();
    realtime.socket.send(JSON.stringify({ ...message, event_id: "mine" }));
    expect((await until("error"))["error"]).toMatchObject({ code, event_id: "mine" });
    expect(world.ledger.errors).toHaveLength(1);
    realtime.close();
  });

  test("a session ends after an hour, and says why", async () => {
    const { closed, until } = await session(live);
    clock.jumpTo(clock.nowMs() + 3_600_000);
    expect((await until("error"))["error"]).toMatchObject({ code: "session_expired" });
    expect(await closed).toBe(1001);
  });

  test("a wrong key is refused at the door", async () => {
    await world.close();
    world = await startPhoneWorld({ clock, log: silentLog, accountSid: "AC0", authToken: "t", serviceKeys: { openAi: "sk-right" } });
    const client = new OpenAI({ apiKey: "sk-wrong", baseURL: `${world.origin}/v1` });
    const realtime = new OpenAIRealtimeWS({ intent: "transcription", options: { ca: world.certificatePem } }, client);
    const error = await new Promise<Error>((resolve) => realtime.on("error", resolve));
    expect(error.message).toContain("401");
  });

  test("what was heard is written down for the bill", async () => {
    const { realtime, closed, until, hear } = await session(live);
    hear("Hello", 1_000);
    realtime.send({ type: "input_audio_buffer.commit" });
    await until("conversation.item.input_audio_transcription.completed");
    realtime.close();
    await closed;
    const used = await new Promise<unknown>((resolve) => {
      const find = () => world.ledger.events.find((event) => event.kind === "service" && event.service === "openai_transcription");
      const there = find();
      if (there) resolve(there);
      else world.ledger.onEvent(() => void (find() && resolve(find())));
    });
    expect(used).toMatchObject({ what: "transcribed", fields: { model: "gpt-live-transcribe" } });
  });
});

function update(input: object): object {
  return { type: "session.update", session: { type: "transcription", audio: { input: { format: pcmu, ...input } } } };
}
