import { describe, expect, test } from "vitest";
import { believed, rehearse } from "./rehearsal.ts";

const long = "I wanted to tell you about several things that matter for your account this month and the next.";

/** A call in which the agent is in the middle of a long sentence. */
function inFullSpeech(options: Parameters<typeof rehearse>[0] = {}) {
  const call = rehearse({ brain: (_, nth) => ({ text: nth === 1 ? long : "Of course." }), ...options });
  call.tell({ kind: "opened" });
  call.listen();
  call.say("yes tell me now");
  call.pass(2_000);
  return call;
}
/** Both empty the carrier's buffer. */
const clears = (call: ReturnType<typeof rehearse>) => call.effects.filter((effect) => effect.do === "clear" || effect.do === "pause").length;

describe("barge-in", () => {
  test("clears the line with the first sound of the callee, also when everything was handed over long ago", () => {
    const call = inFullSpeech();
    expect(call.state().reply).toBeNull();
    const before = clears(call);
    call.hear({ kind: "started" });
    expect(clears(call)).toBe(before + 1);
    expect(call.effects.at(-2)).toMatchObject({ do: "pause" });
  });

  test("the agent believes exactly the words the callee heard, whatever marks come back after the clear", () => {
    const call = inFullSpeech();
    call.hear({ kind: "started" });
    call.pass(500);
    expect(believed(call.state())).toEqual(call.heard);
    expect(call.heard.length).toBeGreaterThan(2);
    expect(call.heard.length).toBeLessThan(15);
  });

  test("the model is told what was cut off and nothing more", () => {
    const call = inFullSpeech();
    call.say("wait who are you");
    const messages = call.requests.at(-1)?.messages ?? [];
    const assistant = messages.filter((message) => message.role === "assistant").at(-1);
    expect(assistant?.text).toBe(`${call.heard.slice(2).join(" ")} — (cut off; the rest was not heard)`);
    expect(messages.at(-2)).toEqual({ role: "user", text: "wait who are you" });
  });

  test("gives up the words of the reply that is still being written", () => {
    const call = rehearse({ brain: (_, nth) => (nth === 1 ? { text: `${long} ${long}`, wordMs: 200 } : { text: "Yes?" }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("yes tell me now");
    call.pass(2_500);
    const replyId = call.state().reply?.id;
    const before = call.heard.length;
    call.say("stop stop listen to me");
    expect(call.state().reply?.id).not.toBe(replyId);
    call.listen();
    expect(call.heard.slice(before)).toEqual(["Yes?"]);
    call.say("and listen to this too");
    call.pass(60_000);
    expect(call.heard.join(" ")).not.toContain("the next.");
  });

  test("works again after the agent was interrupted once", () => {
    const call = inFullSpeech();
    call.say("wait please I am busy");
    call.listen();
    const before = call.heard.length;
    call.say("now go on with it");
    call.listen();
    expect(call.heard.slice(before)).toEqual(["Of", "course."]);
    expect(believed(call.state())).toEqual(call.heard);
  });
});

describe("a promise in an answer that is talked over", () => {
  const promising = (brain: Parameters<typeof rehearse>[0]) => {
    const call = rehearse({ definition: { dispositions: { promise_to_pay: { fields: { date: "date" }, then: "done" } } }, ...brain });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("yes I will pay it tomorrow for sure");
    return call;
  };
  const promise = (date: string) => ({ name: "record_disposition", arguments: { disposition: "promise_to_pay", date } });
  const thanks = { text: "Thank you, I have noted your payment for tomorrow and will send a message.", wordMs: 60, delayMs: 500 };

  test.each([
    ["complete before the words came", 1_200, 200],
    ["still being written", 800, 100],
  ])("counts although the callee says bye and hangs up: %s", (_, beforeMs, soundMs) => {
    const call = promising({ brain: (_request, nth) => (nth === 1 ? { ...thanks, calls: [promise("2026-12-02"), { name: "end_call", arguments: {} }] } : { never: true }) });
    call.pass(beforeMs);
    call.hear({ kind: "started" });
    call.pass(soundMs);
    call.hear({ kind: "words", text: "okay thank you bye" });
    call.pass(700);
    expect(call.state().closing).toBeNull();
    call.tell({ kind: "line_closed", how: "stopped" });
    expect(call.result()).toMatchObject({ disposition: "promise_to_pay", fields: { date: "2026-12-02" } });
  });

  test("does not replace what a later answer has recorded", () => {
    const call = promising({ brain: (_request, nth) => (nth === 1 ? { ...thanks, wordMs: 300, calls: [promise("2026-12-02")] } : { text: "All right.", calls: nth === 2 ? [promise("2026-12-09")] : [] }) });
    call.pass(1_500);
    call.say("no wait on the ninth");
    call.pass(8_000);
    expect(call.state().outcome.fields).toEqual({ date: "2026-12-09" });
  });

  test("goes on after a cough as if there had been none", () => {
    const call = promising({ brain: (_request, nth) => (nth === 1 ? { ...thanks, calls: [promise("2026-12-02")] } : { text: "Anything else?" }) });
    call.pass(1_200);
    call.hear({ kind: "started" });
    call.pass(300);
    expect(call.state().outcome.disposition).toBe("promise_to_pay");
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe(`${thanks.text} Anything else?`);
    expect(call.requests).toHaveLength(2);
  });
});

describe("a false interruption", () => {
  test.each(["haan", "hmm", "ok ok", "अच्छा"])("a lone %s over the agent does not stop it for good: the rest follows, nothing twice", (text) => {
    const call = inFullSpeech();
    call.say(text);
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe(long);
    expect(call.requests).toHaveLength(1);
    expect(believed(call.state())).toEqual(call.heard);
  });

  test("costs no new speech: what was made goes on from the first word that was not heard", () => {
    const call = inFullSpeech();
    const spoken = call.effects.filter((effect) => effect.do === "speak").length;
    const heard = call.heard.length;
    call.say("haan");
    expect(call.effects.filter((effect) => effect.do === "speak")).toHaveLength(spoken);
    expect(call.effects.findLast((effect) => effect.do === "replay")).toMatchObject({ fromWord: heard - 2 });
  });

  test("a listening word holds the agent up for less than half a second", () => {
    const call = inFullSpeech();
    call.hear({ kind: "started" });
    call.pass(150);
    call.hear({ kind: "words", text: "haan" });
    const from = call.nowMs();
    call.pass(400);
    expect((call.state().utterances.at(-1)?.startedAtMs ?? 0) - from).toBeLessThanOrEqual(300);
    call.hear({ kind: "ended", text: "haan", languages: [], silentForMs: 400 });
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe(long);
    expect(call.requests).toHaveLength(1);
  });

  test("the sound of a real interruption is given up", () => {
    const call = inFullSpeech();
    const playing = call.state().utterances.at(-1)?.id;
    call.say("wait wait who are you");
    expect(call.effects.findLast((effect) => effect.do === "forget")).toMatchObject({ utteranceIds: [playing] });
  });

  test("a sound without words is waited out, then the agent goes on", () => {
    const call = inFullSpeech();
    call.hear({ kind: "started" });
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe(long);
  });

  test("an empty turn counts as a sound without words", () => {
    const call = inFullSpeech();
    call.hear({ kind: "started" });
    call.pass(200);
    call.hear({ kind: "ended", text: "", languages: [], silentForMs: null });
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe(long);
  });

  test("what the model wrote meanwhile follows after the resumed words", () => {
    const call = rehearse({ brain: () => ({ text: "First sentence is here now. Second sentence comes later today.", wordMs: 250 }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("yes tell me now");
    call.pass(1_900);
    call.say("hmm");
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe("First sentence is here now. Second sentence comes later today.");
    expect(call.requests).toHaveLength(1);
  });

  test("a yes after the agent's question is an answer, though the agent meant to add something", () => {
    const call = rehearse({ brain: (_, nth) => ({ text: nth === 1 ? "Can you pay today? I am asking because the date has passed already." : "Thank you." }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("who are you and what is it");
    call.pass(2_600);
    call.say("haan ji");
    call.listen();
    expect(call.requests).toHaveLength(2);
    expect(call.heard.at(-1)).toBe("you.");
  });

  test("a yes over the last word of a question answers it", () => {
    const call = rehearse({ brain: (_, nth) => ({ text: nth === 1 ? "May I speak with you about your loan now?" : "Thank you so much." }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("hello who is this speaking please");
    while (!call.heard.includes("loan")) call.pass(50);
    call.say("haan");
    call.listen();
    expect(call.requests).toHaveLength(2);
    expect(call.heard.slice(-4).join(" ")).toBe("Thank you so much.");
  });

  test("a yes before a short question of which nothing was heard lets it be asked", () => {
    const call = rehearse({ brain: () => ({ text: "The parcel is here for you. Anything else?" }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("hello who is this speaking please");
    while (call.heard.at(-1) !== "you.") call.pass(10);
    call.say("haan");
    call.listen();
    expect(call.requests).toHaveLength(1);
    expect(call.heard.slice(-2).join(" ")).toBe("Anything else?");
  });

  test("a yes when the agent has finished is an answer", () => {
    const call = inFullSpeech();
    call.listen();
    call.say("haan");
    call.listen();
    expect(call.requests).toHaveLength(2);
  });
});

describe("the greeting", () => {
  test("is not given up for a hello", () => {
    const call = rehearse({ definition: { agent: { persona: "p", greeting: "Namaste {{name}} ji, this is Sahayak Finance calling." } } });
    call.tell({ kind: "opened" });
    call.pass(500);
    call.say("hello?");
    call.listen();
    expect(call.heard.join(" ")).toBe("Namaste Namaste Asha ji, this is Sahayak Finance calling.");
    expect(call.requests).toHaveLength(0);
  });

  test("is said again when a question came before anybody heard it", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.say("who is this?");
    call.listen();
    expect(call.heard).toEqual(["hello", "Asha"]);
    expect(call.requests).toHaveLength(0);
  });

  test.each([
    ["is sensitive", { variables: { name: { type: "text" as const, sensitive: true } } }],
    ["is asked for verification", { variables: { name: { type: "text" as const } }, verify: { ask: ["name"], attempts: 2 } }],
  ])("does not say a name that %s, nor tell it to the model", (_, definition) => {
    for (const name of [null, "Secretname"]) {
      const call = rehearse({ name, definition: { ...definition, agent: { persona: "p", greeting: "Namaste {{name}}, hello." } }, variables: { name: "Secretname" } });
      call.tell({ kind: "opened" });
      call.listen();
      call.say("who is this speaking please");
      expect(call.heard.join(" ")).toContain("Namaste, hello.");
      expect(JSON.stringify(call.requests)).not.toContain("Secretname");
    }
  });

  test("leaves out what the list did not give", () => {
    const call = rehearse({ name: null, definition: { agent: { persona: "p", greeting: "Namaste {{name}}, {{nothing}}hello." } } });
    call.tell({ kind: "opened" });
    call.listen();
    expect(call.heard.join(" ")).toBe("Namaste, hello.");
  });
});

describe("a speculative reply", () => {
  test("is kept when the turn ends as it guessed: its words were there before", () => {
    const call = rehearse({ brain: () => ({ text: "Good to know.", delayMs: 400 }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("I will pay on friday", { eager: true, endMs: 500 });
    call.listen();
    expect(call.requests).toHaveLength(1);
    const latency = call.state().utterances.at(-1)?.latency;
    expect(latency?.replyMs).toBe(730);
    expect(latency?.firstWordMs).toBeLessThan(latency?.endOfTurnMs ?? 0);
  });

  test("is thrown away unheard when the callee goes on", () => {
    const call = rehearse({ brain: (_, nth) => ({ text: `Answer ${nth}.` }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.hear({ kind: "started" });
    call.hear({ kind: "words", text: "I will pay" });
    call.hear({ kind: "eager_end", text: "I will pay" });
    call.pass(600);
    call.hear({ kind: "resumed" });
    call.hear({ kind: "words", text: "I will pay on friday" });
    call.pass(300);
    call.hear({ kind: "ended", text: "I will pay on friday", languages: [], silentForMs: 300 });
    call.listen();
    expect(call.heard.slice(2).join(" ")).toBe("Answer two.");
    expect(call.requests).toHaveLength(2);
  });

  test("runs no tool before the turn is over", () => {
    const call = rehearse({ brain: () => ({ calls: [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }], text: "Sorry." }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.hear({ kind: "started" });
    call.hear({ kind: "eager_end", text: "wrong number" });
    call.pass(1_000);
    expect(call.state().outcome.disposition).toBeNull();
    call.hear({ kind: "resumed" });
    call.pass(1_000);
    expect(call.state().outcome.disposition).toBeNull();
  });
});
