import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reduce } from "../../src/talk/conversation.ts";
import { type ConversationEvent, type Effect, timerNames } from "../../src/talk/conversation-events.ts";
import { waitingState } from "../../src/talk/conversation-state.ts";
import { believed, planOf, rehearse } from "./rehearsal.ts";

const text = fc.constantFrom("", "haan", "hello", "I will pay 500 tomorrow", "mat call karo", "please leave a message after the beep", "नहीं", "1985", "hmm", "what is this about please tell me");
const utteranceId = fc.integer({ min: 1, max: 9 }).map((nth) => `u${nth}`);
const replyId = fc.integer({ min: 1, max: 9 }).map((nth) => `r${nth}`);
const tool = fc.record({
  id: fc.constantFrom("a", "b"),
  name: fc.constantFrom("record_disposition", "verify_party", "end_call", "nonsense"),
  argumentsJson: fc.constantFrom("", "{}", "{", '{"disposition":"wrong_number"}', '{"disposition":"opted_out"}', '{"birth_year":"1985"}', '{"goodbye":"bye now"}', "[]", "null"),
});
type Untimed = { [K in ConversationEvent["kind"]]: Omit<Extract<ConversationEvent, { kind: K }>, "atMs"> }[ConversationEvent["kind"]];
const anything: fc.Arbitrary<Untimed> = fc.oneof(
  fc.constant({ kind: "opened" } as const),
  fc.record({
    kind: fc.constant("hearing" as const),
    hearing: fc.oneof(
      fc.constant({ kind: "started" } as const),
      fc.record({ kind: fc.constant("words" as const), text }),
      fc.record({ kind: fc.constant("eager_end" as const), text }),
      fc.constant({ kind: "resumed" } as const),
      fc.record({ kind: fc.constant("ended" as const), text, languages: fc.constant([]), silentForMs: fc.option(fc.integer({ min: 0, max: 2_000 })) }),
    ),
  }),
  fc.record({ kind: fc.constant("timer" as const), timer: fc.constantFrom(...timerNames) }),
  fc.record({ kind: fc.constant("brain_text" as const), replyId, delta: fc.constantFrom("Yes. ", "Well, ", "₹500 ", "and so on", "") }),
  fc.record({ kind: fc.constant("brain_call" as const), replyId, call: tool }),
  fc.record({ kind: fc.constant("brain_done" as const), replyId, inputTokens: fc.nat(9), outputTokens: fc.nat(9) }),
  fc.record({ kind: fc.constant("brain_failed" as const), replyId, code: fc.constant("x"), retryable: fc.boolean() }),
  fc.record({ kind: fc.constant("sound" as const), utteranceId, words: fc.integer({ min: -1, max: 30 }) }),
  fc.record({ kind: fc.constant("canned_sound" as const), utteranceId, text }),
  fc.record({ kind: fc.constant("sound_done" as const), utteranceId, playedInMs: fc.integer({ min: -5, max: 3_000 }) }),
  fc.record({ kind: fc.constant("sound_failed" as const), utteranceId, code: fc.constant("x") }),
  fc.record({ kind: fc.constant("first_frame" as const), utteranceId }),
  fc.record({ kind: fc.constant("mark" as const), name: fc.oneof(fc.tuple(utteranceId, fc.oneof(fc.integer({ min: -1, max: 40 }).map(String), fc.constant("end"))).map(([id, count]) => `${id}:${count}`), fc.constantFrom("", ":", "nonsense", "u1:x")) }),
  fc.record({ kind: fc.constant("digit" as const), digit: fc.constantFrom("9", "1", "#") }),
  fc.record({ kind: fc.constant("carrier_verdict" as const), answeredBy: fc.constantFrom("person", "voicemail", "carrier_announcement", "fax", "unknown" as const) }),
  fc.record({ kind: fc.constant("opt_out_written" as const), ok: fc.boolean() }),
  fc.constantFrom({ kind: "operator_end" } as const, { kind: "deaf" } as const),
);

const plan = planOf({
  definition: {
    variables: { birth_year: { type: "number", sensitive: true }, amount_due: { type: "money", sensitive: true } },
    verify: { ask: ["birth_year"], attempts: 2 },
    voicemail: "leave_message",
    voicemail_message: "please call back",
  },
  variables: { birth_year: 1985, amount_due: 50_000 },
  providers: { brains: 2, voices: 2 },
});

function play(happenings: readonly Untimed[]) {
  let state = waitingState(plan);
  let atMs = 1_764_563_400_000;
  const effects: Effect[] = [];
  const marked = new Map<string, number>();
  const events: ConversationEvent[] = [];
  for (const happening of [{ kind: "opened" } as const, ...happenings, { kind: "line_closed", how: "stopped" } as const]) {
    atMs += 137;
    const event = { ...happening, atMs };
    events.push(event);
    if (event.kind === "mark") {
      const [id = "", count = ""] = event.name.split(":");
      marked.set(id, Math.max(marked.get(id) ?? 0, count === "end" ? Number.POSITIVE_INFINITY : Number(count) || 0));
    }
    const next = reduce(state, event);
    state = next.state;
    effects.push(...next.effects);
  }
  return { state, effects, marked, events };
}

describe("whatever happens, in whatever order", () => {
  test("the conversation never breaks and ends exactly once, with one reason of the closed list", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 80 }), (happenings) => {
        const { state, effects } = play(happenings);
        expect(state.phase).toBe("over");
        expect(effects.filter((effect) => effect.do === "finish")).toHaveLength(1);
        expect(effects.filter((effect) => effect.do === "hang_up").length).toBeLessThanOrEqual(1);
        expect(effects.filter((effect) => effect.do === "write_opt_out").length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  test("what the agent believes was heard is proved by marks, word by word", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 80 }), (happenings) => {
        const { state, marked } = play(happenings);
        for (const utterance of state.utterances) {
          expect(utterance.heardWords).toBeLessThanOrEqual(Math.min(utterance.words.length, marked.get(utterance.id) ?? 0));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("nothing sensitive reaches the model or the voice before the right answer", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 80 }), (happenings) => {
        const { effects, state } = play(happenings);
        if (state.verification.verified) return;
        const told = JSON.stringify(effects.map((effect) => (effect.do === "think" ? effect.request.messages.filter((message) => message.role === "system" || message.role === "tool") : effect.do === "speak" ? effect.text : "")));
        expect(told).not.toMatch(/1985|nineteen eighty five|five hundred rupees due/);
      }),
      { numRuns: 200 },
    );
  });

  test("while a reply is only prepared, whatever the model makes of it says, records, verifies and ends nothing", () => {
    let prepared = 0;
    const thinking = fc.oneof(
      fc.record({ kind: fc.constant("hearing" as const), hearing: fc.record({ kind: fc.constant("eager_end" as const), text }) }),
      fc.record({ kind: fc.constant("brain_call" as const), replyId: fc.constantFrom("r2", "r3", "r4"), call: tool }),
      fc.record({ kind: fc.constant("brain_done" as const), replyId: fc.constantFrom("r2", "r3", "r4"), inputTokens: fc.nat(9), outputTokens: fc.nat(9) }),
      anything,
    );
    fc.assert(
      fc.property(fc.array(thinking, { maxLength: 40 }), (happenings) => {
        let state = waitingState(plan);
        for (const [index, happening] of [{ kind: "opened" } as const, { kind: "mark", name: "u1:end" } as const, ...happenings].entries()) {
          const before = state;
          const next = reduce(before, { ...happening, atMs: 1_764_563_400_000 + index * 137 });
          state = next.state;
          if (!before.reply?.speculative || !happening.kind.startsWith("brain")) continue;
          prepared += 1;
          const lasting = ({ verification, outcome, history, toolCalls, optedOut, closing, language }: typeof state) => ({ verification, outcome, history, toolCalls, optedOut, closing, language });
          expect(lasting(state)).toEqual(lasting(before));
          expect(next.effects.filter((effect) => ["play", "write_opt_out", "checkpoint", "hang_up"].includes(effect.do))).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
    expect(prepared).toBeGreaterThan(100);
  });

  test("the same events make the same states and effects: a recording is the call", () => {
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), (happenings) => {
        const first = play(happenings);
        const second = play(happenings);
        expect(JSON.stringify(second.effects)).toBe(JSON.stringify(first.effects));
        expect(JSON.stringify(second.state)).toBe(JSON.stringify(first.state));
      }),
      { numRuns: 100 },
    );
  });

  test("no state is changed in place", () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(freeze);
    };
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 60 }), (happenings) => {
        let state = waitingState(plan);
        let atMs = 1;
        for (const happening of [{ kind: "opened" } as const, ...happenings]) {
          freeze(state);
          state = reduce(state, { ...happening, atMs: (atMs += 100) }).state;
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("R4.10: whole calls with callees who do anything", () => {
  const move = fc.oneof(
    fc.record({ say: text, wordMs: fc.integer({ min: 100, max: 500 }), eager: fc.boolean() }),
    fc.record({ wait: fc.integer({ min: 50, max: 6_000 }) }),
    fc.record({ cough: fc.integer({ min: 50, max: 600 }) }),
  );
  const answer = fc.record({
    text: fc.constantFrom("", "Can you pay today? It is due.", "I understand. Thank you for telling me, we will note it.", "Yes."),
    delayMs: fc.integer({ min: 50, max: 3_000 }),
    wordMs: fc.integer({ min: 5, max: 400 }),
    fail: fc.option(fc.record({ code: fc.constant("500"), retryable: fc.boolean() }), { nil: undefined, freq: 6 }),
    calls: fc.array(fc.record({ name: fc.constantFrom("record_disposition", "end_call", "verify_party"), arguments: fc.constantFrom({}, { disposition: "wrong_number" }) }), { maxLength: 1 }),
  });

  test("the belief is what was heard, and every call ends within its length", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 25 }), fc.array(answer, { minLength: 1, maxLength: 6 }), (moves, answers) => {
        const call = rehearse({
          definition: { limits: { max_call_seconds: 60 } },
          providers: { brains: 2, voices: 2 },
          brain: (_, nth) => {
            const { fail, ...scripted } = answers[nth % answers.length] ?? { text: "Yes." };
            return fail ? { ...scripted, fail } : scripted;
          },
          voice: (provider, spoken) => (provider === 0 && spoken.includes("note") ? "silent" : { soundMs: 120, wordMs: 200 }),
        });
        call.tell({ kind: "opened" });
        const startedAtMs = call.nowMs();
        for (const step of moves) {
          if (call.result()) break;
          if ("say" in step) call.say(step.say, { wordMs: step.wordMs, eager: step.eager });
          else if ("wait" in step) call.pass(step.wait);
          else {
            call.hear({ kind: "started" });
            call.pass(step.cough);
          }
          expect(believed(call.state()).length).toBeLessThanOrEqual(call.heard.length);
        }
        call.pass(200_000);
        const result = call.result();
        expect(result).toBeDefined();
        expect((result?.endedAtMs ?? 0) - startedAtMs).toBeLessThanOrEqual(90_000);
        expect([...believed(call.state())].sort()).toEqual([...call.heard].sort());
      }),
      { numRuns: 150 },
    );
  });
});

describe("whatever the vendors do", () => {
  const noise = fc.constantFrom({ kind: "started" } as const, { kind: "words", text: "" } as const, { kind: "ended", text: "", languages: [], silentForMs: null } as const);
  const spoken = fc.constantFrom("haan", "hello", "tell me what this is about", "I will pay it tomorrow", "hmm");
  const move = fc.oneof(
    { weight: 4, arbitrary: fc.record({ wait: fc.integer({ min: 20, max: 6_000 }) }) },
    { weight: 3, arbitrary: fc.record({ hear: fc.oneof(noise, fc.record({ kind: fc.constantFrom("words" as const, "eager_end" as const), text: spoken }), spoken.map((said) => ({ kind: "ended" as const, text: said, languages: [], silentForMs: 200 })), fc.constant({ kind: "resumed" } as const)) }) },
    { weight: 2, arbitrary: fc.record({ say: spoken, eager: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ digit: fc.constantFrom("1", "9") }) },
    { weight: 1, arbitrary: fc.record({ failSound: fc.boolean() }) },
  );
  const answer = fc.record({
    text: fc.constantFrom("", "Yes.", "Well, that is a long story and I shall tell you all of it. Do you want to hear it?", "Thank you, it is noted", "One moment. "),
    calls: fc.constantFrom([], [{ name: "record_disposition", arguments: { disposition: "wrong_number" } }], [{ name: "verify_party", arguments: { confirmed: true } }], [{ name: "end_call", arguments: {} }]),
    delayMs: fc.integer({ min: 50, max: 4_000 }),
    wordMs: fc.constantFrom(5, 60, 700, 1_900),
    never: fc.boolean(),
  });
  const voices = fc.array(fc.constantFrom("good" as const, "good" as const, "fails" as const, "silent" as const), { minLength: 1, maxLength: 5 });

  test("nobody who is silent hears nothing for longer than ten seconds, unless the call is at its end", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 14 }), fc.array(answer, { minLength: 1, maxLength: 5 }), voices, (moves, answers, made) => {
        let texts = 0;
        const call = rehearse({
          providers: { brains: 2, voices: 2 },
          brain: (_, nth) => answers[nth % answers.length] ?? { text: "Yes." },
          voice: () => {
            const one = made[texts++ % made.length] ?? "good";
            return one === "good" ? { soundMs: 150, wordMs: 250 } : one;
          },
        });
        call.tell({ kind: "opened" });
        for (const step of moves) {
          if (call.result()) return;
          if ("wait" in step) call.pass(step.wait);
          else if ("hear" in step) call.hear(step.hear);
          else if ("say" in step) call.say(step.say, { eager: step.eager });
          else if ("digit" in step) call.tell({ kind: "digit", digit: step.digit });
          else call.tell({ kind: "sound_failed", utteranceId: call.state().utterances.findLast((utterance) => utterance.state === "queued")?.id ?? "", code: "stalled" });
        }
        // A question of the callee is answered, whatever went before: by the model, by the greeting nobody heard, or by the end.
        const asked = call.requests.length;
        const greetings = call.state().greetingRepeats;
        if (call.result()) return;
        call.say("what is this about please tell me");
        call.pass(12_000);
        const isAnswered = call.requests.length > asked || call.state().greetingRepeats > greetings || call.state().closing !== null || call.result() !== undefined;
        expect(isAnswered, "the question was answered").toBe(true);
        const fromMs = call.nowMs();
        let words = call.heard.length;
        let lastHeardMs = call.nowMs();
        while (!call.result() && !call.state().closing && call.nowMs() - fromMs < 45_000) {
          call.pass(100);
          if (call.heard.length > words) lastHeardMs = call.nowMs();
          words = call.heard.length;
          expect(call.nowMs() - lastHeardMs, JSON.stringify({ utterances: call.state().utterances.slice(-3), closing: call.state().closing })).toBeLessThanOrEqual(10_500);
        }
        if (!call.state().closing) return;
        call.pass(25_000);
        expect(call.result()).toBeDefined();
      }),
      { numRuns: 200 },
    );
  });
});
