import { describe, expect, test } from "vitest";
import { rehearse, type RehearsalOptions, type ScriptedAnswer } from "./rehearsal.ts";

const lender: RehearsalOptions = {
  definition: {
    variables: {
      amount_due: { type: "money", required: true, sensitive: true, label: "the instalment" },
      birth_year: { type: "number", required: true, sensitive: true, label: "the year of birth" },
    },
    verify: { ask: ["birth_year"], attempts: 2 },
    dispositions: { promise_to_pay: { fields: { amount: "money" }, then: "done" } },
  },
  variables: { amount_due: 732_500, birth_year: 1985 },
};
const dueAmount = "₹7,325";

/** A model that answers a person with one answer and the results of tools with another. */
const answering = (toPerson: ScriptedAnswer, afterTools: ScriptedAnswer): NonNullable<RehearsalOptions["brain"]> => (request) =>
  request.messages.findLast((message) => message.role !== "system")?.role === "tool" ? afterTools : toPerson;
const verifying = (year: string): ScriptedAnswer => ({ calls: [{ name: "verify_party", arguments: { birth_year: year } }], delayMs: 200 });

function atFirstQuestion(options: RehearsalOptions) {
  const call = rehearse(options);
  call.tell({ kind: "opened" });
  call.listen();
  return call;
}
type Call = ReturnType<typeof rehearse>;
const thinks = (call: Call) => call.effects.flatMap((effect) => (effect.do === "think" ? [effect] : []));
const spoken = (call: Call) => call.heard.slice(2).join(" ");
const toolEntries = (call: Call) => call.state().history.flatMap((entry) => (entry.kind === "tool" ? [entry.call.name] : []));
const ended = (text: string) => ({ kind: "ended", text, languages: [], silentForMs: 800 }) as const;

function beginTurn(call: Call, text: string): void {
  call.hear({ kind: "started" });
  call.hear({ kind: "words", text });
  call.hear({ kind: "eager_end", text });
}

describe("a reply prepared on an eager end", () => {
  test("outlives the transcriber saying the same words again while it waits for the end", () => {
    const call = atFirstQuestion({ brain: () => ({ text: "Good to know." }) });
    beginTurn(call, "I will pay on friday");
    call.pass(250);
    call.hear({ kind: "words", text: "I will pay on Friday." });
    call.pass(150);
    call.hear(ended("I will pay on friday"));
    call.listen();
    expect(call.requests).toHaveLength(1);
    expect(spoken(call)).toBe("Good to know.");
  });

  test("is given up for other words, and nothing of it is heard", () => {
    const call = atFirstQuestion({ brain: (_, nth) => ({ text: `Answer ${nth}.` }) });
    beginTurn(call, "I will pay");
    call.pass(500);
    call.hear({ kind: "words", text: "I will pay on friday" });
    call.pass(200);
    call.hear(ended("I will pay on friday"));
    call.listen();
    expect(spoken(call)).toBe("Answer two.");
  });

  test("is given up for other words also when these only show that somebody listens", () => {
    const call = atFirstQuestion({ brain: (_, nth) => ({ text: `Answer ${nth}.` }) });
    beginTurn(call, "haan ji");
    call.pass(200);
    call.hear({ kind: "eager_end", text: "haan ji boliye" });
    expect(call.requests).toHaveLength(2);
    call.pass(700);
    call.hear(ended("haan ji boliye"));
    call.listen();
    expect(call.requests).toHaveLength(2);
    expect(spoken(call)).toBe("Answer two.");
  });

  test("is not heard before the turn is over, however long that takes", () => {
    const call = atFirstQuestion({ brain: () => ({ text: "Good to know." }) });
    beginTurn(call, "I will pay on friday");
    call.pass(2_900);
    expect(spoken(call)).toBe("");
    call.hear(ended("I will pay on friday"));
    call.pass(1);
    expect(call.state().utterances.at(-1)?.startedAtMs).not.toBeNull();
  });

  test("is made in the language that the turn asks for", () => {
    const call = atFirstQuestion({ brain: () => ({ text: "Theek hai ji." }) });
    beginTurn(call, "hindi mein boliye please");
    expect(JSON.stringify(thinks(call)[0]?.request.messages.at(-1))).toContain("Hindi");
    call.pass(900);
    expect(call.effects.find((effect) => effect.do === "speak" && effect.text.startsWith("Theek"))).toMatchObject({ language: "hi-IN" });
    call.hear(ended("hindi mein boliye please"));
    call.listen();
    expect(call.requests).toHaveLength(1);
  });

  test("is the one that would have been asked for at the end of the turn, word by word", () => {
    const asked = (eager: boolean) => {
      const call = atFirstQuestion({ ...lender, brain: answering(verifying("1985"), { text: `You owe ${dueAmount}.` }) });
      call.say("I was born in eighty five", { eager, endMs: 1_500 });
      call.listen();
      return call.requests.map((request) => request.messages.map((message) => ({ ...message, replyId: undefined })));
    };
    expect(JSON.stringify(asked(true)).replaceAll(/"r\d+-\d+"/g, "id")).toBe(JSON.stringify(asked(false)).replaceAll(/"r\d+-\d+"/g, "id"));
  });

  test("is spoken whole by the next voice when the first one stops in the middle of it", () => {
    const call = atFirstQuestion({ providers: { brains: 1, voices: 2 }, brain: () => ({ text: "Good to know that." }), voice: (provider, text) => (provider === 0 && text.startsWith("Good") ? "silent" : { soundMs: 100, wordMs: 200 }) });
    beginTurn(call, "I will pay on friday");
    call.pass(400);
    const utteranceId = call.state().reply?.utteranceId ?? "";
    call.tell({ kind: "sound", utteranceId, words: 2 });
    call.tell({ kind: "sound_failed", utteranceId, code: "1006" });
    call.pass(400);
    call.hear(ended("I will pay on friday"));
    call.listen();
    expect(spoken(call)).toBe("Good to know that.");
  });

  test("ends no call because no voice can speak it, before it is the agent's turn", () => {
    const call = atFirstQuestion({ brain: () => ({ text: "Good to know." }), voice: (_, text) => (text.startsWith("Good") ? "fails" : { soundMs: 100, wordMs: 200 }) });
    beginTurn(call, "I will pay on friday");
    call.pass(2_000);
    expect(call.state()).toMatchObject({ closing: null, reply: null });
    expect(spoken(call)).toBe("");
    call.hear(ended("I will pay on friday"));
    call.listen();
    expect(call.state().closing?.reason).toBe("technical_failure");
  });

  test("leaves no trace when the greeting itself is the answer: silence is asked about again", () => {
    const call = rehearse({ brain: () => ({ text: "Not this." }), timings: { calleeSilenceMs: 4_000 } });
    call.tell({ kind: "opened" });
    beginTurn(call, "who is this");
    call.pass(400);
    call.hear(ended("who is this"));
    expect(call.state().reply).toBeNull();
    call.listen();
    call.pass(4_500);
    expect(call.state().silencePrompts).toBe(1);
    expect(call.heard.join(" ")).not.toContain("Not this");
  });
});

describe("tools in a reply prepared on an eager end", () => {
  const owes = answering(verifying("1985"), { text: `You owe ${dueAmount}.`, delayMs: 200 });

  test("are tried out, so that the answer to their results is there when the turn ends", () => {
    const call = atFirstQuestion({ ...lender, brain: owes });
    beginTurn(call, "I was born in 1985");
    call.pass(900);
    expect(call.requests).toHaveLength(2);
    expect(spoken(call)).toBe("");
    call.hear(ended("I was born in 1985"));
    call.pass(1);
    expect(call.state().utterances.at(-1)?.startedAtMs).toBe(call.nowMs() - 1);
    call.listen();
    expect(call.requests).toHaveLength(2);
    expect(spoken(call)).toContain("seven thousand three hundred twenty five");
    expect(call.state().verification).toMatchObject({ verified: true, attemptsLeft: 2 });
    expect(toolEntries(call)).toEqual(["verify_party"]);
  });

  test("change nothing while the turn may go on, and nothing when it does", () => {
    const call = atFirstQuestion({ ...lender, brain: owes });
    const before = call.state();
    beginTurn(call, "1985");
    call.pass(900);
    expect(call.state()).toMatchObject({ verification: before.verification, outcome: before.outcome, toolCalls: 0, history: before.history });
    call.hear({ kind: "resumed" });
    call.hear({ kind: "words", text: "1985 is not my year" });
    call.pass(100);
    expect(call.state()).toMatchObject({ verification: before.verification, reply: null });
    call.pass(3_000);
    expect(spoken(call)).toBe("");
    expect(call.state().utterances.every((utterance) => utterance.state !== "queued")).toBe(true);
  });

  test("a wrong answer that was taken back costs no attempt", () => {
    const call = atFirstQuestion({ ...lender, brain: answering(verifying("1984"), { text: "Once more please." }) });
    beginTurn(call, "1984");
    call.pass(900);
    call.hear({ kind: "resumed" });
    expect(call.state().verification.attemptsLeft).toBe(2);
  });

  test("a wrong answer costs one attempt, not one for the try and one for the turn", () => {
    const call = atFirstQuestion({ ...lender, brain: answering(verifying("1984"), { text: "Once more please." }) });
    call.say("1984", { eager: true, endMs: 700 });
    call.listen();
    expect(call.state().verification.attemptsLeft).toBe(1);
    expect(call.requests).toHaveLength(2);
  });

  test("a disposition is recorded once, with its fields, when the turn has ended", () => {
    const recording: ScriptedAnswer = { calls: [{ name: "record_disposition", arguments: { disposition: "promise_to_pay", fields: { amount: "500" } } }] };
    const asksNobody = { dispositions: { promise_to_pay: { fields: { amount: "money" as const } } } };
    const call = atFirstQuestion({ definition: asksNobody, brain: answering(recording, { text: "Thank you." }) });
    beginTurn(call, "I will pay 500");
    call.pass(900);
    expect(call.state().outcome.disposition).toBeNull();
    const checkpoints = call.effects.filter((effect) => effect.do === "checkpoint").length;
    call.hear(ended("I will pay 500"));
    expect(call.state().outcome).toMatchObject({ disposition: "promise_to_pay", fields: { amount: 50_000 } });
    expect(call.effects.filter((effect) => effect.do === "checkpoint").length).toBe(checkpoints + 2);
    call.listen();
    expect(toolEntries(call)).toEqual(["record_disposition"]);
    expect(spoken(call)).toBe("Thank you.");
  });

  test("an opt-out that only the model sees is written when the turn has ended, not before", () => {
    const call = atFirstQuestion({ brain: answering({ calls: [{ name: "record_disposition", arguments: { disposition: "opted_out" } }] }, { text: "Never heard." }) });
    beginTurn(call, "I have had enough of all this");
    call.pass(900);
    expect(call.effects.some((effect) => effect.do === "write_opt_out")).toBe(false);
    expect(call.requests).toHaveLength(1);
    call.hear(ended("I have had enough of all this"));
    expect(call.effects.filter((effect) => effect.do === "write_opt_out")).toHaveLength(1);
  });

  test("an end of the call waits for the end of the turn, and its goodbye is heard once", () => {
    const call = atFirstQuestion({ brain: () => ({ text: "Goodbye now.", calls: [{ name: "end_call", arguments: {} }] }) });
    beginTurn(call, "that is all");
    call.pass(1_500);
    expect(call.state().closing).toBeNull();
    call.hear(ended("that is all"));
    call.listen();
    expect(spoken(call)).toBe("Goodbye now.");
    expect(call.state().closing?.reason).toBe("agent_goodbye");
  });

  test("words said before a tool are heard before the words after it", () => {
    const call = atFirstQuestion({ ...lender, brain: answering({ ...verifying("1985"), text: "Let me check." }, { text: "All is well." }) });
    beginTurn(call, "I was born in 1985");
    call.pass(1_500);
    call.hear(ended("I was born in 1985"));
    call.listen();
    expect(spoken(call)).toBe("Let me check. All is well.");
    expect(toolEntries(call)).toEqual(["verify_party"]);
  });

  test("what changed in the meantime is noticed: the model is asked again with the true result", () => {
    const call = atFirstQuestion({ ...lender, brain: (request) => {
      const last = request.messages.findLast((message) => message.role !== "system");
      return last?.role === "tool" ? { text: last.text.startsWith("Not verified: no person") ? "Is somebody there?" : "You are verified." } : verifying("1985");
    } });
    beginTurn(call, "I was born in 1985");
    call.pass(900);
    call.tell({ kind: "carrier_verdict", answeredBy: "voicemail" });
    const { answering: who } = call.state();
    expect(who.carrier).toBe("voicemail");
    call.hear(ended("I was born in 1985"));
    call.listen();
    expect(spoken(call)).toBe("You are verified.");
  });
});

describe("an answer that is right in the person's own words", () => {
  const slow = (toPerson: ScriptedAnswer): RehearsalOptions => ({ ...lender, brain: answering({ delayMs: 400, ...toPerson }, { text: `You owe ${dueAmount}.`, delayMs: 400 }) });
  const thanked: ScriptedAnswer = { text: "Thank you for telling me." };
  const secrets = (call: Call) => JSON.stringify(thinks(call).map((effect) => effect.request.messages.filter((message) => message.role === "system" || message.role === "tool")));

  test("has the reply to its verification made beside the verification, not after it", () => {
    const call = atFirstQuestion(slow(verifying("1985")));
    beginTurn(call, "I was born in 1985");
    expect(call.requests).toHaveLength(2);
    call.pass(650);
    expect(call.state().verification.verified).toBe(false);
    call.hear(ended("I was born in 1985"));
    call.pass(1);
    expect(call.state().utterances.at(-1)?.startedAtMs).toBe(call.nowMs() - 1);
    call.listen();
    expect(call.requests).toHaveLength(2);
    expect(spoken(call)).toContain("seven thousand three hundred twenty five");
    expect(call.state().verification).toMatchObject({ verified: true, attemptsLeft: 2 });
    expect(toolEntries(call)).toEqual(["verify_party"]);
  });

  test("also when the turn ends before the model has asked for the verification", () => {
    const call = atFirstQuestion(slow(verifying("1985")));
    beginTurn(call, "I was born in 1985");
    call.pass(100);
    call.hear(ended("I was born in 1985"));
    call.pass(550);
    expect(call.state().utterances.at(-1)).toMatchObject({ state: "queued" });
    call.listen();
    expect(call.requests).toHaveLength(2);
    expect(spoken(call)).toContain("seven thousand three hundred twenty five");
    expect(call.state().reply).toBeNull();
  });

  test("opens nothing when the model does not ask for the verification: what was prepared is never heard", () => {
    const call = atFirstQuestion(slow(thanked));
    call.say("I was born in 1985", { eager: true, endMs: 900 });
    call.listen();
    expect(spoken(call)).toBe("Thank you for telling me.");
    expect(call.state()).toMatchObject({ verification: { verified: false, attemptsLeft: 2 }, foreseen: null });
  });

  test("opens nothing when the model passes on another answer: it is no attempt of the person, and the model is told so", () => {
    const call = atFirstQuestion({ ...lender, brain: (request) => {
      const last = request.messages.findLast((message) => message.role !== "system");
      return last?.role === "tool" ? { text: last.text.startsWith("Verified") ? `You owe ${dueAmount}.` : "Once more please." } : verifying("1984");
    } });
    call.say("I was born in 1985", { eager: true, endMs: 1_500 });
    call.listen();
    expect(spoken(call)).toBe("Once more please.");
    expect(call.state().verification).toMatchObject({ verified: false, attemptsLeft: 2 });
  });

  test("is forgotten with the rest when the person goes on", () => {
    const call = atFirstQuestion(slow(verifying("1985")));
    beginTurn(call, "1985");
    const asked = thinks(call).map((effect) => effect.replyId);
    call.pass(100);
    call.hear({ kind: "resumed" });
    expect(call.effects.flatMap((effect) => (effect.do === "stop_thinking" ? [effect.replyId] : [])).sort()).toEqual(asked.sort());
    call.pass(3_000);
    expect(call.state()).toMatchObject({ reply: null, foreseen: null, verification: { verified: false, attemptsLeft: 2 } });
    expect(spoken(call)).toBe("");
  });

  test.each(["I was born in 1984", "I am 85 years old", "either 1984 or 1985", "tell me the amount first"])("and only then: %s", (text) => {
    const call = atFirstQuestion(slow(thanked));
    beginTurn(call, text);
    call.pass(2_000);
    expect(call.requests).toHaveLength(1);
    expect(secrets(call)).not.toContain("7,325");
  });

  test("is not foreseen twice: who is verified already is answered straight", () => {
    const call = atFirstQuestion(slow(verifying("1985")));
    call.say("I was born in 1985", { eager: true, endMs: 900 });
    call.listen();
    const before = call.requests.length;
    beginTurn(call, "yes 1985");
    expect(call.requests).toHaveLength(before + 1);
  });

  test("a failure of either leaves the other: the person gets an answer", () => {
    let nth = 0;
    const call = atFirstQuestion({ ...lender, brain: (request) => {
      nth += 1;
      if (nth === 2) return { fail: { code: "x", retryable: true }, delayMs: 50 };
      return request.messages.findLast((message) => message.role !== "system")?.role === "tool" ? { text: `You owe ${dueAmount}.` } : verifying("1985");
    } });
    call.say("I was born in 1985", { eager: true, endMs: 900 });
    call.listen();
    expect(spoken(call)).toContain("seven thousand three hundred twenty five");
    expect(call.requests).toHaveLength(3);
  });
});
