import { describe, expect, test } from "vitest";
import { believed, rehearse } from "./rehearsal.ts";

const indexOf = (call: ReturnType<typeof rehearse>, what: string) => call.effects.findIndex((effect) => effect.do === what);

describe("the goodbye", () => {
  const ending = () => {
    const call = rehearse({ brain: () => ({ text: "Thank you very much for your time, goodbye.", calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }, { name: "end_call", arguments: {} }] }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("there is no Asha here");
    call.pass(1_200);
    return call;
  };

  test("is played to its last word although the callee talks over it", () => {
    const call = ending();
    expect(call.state().closing).toMatchObject({ reason: "agent_goodbye", stage: "speaking" });
    call.say("no wait one more thing please listen");
    call.listen();
    call.pass(1_000);
    expect(call.heard.slice(2).join(" ")).toBe("Thank you very much for your time, goodbye.");
    expect(call.result()).toMatchObject({ endReason: "agent_goodbye", hangupBy: "agent", disposition: "wrong_number" });
    expect(call.requests).toHaveLength(1);
  });

  test("cannot be taken back and runs no tool twice", () => {
    const call = ending();
    const tools = call.state().toolCalls;
    call.say("wait wait wait");
    call.pass(10_000);
    expect(call.state().toolCalls).toBe(tools);
    expect(call.effects.filter((effect) => effect.do === "hang_up")).toHaveLength(1);
  });

  test("the call is cut on the last mark, not on a timer", () => {
    const call = ending();
    for (let waitedMs = 0; waitedMs < 20_000 && indexOf(call, "hang_up") < 0; waitedMs += 10) call.pass(10);
    expect(call.events.at(-1)).toMatchObject({ kind: "mark", name: expect.stringMatching(/:end$/) });
  });

  test("comes from the campaign when the model writes none", () => {
    const call = rehearse({ definition: { agent: { persona: "p", greeting: "hello", goodbye: { "en-IN": "Bye from the lender." } } }, brain: () => ({ calls: [{ name: "end_call", arguments: {} }] }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("I have no time for you");
    call.listen();
    expect(call.heard.join(" ")).toBe("hello Bye from the lender.");
  });

  test("a carrier that does not end the call is not waited for", () => {
    const call = ending();
    call.listen();
    const finished = call.events.length;
    expect(finished).toBeGreaterThan(0);
    call.pass(6_000);
    expect(call.result()?.endReason).toBe("agent_goodbye");
  });

  test("goes on without marks that never come back", () => {
    const call = rehearse({ voice: () => ({ soundMs: 100, wordMs: 100 }), brain: () => ({ text: "Bye.", calls: [{ name: "end_call", arguments: {} }] }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.tell({ kind: "operator_end" });
    const before = call.state().utterances.length;
    call.tell({ kind: "sound_done", utteranceId: `u${before}`, playedInMs: 100 });
    expect(call.effects.at(-1)).toMatchObject({ do: "set_timer", timer: "playback", delayMs: 3_100 });
  });
});

describe("an opt-out", () => {
  test.each(["mat karo call mujhe", "please stop calling me", "मुझे कॉल मत करो", "remove my number from your list"])("is written before the goodbye: %s", (text) => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.listen();
    call.say(text);
    const written = indexOf(call, "write_opt_out");
    expect(written).toBeGreaterThan(0);
    expect(call.effects.slice(written).some((effect) => effect.do === "speak")).toBe(false);
    call.listen();
    call.pass(1_000);
    const goodbye = call.effects.findLastIndex((effect) => effect.do === "speak");
    expect(goodbye).toBeGreaterThan(written);
    expect(call.heard.join(" ")).toContain("We will not call you again.");
    expect(call.result()).toMatchObject({ endReason: "opted_out", optedOut: true, disposition: "opted_out" });
    expect(call.requests).toHaveLength(0);
  });

  test("by key 9 alone, but not by a 9 within a number", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.listen();
    for (const digit of "1985") call.tell({ kind: "digit", digit });
    call.pass(2_000);
    expect(call.state().optedOut).toBe(false);
    expect(call.state().history).toContainEqual(expect.objectContaining({ kind: "callee", text: "1985" }));
    call.listen();
    call.tell({ kind: "digit", digit: "9" });
    call.pass(1_600);
    expect(call.effects).toContainEqual({ do: "write_opt_out", how: "pressed" });
  });

  test("said over the goodbye still counts", () => {
    const call = rehearse({ brain: () => ({ text: "Goodbye and thank you for everything.", calls: [{ name: "end_call", arguments: {} }] }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("I am not interested in this");
    call.pass(900);
    call.say("and never call me again");
    call.listen();
    call.pass(1_000);
    expect(call.result()).toMatchObject({ optedOut: true, disposition: "opted_out" });
  });

  test("said in the moment of hanging up still counts", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.listen();
    call.hear({ kind: "started" });
    call.hear({ kind: "words", text: "do not call me again" });
    call.tell({ kind: "line_closed", how: "stopped" });
    expect(call.result()).toMatchObject({ optedOut: true, hangupBy: "callee" });
    expect(indexOf(call, "write_opt_out")).toBeGreaterThan(-1);
  });

  test("that is not written in time does not keep the callee waiting, and nothing is promised", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.listen();
    call.tell({ kind: "hearing", hearing: { kind: "ended", text: "stop calling me", languages: [], silentForMs: 0 } });
    call.pass(10);
    expect(call.state().closing?.stage).toBe("writing_opt_out");
    call.tell({ kind: "timer", timer: "opt_out" });
    expect(call.state().closing?.stage).toBe("speaking");
    expect(call.effects.filter((effect) => effect.do === "speak").at(-1)).toMatchObject({ text: "Thank you for your time. Goodbye." });
  });

  test("a wish for another time is none", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.listen();
    call.say("abhi nahi, shaam ko call karo");
    call.listen();
    expect(call.state().optedOut).toBe(false);
  });
});

describe("every end", () => {
  test("of a call taken over after an opt-out is a goodbye", () => {
    const call = rehearse({
      earlier: { turns: [], startedAtMs: 1_764_563_390_000, language: "en-IN", verified: false, optedOut: true, disposition: "opted_out", fields: {}, summary: null, usage: { transcriberSeconds: 0, voiceCharacters: 0, brainInputTokens: 0, brainOutputTokens: 0 } },
    });
    call.tell({ kind: "opened" });
    call.listen();
    call.pass(500);
    expect(call.heard.join(" ")).toContain("We will not call you again");
    expect(call.result()).toMatchObject({ endReason: "opted_out", optedOut: true });
  });

  test("by the operator is polite", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.pass(300);
    call.tell({ kind: "operator_end" });
    call.listen();
    call.pass(500);
    expect(call.result()).toMatchObject({ endReason: "operator", hangupBy: "operator" });
    expect(believed(call.state())).toEqual(call.heard);
  });

  test("by a lost line is said to be one", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.tell({ kind: "line_closed", how: "lost" });
    expect(call.result()).toMatchObject({ endReason: "line_lost", hangupBy: "platform" });
  });

  test("comes at the agreed length at the latest", () => {
    const call = rehearse({ definition: { limits: { max_call_seconds: 30 } }, brain: () => ({ text: "And so on and so forth, as I said before." }) });
    call.tell({ kind: "opened" });
    const startedAtMs = call.nowMs();
    while (!call.result() && call.nowMs() - startedAtMs < 120_000) {
      call.say("go on please tell me more");
      call.pass(500);
    }
    expect(call.result()?.endReason).toBe("max_duration");
    expect((call.result()?.endedAtMs ?? 0) - startedAtMs).toBeLessThanOrEqual(31_000);
    expect(call.heard.join(" ")).toContain("I have to end the call here.");
  });

  test("a call taken over goes on where it stopped", () => {
    const call = rehearse({
      earlier: {
        turns: [
          { speaker: "agent", text: "hello Asha", startedAtMs: 1, endedAtMs: 2 },
          { speaker: "callee", text: "yes speaking", startedAtMs: 3, endedAtMs: 4 },
        ],
        startedAtMs: 1_764_563_390_000, language: "hi-IN", verified: true, optedOut: false, disposition: "promise_to_pay", fields: { amount: 100 }, summary: "s",
        usage: { transcriberSeconds: 5, voiceCharacters: 10, brainInputTokens: 0, brainOutputTokens: 0 },
      },
      brain: () => ({ text: "Where were we." }),
    });
    call.tell({ kind: "opened" });
    call.listen();
    expect(call.heard.join(" ")).toBe("Where were we.");
    expect(call.requests[0]?.messages.slice(1, 3)).toEqual([{ role: "assistant", text: "hello Asha", toolCalls: [] }, { role: "user", text: "yes speaking" }]);
    call.tell({ kind: "line_closed", how: "stopped" });
    expect(call.result()).toMatchObject({ disposition: "promise_to_pay", verified: true, language: "hi-IN", startedAtMs: 1_764_563_390_000 });
    expect(call.result()?.turns).toHaveLength(3);
  });
});
