import { describe, expect, test } from "vitest";
import { rehearse } from "./rehearsal.ts";

function asked(options: Parameters<typeof rehearse>[0]) {
  const call = rehearse(options);
  call.tell({ kind: "opened" });
  call.listen();
  call.say("so what is it about then");
  return call;
}
const saidAfter = (call: ReturnType<typeof rehearse>, words: number) => call.heard.slice(words).join(" ");

describe("dead air", () => {
  test("is filled at 2.5 s, apologised for at 6 s and ended at 10 s", () => {
    const call = asked({ brain: () => ({ never: true }), providers: { brains: 9, voices: 1 } });
    const from = call.nowMs();
    const startOf = (text: string) => call.state().utterances.find((utterance) => utterance.words.join(" ") === text)?.startedAtMs ?? 0;
    call.pass(30_000);
    expect(startOf("one moment") - from).toBe(2_500);
    expect(startOf("sorry please wait") - from).toBe(6_000);
    expect(startOf("we call back goodbye") - from).toBe(10_000);
    expect(call.result()).toMatchObject({ endReason: "technical_failure", hangupBy: "platform" });
  });

  test("is no dead air while the callee speaks, nor while nobody owes anything", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.listen();
    call.pass(5_000);
    expect(call.effects.some((effect) => effect.do === "play_canned")).toBe(false);
  });

  test("a reply that comes late follows the filler", () => {
    const call = asked({ brain: () => ({ text: "Here I am.", delayMs: 2_450, wordMs: 5 }), voice: () => ({ soundMs: 400, wordMs: 300 }) });
    call.listen();
    expect(saidAfter(call, 2)).toBe("one moment Here I am.");
  });
});

describe("the callee's silence", () => {
  test("is asked about twice, then the call ends within 30 s", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    const from = call.nowMs();
    call.pass(60_000);
    expect(call.heard.join(" ").match(/are you there/g)).toHaveLength(2);
    expect(call.result()).toMatchObject({ endReason: "callee_silent", hangupBy: "agent", answeredBy: "unknown" });
    expect((call.result()?.endedAtMs ?? 0) - from).toBeLessThan(32_000);
  });

  test("starts anew after every answer", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    for (let round = 0; round < 4; round += 1) {
      call.pass(11_000);
      call.say("yes yes I am here now");
      call.listen();
    }
    expect(call.result()).toBeUndefined();
  });
});

describe("a model that fails", () => {
  test("without a word: the next model answers", () => {
    const call = asked({ providers: { brains: 2, voices: 1 }, brain: (_, nth, provider) => (nth === 1 ? { never: true } : { text: `From ${provider === 1 ? "two" : "one"}.` }) });
    call.listen();
    expect(saidAfter(call, 2)).toContain("From two.");
    expect(call.effects.filter((effect) => effect.do === "think").map((effect) => effect.provider)).toEqual([0, 1]);
  });

  test("with an error: at once", () => {
    const call = asked({ providers: { brains: 2, voices: 1 }, brain: (_, nth) => (nth === 1 ? { fail: { code: "500", retryable: true }, delayMs: 50 } : { text: "Fine." }) });
    const from = call.nowMs();
    call.listen();
    expect((call.state().utterances.at(-1)?.startedAtMs ?? 0) - from).toBeLessThan(1_000);
    expect(saidAfter(call, 2)).toBe("Fine.");
  });

  test("after words were spoken: nothing is said twice", () => {
    const call = asked({ brain: () => ({ text: "The first sentence is out. The second is", wordMs: 300 }) });
    call.pass(2_000);
    call.tell({ kind: "brain_failed", replyId: call.state().reply?.id ?? "", code: "reset", retryable: true });
    call.listen();
    expect(saidAfter(call, 2)).toBe("The first sentence is out.");
    expect(call.requests).toHaveLength(1);
  });

  test("by dribbling: what is complete is said, the rest given up after two seconds", () => {
    const call = asked({ brain: () => ({ text: "One sentence. And then nothing more of it", wordMs: 2_100 }), timings: { firstWordMs: 5_000 } });
    call.pass(20_000);
    expect(call.requests.length).toBeLessThanOrEqual(3);
  });

  test("for good: the call ends with an apology, not in silence", () => {
    const call = asked({ providers: { brains: 2, voices: 1 }, brain: () => ({ fail: { code: "401", retryable: false } }) });
    call.listen();
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "technical_failure" });
    expect(call.heard.at(-1)).toBe("goodbye");
    expect(call.requests.length).toBe(3);
  });

  test("by answering nothing counts as failed; by silence after it has spoken, not", () => {
    const silent = asked({ brain: (_, nth) => (nth === 1 ? {} : { text: "Now I speak." }) });
    silent.listen();
    expect(saidAfter(silent, 2)).toBe("Now I speak.");
    const done = asked({ brain: (_, nth) => (nth === 1 ? { text: "Noted, thank you.", calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }] } : {}) });
    done.listen();
    expect(saidAfter(done, 2)).toBe("Noted, thank you.");
    expect(done.state().closing).toBeNull();
    expect(done.requests).toHaveLength(2);
  });

  test("by talking without end is spoken for less than a minute, to the end of a clause, and then listens", () => {
    const lecture = Array.from({ length: 800 }, (_, nth) => `Sentence ${nth % 2 === 0 ? "upon" : "after"} sentence goes on and on.`).join(" ");
    const call = asked({ brain: () => ({ text: lecture, wordMs: 1, calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }] }) });
    call.pass(70_000);
    expect(call.state().utterances.find((utterance) => utterance.purpose === "reply")).toMatchObject({ state: "played" });
    const spoken = saidAfter(call, 2).split(" Hello, are you there?")[0] ?? "";
    expect(spoken.length).toBeGreaterThan(600);
    expect(spoken.length).toBeLessThanOrEqual(700);
    expect(spoken).toMatch(/on and on\.$/);
    expect(call.heard).not.toContain("moment");
  });

  test("by a somewhat long answer still runs the tools at its end", () => {
    const call = asked({ brain: (_, nth) => (nth === 1 ? { text: "This is one sentence of several. ".repeat(30), wordMs: 1, calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }] } : {}) });
    call.pass(5_000);
    expect(call.state().outcome.disposition).toBe("wrong_number");
  });

  test("by a text without a space is cut all the same", () => {
    const call = asked({ brain: (_, nth) => (nth === 1 ? { text: "a".repeat(5_000) } : {}) });
    call.pass(5_000);
    expect(call.state().utterances.find((utterance) => utterance.purpose === "reply")?.words.join(" ")).toHaveLength(700);
  });

  test("by calling tools without end is asked without tools, and stopped", () => {
    const call = asked({ brain: (request) => (request.tools.length === 0 ? { text: "Enough." } : { calls: [{ name: "nonsense", arguments: {} }] }) });
    call.listen();
    expect(call.requests).toHaveLength(5);
    expect(saidAfter(call, 2)).toContain("Enough.");
  });
});

describe("a tool", () => {
  test.each([
    [{ name: "record_disposition", arguments: { disposition: "promise_to_pay", fields: { amount: "lots" } } }, /^Error: amount expected .*; date is missing\. Ask the person/],
    [{ name: "transfer", arguments: {} }, /^Error: there is no tool transfer/],
  ])("answers a mistake in words: %o", (toolCall, answer) => {
    const call = asked({ brain: (_, nth) => (nth === 1 ? { calls: [toolCall] } : { text: "Hm." }) });
    call.listen();
    const result = call.state().history.find((entry) => entry.kind === "tool");
    expect(result?.kind === "tool" && result.result).toMatch(answer);
  });

  test("with arguments that are no JSON is told so", () => {
    const call = asked({ brain: () => ({ never: true }) });
    const replyId = call.state().reply?.id ?? "";
    call.tell({ kind: "brain_call", replyId, call: { id: "x", name: "record_disposition", argumentsJson: '{"disposition": "wrong_nu' } });
    call.tell({ kind: "brain_done", replyId, inputTokens: 1, outputTokens: 1 });
    expect(call.state().history.at(-1)).toMatchObject({ kind: "tool", result: expect.stringContaining("no JSON object") });
  });

  test("that records twice corrects, it does not add", () => {
    const record = (disposition: string, fields = {}) => ({ name: "record_disposition", arguments: { disposition, fields } });
    const call = asked({ brain: (_, nth) => (nth === 1 ? { calls: [record("promise_to_pay", { amount: "100", date: "2026-12-05" }), record("wrong_number")] } : { text: "Hm." }) });
    call.listen();
    expect(call.state().outcome).toMatchObject({ disposition: "wrong_number", fields: {} });
  });

  test("takes no number, account or contact from the model", () => {
    const call = asked({});
    const parameters = JSON.stringify(call.requests[0]?.tools);
    expect(parameters).not.toMatch(/phone|msisdn|account_id|contact|tenant|to_number/i);
    expect(call.requests[0]?.tools.map((tool) => tool.name)).toEqual(["record_disposition", "end_call"]);
  });
});

describe("a voice that fails", () => {
  const sentence = "This is a sentence of nine words for you.";
  const speaking = (voice: NonNullable<Parameters<typeof rehearse>[0]>["voice"], voices: number) =>
    asked({ providers: { brains: 1, voices }, brain: () => ({ text: sentence, wordMs: 5 }), ...(voice ? { voice } : {}) });

  test("by silence: the second voice says the same, once", () => {
    const call = speaking((provider, text) => (provider === 0 && text.startsWith("This") ? "silent" : { soundMs: 150, wordMs: 250 }), 2);
    call.listen();
    expect(saidAfter(call, 2)).toBe(sentence);
  });

  test("by an error: at once", () => {
    const call = speaking((provider, text) => (provider === 0 && text.startsWith("This") ? "fails" : { soundMs: 150, wordMs: 250 }), 2);
    call.listen();
    expect(saidAfter(call, 2)).toBe(sentence);
  });

  test("in mid-sentence: the next voice goes on with the first word that has no sound", () => {
    const call = speaking(undefined, 2);
    call.pass(300);
    const id = call.state().utterances.at(-1)?.id ?? "";
    call.tell({ kind: "sound", utteranceId: id, words: 4 });
    call.tell({ kind: "sound_failed", utteranceId: id, code: "stalled" });
    expect(call.effects.filter((effect) => effect.do === "speak").at(-1)).toMatchObject({ text: "of nine words for you.", provider: 1 });
    expect(call.effects).toContainEqual({ do: "end_sound", utteranceId: id });
  });

  test("by ending an utterance before the model has: the next clause is an utterance of its own", () => {
    const call = asked({ brain: () => ({ text: "The first sentence is here. The second one comes later.", wordMs: 300 }) });
    while (call.heard.at(-1) !== "here.") call.pass(10);
    call.tell({ kind: "mark", name: `${call.state().reply?.utteranceId}:end` });
    call.listen();
    expect(saidAfter(call, 2)).toBe("The first sentence is here. The second one comes later.");
  });

  test("all of them: canned sound says goodbye", () => {
    const call = rehearse({ providers: { brains: 1, voices: 2 }, voice: () => "fails" });
    call.tell({ kind: "opened" });
    call.listen();
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "technical_failure" });
    expect(call.heard.join(" ")).toBe("we call back goodbye");
  });
});

test("deafness is said and the call ended", () => {
  const call = rehearse();
  call.tell({ kind: "opened" });
  call.listen();
  call.tell({ kind: "deaf" });
  call.listen();
  call.pass(500);
  expect(call.result()?.endReason).toBe("technical_failure");
  expect(call.heard.join(" ")).toContain("goodbye");
});
