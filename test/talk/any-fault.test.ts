import fc from "fast-check";
import { expect, test } from "vitest";
import { faults } from "./scripted-vendors.ts";
import { spokenCall } from "./spoken-call.ts";

const silent = { languages: [], silentForMs: 200 };
const spoken = fc.constantFrom("haan", "hello", "tell me what this is about", "I will pay it tomorrow");
const fault = fc.option(fc.constantFrom(...faults));
const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ wait: fc.integer({ min: 20, max: 5_000 }) }) },
  { weight: 2, arbitrary: fc.record({ hear: fc.oneof(fc.constant({ kind: "started" } as const), fc.constant({ kind: "ended", text: "", ...silent } as const), spoken.map((text) => ({ kind: "words", text }) as const), spoken.map((text) => ({ kind: "eager_end", text }) as const)) }) },
  { weight: 3, arbitrary: fc.record({ say: spoken }) },
  { weight: 1, arbitrary: fc.record({ brain: fault }) },
  { weight: 1, arbitrary: fc.record({ voice: fault }) },
  { weight: 1, arbitrary: fc.record({ stalls: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ losesMarks: fc.boolean() }) },
);
const reply = fc.record({
  text: fc.constantFrom("Yes.", "Well, that is a long story and I shall tell you all of it. Do you want it?", "One moment."),
  calls: fc.constantFrom([], ["record_disposition"], ["record_disposition", "end_call"]),
});

test("over the real player, nobody who is silent hears nothing for longer than twelve seconds, unless the call ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 12 }), fc.array(reply, { minLength: 1, maxLength: 4 }), async (moves, replies) => {
      const call = await spokenCall({ says: (turns) => replies[turns % replies.length] ?? { text: "Yes." } });
      for (const step of moves) {
        if ("wait" in step) await call.pass(step.wait);
        else if ("hear" in step) call.hear(step.hear);
        else if ("brain" in step) call.brain.fail(step.brain);
        else if ("voice" in step) call.voice.fail(step.voice);
        else if ("stalls" in step) call.line.stall(step.stalls);
        else if ("losesMarks" in step) call.loseMarks(step.losesMarks);
        else {
          call.hear({ kind: "started" });
          await call.pass(300);
          call.hear({ kind: "words", text: step.say });
          await call.pass(300);
          call.hear({ kind: "ended", text: step.say, ...silent });
        }
      }
      call.line.stall(false);
      let played = call.line.played().length;
      let silentMs = 0;
      for (let passed = 0; passed < 40_000 && !call.result(); passed += 100) {
        await call.pass(100);
        const grown = call.line.played().length > played;
        played = call.line.played().length;
        silentMs = grown ? 0 : silentMs + 100;
        if (silentMs > 12_000) {
          await call.pass(13_000);
          expect(call.result(), "silence without an end").toBeDefined();
        }
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
