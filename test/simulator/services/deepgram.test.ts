import { DeepgramClient } from "@deepgram/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { modulate } from "../../../src/simulator/modem.ts";
import { silence } from "../../../src/simulator/mulaw.ts";
import { jsonOf, type ServiceWorld, serviceWorld } from "./service-world.ts";

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ rate: 20, latencies: { endOfTurn: () => ({ eagerMs: 300, endMs: 700 }) } });
});
afterEach(() => world.close());

function client(): DeepgramClient {
  const { http, ws } = world;
  return new DeepgramClient({ apiKey: "key", environment: { base: http, production: ws, agent: ws, agentRest: http } });
}

type Heard = Record<string, unknown> & { type: string };

/** Speech, then silence, in 20 ms frames as a telephone sends them. */
function frames(...parts: readonly (string | number)[]): Uint8Array[] {
  const audio = Buffer.concat(parts.map((part) => (typeof part === "string" ? modulate(part) : silence(part * 8))));
  const out: Uint8Array[] = [];
  for (let at = 0; at < audio.length; at += 160) out.push(audio.subarray(at, at + 160));
  return out;
}

describe("/v2/listen with the SDK", () => {
  async function flux(extra: object = {}) {
    const socket = await client().listen.v2.connect({
      model: "flux-general-multi",
      encoding: "mulaw",
      sample_rate: 8000,
      eot_threshold: 0.7,
      eager_eot_threshold: 0.4,
      language_hint: ["hi", "en"],
      reconnectAttempts: 0,
      ...extra,
    });
    const heard: Heard[] = [];
    const waiters: { done: (heard: Heard[]) => boolean; resolve: () => void }[] = [];
    socket.on("message", (message) => {
      heard.push(message as Heard);
      for (const waiter of waiters) if (waiter.done(heard)) waiter.resolve();
    });
    const until = (done: (heard: Heard[]) => boolean): Promise<void> =>
      new Promise((resolve) => {
        if (done(heard)) resolve();
        else waiters.push({ done, resolve });
      });
    const closed = new Promise<{ code: number }>((resolve) => socket.on("close", (event) => resolve(event)));
    socket.connect();
    await socket.waitForOpen();
    return { socket, heard, until, closed };
  }
  const events = (heard: Heard[]): unknown[] => heard.filter((one) => one["event"] !== "Update").map((one) => one["event"] ?? one.type);
  const ended = (count: number) => (heard: Heard[]) => heard.filter((one) => one["event"] === "EndOfTurn").length >= count;

  test("a pause shorter than the threshold resumes the turn, a longer one ends it", async () => {
    const { socket, heard, until } = await flux();
    for (const frame of frames("Haan boliye", 500, "main kal de dunga.", 900)) socket.sendMedia(frame);
    await until(ended(1));
    expect(events(heard)).toEqual(["Connected", "StartOfTurn", "EagerEndOfTurn", "TurnResumed", "EagerEndOfTurn", "EndOfTurn"]);
    const end = heard.find((one) => one["event"] === "EndOfTurn");
    expect(end).toMatchObject({ transcript: "Haan boliye main kal de dunga.", turn_index: 0, trigger: "model", languages: ["hi", "en"], languages_hinted: ["hi", "en"] });
    const eager = heard.findLast((one) => one["event"] === "EagerEndOfTurn");
    expect(eager?.["transcript"]).toBe(end?.["transcript"]);
    expect(heard.map((one) => one["sequence_id"])).toEqual(heard.map((_, index) => index));
    socket.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test("the end lies at the threshold on the audio's own time axis, whatever size the pieces have", async () => {
    const { socket, heard, until } = await flux({ eager_eot_threshold: undefined });
    const audio = Buffer.concat(frames("Hello there", 1_500));
    const spokenSamples = modulate("Hello there").length - 40 * 8;
    for (let at = 0; at < audio.length; at += 3_333) socket.sendMedia(audio.subarray(at, at + 3_333));
    await until(ended(1));
    const end = heard.find((one) => one["event"] === "EndOfTurn");
    const silentSeconds = Number(end?.["audio_window_end"]) - spokenSamples / 8_000;
    expect(silentSeconds).toBeGreaterThanOrEqual(0.7);
    expect(silentSeconds).toBeLessThan(0.725);
    socket.close();
  });

  test("Configure moves the threshold; a threshold of one leaves the end to ForceEndTurn", async () => {
    const { socket, heard, until } = await flux();
    socket.sendConfigure({ type: "Configure", thresholds: { eot_threshold: 1, eager_eot_threshold: 0.9 } });
    await until((all) => all.some((one) => one.type === "ConfigureSuccess"));
    for (const frame of frames("one two", 2_000)) socket.sendMedia(frame);
    await until((all) => all.some((one) => one["event"] === "EagerEndOfTurn"));
    socket.sendForceEndTurn({ type: "ForceEndTurn" });
    await until(ended(1));
    expect(heard.find((one) => one["event"] === "EndOfTurn")).toMatchObject({ trigger: "manual", transcript: "one two" });
    socket.sendConfigure({ type: "Configure", thresholds: { eot_threshold: 7 } });
    await until((all) => all.some((one) => one.type === "ConfigureFailure"));
    socket.close();
  });

  test("CloseStream answers with a last Update and a close without a code", async () => {
    const { socket, heard, until, closed } = await flux();
    for (const frame of frames("half a")) socket.sendMedia(frame);
    await until((all) => all.some((one) => one["event"] === "StartOfTurn"));
    socket.sendCloseStream({ type: "CloseStream" });
    expect((await closed).code).toBe(1005);
    expect(heard.at(-1)).toMatchObject({ event: "Update", transcript: "half a" });
  });

  test("a KeepAlive is fatal here, and is written into the ledger", async () => {
    const socket = new WebSocket(`${world.ws}/v2/listen?model=flux-general-en&encoding=mulaw&sample_rate=8000`, { headers: { authorization: "Token k" } });
    const messages: Heard[] = [];
    socket.on("message", (data) => messages.push(jsonOf(data) as Heard));
    socket.on("open", () => socket.send(JSON.stringify({ type: "KeepAlive" })));
    const code = await new Promise((resolve) => socket.on("close", resolve));
    expect(code).toBe(1008);
    expect(messages.at(-1)).toMatchObject({ type: "Error", code: "UNPARSABLE_CLIENT_MESSAGE" });
    expect(world.ledger.errors.map((error) => error.detail)).toEqual([expect.stringContaining("deepgram unknown_message: /v2/listen")]);
  });
});

describe("/v1/listen with the SDK", () => {
  async function nova(extra: object = {}) {
    const socket = await client().listen.v1.connect({
      model: "nova-3",
      language: "hi",
      encoding: "mulaw",
      sample_rate: 8000,
      interim_results: "true",
      endpointing: 300,
      utterance_end_ms: 1000,
      vad_events: "true",
      smart_format: "true",
      reconnectAttempts: 0,
      ...extra,
    });
    const heard: Heard[] = [];
    let wake = (): void => undefined;
    socket.on("message", (message) => {
      heard.push(message as unknown as Heard);
      wake();
    });
    const until = async (done: () => boolean): Promise<void> => {
      while (!done()) await new Promise<void>((resolve) => (wake = resolve));
    };
    const closed = new Promise<{ code: number; reason: string }>((resolve) => socket.on("close", (event) => resolve(event)));
    socket.connect();
    await socket.waitForOpen();
    return { socket, heard, until, closed };
  }
  const transcriptOf = (one: Heard): string => (one["channel"] as { alternatives: { transcript: string }[] }).alternatives[0]?.transcript ?? "";

  test("speech gives SpeechStarted, interims, one speech_final and an UtteranceEnd; CloseStream gives Metadata and 1000", async () => {
    const { socket, heard, until, closed } = await nova();
    for (const frame of frames(200, "मैं कल पैसे दे दूंगा।", 1_500)) socket.sendMedia(frame);
    await until(() => heard.some((one) => one.type === "UtteranceEnd"));
    socket.sendCloseStream({ type: "CloseStream" });
    expect((await closed).code).toBe(1000);
    expect(heard[0]).toMatchObject({ type: "SpeechStarted", timestamp: 0.2 });
    const results = heard.filter((one) => one.type === "Results");
    const finals = results.filter((one) => one["is_final"] === true);
    expect(finals.filter((one) => one["speech_final"] === true).map(transcriptOf)).toEqual(["मैं कल पैसे दे दूंगा।"]);
    expect(results.length).toBeGreaterThan(finals.length);
    finals.slice(1).forEach((one, at) => expect(Number(one["start"])).toBeCloseTo(Number(finals[at]?.["start"]) + Number(finals[at]?.["duration"]), 2));
    const channel = finals[0]?.["channel"] as { alternatives: { words: { word: string; start: number; end: number }[] }[] } | undefined;
    const words = channel?.alternatives[0]?.words ?? [];
    expect(words.map((word) => word.word)).toEqual(["मैं", "कल", "पैसे", "दे", "दूंगा"]);
    expect(words.every((word, at) => word.end > word.start && word.start >= (words[at - 1]?.end ?? 0.2))).toBe(true);
    expect(heard.at(-1)).toMatchObject({ type: "Metadata", channels: 1 });
    expect(world.ledger.errors).toEqual([]);
  });

  test("under multi, Hindi comes back in Latin letters", async () => {
    const { socket, heard, until } = await nova({ language: "multi", queryParams: { language_hint: ["hi", "en"] } });
    for (const frame of frames("मुझे call मत करना", 600)) socket.sendMedia(frame);
    await until(() => heard.some((one) => one["speech_final"] === true));
    expect(transcriptOf(heard.find((one) => one["speech_final"] === true) as Heard)).toBe("mujhe call mat karna");
    socket.close();
  });

  test("ten seconds without audio or KeepAlive close with 1011", async () => {
    const { socket, closed } = await nova();
    socket.sendKeepAlive({ type: "KeepAlive" });
    const before = world.clock.nowMs();
    expect(await closed).toMatchObject({ code: 1011, reason: expect.stringContaining("net0001") });
    expect(world.clock.nowMs() - before).toBeGreaterThanOrEqual(9_900);
  });

  test("long silence gives empty finals that are no end of speech", async () => {
    const { socket, heard, until } = await nova();
    for (const frame of frames(5_100)) socket.sendMedia(frame);
    await until(() => heard.some((one) => one["is_final"] === true));
    expect(heard.map((one) => [one["speech_final"], transcriptOf(one)])).toEqual([[false, ""]]);
    socket.close();
  });

  test("noise ends in an empty speech_final", async () => {
    const { socket, heard, until } = await nova({ utterance_end_ms: undefined });
    socket.sendMedia(new Uint8Array(1_600).fill(0x31));
    for (const frame of frames(500)) socket.sendMedia(frame);
    await until(() => heard.some((one) => one["speech_final"] === true));
    expect(heard.map((one) => one.type)).toEqual(["SpeechStarted", "Results"]);
    socket.close();
  });
});

describe("/v1/speak with the SDK", () => {
  async function aura() {
    const socket = await client().speak.v1.connect({ model: "aura-2-thalia-en", encoding: "mulaw", sample_rate: "8000", reconnectAttempts: 0 });
    const messages: Heard[] = [];
    const audio: Promise<ArrayBuffer>[] = [];
    let wake = (): void => undefined;
    socket.on("message", (message) => {
      if (message instanceof Blob) audio.push(message.arrayBuffer());
      else messages.push(message as unknown as Heard);
      wake();
    });
    socket.connect();
    await socket.waitForOpen();
    return {
      socket,
      messages,
      audio: async () => Buffer.concat((await Promise.all(audio)).map((piece) => Buffer.from(piece))),
      until: async (done: () => boolean): Promise<void> => {
        while (!done()) await new Promise<void>((resolve) => (wake = resolve));
      },
    };
  }

  test("text is spoken when it is flushed", async () => {
    const { socket, messages, audio, until } = await aura();
    socket.sendText({ type: "Speak", text: "Good morning, " });
    socket.sendText({ type: "Speak", text: "how are you?" });
    socket.sendFlush({ type: "Flush" });
    await until(() => messages.some((message) => message.type === "Flushed"));
    expect(messages.map((message) => message.type)).toEqual(["Metadata", "Flushed"]);
    expect(await audio()).toEqual(Buffer.from(modulate("Good morning, how are you?")));
    socket.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test("Clear throws away what has not been sent", async () => {
    const { socket, messages, audio, until } = await aura();
    socket.sendText({ type: "Speak", text: "word ".repeat(100) });
    socket.sendFlush({ type: "Flush" });
    socket.sendClear({ type: "Clear" });
    await until(() => messages.some((message) => message.type === "Cleared"));
    expect((await audio()).length).toBeLessThan(modulate("word ".repeat(100)).length / 2);
    expect(messages.some((message) => message.type === "Flushed")).toBe(false);
    socket.close();
  });

  test("a whole text over HTTP; there is no Hindi voice", async () => {
    const answer = await client().speak.v1.audio.generate({ text: "One two.", model: "aura-2-thalia-en", encoding: "mulaw", container: "none", sample_rate: 8000 });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(Buffer.from(modulate("One two.")));
    await expect(client().speak.v1.audio.generate({ text: "x", model: "aura-2-asha-hi", encoding: "mulaw", container: "none", sample_rate: 8000 }, { maxRetries: 0 })).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe("refusals of the handshake", () => {
  async function refused(path: string, headers: Record<string, string> = { authorization: "Token k" }): Promise<{ status: number; body: Record<string, unknown> }> {
    const socket = new WebSocket(`${world.ws}${path}`, { headers });
    return new Promise((resolve, reject) => {
      socket.on("open", () => reject(new Error("expected a refusal")));
      socket.on("error", () => undefined);
      socket.on("unexpected-response", (_, res) => {
        let text = "";
        res.on("data", (data) => (text += String(data)));
        res.on("end", () => resolve({ status: res.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }));
      });
    });
  }
  const audio = "encoding=mulaw&sample_rate=8000";

  test.each([
    ["an unknown model", `/v1/listen?model=whisper&${audio}`, 400],
    ["Latin Hindi on Nova-3", `/v1/listen?model=nova-3&language=hi-Latn&${audio}`, 400],
    ["another encoding", "/v1/listen?model=nova-3&encoding=opus", 400],
    ["utterance_end_ms without interim results", `/v1/listen?model=nova-3&utterance_end_ms=1000&${audio}`, 400],
    ["a Nova model on v2", `/v2/listen?model=nova-3&${audio}`, 400],
    ["an eager threshold above the threshold", `/v2/listen?model=flux-general-en&eot_threshold=0.5&eager_eot_threshold=0.8&${audio}`, 400],
    ["language hints on the English model", `/v2/listen?model=flux-general-en&language_hint=hi&${audio}`, 400],
  ])("%s", async (_, path, status) => {
    const { status: answered, body } = await refused(path);
    expect([answered, body["err_code"]]).toEqual([status, "Bad Request"]);
    expect(world.ledger.errors.length).toBe(1);
  });

  test("no key", async () => {
    expect(await refused(`/v2/listen?model=flux-general-en&${audio}`, {})).toMatchObject({ status: 401, body: { err_code: "INVALID_AUTH" } });
  });

  test("too many, by fault", async () => {
    world.services.faults.set("deepgram", { kind: "script", faults: [{ kind: "status", status: 429, retryAfterMs: 1_000 }] });
    expect((await refused(`/v2/listen?model=flux-general-en&${audio}`)).status).toBe(429);
    expect(world.ledger.errors).toEqual([]);
  });

  test("a misspelt query parameter is taken but written down", async () => {
    const socket = new WebSocket(`${world.ws}/v1/listen?model=nova-3&end_pointing=300&${audio}`, { headers: { authorization: "Token k" } });
    await new Promise((resolve) => socket.on("open", resolve));
    socket.terminate();
    expect(world.ledger.errors.map((error) => error.detail)).toEqual(["deepgram unknown_query_parameter: /v1/listen has no parameter end_pointing"]);
  });
});
