import { describe, expect, test } from "vitest";
import { rehearse } from "./rehearsal.ts";
import { spokenCall } from "./spoken-call.ts";

type Call = ReturnType<typeof rehearse>;

function greeted(options: Parameters<typeof rehearse>[0] = {}): Call {
  const call = rehearse(options);
  call.tell({ kind: "opened" });
  call.listen();
  return call;
}
/** How long the callee hears nothing new from now on. */
function silenceOf(call: Call, withinMs: number): number {
  const from = call.nowMs();
  const words = call.heard.length;
  while (call.heard.length === words && call.nowMs() - from < withinMs) call.pass(50);
  return call.nowMs() - from;
}
const started = { kind: "started" } as const;
const ended = (text: string) => ({ kind: "ended" as const, text, languages: [], silentForMs: 200 });

describe("a transcriber that tells of a beginning and of no end", () => {
  test("does not keep the agent from asking whether somebody is there", () => {
    const call = greeted();
    call.hear(started);
    expect(silenceOf(call, 60_000)).toBeLessThan(10_000);
    expect(call.state().utterances.at(-1)?.words.join(" ")).toBe("Hello, are you there?");
    call.pass(60_000);
    expect(call.result()).toMatchObject({ endReason: "callee_silent" });
  });

  test.each([900, 3_000])("not even when the noise comes again every %i ms", (everyMs) => {
    const call = greeted();
    const words = call.heard.length;
    for (let passed = 0; passed < 11_000; passed += everyMs) {
      call.hear(started);
      call.pass(everyMs / 2);
      call.hear(ended(""));
      call.pass(everyMs / 2);
    }
    expect(call.heard.length).toBeGreaterThan(words);
  });

  test("waits a moment for the words of somebody who begins to speak after a long silence", () => {
    const call = greeted();
    call.pass(7_900);
    call.hear(started);
    call.pass(800);
    call.hear({ kind: "words", text: "yes I am" });
    call.pass(500);
    call.hear(ended("yes I am here"));
    call.listen();
    expect(call.heard.join(" ")).not.toContain("there?");
  });

  test("has told the words that count: they are answered, and not again when the end comes late", () => {
    const call = greeted({ brain: (_, nth) => ({ text: `Answer ${nth === 1 ? "one" : "two"}.` }) });
    call.hear(started);
    call.hear({ kind: "words", text: "tell me more please" });
    expect(silenceOf(call, 60_000)).toBeLessThan(7_000);
    call.listen();
    call.hear(ended("Tell me more, please."));
    call.listen();
    expect(call.requests).toHaveLength(1);
    expect(call.state().history.filter((entry) => entry.kind === "callee")).toHaveLength(1);
  });

  test("and then of more words: only these are new", () => {
    const call = greeted();
    call.hear(started);
    call.hear({ kind: "words", text: "tell me more please" });
    call.pass(9_000);
    call.hear({ kind: "words", text: "Tell me more, please. And what does it cost" });
    call.hear(ended("Tell me more, please. And what does it cost"));
    call.listen();
    expect(call.state().history.flatMap((entry) => (entry.kind === "callee" ? [entry.text] : []))).toEqual(["tell me more please", "And what does it cost"]);
  });

  test("does not keep the filler from an answer that is owed", () => {
    const call = greeted({ brain: () => ({ never: true }), providers: { brains: 9, voices: 1 } });
    call.say("so what is it about then");
    call.hear(started);
    expect(silenceOf(call, 60_000)).toBeLessThanOrEqual(4_200);
    call.pass(20_000);
    expect(call.result()).toMatchObject({ endReason: "technical_failure" });
  });

  test("does not keep the agent silent that it interrupts again and again", () => {
    const call = greeted({ brain: () => ({ text: "I wanted to tell you about several things that matter for your account.", wordMs: 400 }) });
    call.say("yes tell me now please");
    call.pass(4_500);
    const words = call.heard.length;
    for (let nth = 0; nth < 8; nth += 1) {
      call.hear(started);
      call.pass(1_000);
    }
    expect(call.heard.length).toBeGreaterThan(words);
  });

  test("does not keep a message from a mailbox", () => {
    const call = rehearse({ definition: { voicemail: "leave_message", voicemail_message: "please call us back" } });
    call.tell({ kind: "opened" });
    call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
    call.say("please leave a message");
    call.hear(started);
    call.pass(12_000);
    expect(call.heard.join(" ")).toContain("please call us back");
  });
});

describe("dead air", () => {
  test("after words before a tool is filled as soon as any other", () => {
    const call = greeted({ brain: (_, nth) => (nth === 1 ? { text: "One second.", calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }] } : { never: true }), providers: { brains: 9, voices: 1 } });
    call.say("this is not the right person you know");
    while (call.heard.at(-1) !== "second.") call.pass(10);
    expect(silenceOf(call, 20_000)).toBeLessThanOrEqual(3_000);
    expect(call.heard.at(-1)).toBe("one");
  });

  test("is not filled while the agent still speaks", () => {
    const long = "Here is the first part of what I have to say about it.";
    const call = greeted({ brain: (_, nth) => (nth === 1 ? { text: long, calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }] } : { text: "That was it.", delayMs: 2_400 }) });
    call.say("this is not the right person you know");
    call.listen();
    expect(call.heard.join(" ")).toContain(`${long} That was it.`);
    expect(call.heard).not.toContain("moment");
  });

  test("in the middle of an answer that comes word by word is filled too", () => {
    const call = greeted({ brain: () => ({ text: `Well, you see, ${"so ".repeat(40)}`, wordMs: 1_800 }), timings: { firstWordMs: 5_000 } });
    call.say("so what is it about then");
    call.pass(5_500);
    expect(silenceOf(call, 20_000)).toBeLessThanOrEqual(4_000);
    expect(call.heard).toContain("moment");
  });
});

describe("speech that never begins or never ends", () => {
  test("is made again when its sound was there and did not reach the line", () => {
    const call = rehearse({ providers: { brains: 1, voices: 2 }, voice: (provider) => (provider === 0 ? "silent" : { soundMs: 150, wordMs: 250 }) });
    call.tell({ kind: "opened" });
    call.tell({ kind: "sound", utteranceId: "u1", words: 2 });
    expect(silenceOf(call, 20_000)).toBeLessThanOrEqual(4_000);
    call.listen();
    expect(call.heard.join(" ")).toContain("hello Asha");
    call.pass(60_000);
    expect(call.result()).toMatchObject({ endReason: "callee_silent" });
  });

  test("of a goodbye does not hold the call open", () => {
    const call = greeted({ voice: (_, text) => (text.startsWith("I have to end") ? "silent" : { soundMs: 150, wordMs: 250 }) });
    call.tell({ kind: "operator_end" });
    const goodbye = call.state().utterances.at(-1)?.id ?? "";
    call.tell({ kind: "sound", utteranceId: goodbye, words: 3 });
    call.pass(25_000);
    expect(call.result()).toMatchObject({ endReason: "operator" });
  });

  test("because the voice never says that it is done counts as over", () => {
    const call = greeted({ voice: (_, text) => (text.startsWith("Fine") ? "silent" : { soundMs: 150, wordMs: 250 }), brain: () => ({ text: "Fine then." }) });
    call.say("so what is it about then");
    call.pass(300);
    const id = call.state().utterances.at(-1)?.id ?? "";
    call.tell({ kind: "sound", utteranceId: id, words: 2 });
    call.tell({ kind: "first_frame", utteranceId: id });
    call.tell({ kind: "mark", name: `${id}:1` });
    call.tell({ kind: "mark", name: `${id}:2` });
    expect(silenceOf(call, 30_000)).toBeLessThanOrEqual(10_000);
  });
});

test("a filler is heard before an answer whose voice has not begun", async () => {
  const call = await spokenCall({ timings: { firstSoundMs: 60_000 } });
  await call.pass(2_000);
  call.voice.fail("blackhole");
  call.hear(started);
  call.hear({ kind: "words", text: "yes who is there please" });
  call.hear(ended("yes who is there please"));
  await call.pass(4_000);
  expect(call.heard()).toContain("FILLER");
});
