import { describe, expect, test } from "vitest";
import { newExpectedPlaces } from "../../src/dial/expected-places.ts";
import { nearnessOf } from "../../src/dial/near-place.ts";
import { afterSend, campaignFlow, carrierFlow, type FlowPace } from "../../src/dial/pace.ts";
import { passGates } from "../../src/dial/pass-gates.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { newPunctuality } from "../../src/dial/punctuality.ts";
import { dialWorld } from "./dial-world.ts";
import { untilClockIs, untilHolds, untilOver } from "./until.ts";

describe("a place in the pace", () => {
  test("a place in the pace is taken only when it is near: until then the attempt is planned and holds nothing", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 1 } });
    const [first, second, third] = [await world.planned(1), await world.planned(2), await world.planned(3)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const placing = Promise.all([second, third].map(({ attemptId }) => placeAttempt(world.deps, { attemptId })));
    await untilClockIs(world, 400);
    for (const { attemptId } of [second, third]) expect(await world.attempt(attemptId)).toMatchObject({ state: "planned", lease_owner: null, send_after: null, reserved_paise: 0 });
    await untilClockIs(world, 200);
    const states = async () => (await Promise.all([second, third].map(({ attemptId }) => world.attempt(attemptId)))).map(({ state }) => state).sort();
    await untilHolds(async () => (await states()).includes("claimed"));
    expect(await states()).toEqual(["claimed", "planned"]);
    await untilOver(world, placing);
    const leftAtMs = world.carrier.calls.map((call) => call.createdAtMs);
    expect(leftAtMs.map((ms) => Math.round((ms - (leftAtMs[0] ?? 0)) / 1_000))).toEqual([0, 1, 2]);
    expect(await world.database.db.selectFrom("evidence").select("decision").execute()).toHaveLength(3);
  });

  test("who came too early before may take a place further ahead, so that nobody is overtaken for ever", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 1 } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const ask = (cameEarly: number) => passGates(world.deps, [{ attemptId: second.attemptId, cameEarly }]);
    expect(await ask(0)).toEqual([{ kind: "early", untilMs: expect.closeTo(world.clock.nowMs() + 500, -2) }]);
    expect(await ask(1)).toMatchObject([{ kind: "claimed", claim: { sendAtMs: expect.closeTo(world.clock.nowMs() + 1_000, -2) } }]);
  });

  test("a process that takes no new calls lets go of those that wait for their place, and they stay planned", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 1 } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const placing = placeAttempt(world.deps, { attemptId: second.attemptId });
    await untilClockIs(world, 100);
    world.deps.spacing.standDown();
    expect(await untilOver(world, placing)).toMatchObject({ kind: "postponed", code: "stopping" });
    expect(await world.attempt(second.attemptId)).toMatchObject({ state: "planned", lease_owner: null, announced_at: null });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("a call claimed before its process was asked to stop is given back, not sent", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 2.5 } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, { attemptId: first.attemptId });
    const placing = placeAttempt(world.deps, { attemptId: second.attemptId });
    await untilHolds(async () => (await world.attempt(second.attemptId)).state === "claimed");
    world.deps.spacing.standDown();
    expect(await untilOver(world, placing)).toMatchObject({ kind: "postponed", code: "stopping" });
    expect(await world.attempt(second.attemptId)).toMatchObject({ state: "planned", lease_owner: null, reserved_paise: 0, send_after: null });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("who waits for the carrier gains ground with patience; who waits for a slow campaign does not; who would wait too long keeps no worker", () => {
    const nowMs = 1_000_000;
    const ask = (flow: "carrier" | "campaign", aheadMs: number, cameEarly: number) => {
      const flows = [carrierFlow(10), campaignFlow("a", 10)];
      const taken = flows.filter((each) => each.of === flow);
      const pace = new Map<string, FlowPace>(afterSend(taken, new Map(), nowMs + aheadMs - 100).map(({ key, ...each }) => [key, each]));
      return nearnessOf({ punctuality: newPunctuality(), expected: newExpectedPlaces() }, { flows, alternatives: () => [flows], pace, nowMs, cameEarly }).kind;
    };
    expect([0, 1].map((cameEarly) => ask("carrier", 900, cameEarly))).toEqual(["early", "near"]);
    expect([0, 1, 5].map((cameEarly) => ask("campaign", 900, cameEarly))).toEqual(["early", "early", "early"]);
    expect(ask("campaign", 590, 1)).toBe("near");
    expect(ask("carrier", 4_500, 0)).toBe("far");
  });
});
