import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { rescueLeases } from "../../src/dial/rescue-leases.ts";
import type { CrashPoint } from "../../src/dial/ports.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import { type E164, readCallerNumber } from "../../src/domain/phone-number.ts";
import { istFromMs } from "../../src/domain/clock.ts";
import { dialWorld, type DialWorld, endedAs, fact, morning } from "./dial-world.ts";
import type { LedgerCall } from "./fake-carrier.ts";
import { longFormTimeoutMs, shortOrLong } from "../support/long-form.ts";

async function end(world: DialWorld, call: LedgerCall | undefined): Promise<void> {
  if (!call) throw new Error("expected a call");
  world.carrier.end(call, "no_answer");
  await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 3, endedAs("no_answer")) });
}

describe("slots", () => {
  test("a campaign's concurrency and the deployment's are never exceeded, also by dialers in a race", async () => {
    const world = await dialWorld({ definition: { limits: { cps: 100, concurrency: 3 } }, settings: { callsPerSecond: 10_000, maxConcurrentCalls: 5 }, maxConnections: 20 });
    const another = await world.campaign({ name: "another" });
    const attempts: Awaited<ReturnType<DialWorld["planned"]>>[] = [];
    for (let n = 0; n < 10; n += 1) attempts.push(await world.planned(n), await world.planned(100 + n, another));
    const clock = runningClock({ startMs: world.clock.nowMs() });
    const dialers = Array.from({ length: 4 }, (_, n) => world.otherProcess(`dialer-${n}`, { clock }));
    const placings = await Promise.all(attempts.flatMap(({ attemptId }) => dialers.map((deps) => placeAttempt(deps, { attemptId }))));
    expect(world.carrier.calls).toHaveLength(5);
    expect(world.carrier.calls.filter((call) => attempts.find((each) => each.number === call.order.to)).length).toBe(5);
    expect(await openOf(world, world.campaignId)).toBeLessThanOrEqual(3);
    expect(placings.some((placing) => placing.kind === "postponed" && placing.code === "slots")).toBe(true);

    await end(world, world.carrier.calls[0]);
    const waiting = await world.database.db.selectFrom("attempts").where("state", "=", "planned").where("campaign_id", "=", another).select("id").executeTakeFirstOrThrow();
    const later = world.otherProcess("dialer-9", { clock: runningClock({ startMs: world.clock.nowMs() + 60_000 }) });
    expect(await placeAttempt(later, { attemptId: waiting.id })).toMatchObject({ kind: "placed" });
  });

  type Command = { kind: "place" | "end" | "crash" | "expire"; which: number };
  test("R3.5 random placing, ending, dying and expiring: never more live than the limit, and no slot leaks", async () => {
    const limit = 4;
    const world = await dialWorld({ settings: { callsPerSecond: 1_000, maxConcurrentCalls: limit } });
    let tail = 0;
    const command: fc.Arbitrary<Command> = fc.record({
      kind: fc.constantFrom("place" as const, "place" as const, "end" as const, "crash" as const, "expire" as const),
      which: fc.nat(1_000),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 20, maxLength: 20 }), async (commands) => {
        if (world.clock.now().hour >= 17) world.clock.advance(17 * 3_600_000);
        for (const { kind, which } of commands) {
          world.clock.advance(50);
          if (kind === "place") await placeAttempt(world.deps, { attemptId: (await world.planned(tail++)).attemptId });
          if (kind === "crash") await dieWhilePlacing(world, tail++);
          if (kind === "end") {
            const live = world.carrier.calls.filter((call) => call.status !== "ended");
            if (live.length > 0) await end(world, live[which % live.length]);
          }
          if (kind === "expire") {
            world.clock.advance(31_000);
            await rescueLeases(world.deps);
          }
          expect(world.carrier.calls.filter((call) => call.status !== "ended").length).toBeLessThanOrEqual(limit);
          expect(await openOf(world)).toBeLessThanOrEqual(limit);
        }
        for (const call of world.carrier.calls) if (call.status !== "ended") await end(world, call);
        world.clock.advance(31_000);
        await rescueLeases(world.deps);
        expect(await openOf(world)).toBe(0);
      }),
      { numRuns: shortOrLong(6, 5_000), seed: 35 },
    );
  }, longFormTimeoutMs);
});

describe("pace", () => {
  test("R1.6 places in the pace are even, over dialers and processes: never two closer than the pace allows", async () => {
    const clock = runningClock({ startMs: istMs(morning), rate: 4 });
    const world = await dialWorld({ clock, settings: { callsPerSecond: 10 } });
    const attempts = [];
    for (let n = 0; n < 60; n += 1) attempts.push(await world.planned(n));
    const queue = [...attempts];
    const worker = async (name: string): Promise<void> => {
      const deps = world.otherProcess(name);
      for (let next = queue.shift(); next; next = queue.shift()) {
        const placing = await placeAttempt(deps, next);
        if (placing.kind === "postponed") queue.push(next);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, n) => worker(`dialer-${n % 2}`)));
    const sentAtMs = world.carrier.calls.map((call) => call.createdAtMs).sort((a, b) => a - b);
    expect(sentAtMs).toHaveLength(60);
    const places = (await world.database.db.selectFrom("attempts").select("send_after").orderBy("send_after").execute()).map((row) => row.send_after?.getTime() ?? 0);
    for (let n = 1; n < places.length; n += 1) expect((places[n] ?? 0) - (places[n - 1] ?? 0)).toBeGreaterThanOrEqual(99);
  });

  test("a place far in the future is not taken: the attempt stays planned and its claim blocks nobody", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 0.1 } });
    const [first, second] = [await world.planned(1), await world.planned(2)];
    await placeAttempt(world.deps, first);
    expect(await placeAttempt(world.deps, second)).toMatchObject({ kind: "postponed", code: "pace" });
    const attempt = await world.attempt(second.attemptId);
    expect(attempt).toMatchObject({ state: "planned", refusal_code: "pace" });
    expect(attempt.due_at.getTime()).toBeGreaterThan(world.clock.nowMs() + 5_000);
  });

  const pool = ["+14155550100", "+14155550101", "+14155550102"].map(readCallerNumber).filter((number): number is E164 => number !== undefined);
  test("caller numbers take turns, each with its own pace; one that rests is left out until it is rested", async () => {
    const world = await dialWorld({ settings: { callsPerSecond: 10, callsPerSecondPerNumber: 0.01, fromNumbers: pool } });
    await world.rows.account("unrelated");
    await world.database.db
      .insertInto("caller_numbers")
      .values({ account_id: world.accountId, number: pool[1] ?? "", last_used_at: null, cooling_until: new Date(world.clock.nowMs() + 600_000), cooling_because: "blocked" })
      .execute();
    for (let n = 0; n < 3; n += 1) {
      await placeAttempt(world.deps, await world.planned(n));
      world.clock.advance(200);
    }
    expect(world.carrier.calls.map((call) => call.order.from)).toEqual([pool[0], pool[2]]);
    expect(await placeAttempt(world.deps, await world.planned(9))).toMatchObject({ kind: "postponed", code: "pace" });
    world.clock.advance(601_000);
    await placeAttempt(world.deps, await world.planned(10));
    expect(world.carrier.calls[2]?.order.from).toBe(pool[1]);
  });

  test("without a free caller number nothing is dialed, and the reason says so", async () => {
    const world = await dialWorld({ settings: { fromNumbers: pool.slice(0, 1) } });
    await world.database.db
      .insertInto("caller_numbers")
      .values({ account_id: world.accountId, number: pool[0] ?? "", last_used_at: null, cooling_until: new Date(world.clock.nowMs() + 600_000), cooling_because: "blocked" })
      .execute();
    expect(await placeAttempt(world.deps, await world.planned(1))).toMatchObject({ kind: "postponed", code: "caller_numbers_resting", untilMs: world.clock.nowMs() + 600_000 });
  });
});

describe("budget", () => {
  const withBudget = { limits: { cps: 100, concurrency: 100, budget_inr: 100, max_call_seconds: 90 } };

  test("stops at the campaign's cap, not after it: the worst case of every open call counts", async () => {
    const world = await dialWorld({ definition: withBudget, settings: { worstCasePerMinutePaise: 2_000 } });
    const attempts = [await world.planned(1), await world.planned(2), await world.planned(3)];
    const placings = [];
    for (const attempt of attempts) {
      placings.push(await placeAttempt(world.deps, attempt));
      world.clock.advance(50);
    }
    expect(placings).toMatchObject([{ kind: "placed" }, { kind: "placed" }, { kind: "postponed", code: "campaign_budget" }]);

    for (const call of world.carrier.calls) await end(world, call);
    await world.database.db.updateTable("attempts").set({ cost_paise: 1_500, reserved_paise: 0 }).where("state", "=", "ended").execute();
    const third = attempts[2] ?? attempts[0];
    expect(await placeAttempt(world.deps, third ?? fail())).toMatchObject({ kind: "placed" });
    expect(await placeAttempt(world.deps, await world.planned(4))).toMatchObject({ kind: "postponed", code: "campaign_budget" });
  });

  test("stops at the account's cap for the day over all its campaigns, and begins anew at midnight in India", async () => {
    const world = await dialWorld({ settings: { worstCasePerMinutePaise: 2_000 }, definition: { limits: { cps: 100, concurrency: 100, max_call_seconds: 30 } } });
    await world.database.db.updateTable("accounts").set({ day_cap_paise: 5_000 }).execute();
    const first = await world.planned(1);
    expect(await placeAttempt(world.deps, first)).toMatchObject({ kind: "placed" });
    await end(world, world.carrier.calls[0]);
    await world.database.db.updateTable("attempts").set({ cost_paise: 4_000, reserved_paise: 0 }).where("id", "=", first.attemptId).execute();
    const second = await world.planned(2, await world.campaign({ name: "another", limits: { cps: 100, max_call_seconds: 30 } }));
    expect(await placeAttempt(world.deps, second)).toMatchObject({ kind: "postponed", code: "account_budget" });
    world.clock.advanceTo("2026-12-02T10:30");
    expect(await placeAttempt(world.deps, second)).toMatchObject({ kind: "placed" });
  });

  test("a late price corrects what was spent", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    await placeAttempt(world.deps, { attemptId });
    for (const cost of [900, 700]) await world.database.db.updateTable("attempts").set({ cost_paise: cost }).where("id", "=", attemptId).execute();
    expect(await world.database.db.selectFrom("spend").select(["campaign_id", "amount_paise"]).execute()).toEqual([{ campaign_id: world.campaignId, amount_paise: 700 }]);
  });
});

async function openOf(world: DialWorld, campaignId?: string): Promise<number> {
  let query = world.database.db.selectFrom("attempts").where("state", "in", ["claimed", "sending", "dialed", "ringing", "in_progress"]);
  if (campaignId !== undefined) query = query.where(({ eb, ref }) => eb(ref("campaign_id"), "=", campaignId as DialWorld["campaignId"]));
  return Number((await query.select((e) => e.fn.countAll<number>().as("n")).executeTakeFirstOrThrow()).n);
}

async function dieWhilePlacing(world: DialWorld, tail: number): Promise<void> {
  const { attemptId } = await world.planned(tail);
  const dies: CrashPoint = "after_claim";
  const deps = { ...world.deps, crashPoint: (name: CrashPoint) => void (name === dies && fail()) };
  await placeAttempt(deps, { attemptId }).catch(() => undefined);
}

function istMs(iso: string): number {
  return istFromMs(Date.parse(`${iso}:00+05:30`)).toMillis();
}

function fail(): never {
  throw new Error("the process died");
}
