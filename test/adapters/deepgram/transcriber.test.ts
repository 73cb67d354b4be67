import { describe, expect, test } from "vitest";
import { listeningFor } from "../../../src/adapters/deepgram/deepgram-languages.ts";
import { novaTurns, type NovaMessage } from "../../../src/adapters/deepgram/nova-turns.ts";
import { deepgramTranscriber } from "../../../src/adapters/deepgram/transcriber.ts";
import type { Language } from "../../../src/domain/definition.ts";
import type { VendorError } from "../../../src/domain/errors.ts";
import { frameBytes, type HearingEvent, silenceByte } from "../../../src/talk/ports.ts";
import { manualClock } from "../../support/clock.ts";
import { heardList, scriptedServer } from "../../support/scripted-socket-server.ts";

type Told = { kind: "open" } | { kind: "closed"; error: VendorError | undefined } | HearingEvent;

async function listen(languages: readonly Language[] = ["hi-IN", "en-IN"], keyterms: readonly string[] = []) {
  const server = await scriptedServer();
  const clock = manualClock("2026-12-01T10:00");
  const told = heardList<Told>();
  const transcriber = deepgramTranscriber({ apiKey: "the-key", baseUrl: server.origin, clock, model: "flux-general-multi", fallbackModel: "nova-3" });
  const open = () =>
    transcriber.open({ languages, keyterms }, { onOpen: () => told.push({ kind: "open" }), onHearing: (event) => told.push(event), onClosed: (error) => told.push({ kind: "closed", error }) });
  return { server, clock, told, open };
}
const turn = (event: string, transcript: string, more: object = {}) => ({
  type: "TurnInfo", request_id: "r", sequence_id: 1, event, turn_index: 0, audio_window_start: 0, audio_window_end: 1, transcript, words: [], end_of_turn_confidence: 0.5, ...more,
});

describe("Deepgram Flux", () => {
  test("is asked for μ-law at 8 kHz with the languages as hints and the key as token", async () => {
    const { server, told, open } = await listen(["hi-IN", "en-IN"], ["Asha Mehta"]);
    open();
    await told.until((event) => event.kind === "open");
    const { url, headers } = await server.connection();
    expect(url.pathname).toBe("/v2/listen");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ model: "flux-general-multi", encoding: "mulaw", sample_rate: "8000", keyterm: "Asha Mehta" });
    expect(url.searchParams.getAll("language_hint")).toEqual(["hi", "en"]);
    expect(headers.authorization).toBe("Token the-key");
  });

  test("tells turns as they are: started, words, eager end, resumed, end with the silence since the last word", async () => {
    const { server, told, open } = await listen();
    const connection = open();
    await told.until((event) => event.kind === "open");
    expect(connection.send(new Uint8Array(100 * frameBytes))).toBe(true);
    const { send } = await server.connection();
    send({ type: "Connected", request_id: "r", sequence_id: 0 });
    send(turn("StartOfTurn", "main"));
    send(turn("Update", "main kal"));
    send(turn("EagerEndOfTurn", "main kal dunga"));
    send(turn("TurnResumed", "main kal dunga"));
    send(turn("SomethingNew", ""));
    send(turn("EndOfTurn", "main kal dunga ji", { languages: ["hi"], words: [{ word: "ji", confidence: 1, start: 1.5, end: 1.6 }] }));
    await told.until((event) => event.kind === "ended");
    expect(told.all.slice(1)).toEqual([
      { kind: "started" },
      { kind: "words", text: "main" },
      { kind: "words", text: "main kal" },
      { kind: "eager_end", text: "main kal dunga" },
      { kind: "resumed" },
      { kind: "ended", text: "main kal dunga ji", languages: ["hi"], silentForMs: 400 },
    ]);
  });

  test("words with silence behind them are an eager end too, whatever the vendor believes", async () => {
    const { server, told, open } = await listen();
    const connection = open();
    await told.until((event) => event.kind === "open");
    connection.send(Uint8Array.from({ length: 50 * frameBytes }, () => 0x10));
    connection.send(new Uint8Array(50 * frameBytes).fill(silenceByte));
    const { send } = await server.connection();
    const turns = [["StartOfTurn", "main", 0.5], ["Update", "main", 0.75], ["Update", "main kal", 1.1], ["Update", "main kal", 1.2], ["Update", "main kal", 1.45], ["EagerEndOfTurn", "main kal", 1.5], ["Update", "main kal", 1.7], ["EndOfTurn", "main kal", 1.9]] as const;
    for (const [event, text, audio_window_end] of turns) send(turn(event, text, { audio_window_end }));
    await told.until((event) => event.kind === "ended");
    expect(told.all.slice(2).map((event) => `${event.kind} ${"text" in event ? event.text : ""}`)).toEqual([
      "words main", "words main", "words main kal", "eager_end main kal", "words main kal", "eager_end main kal", "words main kal", "ended main kal",
    ]);
  });

  test("says once that it is gone and never comes back by itself", async () => {
    const { server, told, open } = await listen();
    const connection = open();
    await told.until((event) => event.kind === "open");
    (await server.connection()).socket.close(1011, "NET-0001");
    const closed = await told.until((event) => event.kind === "closed");
    expect(closed).toMatchObject({ error: { code: "1011", retryable: true } });
    expect(connection.send(new Uint8Array(frameBytes))).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(server.connections).toHaveLength(1);
    expect(told.all.filter((event) => event.kind === "closed")).toHaveLength(1);
  });

  test.each([
    [401, false],
    [402, false],
    [429, true],
    [503, true],
  ])("a handshake refused with %i may be tried again: %s", async (status, retryable) => {
    const { server, told, open } = await listen();
    server.refuse(status);
    open();
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: String(status), retryable } });
  });

  test("a reset connection may be tried again", async () => {
    const { server, told, open } = await listen();
    open();
    await told.until((event) => event.kind === "open");
    (await server.connection()).socket.terminate();
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { retryable: true } });
  });

  test("undecodable audio and fatal errors are told as what they are", async () => {
    const { server, told, open } = await listen();
    open();
    await told.until((event) => event.kind === "open");
    (await server.connection()).send({ type: "Error", sequence_id: 3, code: "INTERNAL_SERVER_ERROR", description: "x" });
    expect(await told.until((event) => event.kind === "closed")).toMatchObject({ error: { code: "INTERNAL_SERVER_ERROR" } });
  });

  test("closed by us it tells no error, also while it is still opening", async () => {
    const { server, told, open } = await listen();
    open().close();
    expect(await told.until((event) => event.kind === "closed")).toEqual({ kind: "closed", error: undefined });
    const second = open();
    await told.until((event) => event.kind === "open");
    second.close();
    await (await server.connection()).until((message) => JSON.stringify(message) === '{"type":"CloseStream"}');
    expect(told.all.filter((event) => event.kind === "closed")).toHaveLength(2);
  });
});

describe("Deepgram Nova", () => {
  test("is told every four seconds without audio that we are there", async () => {
    const { server, clock, told, open } = await listen(["ta-IN"]);
    open();
    await told.until((event) => event.kind === "open");
    clock.advance(4_000);
    await (await server.connection()).until((message) => JSON.stringify(message) === '{"type":"KeepAlive"}');
  });

  const results = (text: string, more: { is_final?: boolean; speech_final?: boolean; end?: number } = {}) => ({
    type: "Results", channel_index: [0, 1], start: 0, duration: 1, is_final: more.is_final ?? false, speech_final: more.speech_final ?? false,
    channel: { alternatives: [{ transcript: text, confidence: 1, languages: ["ta"], words: text === "" ? [] : [{ word: text, start: 0, end: more.end ?? 1, confidence: 1 }] }] },
    metadata: { request_id: "r", model_info: { name: "n", version: "v", arch: "a" }, model_uuid: "u" },
  });

  test("hears the languages Flux does not", async () => {
    const { server, told, open } = await listen(["ta-IN", "en-IN"], ["Asha"]);
    open();
    await told.until((event) => event.kind === "open");
    const { url } = await server.connection();
    expect(url.pathname).toBe("/v1/listen");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ model: "nova-3", language: "multi", encoding: "mulaw", sample_rate: "8000", interim_results: "true", vad_events: "true", endpointing: "100", utterance_end_ms: "1000", keyterm: "Asha" });
    expect(url.searchParams.getAll("language_hint")).toEqual(["ta", "en"]);
  });

  test("is put together into turns", async () => {
    const { server, clock, told, open } = await listen(["ta-IN"]);
    const connection = open();
    await told.until((event) => event.kind === "open");
    connection.send(new Uint8Array(100 * frameBytes));
    const { send } = await server.connection();
    send({ type: "SpeechStarted", channel: [0], timestamp: 0.1 });
    send(results("naan"));
    send(results("naan naalai", { is_final: true }));
    send(results("", { is_final: true }));
    send(results("tharen", { is_final: true, speech_final: true, end: 1.5 }));
    await told.until((event) => event.kind === "eager_end");
    expect((await server.connection()).url.searchParams.get("endpointing")).toBe("100");
    clock.advance(499);
    expect(told.all.at(-1)?.kind).toBe("eager_end");
    clock.advance(1);
    expect(told.all.slice(1)).toEqual([
      { kind: "started" },
      { kind: "words", text: "naan" },
      { kind: "words", text: "naan naalai" },
      { kind: "words", text: "naan naalai tharen" },
      { kind: "eager_end", text: "naan naalai tharen" },
      { kind: "ended", text: "naan naalai tharen", languages: ["ta"], silentForMs: 500 },
    ]);
  });

  test("language and model follow from what may be spoken", () => {
    const models = { model: "flux-general-multi", fallbackModel: "nova-3" };
    expect(listeningFor(["hi-IN"], models)).toEqual({ api: "flux", model: "flux-general-multi", hints: ["hi"] });
    expect(listeningFor(["en-IN"], { ...models, model: "flux-general-en" })).toEqual({ api: "flux", model: "flux-general-en", hints: [] });
    expect(listeningFor(["hi-IN"], { ...models, model: "flux-general-en" })).toEqual({ api: "nova", model: "nova-3", language: "hi", hints: [] });
    expect(listeningFor(["en-IN"], { ...models, model: "nova-3" })).toEqual({ api: "nova", model: "nova-3", language: "en-IN", hints: [] });
    expect(listeningFor(["pa-IN", "hi-IN"], models)).toEqual({ api: "nova", model: "nova-3", language: "pa", hints: [] });
  });

  const turnsOf = (messages: readonly NovaMessage[]): string[] => {
    const turns = novaTurns();
    return messages.flatMap((message) => turns.take(message, 2_000).events.map((event) => ("text" in event ? `${event.kind} ${event.text}` : event.kind)));
  };
  const said = (text: string, more: Partial<Extract<NovaMessage, { kind: "results" }>> = {}): NovaMessage => ({ kind: "results", text, isFinal: false, speechFinal: false, languages: [], lastWordEndMs: null, ...more });

  test("a pause that ends goes on as the same turn", () => {
    expect(turnsOf([said("a", { isFinal: true, speechFinal: true }), said("b"), said("b", { isFinal: true, speechFinal: true }), { kind: "pause_over" }])).toEqual([
      "started", "words a", "eager_end a", "resumed", "words a b", "words a b", "eager_end a b", "ended a b",
    ]);
  });
  test("noise keeps speech_final away: UtteranceEnd ends the turn", () => {
    expect(turnsOf([{ kind: "speech_started" }, said("a", { isFinal: true }), { kind: "utterance_end" }])).toEqual(["started", "words a", "ended a"]);
  });
  test("noise alone is a turn without words that ends, and the next sound is a beginning again", () => {
    expect(turnsOf([{ kind: "speech_started" }, said("", { isFinal: true, speechFinal: true }), { kind: "pause_over" }, { kind: "speech_started" }])).toEqual(["started", "ended ", "started"]);
  });
  test("silence told of before a sound ends nothing, nor do finals without an end of speech", () => {
    expect(turnsOf([said("", { isFinal: true, speechFinal: true }), { kind: "speech_started" }, said("", { isFinal: true }), said("a")])).toEqual(["started", "words a"]);
  });
  test("a sound of which nothing more is told ends after three seconds, however often it begins again", async () => {
    const { server, clock, told, open } = await listen(["ta-IN"]);
    open();
    await told.until((event) => event.kind === "open");
    const { send } = await server.connection();
    send({ type: "SpeechStarted", channel: [0], timestamp: 0.1 });
    await told.until((event) => event.kind === "started");
    clock.advance(2_000);
    send({ type: "SpeechStarted", channel: [0], timestamp: 2.1 });
    await told.until(() => told.all.filter((event) => event.kind === "started").length === 2);
    clock.advance(1_000);
    expect(told.all.at(-1)).toMatchObject({ kind: "ended", text: "" });
  });
  test("an end without a beginning is nothing", () => {
    expect(turnsOf([{ kind: "utterance_end" }, { kind: "pause_over" }, said("")])).toEqual([]);
  });
});
