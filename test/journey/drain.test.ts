import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pause } from "../../src/domain/clock.ts";
import { type JourneyWorld, journeyWorld, reminder, reminderHeader, reminderRow } from "./journey-world.ts";

let world: JourneyWorld;
beforeAll(async () => {
  world = await journeyWorld({ rate: 4, phones: { assign: () => "opts_out" } });
});
afterAll(() => world.close());

describe("R3.7 a process that is asked to stop", () => {
  it("talks to whoever it has rung, places no further call, and then ends", async () => {
    const id = await world.campaign(reminder, [reminderHeader, reminderRow("+916000010002")].join("\n"));
    await world.post(`/v1/campaigns/${id}/start`, {});
    const { ledger } = world.phones;
    while (!ledger.events.some((event) => event.kind === "status" && event.status === "ringing")) await pause(world.clock, 100);
    expect(ledger.eventsOf("stream")).toEqual([]);

    await world.service.drain();
    const changes = ledger.eventsOf("stream").map((event) => event.change);
    expect(changes).toContain("started");
    expect(changes).not.toContain("refused");
    expect(ledger.eventsOf("verb").map((event) => event.verb)).not.toContain("Say");
    expect(ledger.calls()).toHaveLength(1);
    expect(ledger.eventsOf("heard").length, "the callee heard the agent").toBeGreaterThan(0);
  });
});
