import { describe, expect, test } from "vitest";
import { realtimeEar } from "../../../src/adapters/openai/realtime-ear.ts";
import { realtimeHistory } from "../../../src/adapters/openai/realtime-history.ts";
import { realtimeMouth } from "../../../src/adapters/openai/realtime-mouth.ts";
import { VendorError } from "../../../src/domain/errors.ts";
import { manualClock } from "../../support/clock.ts";
import type { BrainMessage, Voice, VoiceListener } from "../../../src/talk/ports.ts";

const other = (said: string[]): Voice => ({
  name: "other",
  open: () => ({ speak: ({ text }) => void said.push(text), cancel: (contextId) => void said.push(`cancel ${contextId}`), close: () => undefined }),
});

function mouthRig() {
  const said: string[] = [];
  const told: string[] = [];
  const truncated: [string, number][] = [];
  const mouth = realtimeMouth({ name: "model", otherVoice: other(said), truncate: (itemId, ms) => void truncated.push([itemId, ms]) });
  const listener: VoiceListener = {
    onAudio: (contextId, audio) => void told.push(`${contextId} ${audio.length}`),
    onDone: (contextId) => void told.push(`${contextId} done`),
    onFailed: (contextId) => void told.push(`${contextId} failed`),
  };
  const session = mouth.voice.open({ voices: {}, language: "hi-IN" }, listener);
  const speak = (contextId: string, text: string, last: boolean, replyId?: string): void => session.speak({ contextId, text, language: "hi-IN", last, ...(replyId === undefined ? {} : { replyId }) });
  return { mouth, session, speak, said, told, truncated };
}

describe("the mouth of a speech-to-speech session", () => {
  test("gives an answer's own sound to the utterance that carries its text, whichever comes first", () => {
    const { mouth, speak, told, said } = mouthRig();
    mouth.onItem("r1", "item1");
    mouth.onSound("r1", new Uint8Array(100));
    speak("u1", "Hello.", false, "r1");
    mouth.onSound("r1", new Uint8Array(50));
    mouth.onDone("r1");
    expect(told).toEqual(["u1 100", "u1 50"]);
    speak("u1", "", true, "r1");
    expect(told.at(-1)).toBe("u1 done");
    expect(said).toEqual([]);
  });

  test("has sentences by rule said by the other voice", () => {
    const { speak, said } = mouthRig();
    speak("u1", "Namaste.", true);
    expect(said).toEqual(["Namaste."]);
  });

  test("truncates an interrupted answer to what was heard, and has the rest said by the other voice", () => {
    const { mouth, session, speak, said, truncated, told } = mouthRig();
    mouth.onItem("r1", "item1");
    mouth.onSound("r1", new Uint8Array(8_000));
    speak("u1", "One two three.", false, "r1");
    session.cancel("u1", 412.6);
    mouth.onSound("r1", new Uint8Array(8_000));
    speak("u2", "two three.", true, "r1");
    expect(truncated).toEqual([["item1", 412]]);
    expect(told).toEqual(["u1 8000"]);
    expect(said).toEqual(["two three."]);
  });

  test("truncates nothing that was heard to its end", () => {
    const { mouth, session, speak, truncated } = mouthRig();
    mouth.onItem("r1", "item1");
    mouth.onSound("r1", new Uint8Array(800));
    speak("u1", "One.", true, "r1");
    session.cancel("u1", 100);
    session.cancel("u1", Number.POSITIVE_INFINITY);
    expect(truncated).toEqual([]);
  });

  test("fails what it was saying when the session is gone", () => {
    const { mouth, speak, told } = mouthRig();
    mouth.onSound("r1", new Uint8Array(160));
    speak("u1", "One.", false, "r1");
    mouth.fail(new VendorError("speech_model", "1006", "gone", false));
    expect(told).toEqual(["u1 160", "u1 failed"]);
  });
});

describe("the history of a session", () => {
  const system: BrainMessage = { role: "system", text: "rules" };
  const known = { hasSpoken: (replyId: string) => replyId === "r1", hasCalled: (callId: string) => callId === "c1", takeHeard: (text: string) => text === "haan" };
  test("is told what it did not come by itself, once, and the greeting at its beginning", () => {
    const history = realtimeHistory(known);
    const first: BrainMessage[] = [system, { role: "assistant", text: "Namaste.", toolCalls: [] }, { role: "user", text: "haan" }];
    expect(history.untold(first.slice(1))).toEqual([{ previous_item_id: "root", item: { type: "message", role: "assistant", content: [{ type: "output_text", text: "Namaste." }] } }]);
    const second: BrainMessage[] = [
      ...first,
      { role: "assistant", text: "Your year?", toolCalls: [], replyId: "r1" },
      { role: "user", text: "1985" },
      { role: "assistant", text: "", toolCalls: [{ id: "c1", name: "verify_party", argumentsJson: "{}" }] },
      { role: "tool", toolCallId: "c1", text: "Verified." },
    ];
    expect(history.untold(second.slice(1))).toEqual([
      { item: { type: "message", role: "user", content: [{ type: "input_text", text: "1985" }] } },
      { item: { type: "function_call_output", call_id: "c1", output: "Verified." } },
    ]);
    expect(history.untold(second.slice(1))).toEqual([]);
  });
});

/** An ear with its session: what is told of each item, and what the ear makes of it. */
function earRig() {
  const clock = manualClock("2026-12-01T10:00");
  const told: string[] = [];
  const ear = realtimeEar({ name: "model", clock, silenceMs: 500, append: () => true });
  const connection = ear.transcriber.open(
    { languages: ["hi-IN"], keyterms: [] },
    { onOpen: () => undefined, onHearing: (event) => told.push(event.kind === "ended" ? `ended ${event.text}` : event.kind === "words" ? `words ${event.text}` : event.kind), onClosed: (error) => told.push(`closed ${error?.code}`) },
  );
  ear.onReady();
  const where = (itemId: string) => ({ event_id: "e", item_id: itemId });
  return {
    ear,
    clock,
    told,
    connection,
    starts: (itemId: string) => ear.onEvent({ type: "input_audio_buffer.speech_started", audio_start_ms: 10, ...where(itemId) }),
    stops(itemId: string, audioEndMs = 1_000) {
      ear.onEvent({ type: "input_audio_buffer.speech_stopped", audio_end_ms: audioEndMs, ...where(itemId) });
      ear.onEvent({ type: "input_audio_buffer.committed", previous_item_id: null, ...where(itemId) });
    },
    delta: (itemId: string, delta: string) => ear.onEvent({ type: "conversation.item.input_audio_transcription.delta", delta, ...where(itemId) }),
    transcript: (itemId: string, transcript: string) =>
      ear.onEvent({ type: "conversation.item.input_audio_transcription.completed", transcript, content_index: 0, usage: { type: "duration", seconds: 1 }, ...where(itemId) }),
  };
}

describe("the ear of a speech-to-speech session", () => {
  test("makes turns of the model's own detection and transcript", () => {
    const { ear, told, starts, stops, delta, transcript } = earRig();
    starts("a");
    delta("a", "haan ");
    stops("a");
    transcript("a", "haan ji");
    expect(told).toEqual(["started", "words haan", "words haan ji", "ended haan ji"]);
    expect(ear.takeHeard("haan ji")).toBe(true);
    expect(ear.takeHeard("haan ji")).toBe(false);
  });

  test("a person who goes on before the transcript is there has not ended the turn", () => {
    const { ear, told, starts, stops, delta, transcript } = earRig();
    starts("a");
    stops("a");
    starts("b");
    delta("b", "kal ");
    transcript("a", "haan ji");
    delta("b", "dunga");
    expect(told.filter((each) => each.startsWith("ended"))).toEqual([]);
    stops("b");
    transcript("b", "kal dunga");
    expect(told.at(-1)).toBe("ended haan ji kal dunga");
    expect(ear.takeHeard("haan ji kal dunga")).toBe(true);
  });

  test("keeps the words of two stretches apart, whichever transcript comes first", () => {
    const { told, starts, stops, delta, transcript } = earRig();
    starts("a");
    delta("a", "haan");
    stops("a");
    starts("b");
    delta("b", "kal");
    stops("b");
    transcript("b", "kal dunga");
    transcript("a", "haan ji");
    expect(told.at(-1)).toBe("ended haan ji kal dunga");
  });

  test("a transcript that never comes ends the turn with what was told of it; a second one has somebody else hear", () => {
    const { told, clock, starts, stops, delta } = earRig();
    starts("a");
    delta("a", "haan");
    stops("a");
    clock.advance(2_499);
    expect(told.at(-1)).toBe("words haan");
    clock.advance(1);
    expect(told.at(-1)).toBe("ended haan");
    starts("b");
    stops("b");
    clock.advance(2_500);
    expect(told.slice(-2)).toEqual(["ended ", "closed no_transcript"]);
    expect(clock.pending).toBe(0);
  });

  test("tells how long the person has been silent: the vendor's end of speech includes the silence that told of it", () => {
    const clock = manualClock("2026-12-01T10:00");
    const ear = realtimeEar({ name: "model", clock, silenceMs: 500, append: () => true });
    const silent: unknown[] = [];
    const connection = ear.transcriber.open({ languages: [], keyterms: [] }, { onOpen: () => undefined, onHearing: (event) => void (event.kind === "ended" && silent.push(event.silentForMs)), onClosed: () => undefined });
    ear.onReady();
    connection.send(new Uint8Array(1_600 * 8));
    ear.onEvent({ type: "input_audio_buffer.speech_started", audio_start_ms: 10, event_id: "e", item_id: "a" });
    ear.onEvent({ type: "input_audio_buffer.speech_stopped", audio_end_ms: 1_500, event_id: "e", item_id: "a" });
    ear.onEvent({ type: "conversation.item.input_audio_transcription.completed", transcript: "haan", event_id: "e", item_id: "a", content_index: 0, usage: { type: "duration", seconds: 1 } });
    expect(silent).toEqual([600]);
  });

  test("waits for nothing once it is closed", () => {
    const { clock, told, starts, stops, connection } = earRig();
    starts("a");
    stops("a");
    connection.close();
    expect(clock.pending).toBe(0);
    expect(told).toEqual(["started"]);
  });

  test("opens once: after a loss another transcriber must take over", async () => {
    const closed: (string | undefined)[] = [];
    const ear = realtimeEar({ name: "model", clock: manualClock("2026-12-01T10:00"), silenceMs: 500, append: () => true });
    const listener = { onOpen: () => undefined, onHearing: () => undefined, onClosed: (error: VendorError | undefined) => void closed.push(`${error?.code} ${error?.retryable}`) };
    ear.transcriber.open({ languages: [], keyterms: [] }, listener);
    ear.fail(new VendorError("speech_model", "1006", "gone", false));
    ear.transcriber.open({ languages: [], keyterms: [] }, listener);
    await Promise.resolve();
    expect(closed).toEqual(["1006 false", "closed false"]);
  });
});
