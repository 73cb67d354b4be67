import { describe, expect, test } from "vitest";
import { openAiTranscriber } from "../../../src/adapters/openai/transcriber.ts";
import type { VendorError } from "../../../src/domain/errors.ts";
import { modulate } from "../../../src/simulator/modem.ts";
import { silence } from "../../../src/simulator/mulaw.ts";
import { frameBytes, type HearingEvent, type TranscriberConnection } from "../../../src/talk/ports.ts";
import { manualClock } from "../../support/clock.ts";
import { recordingLog } from "../../support/log.ts";
import { heardList, scriptedServer } from "../../support/scripted-socket-server.ts";
import { tlsPipe } from "../../support/tls-pipe.ts";

type Told = { kind: "open" } | { kind: "closed"; error: VendorError | undefined } | HearingEvent;
const isType = (type: string) => (message: unknown): boolean => (message as { type: string }).type === type;
const transcription = "conversation.item.input_audio_transcription";

async function listen(options: { model?: string; trusted?: boolean } = {}) {
  const server = await scriptedServer();
  const { origin, certificatePem } = await tlsPipe(server.origin);
  const clock = manualClock("2026-12-01T10:00");
  const log = recordingLog();
  const told = heardList<Told>();
  const transcriber = openAiTranscriber({
    apiKey: "the-key", baseUrl: `${origin}/v1`, clock, log, model: options.model ?? "gpt-live-transcribe", ...(options.trusted === false ? {} : { certificatePem }),
  });
  const open = (): TranscriberConnection =>
    transcriber.open({ languages: ["hi-IN", "en-IN"], keyterms: ["Asha Mehta"] }, { onOpen: () => told.push({ kind: "open" }), onHearing: (event) => told.push(event), onClosed: (error) => told.push({ kind: "closed", error }) });
  /** Opens a session and has the server take its settings. */
  const ready = async () => {
    const connection = open();
    const served = await server.connection();
    await served.until(isType("session.update"));
    served.send({ type: "session.updated", event_id: "e", session: { type: "transcription" } });
    await told.until((event) => event.kind === "open");
    const commits = () => served.json.filter(isType("input_audio_buffer.commit")).length;
    return {
      connection,
      served,
      say: (...parts: readonly (string | number)[]) => hand(connection, ...parts),
      tell: (type: string, fields: object) => served.send({ type, event_id: "e", ...fields }),
      /** Resolves when the server has had so many commits. */
      committed: async (count: number) => {
        while (commits() < count) await new Promise((resolve) => served.socket.once("message", resolve));
      },
    };
  };
  const hearing = () => told.all.filter((event): event is HearingEvent => event.kind !== "open" && event.kind !== "closed");
  return { server, clock, log, told, open, ready, hearing };
}

function hand(connection: TranscriberConnection, ...parts: readonly (string | number)[]): void {
  const audio = Buffer.concat(parts.map((part) => (typeof part === "string" ? modulate(part) : silence(part * 8))));
  const size = connection.framesPerMessage * frameBytes;
  for (let at = 0; at + size <= audio.length; at += size) connection.send(audio.subarray(at, at + size));
}

describe("OpenAI's ears", () => {
  test("ask for a session that only transcribes, with the key, and take audio once it has its settings", async () => {
    const { server, told, open } = await listen();
    const connection = open();
    const served = await server.connection();
    expect(served.url.pathname + served.url.search).toBe("/v1/realtime?intent=transcription");
    expect(served.headers.authorization).toBe("Bearer the-key");
    expect(served.headers).not.toHaveProperty("openai-beta");
    expect(await served.until(isType("session.update"))).toEqual({
      type: "session.update",
      session: { type: "transcription", audio: { input: { format: { type: "audio/pcmu" }, transcription: { model: "gpt-live-transcribe", languages: ["hi", "en"], keywords: ["Asha Mehta"] }, turn_detection: null } } },
    });
    expect(connection.send(new Uint8Array(2 * frameBytes))).toBe(false);
    expect(told.all).toEqual([]);
    served.send({ type: "session.updated", event_id: "e", session: { type: "transcription" } });
    await told.until((event) => event.kind === "open");
    const audio = Uint8Array.from({ length: 2 * frameBytes }, (_, at) => at % 256);
    expect(connection.send(audio)).toBe(true);
    expect(await served.until(isType("input_audio_buffer.append"))).toEqual({ type: "input_audio_buffer.append", audio: Buffer.from(audio).toString("base64") });
  });

  test("tell of speech at once, cut it in its pauses, and end the turn when transcript and silence are there", async () => {
    const { ready, told, hearing } = await listen();
    const { say, tell, committed } = await ready();
    say("theek hai");
    expect(hearing()).toEqual([{ kind: "started" }]);
    tell(`${transcription}.delta`, { item_id: "a", delta: "theek" });
    tell(`${transcription}.delta`, { item_id: "a", delta: " hai" });
    await told.until((event) => event.kind === "words" && event.text === "theek hai");
    say(260);
    await committed(1);
    expect(hearing().at(-1)).toEqual({ kind: "eager_end", text: "theek hai" });
    tell("input_audio_buffer.committed", { item_id: "a" });
    tell(`${transcription}.completed`, { item_id: "a", content_index: 0, transcript: "theek hai.", usage: { type: "duration", seconds: 1 } });
    await told.until((event) => event.kind === "words" && event.text === "theek hai.");
    say(400);
    expect(hearing().at(-1)).toMatchObject({ kind: "ended", text: "theek hai.", languages: [] });
    const ended = hearing().at(-1);
    expect(ended?.kind === "ended" && ended.silentForMs).toBeGreaterThanOrEqual(600);
    expect(ended?.kind === "ended" && ended.silentForMs).toBeLessThanOrEqual(700);
  });

  test("by the vendor's own detection: its speech and its silence, which the end it tells includes", async () => {
    const { ready, told, hearing } = await listen({ model: "gpt-4o-transcribe" });
    const { say, tell, served } = await ready();
    say("theek hai", 3_000);
    expect(hearing()).toEqual([]);
    tell("input_audio_buffer.speech_started", { item_id: "a", audio_start_ms: 0 });
    tell("input_audio_buffer.speech_stopped", { item_id: "a", audio_end_ms: 1_500 });
    tell("input_audio_buffer.committed", { item_id: "a" });
    tell(`${transcription}.delta`, { item_id: "a", delta: "theek hai" });
    tell(`${transcription}.completed`, { item_id: "a", content_index: 0, transcript: "theek hai", languages: [{ code: "hi" }], usage: { type: "duration", seconds: 1 } });
    await told.until((event) => event.kind === "ended");
    const sentMs = Math.floor((modulate("theek hai").length + 24_000) / 320) * 40;
    expect(hearing()).toEqual([{ kind: "started" }, { kind: "words", text: "theek hai" }, { kind: "ended", text: "theek hai", languages: ["hi"], silentForMs: sentMs - 1_000 }]);
    expect(served.json.filter(isType("input_audio_buffer.commit"))).toEqual([]);
  });

  test("somebody too low for us is heard by his words, and his turn ends", async () => {
    const { ready, told, hearing } = await listen();
    const { say, tell, committed } = await ready();
    say(500);
    tell(`${transcription}.delta`, { item_id: "a", delta: "sunai" });
    await told.until((event) => event.kind === "words");
    say(2_000);
    await committed(1);
    tell("input_audio_buffer.committed", { item_id: "a" });
    tell(`${transcription}.completed`, { item_id: "a", content_index: 0, transcript: "sunai de raha hai", usage: { type: "duration", seconds: 1 } });
    expect(await told.until((event) => event.kind === "ended")).toEqual({ kind: "ended", text: "sunai de raha hai", languages: [], silentForMs: null });
    expect(hearing()[0]).toEqual({ kind: "started" });
  });

  test("a street that goes on behind the last word does not keep the turn open", async () => {
    const { ready, told, hearing } = await listen();
    const { connection, say, tell, committed } = await ready();
    say("haan ji");
    tell(`${transcription}.delta`, { item_id: "a", delta: "haan ji" });
    await told.until((event) => event.kind === "words");
    const street = Uint8Array.from({ length: 4_000 * 8 }, (_, at) => (Math.floor(at / 1_600) % 2 === 0 || at % 2 === 0 ? 0x20 : 0xff));
    for (let at = 0; at < street.length; at += 320) connection.send(street.subarray(at, at + 320));
    await committed(1);
    tell("input_audio_buffer.committed", { item_id: "a" });
    tell(`${transcription}.completed`, { item_id: "a", content_index: 0, transcript: "haan ji", usage: { type: "duration", seconds: 1 } });
    await told.until((event) => event.kind === "ended");
    expect(hearing().map((event) => event.kind)).toEqual(["started", "words", "eager_end", "ended"]);
  });

  test("a transcript that does not come in time: the words there are end the turn", async () => {
    const { ready, told, clock } = await listen();
    const { say, tell, committed } = await ready();
    say("kal dunga");
    tell(`${transcription}.delta`, { item_id: "a", delta: "kal dunga" });
    await told.until((event) => event.kind === "words");
    say(700);
    await committed(1);
    clock.advance(2_499);
    expect(told.all.some((event) => event.kind === "ended")).toBe(false);
    clock.advance(1);
    expect(told.all.at(-1)).toMatchObject({ kind: "ended", text: "kal dunga" });
  });

  test("a session that has fallen silent is given up, and another may be opened", async () => {
    const { ready, told, clock } = await listen();
    const { connection, say, committed } = await ready();
    say("koi sun raha hai?", 300);
    await committed(1);
    clock.advance(2_500);
    expect(told.all.at(-1)).toMatchObject({ kind: "closed", error: { code: "no_transcript", retryable: true } });
    expect(connection.send(new Uint8Array(frameBytes))).toBe(false);
  });

  test("a stretch that cannot be transcribed ends the turn; two in a row end the session", async () => {
    const { ready, told, log } = await listen();
    const { say, tell, committed } = await ready();
    const fail = (itemId: string): void => {
      tell("input_audio_buffer.committed", { item_id: itemId });
      tell(`${transcription}.failed`, { item_id: itemId, content_index: 0, error: { type: "server_error", code: "audio_unintelligible" } });
    };
    say("haan", 700);
    await committed(1);
    fail("a");
    expect(await told.until((event) => event.kind === "ended")).toMatchObject({ text: "" });
    say("haan", 700);
    await committed(2);
    fail("b");
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: "audio_unintelligible", retryable: true } });
    expect(log.sentences("warn")).toEqual(["the transcriber could not transcribe a stretch", "the transcriber could not transcribe a stretch"]);
  });

  test.each([
    ["session_expired", true],
    ["rate_limit_exceeded", true],
    ["insufficient_quota", false],
    ["invalid_api_key", false],
  ])("an error of the code %s ends the session, to be tried again: %s", async (code, retryable) => {
    const { ready, told } = await listen();
    const { tell } = await ready();
    tell("error", { error: { type: "invalid_request_error", code, message: "x", param: null, event_id: null } });
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { kind: "transcriber", code, retryable } });
  });

  test("settings that are refused end the session for good, before it was open", async () => {
    const { server, open, told } = await listen();
    open();
    const served = await server.connection();
    await served.until(isType("session.update"));
    served.send({ type: "error", event_id: "e", error: { type: "invalid_request_error", code: "invalid_value", message: "Turn detection is not supported for this transcription model.", param: null, event_id: null } });
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: "invalid_value", retryable: false } });
    expect(told.all).toHaveLength(1);
  });

  test("any other error leaves the session as it was, and is logged", async () => {
    const { ready, told, log } = await listen();
    const { say, tell, committed } = await ready();
    tell("error", { error: { type: "server_error", code: null, message: "x", param: null, event_id: null } });
    say("haan", 700);
    await committed(1);
    tell("error", { error: { type: "invalid_request_error", code: "input_audio_buffer_commit_empty", message: "x", param: null, event_id: null } });
    expect(await told.until((event) => event.kind === "ended")).toMatchObject({ text: "" });
    expect(log.lines.map((line) => line.fields["code"])).toEqual(["server_error", "input_audio_buffer_commit_empty"]);
  });

  test.each([
    [1000, true],
    [1001, true],
    [1011, true],
    [1008, false],
  ])("closed with %i it may be tried again: %s", async (code, retryable) => {
    const { ready, told } = await listen();
    const { served } = await ready();
    served.socket.close(code);
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: String(code), retryable } });
  });

  test("what is no event is a broken connection", async () => {
    const { ready, told } = await listen();
    const { served } = await ready();
    served.socket.send("{not json");
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: "connection", retryable: true } });
  });

  test("a certificate that is not trusted is not tried again", async () => {
    const { open, told } = await listen({ trusted: false });
    open();
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: "certificate", retryable: false } });
  });

  test("a peer that does not drain is given no more than 64 kB; the rest stays with the caller", async () => {
    const { ready } = await listen();
    const { connection, served } = await ready();
    served.socket.pause();
    let taken = 0;
    while (connection.send(new Uint8Array(2 * frameBytes)) && taken < 100_000) taken += 1;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(100_000);
    expect(connection.send(new Uint8Array(2 * frameBytes))).toBe(false);
  });

  test("a peer that answers no ping is gone", async () => {
    const { ready, told, clock } = await listen();
    const { served } = await ready();
    served.socket.pause();
    clock.advance(19_999);
    expect(told.all.filter((event) => event.kind === "closed")).toEqual([]);
    clock.advance(1);
    expect(told.all.at(-1)).toMatchObject({ kind: "closed", error: { code: "unresponsive", retryable: true } });
    clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });

  test("closing leaves no timer, whatever was owed", async () => {
    const { ready, clock } = await listen();
    const { connection, served, say, committed } = await ready();
    say("haan", 700);
    await committed(1);
    const gone = new Promise((resolve) => served.socket.once("close", resolve));
    connection.close();
    await gone;
    clock.advance(1_000);
    expect(clock.pending).toBe(0);
  });
});
