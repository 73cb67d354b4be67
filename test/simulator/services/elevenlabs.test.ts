import { afterEach, beforeEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { pause } from "../../../src/domain/clock.ts";
import { demodulator, modulate } from "../../../src/simulator/modem.ts";
import { jsonOf, type ServiceWorld, serviceWorld } from "./service-world.ts";

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld({ rate: 20 });
});
afterEach(() => world.close());

interface VoiceFrame {
  audio?: string | null;
  contextId?: string;
  isFinal?: boolean | null;
  is_final?: boolean | null;
  alignment?: { chars: string[]; charStartTimesMs: number[]; charDurationsMs: number[] };
  error?: string;
  code?: number;
}

async function open(path: string, headers: Record<string, string> = { "xi-api-key": "k" }) {
  const socket = new WebSocket(`${world.ws}/v1/text-to-speech/anika/${path}`, { headers });
  const frames: (VoiceFrame & { atMs: number })[] = [];
  let wake = (): void => undefined;
  socket.on("message", (data) => {
    frames.push({ ...(jsonOf(data) as VoiceFrame), atMs: world.clock.nowMs() });
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  await new Promise((resolve, reject) => {
    socket.on("open", resolve);
    socket.on("error", reject);
  });
  return {
    socket,
    frames,
    closed,
    send: (message: object) => socket.send(JSON.stringify(message)),
    async until(done: () => boolean): Promise<void> {
      while (!done()) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}
const flash = "model_id=eleven_flash_v2_5&output_format=ulaw_8000";
const isLast = (frame: VoiceFrame): boolean => frame.isFinal === true || frame.is_final === true;
const audioOf = (frames: readonly VoiceFrame[]): Buffer => Buffer.concat(frames.flatMap((frame) => (frame.audio ? [Buffer.from(frame.audio, "base64")] : [])));

function heardIn(audio: Uint8Array): string {
  const words: string[] = [];
  demodulator((word) => words.push(word)).push(audio);
  return words.join(" ");
}

describe("multi-stream-input", () => {
  const text = "नमस्ते Asha ji, आपकी EMI ₹4,500 due है. When will you pay? ";

  test("what is flushed is spoken, quicker than it is heard, in pieces that fit no telephone frame", async () => {
    await world.close();
    world = await serviceWorld({ rate: 3 });
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}&language_code=hi`);
    const askedMs = world.clock.nowMs();
    send({ context_id: "t1", text, flush: true });
    send({ context_id: "t1", close_context: true });
    await until(() => frames.some(isLast));
    const spoken = frames.filter((frame) => frame.audio);
    expect(heardIn(audioOf(spoken))).toBe(text.trim());
    expect(spoken.every((frame) => frame.contextId === "t1")).toBe(true);
    expect(spoken.every((frame) => Buffer.from(frame.audio ?? "", "base64").length % 160 !== 0)).toBe(true);
    expect((spoken[0]?.atMs ?? 0) - askedMs).toBeGreaterThanOrEqual(75);
    const madeInMs = (frames.at(-1)?.atMs ?? 0) - askedMs;
    expect(madeInMs).toBeLessThan(audioOf(spoken).length / 8 / 2);
    socket.close();
    expect(world.ledger.errors).toEqual([]);
  });

  test("the characters of all pieces are the text, and a word's last character ends where its sound ends", async () => {
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "t1", text, flush: true });
    send({ context_id: "t1", close_context: true });
    await until(() => frames.some(isLast));
    const chars: { char: string; endMs: number }[] = [];
    let beforeMs = 0;
    for (const { alignment, audio } of frames) {
      alignment?.chars.forEach((char, at) => chars.push({ char, endMs: beforeMs + (alignment.charStartTimesMs[at] ?? 0) + (alignment.charDurationsMs[at] ?? 0) }));
      beforeMs += Buffer.from(audio ?? "", "base64").length / 8;
    }
    expect(chars.map((one) => one.char).join("")).toBe(text);
    const ends: number[] = [];
    demodulator((_, endSample) => ends.push(endSample / 8)).push(modulate(text));
    const lastChars = chars.filter((one, at) => one.char !== " " && (chars[at + 1]?.char ?? " ") === " ");
    expect(lastChars.length).toBe(ends.length);
    lastChars.forEach((one, at) => expect(Math.abs(one.endMs - (ends[at] ?? 0))).toBeLessThanOrEqual(1));
    socket.close();
  });

  test("unflushed text waits for the schedule; closing the context drops it and still gives the final message", async () => {
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "a", text: "short words " });
    send({ context_id: "a", close_context: true });
    await until(() => frames.some(isLast));
    expect(audioOf(frames).length).toBe(0);
    socket.close();
  });

  test("auto mode speaks each phrase as it is complete", async () => {
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}&auto_mode=true`);
    for (const token of ["Hel", "lo ", "there, ", "how are "]) send({ context_id: "a", text: token });
    await until(() => heardIn(audioOf(frames)) === "Hello there,");
    socket.close();
  });

  test("two contexts do not wait for each other", async () => {
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "long", text: "word ".repeat(80), flush: true });
    send({ context_id: "long", close_context: true });
    send({ context_id: "short", text: "Sorry, go on. ", flush: true });
    send({ context_id: "short", close_context: true });
    await until(() => frames.filter(isLast).length === 2);
    expect(frames.filter(isLast).map((frame) => frame.contextId)).toEqual(["short", "long"]);
    socket.close();
  });

  test("a closed context takes no text: written into the ledger, not spoken", async () => {
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "a", text: "one ", flush: true });
    send({ context_id: "a", close_context: true });
    send({ context_id: "a", text: "two ", flush: true });
    await until(() => frames.some(isLast));
    expect(heardIn(audioOf(frames))).toBe("one");
    expect(world.ledger.errors.map((error) => error.detail)).toEqual([expect.stringContaining("closed_context")]);
    socket.close();
  });

  test("a sixth context closes the socket", async () => {
    const { send, frames, closed } = await open(`multi-stream-input?${flash}`);
    for (let at = 1; at <= 6; at += 1) send({ context_id: `c${at}`, text: "hello " });
    expect(await closed).toBe(1008);
    expect(frames.at(-1)).toMatchObject({ error: "max_active_conversations", code: 1008 });
    expect(world.ledger.errors.map((error) => error.detail)).toEqual([expect.stringContaining("too_many_contexts")]);
  });

  test("twenty seconds without a message close the socket; keep-alives hold it", async () => {
    const { send, frames, closed } = await open(`multi-stream-input?${flash}`);
    await pause(world.clock, 15_000);
    send({ context_id: "a", text: "" });
    const before = world.clock.nowMs();
    expect(await closed).toBe(1008);
    expect(world.clock.nowMs() - before).toBeGreaterThanOrEqual(19_900);
    expect(frames.at(-1)).toMatchObject({ error: "input_timeout_exceeded" });
  });

  test.each([
    ["a binary message", (socket: WebSocket) => socket.send(Buffer.from("x")), "invalid_input_message"],
    ["a camelCase field", (socket: WebSocket) => socket.send(JSON.stringify({ contextId: "a", text: "x" })), "invalid_input_message"],
  ])("%s is refused", async (_, send, error) => {
    const { socket, frames, closed } = await open(`multi-stream-input?${flash}`);
    send(socket);
    expect(await closed).toBe(1008);
    expect(frames.at(-1)?.error).toBe(error);
    expect(world.ledger.errors.length).toBe(1);
  });

  test.each([
    ["a model of the dialogue socket", "model_id=eleven_v4_turbo&output_format=ulaw_8000", "unsupported_model"],
    ["an unknown model", "model_id=eleven_x&output_format=ulaw_8000", "model_not_found"],
    ["a language code where the model takes none", "model_id=eleven_multilingual_v2&language_code=hi&output_format=ulaw_8000", "unsupported_language"],
  ])("%s is told and closed", async (_, query, error) => {
    const { frames, closed } = await open(`multi-stream-input?${query}`);
    expect(await closed).toBe(1008);
    expect(frames.at(-1)?.error).toBe(error);
  });

  test("close_socket lets what was flushed be spoken first", async () => {
    const { send, frames, closed } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "a", text: "bye bye ", flush: true });
    send({ close_socket: true });
    expect(await closed).toBe(1000);
    expect(heardIn(audioOf(frames))).toBe("bye bye");
  });

  test("a wrong key is refused", async () => {
    const { frames, closed } = await open(`multi-stream-input?${flash}`, {});
    expect(await closed).toBe(1008);
    expect(frames.at(-1)?.error).toBe("invalid_api_key");
  });
});

describe("stream-input", () => {
  test("a space opens, text is spoken, an empty text ends with a final message and 1000", async () => {
    const { send, frames, closed } = await open(`stream-input?${flash}`);
    send({ text: " ", voice_settings: { stability: 0.5 } });
    send({ text: "Good morning " });
    send({ text: "everybody. ", flush: true });
    send({ text: "" });
    expect(await closed).toBe(1000);
    expect(heardIn(audioOf(frames))).toBe("Good morning everybody.");
    expect(frames.at(-1)).toMatchObject({ isFinal: true, audio: null });
    expect(world.ledger.errors).toEqual([]);
  });
});

describe("POST …/stream", () => {
  const post = (query: string, body: object, key = "k"): Promise<Response> =>
    fetch(`${world.http}/v1/text-to-speech/anika/stream?${query}`, { method: "POST", headers: { "xi-api-key": key, "content-type": "application/json" }, body: JSON.stringify(body) });

  test("answers raw μ-law", async () => {
    const answer = await post("output_format=ulaw_8000", { text: "One two three.", model_id: "eleven_flash_v2_5", language_code: "en" });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("request-id")).not.toBeNull();
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(modulate("One two three."));
  });

  test.each(["too_many_concurrent_requests", "system_busy"] as const)("429 %s by fault", async (detail) => {
    world.services.faults.set("elevenlabs", { kind: "always", fault: { kind: "status", status: 429, detail } });
    const answer = await post("output_format=ulaw_8000", { text: "x" });
    expect([answer.status, await answer.json()]).toEqual([429, { detail: { status: detail, message: expect.any(String) as string } }]);
  });

  test("camelCase fields are refused", async () => {
    const answer = await post("output_format=ulaw_8000", { text: "x", modelId: "eleven_flash_v2_5" });
    expect(answer.status).toBe(422);
    expect(world.ledger.errors.length).toBe(1);
  });
});

describe("faults of the voice socket", () => {
  test("empty success: the context ends without a sound", async () => {
    world.services.faults.set("elevenlabs", { kind: "always", fault: { kind: "empty" } });
    const { send, frames, until, socket } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "a", text: "hello ", flush: true });
    send({ context_id: "a", close_context: true });
    await until(() => frames.some(isLast));
    expect(audioOf(frames).length).toBe(0);
    socket.close();
  });

  test("stall: the audio stops after so many pieces and nothing follows", async () => {
    world.services.faults.set("elevenlabs", { kind: "always", fault: { kind: "stall", afterPieces: 2 } });
    const { send, frames, closed } = await open(`multi-stream-input?${flash}`);
    send({ context_id: "a", text: "word ".repeat(30), flush: true });
    await closed;
    expect(frames.length).toBe(2);
  });

  test("close 1008 after the handshake, and a cut without a goodbye", async () => {
    world.services.faults.set("elevenlabs", { kind: "script", faults: [{ kind: "close_1008", afterMs: 100 }, { kind: "cut", everyMs: 100 }] });
    expect(await (await open(`multi-stream-input?${flash}`)).closed).toBe(1008);
    expect(await (await open(`multi-stream-input?${flash}`)).closed).toBe(1006);
    (await open(`multi-stream-input?${flash}`)).socket.close();
  });
});
