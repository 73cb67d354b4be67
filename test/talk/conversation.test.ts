import { describe, expect, test } from "vitest";
import { believed, rehearse } from "./rehearsal.ts";

const spokenBy = (result: { turns: readonly { speaker: string; text: string }[] } | undefined) => (result?.turns ?? []).map((turn) => `${turn.speaker}: ${turn.text}`);

describe("a conversation", () => {
  test("greets as soon as the line is up, without asking the model", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    expect(call.effects.find((effect) => effect.do === "speak")).toMatchObject({ text: "hello Asha" });
    call.listen();
    expect(call.heard).toEqual(["hello", "Asha"]);
    expect(call.requests).toHaveLength(0);
  });

  test("answers a turn and says goodbye to the last word before it hangs up", () => {
    const call = rehearse({
      brain: (_, nth) =>
        nth === 1 ? { text: "Can you pay this week?" } : nth === 2
          ? { calls: [{ name: "record_disposition", arguments: { disposition: "promise_to_pay", fields: { amount: "4500", date: "2026-12-05" }, summary: "Will pay." } }] }
          : { text: "Thank you, goodbye.", calls: [{ name: "end_call", arguments: {} }] },
    });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("yes speaking who is it");
    call.listen();
    call.say("I will pay 4500 on the fifth");
    call.listen();
    call.pass(2_000);
    expect(call.heard.join(" ")).toBe("hello Asha Can you pay this week? Thank you, goodbye.");
    expect(call.result()).toMatchObject({
      endReason: "agent_goodbye",
      hangupBy: "agent",
      answeredBy: "person",
      disposition: "promise_to_pay",
      fields: { amount: 450_000, date: "2026-12-05" },
      summary: "Will pay.",
    });
    const hangUp = call.effects.findIndex((effect) => effect.do === "hang_up");
    expect(hangUp).toBeGreaterThan(0);
    expect(spokenBy(call.result()).at(-1)).toBe("agent: Thank you, goodbye.");
  });

  test("measures each reply from the end of the callee's speech", () => {
    const call = rehearse({ brain: () => ({ text: "Fine.", delayMs: 200 }) });
    call.tell({ kind: "opened" });
    call.listen();
    call.say("who are you and what do you want", { endMs: 300 });
    call.listen();
    const turn = call.state().utterances.at(-1);
    expect(turn?.latency).toEqual({ endOfTurnMs: 300, firstWordMs: 500, firstSoundMs: 660, replyMs: 660 });
    expect(call.state().firstSoundMs).toBe(150);
  });

  test("a callee who hangs up in the middle of a word leaves a result with the words heard until then", () => {
    const call = rehearse();
    call.tell({ kind: "opened" });
    call.pass(600);
    call.tell({ kind: "line_closed", how: "stopped" });
    expect(call.result()).toMatchObject({ endReason: "callee_hung_up", hangupBy: "callee" });
    expect(spokenBy(call.result())).toEqual(["agent: hello"]);
    expect(believed(call.state())).toEqual(call.heard);
  });
});
