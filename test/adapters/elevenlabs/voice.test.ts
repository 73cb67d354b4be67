import { describe, expect, test } from "vitest";
import { elevenLabsVoice } from "../../../src/adapters/elevenlabs/voice.ts";
import type { VendorError } from "../../../src/domain/errors.ts";
import type { SpokenWord } from "../../../src/talk/ports.ts";
import { manualClock } from "../../support/clock.ts";
import { heardList, scriptedServer, type ServedSocket } from "../../support/scripted-socket-server.ts";

type Told =
  | { kind: "audio"; contextId: string; bytes: number; words: readonly SpokenWord[] | null }
  | { kind: "done"; contextId: string }
  | { kind: "failed"; contextId: string | null; error: VendorError };

async function speakOver(model = "eleven_flash_v2_5") {
  const server = await scriptedServer();
  const clock = manualClock("2026-12-01T10:00");
  const told = heardList<Told>();
  const voice = elevenLabsVoice({ apiKey: "the-key", baseUrl: server.origin, model, defaultVoiceId: "default-voice", clock });
  const session = voice.open(
    { voices: { "hi-IN": "hindi-voice" }, language: "hi-IN" },
    {
      onAudio: (contextId, audio, words) => told.push({ kind: "audio", contextId, bytes: audio.length, words }),
      onDone: (contextId) => told.push({ kind: "done", contextId }),
      onFailed: (contextId, error) => told.push({ kind: "failed", contextId, error }),
    },
  );
  return { server, clock, told, session };
}
const has = (part: object) => (message: unknown) => Object.entries(part).every(([key, value]) => (message as Record<string, unknown>)[key] === value);
const audio = (bytes: number) => Buffer.alloc(bytes, 1).toString("base64");
const chars = (text: string, stepMs: number, durations = "charDurationsMs") => ({ chars: [...text], charStartTimesMs: [...text].map((_, at) => at * stepMs), [durations]: [...text].map(() => stepMs) });
const opened = async (connection: ServedSocket, contextId: string) => connection.until(has({ context_id: contextId }));

describe("ElevenLabs", () => {
  test("is asked for μ-law with the voice of the language, and told the language", async () => {
    const { server } = await speakOver();
    const { url, headers } = await server.connection();
    expect(url.pathname).toBe("/v1/text-to-speech/hindi-voice/multi-stream-input");
    expect(Object.fromEntries(url.searchParams)).toEqual({ model_id: "eleven_flash_v2_5", output_format: "ulaw_8000", inactivity_timeout: "180", auto_mode: "true", language_code: "hi" });
    expect(headers["xi-api-key"]).toBe("the-key");
  });

  test("models that take no language are not told one", async () => {
    const { server } = await speakOver("eleven_multilingual_v2");
    expect((await server.connection()).url.searchParams.has("language_code")).toBe(false);
  });

  test("each utterance is a context: opened, given text clause by clause, closed", async () => {
    const { server, session } = await speakOver();
    session.speak({ contextId: "u1", text: "One.", language: "hi-IN", last: false });
    session.speak({ contextId: "u1", text: "Two.", language: "hi-IN", last: true });
    const connection = await server.connection();
    await connection.until(has({ close_context: true }));
    expect(connection.json).toEqual([
      { context_id: "u1", text: " " },
      { context_id: "u1", text: "One. ", flush: true },
      { context_id: "u1", text: "Two. ", flush: true },
      { context_id: "u1", close_context: true },
    ]);
  });

  test.each(["isFinal", "is_final"])("words are timed from the start of the context, over chunks of any size (%s)", async (finalName) => {
    const { server, told, session } = await speakOver();
    session.speak({ contextId: "u1", text: "ab cd", language: "hi-IN", last: true });
    const connection = await server.connection();
    await opened(connection, "u1");
    connection.send({ audio: audio(1_203), contextId: "u1", [finalName]: null, alignment: chars("ab c", 25), normalizedAlignment: null });
    connection.send({ audio: audio(797), contextId: "u1", [finalName]: false, alignment: chars("d", 30, "charsDurationsMs") });
    connection.send({ audio: null, contextId: "u1", [finalName]: true });
    await told.until((event) => event.kind === "done");
    expect(told.all).toEqual([
      { kind: "audio", contextId: "u1", bytes: 1_203, words: [{ text: "ab", endMs: 50 }] },
      { kind: "audio", contextId: "u1", bytes: 797, words: [] },
      { kind: "audio", contextId: "u1", bytes: 0, words: [{ text: "cd", endMs: 1_203 / 8 + 30 }] },
      { kind: "done", contextId: "u1" },
    ]);
  });

  test("a cancelled context is not heard any more, the others are", async () => {
    const { server, told, session } = await speakOver();
    session.speak({ contextId: "u1", text: "One.", language: "hi-IN", last: true });
    session.speak({ contextId: "u2", text: "Two.", language: "hi-IN", last: true });
    session.cancel("u1", 0);
    const connection = await server.connection();
    await opened(connection, "u2");
    connection.send({ audio: audio(160), contextId: "u1", alignment: null });
    connection.send({ audio: audio(320), contextId: "u2", alignment: null });
    await told.until((event) => event.kind === "audio");
    expect(told.all).toEqual([{ kind: "audio", contextId: "u2", bytes: 320, words: [] }]);
    expect(server.connections).toHaveLength(1);
  });

  test("another language is another connection", async () => {
    const { server, session } = await speakOver();
    session.speak({ contextId: "u1", text: "Hello.", language: "en-IN", last: true });
    const second = await server.connection(1);
    expect(second.url.pathname).toContain("default-voice");
    expect(second.url.searchParams.get("language_code")).toBe("en");
  });

  test("more than four utterances at once use a second connection: the service allows five contexts", async () => {
    const { server, session } = await speakOver();
    for (let nth = 1; nth <= 5; nth += 1) session.speak({ contextId: `u${nth}`, text: "Text.", language: "hi-IN", last: false });
    const second = await server.connection(1);
    await opened(second, "u5");
    expect((await server.connection()).json.filter(has({ text: " " }))).toHaveLength(4);
  });

  test("a lost connection fails what was being spoken, and the next utterance gets a new one", async () => {
    const { server, told, session } = await speakOver();
    session.speak({ contextId: "u1", text: "One.", language: "hi-IN", last: true });
    const connection = await server.connection();
    await opened(connection, "u1");
    connection.socket.terminate();
    expect(await told.until((event) => event.kind === "failed")).toMatchObject({ contextId: "u1", error: { kind: "voice", retryable: true } });
    session.speak({ contextId: "u2", text: "Two.", language: "hi-IN", last: true });
    await opened(await server.connection(1), "u2");
  });

  test("an error message is told by its code", async () => {
    const { server, told, session } = await speakOver();
    session.speak({ contextId: "u1", text: "One.", language: "hi-IN", last: true });
    const connection = await server.connection();
    await opened(connection, "u1");
    connection.send({ message: "Quota exceeded", error: "quota_exceeded", code: 1008 });
    connection.socket.close(1008);
    expect(await told.until((event) => event.kind === "failed")).toMatchObject({ error: { code: "quota_exceeded", retryable: false } });
    expect(told.all.filter((event) => event.kind === "failed")).toHaveLength(1);
  });

  test.each([[401, false], [429, true]])("a handshake refused with %i fails the utterance (retryable: %s)", async (status, retryable) => {
    const { server, told, session } = await speakOver();
    server.refuse(status);
    session.speak({ contextId: "u1", text: "Hello.", language: "en-IN", last: true });
    expect(await told.until((event) => event.kind === "failed")).toMatchObject({ contextId: "u1", error: { code: String(status), retryable } });
  });

  test("garbage fails the utterance instead of breaking the process", async () => {
    const { server, told, session } = await speakOver();
    session.speak({ contextId: "u1", text: "One.", language: "hi-IN", last: true });
    const connection = await server.connection();
    await opened(connection, "u1");
    connection.socket.send("<html>");
    expect(await told.until((event) => event.kind === "failed")).toMatchObject({ error: { code: "bad_message" } });
  });

  test("a connection on which a text brought no sound for a second is not used again", async () => {
    const { server, clock, session } = await speakOver();
    session.speak({ contextId: "u1", text: "One.", language: "hi-IN", last: true });
    await opened(await server.connection(), "u1");
    clock.advance(1_500);
    session.cancel("u1", 0);
    session.speak({ contextId: "u2", text: "Two.", language: "hi-IN", last: true });
    await opened(await server.connection(1), "u2");
  });

  test("an utterance without any text is done at once", async () => {
    const { told, session } = await speakOver();
    session.speak({ contextId: "u1", text: "", language: "hi-IN", last: true });
    expect(told.all).toEqual([{ kind: "done", contextId: "u1" }]);
  });
});
