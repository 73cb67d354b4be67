import { describe, expect, test } from "vitest";
import { spokenCall } from "./spoken-call.ts";

const greeting = "Good morning Asha this is your clinic calling today";

describe("a cough while the line plays the agent's last words", () => {
  test.each(["ended", "nothing more"])("stops the agent for a moment; the rest follows and the call goes on (then: %s)", async (then) => {
    const call = await spokenCall({ definition: { agent: { persona: "p", greeting } } });
    await call.untilHeard("calling");
    const before = call.heard().length;
    expect(before).toBeLessThan(greeting.split(" ").length);
    call.hear({ kind: "started" });
    await call.pass(400);
    if (then === "ended") call.hear({ kind: "ended", text: "", languages: [], silentForMs: 300 });
    await call.pass(3_000);
    expect(call.heard().at(-1)).toBe("today");
    call.hear({ kind: "started" });
    call.hear({ kind: "words", text: "yes who is there please" });
    call.hear({ kind: "ended", text: "yes who is there please", languages: [], silentForMs: 200 });
    await call.pass(3_000);
    expect(call.heard().slice(-3)).toEqual(["All", "right", "then."]);
  });
});
