import { describe, expect, it } from "vitest";
import { scriptedAgent } from "./support/scripted-agent.ts";
import { livelyWorld } from "./support/lively-world.ts";

const number = (lastTwo: string): string => `+9160000010${lastTwo}`;

describe("a call in the phone world", () => {
  it("rings, answers, talks and ends, and both sides' words are in the ledger", async () => {
    const { world, ours, call } = await livelyWorld({ rate: 8 });
    ours.onMedia = (socket) => {
      scriptedAgent(socket, [
        "Namaste, main Sahayak Finance se bol rahi hoon.",
        "Kripya apna janm ka saal batayein?",
        "Aapke 4500 rupaye bakaya hain. Aap kab pay karenge?",
        "Theek hai, dhanyavaad.",
      ]);
    };
    const sid = await call(number("00"));
    const story = await world.ledger.untilEnded(sid);

    expect(story).toMatchObject({ persona: "pays", status: "completed" });
    expect(world.ledger.saidBy(sid).map((one) => one.text)).toEqual([
      "Hello?",
      "Haan ji, boliye.",
      "Mera janm 1960 ka hai.",
      "Main 25 tareekh ko 4500 rupaye de doonga.",
      "Theek hai, dhanyavaad.",
    ]);
    expect(world.ledger.heardText(sid)).toBe(world.ledger.sentText(sid));
    expect(world.ledger.intentsOf(sid)).toEqual([{ kind: "promise_to_pay", amountPaise: 450_000, date: "2026-11-25" }]);
    expect(world.ledger.errors).toEqual([]);
    expect(ours.statuses()).toEqual(expect.arrayContaining(["initiated", "ringing", "in-progress"]));
  });
});
