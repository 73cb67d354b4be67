import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { lockSlots } from "../../src/dial/capacity.queries.ts";
import { expiredLeases, doubtSending, planAgain } from "../../src/dial/leases.queries.ts";
import { passGates } from "../../src/dial/pass-gates.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import type { CrashPoint, DialDeps } from "../../src/dial/ports.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import { rescueLeases } from "../../src/dial/rescue-leases.ts";
import { keepSending } from "../../src/dial/send.queries.ts";
import { runFor } from "./background.ts";
import { dialWorld, type DialWorld, endedAs, fact } from "./dial-world.ts";
import { unknownAnswer } from "./fake-carrier.ts";
import { untilHolds } from "./until.ts";

/** The same process, which does this when it comes to a point. */
function doingAt(deps: DialDeps, at: CrashPoint, what: () => Promise<void>): DialDeps {
  return { ...deps, crashPoint: (name) => (name === at ? what() : undefined) };
}

/** So long that the lease of a claim is over, and somebody takes it away. */
async function leaseIsTaken(world: DialWorld): Promise<void> {
  world.clock.advance(40_000);
  expect(await rescueLeases(world.otherProcess("rescuer"))).toBe(1);
}

describe("an attempt has one holder, and the carrier's ledger one call", () => {
  test("a process whose claim was taken and given to another sends nothing, though the attempt is claimed", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    const goOn = Promise.withResolvers<void>();
    let second: ReturnType<typeof placeAttempt> | undefined;
    const first = doingAt(world.deps, "after_claim", async () => {
      await leaseIsTaken(world);
      const claimed = Promise.withResolvers<void>();
      const other = doingAt(world.otherProcess("dialer-2"), "after_claim", () => {
        claimed.resolve();
        return goOn.promise;
      });
      second = placeAttempt(other, { attemptId });
      await claimed.promise;
    });
    expect(await placeAttempt(first, { attemptId })).toEqual({ kind: "gone" });
    expect(world.carrier.calls).toHaveLength(0);
    goOn.resolve();
    expect(await second).toMatchObject({ kind: "placed" });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("whoever comes late to take over a lease that is over leaves the claim of the next holder alone", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    await passGates(world.deps, [{ attemptId, cameEarly: 0 }]);
    world.clock.advance(40_000);
    const [lease] = await expiredLeases(world.deps.db, { now: new Date(world.clock.nowMs()), limit: 1 });
    if (!lease) throw new Error("expected a lease that is over");
    await rescueLeases(world.otherProcess("rescuer"));
    const next = doingAt(world.otherProcess("dialer-2"), "after_claim", async () => {
      expect(await planAgain(world.deps.db, lease, new Date(world.clock.nowMs()))).toBe(false);
    });
    expect(await placeAttempt(next, { attemptId })).toMatchObject({ kind: "placed" });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("a request whose lease was renewed in the same moment is not doubted", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    const late = doingAt(world.deps, "after_sending_committed", async () => {
      const { lease_owner: leaseOwner, lease_until: leaseUntil } = await world.attempt(attemptId);
      if (leaseOwner === null || leaseUntil === null) throw new Error("expected a lease");
      const over = new Date(leaseUntil.getTime() + 1);
      const [lease] = await expiredLeases(world.deps.db, { now: over, limit: 1 });
      if (!lease) throw new Error("expected a lease that is over");
      expect(await keepSending(world.deps.db, { attemptId, leaseOwner, leaseUntil: new Date(over.getTime() + 30_000), sendAfter: over }, over)).toBe(true);
      expect(await doubtSending(world.deps.db, lease, { now: over, checkAfter: over })).toBe(false);
    });
    expect(await placeAttempt(late, { attemptId })).toMatchObject({ kind: "placed" });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "dialed", bound_by: "answer" });
  });

  test("a process that stands down gives back only what it still holds: a call that another sends meanwhile is not placed again", async () => {
    const world = await dialWorld();
    const { attemptId } = await world.planned(1);
    const answer = Promise.withResolvers<void>();
    world.carrier.beforeAnswer = () => answer.promise;
    let second: ReturnType<typeof placeAttempt> | undefined;
    const first = doingAt(world.deps, "after_claim", async () => {
      await leaseIsTaken(world);
      second = placeAttempt(world.otherProcess("dialer-2"), { attemptId });
      await untilHolds(async () => (await world.attempt(attemptId)).state === "sending" && world.carrier.calls.length === 1);
      world.deps.spacing.standDown();
    });
    expect(await placeAttempt(first, { attemptId })).toEqual({ kind: "gone" });
    world.carrier.beforeAnswer = undefined;
    expect(await placeAttempt(world.otherProcess("dialer-3"), { attemptId })).toEqual({ kind: "gone" });
    answer.resolve();
    expect(await second).toMatchObject({ kind: "placed" });
    expect(world.carrier.calls).toHaveLength(1);
  });

  test("the call of an earlier attempt, made moments before to the same person, is never taken for one whose answer was lost", async () => {
    const world = await dialWorld();
    const { attemptId, contactId, number } = await world.planned(1);
    await placeAttempt(world.deps, { attemptId });
    const earlier = world.carrier.callTo(number);
    world.carrier.end(earlier, "busy");
    await receiveFact(world.deps, { token: earlier.order.token, fact: fact(world, earlier.callSid, 3, endedAs("busy")) });
    world.clock.advance(2_000);
    const again = await world.rows.attempt(contactId);
    world.carrier.onNextPlace({ creates: false, answers: unknownAnswer });
    expect(await placeAttempt(world.deps, { attemptId: again })).toMatchObject({ kind: "ambiguous" });
    await runFor(world, 400_000, 5_000);
    expect(world.carrier.requests.list).toBeGreaterThan(0);
    expect(await world.attempt(again)).toMatchObject({ state: "held", call_sid: null });
    expect(await world.attempt(attemptId)).toMatchObject({ state: "ended", call_sid: earlier.callSid });
  });
});

describe("the slot lock", () => {
  test("is lost after ten seconds by a holder that falls silent, long before other transactions are", async () => {
    const world = await dialWorld();
    const limit = sql<{ ms: string }>`select current_setting('idle_in_transaction_session_timeout') as ms`;
    await world.deps.db.transaction().execute(async (tx) => {
      expect((await limit.execute(tx)).rows).toEqual([{ ms: "5min" }]);
      await lockSlots(tx);
      expect((await limit.execute(tx)).rows).toEqual([{ ms: "10s" }]);
    });
  });

  test("whoever waits for it holds no attempt that its holder may write to", async () => {
    const world = await dialWorld();
    const [sending, waiting] = [await world.planned(1), await world.planned(2)];
    const now = new Date(world.clock.nowMs());
    await world.database.db.updateTable("attempts").set({ state: "sending", sent_at: now, lease_owner: "dialer-9", lease_until: new Date(now.getTime() + 30_000) }).where("id", "=", sending.attemptId).execute();
    let gate: ReturnType<typeof passGates> | undefined;
    await world.deps.db.transaction().execute(async (tx) => {
      await lockSlots(tx);
      await sql`set local lock_timeout = '2s'`.execute(tx);
      gate = passGates(world.otherProcess("dialer-2"), [sending, waiting].map(({ attemptId }) => ({ attemptId, cameEarly: 0 })));
      await untilHolds(async () => (await world.database.pool.query("select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())")).rows.length > 0);
      const place = { attemptId: sending.attemptId, leaseOwner: "dialer-9", leaseUntil: new Date(now.getTime() + 60_000), sendAfter: now };
      expect(await keepSending(tx, place, now)).toBe(true);
    });
    expect(await gate).toMatchObject([{ kind: "gone" }, { kind: "claimed" }]);
  });
});
