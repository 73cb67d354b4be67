import { describe, expect, test } from "vitest";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import type { CrashPoint, DialDeps } from "../../src/dial/ports.ts";
import { runBackground, runFor } from "./background.ts";
import { dialWorld, type DialWorld, endedAs, fact } from "./dial-world.ts";
import { unknownAnswer } from "./fake-carrier.ts";

async function ambiguous(world: DialWorld, tail: number, creates: boolean) {
  const planned = await world.planned(tail);
  world.carrier.onNextPlace({ creates, answers: unknownAnswer });
  expect(await placeAttempt(world.deps, { attemptId: planned.attemptId })).toMatchObject({ kind: "ambiguous" });
  return planned;
}

describe("an attempt whose answer was lost", () => {
  test("R1.4 is bound to its call by the carrier's list within two minutes, though the list lags", async () => {
    const world = await dialWorld();
    world.carrier.listLagMs = 30_000;
    const { attemptId, number } = await ambiguous(world, 1, true);
    await runFor(world, 120_000, 5_000);
    expect(await world.attempt(attemptId)).toMatchObject({ bound_by: "reconciled", call_sid: world.carrier.callTo(number).callSid });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("R1.4 is bound at once by any callback", async () => {
    const world = await dialWorld();
    const { attemptId, number } = await ambiguous(world, 1, true);
    const call = world.carrier.callTo(number);
    await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 1, { kind: "ringing" }) });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "ringing", bound_by: "callback", call_sid: call.callSid });
  });

  test("R1.4 without any trace is held, closed as unknown at twenty minutes, and never dialed meanwhile", async () => {
    const world = await dialWorld();
    const { attemptId, contactId } = await ambiguous(world, 1, false);
    const sentMs = world.clock.nowMs();
    await runFor(world, 310_000, 5_000);
    expect((await world.attempt(attemptId)).state).toBe("held");
    let closedMs = 0;
    await runFor(world, 1_000_000, 10_000, async () => {
      expect(await placeAttempt(world.deps, { attemptId })).toEqual({ kind: "gone" });
      if (closedMs === 0 && (await world.attempt(attemptId)).state === "closed_unknown") closedMs = world.clock.nowMs();
    });
    expect(Math.abs(closedMs - sentMs - 1_200_000)).toBeLessThanOrEqual(30_000);
    expect(world.told).toEqual([attemptId]);
    expect(world.carrier.requests.place).toBe(1);
    expect((await world.contact(contactId)).state).toBe("planned");
  });

  test("R1.4 stays open while the list cannot be read, with an alarm after ten minutes", async () => {
    const world = await dialWorld();
    const { attemptId } = await ambiguous(world, 1, false);
    world.carrier.failing.list = true;
    await runFor(world, 1_500_000, 15_000);
    expect((await world.attempt(attemptId)).state).toBe("ambiguous");
    expect(world.log.sentences("error")).toContain("the carrier's list cannot be read; an attempt of unknown fate stays open");
    world.carrier.failing.list = false;
    await runFor(world, 60_000, 5_000);
    expect((await world.attempt(attemptId)).state).toBe("closed_unknown");
  });

  test("an attempt that cannot be read is put off and keeps no other from being found", async () => {
    const world = await dialWorld();
    const unreadable = await ambiguous(world, 1, true);
    world.clock.advance(10);
    const { attemptId, number } = await ambiguous(world, 2, true);
    await world.database.db.updateTable("contacts").set({ number_sealed: Buffer.from("not what we sealed") }).where("id", "=", unreadable.contactId).execute();
    await runFor(world, 20_000, 5_000);
    expect(await world.attempt(attemptId)).toMatchObject({ bound_by: "reconciled", call_sid: world.carrier.callTo(number).callSid });
    expect((await world.attempt(unreadable.attemptId)).state).toBe("ambiguous");
    expect(world.log.lines.filter((line) => line.level === "error").map((line) => line.fields["attemptId"])).toEqual([unreadable.attemptId]);
  });

  test("of two calls in the list takes the one that called our address back", async () => {
    const world = await dialWorld();
    const { attemptId, number } = await ambiguous(world, 1, true);
    const mine = world.carrier.callTo(number);
    await world.carrier.place({ ...mine.order, token: "a-call-made-by-another-program" });
    await runFor(world, 20_000, 5_000);
    expect(await world.attempt(attemptId)).toMatchObject({ bound_by: "reconciled", call_sid: mine.callSid });
  });

  test("a late proof revives an attempt that was closed as unknown, and raises its revision", async () => {
    const world = await dialWorld();
    const { attemptId } = await ambiguous(world, 1, false);
    await runFor(world, 1_300_000, 20_000);
    const { token, revision } = await world.attempt(attemptId);
    await receiveFact(world.deps, { token, fact: fact(world, "CAlate00000000", 3, endedAs("completed", 20)) });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "ended", ending: "completed", revision: revision + 1, call_sid: "CAlate00000000" });
  });
});

describe("R1.8 what a dead process leaves behind", () => {
  class Killed extends Error {}
  const dyingAt = (deps: DialDeps, at: CrashPoint): DialDeps => ({
    ...deps,
    crashPoint: (name) => {
      if (name === at) throw new Killed();
    },
  });

  test("a claim from which nothing was sent is planned again after its lease, and placed once", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    await expect(placeAttempt(dyingAt(world.deps, "after_claim"), { attemptId })).rejects.toThrow(Killed);
    await runFor(world, 29_000, 1_000);
    expect((await world.attempt(attemptId)).state).toBe("claimed");
    await runFor(world, 10_000, 1_000);
    expect(await world.attempt(attemptId)).toMatchObject({ state: "planned", reserved_paise: 0 });
    expect(await placeAttempt(world.deps, { attemptId })).toMatchObject({ kind: "placed" });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("a request that may have left is never sent again: the list decides", async () => {
    const world = await dialWorld();
    const [sent, unsent] = [await world.planned(1), await world.planned(2)];
    await expect(placeAttempt(dyingAt(world.deps, "response_parsed"), { attemptId: sent.attemptId })).rejects.toThrow(Killed);
    await expect(placeAttempt(dyingAt(world.deps, "after_sending_committed"), { attemptId: unsent.attemptId })).rejects.toThrow(Killed);
    await runFor(world, 40_000, 2_000);
    expect(await world.attempt(sent.attemptId)).toMatchObject({ bound_by: "reconciled" });
    expect((await world.attempt(unsent.attemptId)).state).toBe("ambiguous");
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("a slow process whose lease was taken loses its turn instead of sending twice", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    const slow: DialDeps = {
      ...world.deps,
      vault: {
        ...world.vault,
        forAccount: async (accountId) => {
          if ((await world.attempt(attemptId)).state === "claimed") {
            world.clock.advance(40_000);
            await runBackground(world.deps);
            expect(await placeAttempt(world.deps, { attemptId })).toMatchObject({ kind: "placed" });
          }
          return world.vault.forAccount(accountId);
        },
      },
    };
    expect(await placeAttempt(slow, { attemptId })).toEqual({ kind: "gone" });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("a process that slept between committing the intent and sending it sends nothing, whether or not its lease was taken", async () => {
    const world = await dialWorld();
    const sleeping = (ms: number, meanwhile: () => Promise<void>): DialDeps => ({
      ...world.deps,
      crashPoint: async (name) => {
        if (name !== "after_sending_committed") return;
        world.clock.advance(ms);
        await meanwhile();
      },
    });
    const briefly = await world.planned(1);
    expect(await placeAttempt(sleeping(5_000, async () => undefined), briefly)).toMatchObject({ kind: "postponed", code: "held_up" });
    expect(await world.attempt(briefly.attemptId)).toMatchObject({ state: "planned", reserved_paise: 0, sent_at: null });

    const long = await world.planned(2);
    expect(await placeAttempt(sleeping(60_000, () => runBackground(world.deps)), long)).toEqual({ kind: "gone" });
    expect((await world.attempt(long.attemptId)).state).toBe("ambiguous");
    expect(world.carrier.calls).toHaveLength(0);
  });

  test("a machine that slept between judging and sending sends nothing, though its clock saw no time pass", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    let awake = true;
    const asleep: DialDeps = {
      ...world.deps,
      clockAgrees: () => awake,
      crashPoint: (name) => {
        if (name === "after_sending_committed") awake = false;
      },
    };
    expect(await placeAttempt(asleep, { attemptId })).toMatchObject({ kind: "postponed", code: "held_up" });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "planned", sent_at: null });
    expect(world.carrier.calls).toHaveLength(0);
  });

  test("R3.4 fifty slots of a dead process are free within ninety seconds, and none while the carrier still shows the call", async () => {
    const world = await dialWorld({ settings: { maxConcurrentCalls: 50 } });
    const points: CrashPoint[] = ["after_claim", "after_sending_committed", "response_parsed"];
    const attempts = [];
    for (let n = 0; n < 50; n += 1) {
      const { attemptId } = await world.planned(n);
      world.clock.advance(20);
      await expect(placeAttempt(dyingAt(world.deps, points[n % 3] ?? "after_claim"), { attemptId })).rejects.toThrow(Killed);
      attempts.push(attemptId);
    }
    const diedMs = world.clock.nowMs();
    const next = await world.planned(99);
    expect(await placeAttempt(world.deps, { attemptId: next.attemptId })).toMatchObject({ kind: "postponed", code: "slots" });
    for (const call of world.carrier.calls) world.carrier.set(call, "in-progress");
    const live = new Set(world.carrier.calls.map((call) => call.order.token));
    await runFor(world, 60_000, 3_000, async () => {
      for (const attempt of await world.database.db.selectFrom("attempts").where("token", "in", [...live]).select(["state", "checks"]).execute()) {
        expect(["sending", "ambiguous", "dialed", "in_progress"]).toContain(attempt.state);
        expect(attempt.checks).toBeLessThan(3);
      }
    });
    for (const call of world.carrier.calls) {
      world.carrier.end(call, "completed", 60);
      await receiveFact(world.otherProcess("dialer-2"), { token: call.order.token, fact: fact(world, call.callSid, 3, endedAs("completed", 60)) });
    }
    await runFor(world, 90_000 - (world.clock.nowMs() - diedMs), 3_000);
    const held = await world.database.db
      .selectFrom("attempts")
      .where("id", "in", attempts)
      .where("state", "not in", ["planned", "ended"])
      .select(["state", "checks"])
      .execute();
    expect(held.every((attempt) => attempt.state === "ambiguous" && attempt.checks >= 3)).toBe(true);
  });
});
