import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runningClock } from "../../../src/adapters/system/clock.ts";
import { demodulator, modulate, modulateWords } from "../../../src/simulator/modem.ts";
import { silence } from "../../../src/simulator/mulaw.ts";
import { type PhoneWorld, startPhoneWorld } from "../../../src/simulator/phone-world.ts";
import { type Item, truncateItem } from "../../../src/simulator/services/realtime/realtime-items.ts";
import { silentLog } from "../../support/log.ts";

let world: PhoneWorld;
beforeEach(() => start(20));

async function start(rate: number): Promise<void> {
  const clock = runningClock({ startMs: Date.parse("2026-11-23T11:05:00+05:30"), rate });
  world = await startPhoneWorld({ clock, log: silentLog, accountSid: "AC0", authToken: "t" });
}
afterEach(() => world.close());

type Event = Record<string, unknown> & { type: string };
const pcmu = { type: "audio/pcmu" } as const;
const tools = [{ type: "function" as const, name: "end_call", parameters: { type: "object", properties: {} } }];

async function session(instructions = "You are Asha. Answer in English.") {
  const client = new OpenAI({ apiKey: "sk-test", baseURL: `${world.origin}/v1` });
  const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime-2.1", options: { ca: world.certificatePem } }, client);
  const events: Event[] = [];
  let wake = (): void => undefined;
  realtime.on("event", (event) => {
    events.push(event as unknown as Event);
    wake();
  });
  realtime.on("error", () => undefined);
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const find = (type: string): Event | undefined => events.find((event) => event.type === type);
  await until(() => find("session.created") !== undefined);
  realtime.send({
    type: "session.update",
    session: {
      type: "realtime",
      instructions,
      output_modalities: ["audio"],
      tools,
      audio: { input: { format: pcmu, transcription: { model: "gpt-live-transcribe" }, turn_detection: { type: "server_vad", silence_duration_ms: 500 } }, output: { format: pcmu } },
    },
  });
  await until(() => find("session.updated") !== undefined);
  return {
    realtime,
    events,
    until,
    find,
    all: (type: string) => events.filter((event) => event.type === type),
    hear(text: string, silentMs = 700) {
      const sound = Buffer.concat([modulate(text), silence(silentMs * 8)]);
      for (let at = 0; at < sound.length; at += 160) realtime.send({ type: "input_audio_buffer.append", audio: sound.subarray(at, at + 160).toString("base64") });
    },
  };
}
const audioOf = (events: readonly Event[]): Buffer => Buffer.concat(events.filter((event) => event.type === "response.output_audio.delta").map((event) => Buffer.from(String(event["delta"]), "base64")));

function heardIn(audio: Uint8Array): string {
  const words: string[] = [];
  demodulator((word) => words.push(word)).push(audio);
  return words.join(" ");
}

test("truncated speech keeps the words that ended by then", () => {
  const { audio, words } = modulateWords("one two three");
  const item: Item = { id: "item_1", wire: {}, message: { role: "assistant", content: "one two three" }, speech: { words, audioMs: audio.length / 8 } };
  expect(truncateItem(item, Math.ceil((words[1]?.endSample ?? 0) / 8))).toBeUndefined();
  expect(item.message.content).toBe("one two");
  expect(truncateItem(item, audio.length / 8)).toContain("already shorter");
  expect(truncateItem(undefined, 5)).toContain("Only model output");
});

describe("/v1/realtime over TLS, with the SDK", () => {
  test("speech in, speech out: the documented events in their order", async () => {
    const { realtime, events, hear, until, find } = await session();
    hear("Hello?");
    await until(() => find("response.done") !== undefined);
    const order = [...new Set(events.map((event) => event.type))].filter((type) => !type.startsWith("conversation.item.input_audio_transcription"));
    expect(order).toEqual([
      "session.created", "session.updated", "input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed",
      "conversation.item.added", "conversation.item.done", "response.created",
      "response.output_item.added", "response.content_part.added", "response.output_audio_transcript.delta", "response.output_audio.delta",
      "response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done", "response.output_item.done", "response.done",
    ]);
    expect(find("conversation.item.input_audio_transcription.completed")?.["transcript"]).toBe("Hello?");
    const transcript = String(find("response.output_audio_transcript.done")?.["transcript"]);
    expect(heardIn(audioOf(events))).toBe(transcript);
    expect(events.filter((event) => event.type === "response.output_audio_transcript.delta").map((event) => event["delta"]).join("")).toBe(transcript);
    expect(find("response.done")?.["response"]).toMatchObject({ status: "completed" });
    realtime.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test("speaking over the answer cancels it; what is truncated is forgotten", async () => {
    await world.close();
    await start(2);
    const { realtime, events, hear, until, find, all } = await session(`The person:\n- the offer: ${"a very long story ".repeat(20)}`);
    hear("Hello?");
    await until(() => all("response.output_audio.delta").length >= 2);
    hear("wait", 700);
    await until(() => find("response.done") !== undefined);
    expect(find("response.done")?.["response"]).toMatchObject({ status: "cancelled", status_details: { reason: "turn_detected" } });
    const itemId = String(find("response.output_audio.delta")?.["item_id"]);
    realtime.send({ type: "conversation.item.truncate", item_id: itemId, content_index: 0, audio_end_ms: 200 });
    await until(() => find("conversation.item.truncated") !== undefined);
    realtime.send({ type: "conversation.item.truncate", item_id: itemId, content_index: 0, audio_end_ms: 60_000 });
    await until(() => find("error") !== undefined);
    expect(find("error")?.["error"]).toMatchObject({ message: expect.stringContaining("already shorter") as string });
    await until(() => all("response.done").length === 2);
    expect(events.filter((event) => event.type === "input_audio_buffer.speech_started").length).toBe(2);
    realtime.close();
  });

  test("a tool round: arguments in fragments, the output as an item, a second response", async () => {
    const { realtime, until, find, all } = await session();
    realtime.send({ type: "conversation.item.create", item: { type: "message", role: "user", content: [{ type: "input_text", text: "wrong number" }] } });
    realtime.send({ type: "session.update", session: { type: "realtime", tools: [{ type: "function", name: "record_disposition", parameters: { type: "object", properties: { disposition: { type: "string", enum: ["wrong_number"] } } } }, ...tools] } });
    realtime.send({ type: "response.create" });
    await until(() => find("response.done") !== undefined);
    const call = find("response.function_call_arguments.done");
    expect(call).toMatchObject({ name: "record_disposition", arguments: '{"disposition":"wrong_number"}' });
    expect(all("response.function_call_arguments.delta").map((event) => event["delta"]).join("")).toBe(call?.["arguments"]);
    realtime.send({ type: "conversation.item.create", item: { type: "function_call_output", call_id: String(call?.["call_id"]), output: "Recorded." } });
    realtime.send({ type: "response.create" });
    await until(() => all("response.done").length === 2);
    expect(all("response.function_call_arguments.done").map((event) => event["name"])).toEqual(["record_disposition", "end_call"]);
    realtime.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["a name of the beta", { type: "session.update", session: { type: "realtime", input_audio_format: "g711_ulaw" } }, "unknown_parameter"],
    ["a session without its type", { type: "session.update", session: { instructions: "x" } }, "invalid_value"],
    ["an unknown event", { type: "response.stop" }, "invalid_value"],
    ["an empty commit", { type: "input_audio_buffer.commit" }, "input_audio_buffer_commit_empty"],
    ["cancelling nothing", { type: "response.cancel" }, "response_cancel_not_active"],
  ])("%s is an error, and in the ledger", async (_, message, code) => {
    const { realtime, until, find } = await session();
    realtime.socket.send(JSON.stringify({ ...message, event_id: "mine" }));
    await until(() => find("error") !== undefined);
    expect(find("error")?.["error"]).toMatchObject({ code, event_id: "mine" });
    expect(world.ledger.errors.length).toBe(1);
    realtime.close();
  });

  test("the certificate is trusted for 127.0.0.1 and nothing else is", async () => {
    const client = new OpenAI({ apiKey: "sk-test", baseURL: `${world.origin}/v1` });
    const realtime = new OpenAIRealtimeWS({ model: "gpt-realtime-2.1" }, client);
    const error = await new Promise<Error>((resolve) => realtime.on("error", resolve));
    expect(error.message).toMatch(/self[- ]signed/i);
  });
});
