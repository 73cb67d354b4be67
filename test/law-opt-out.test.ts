import { expect, test } from "vitest";
import { placeAttempt } from "../src/dial/place-attempt.ts";
import { receiveFact } from "../src/dial/receive-fact.ts";
import { systemRandom } from "../src/adapters/system/random.ts";
import { recordOptOut } from "../src/scrub/record-opt-out.ts";
import { loadGateRows } from "../src/dial/gate-facts.queries.ts";
import { addSuppressions, liftSuppression } from "../src/scrub/suppressions.ts";
import { dialWorld, type DialWorld, endedAs, fact } from "./dial/dial-world.ts";

/** The scrub stage over the same deployment. */
const scrubOf = ({ database, vault, deps }: DialWorld) => ({ db: database.db, pool: database.pool, vault, clock: deps.clock, random: systemRandom, log: deps.log });

test("after an opt-out in a call no other attempt to the person reaches the carrier, however many are queued in however many campaigns", async () => {
  const world = await dialWorld();
  const campaigns = [world.campaignId, ...(await Promise.all(Array.from({ length: 9 }, () => world.campaign())))];
  const attempts = [];
  for (const campaign of campaigns) attempts.push(await world.planned(1, campaign));
  const stranger = await world.planned(2);
  const [first, ...queued] = attempts;
  if (!first) throw new Error("expected attempts");
  await placeAttempt(world.deps, first);
  const live = world.carrier.callTo(first.number);
  world.carrier.set(live, "in-progress");
  await receiveFact(world.deps, { token: live.order.token, fact: fact(world, live.callSid, 2, { kind: "answered" }) });

  await recordOptOut(scrubOf(world), { accountId: world.accountId, attemptId: first.attemptId, how: "said" });
  world.carrier.end(live, "completed", 20);
  await receiveFact(world.deps, { token: live.order.token, fact: fact(world, live.callSid, 3, endedAs("completed", 20)) });

  // Every queued attempt is woken, twice and by two processes, in the very instant and within the next second.
  const other = world.otherProcess("dialer-2");
  for (const waitMs of [0, 999]) {
    world.clock.advance(waitMs);
    const placings = await Promise.all(queued.flatMap((attempt) => [placeAttempt(world.deps, attempt), placeAttempt(other, attempt)]));
    expect(placings.map(({ kind }) => kind).filter((kind) => kind !== "refused" && kind !== "gone")).toEqual([]);
  }
  await placeAttempt(world.deps, stranger);
  expect(world.carrier.calls.map(({ order }) => order.to)).toEqual([first.number, stranger.number]);
  for (const attempt of queued) expect(await world.contact(attempt.contactId)).toMatchObject({ state: "blocked", blocked_reason: "suppressed" });
  const refusals = await world.database.db.selectFrom("evidence").where("code", "=", "suppressed").select(["attempt_id", "decision"]).execute();
  expect(new Set(refusals.map(({ attempt_id }) => attempt_id))).toEqual(new Set(queued.map(({ attemptId }) => attemptId)));
});

test("a number suppressed over REST while its call waits for a place in the pace is not asked of the carrier", async () => {
  const world = await dialWorld({ settings: { callsPerSecond: 1 } });
  const [before, person] = [await world.planned(1), await world.planned(2)];
  await placeAttempt(world.deps, before);
  const placing = placeAttempt(world.deps, person);
  while (world.clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
  await addSuppressions(scrubOf(world), { accountId: world.accountId, numbers: [person.number], reason: "asked by letter" });
  while (!(await settled(placing))) await world.clock.advanceAsync(20);
  expect(await placing).toEqual({ kind: "refused", code: "suppressed" });
  expect(world.carrier.calls.map(({ order }) => order.to)).toEqual([before.number]);
});

async function settled(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>((resolve) => setImmediate(() => resolve(false)))]);
}

test("an opt-out that came by letter, and was lifted later, keeps promotional calls away for 90 days; one put right within a day does not", async () => {
  const world = await dialWorld({ definition: { purpose: "promotional", preference_category: 1 } });
  const [wished, slip] = [await world.planned(1), await world.planned(2)];
  for (const { number } of [wished, slip]) await addSuppressions(scrubOf(world), { accountId: world.accountId, numbers: [number], reason: "asked by letter" });
  world.clock.advance(3_600_000);
  await liftSuppression(scrubOf(world), { accountId: world.accountId, number: slip.number });
  world.clock.advance(2 * 86_400_000);
  await liftSuppression(scrubOf(world), { accountId: world.accountId, number: wished.number });
  const rows = await loadGateRows(world.database.db, { attemptIds: [wished.attemptId, slip.attemptId], nowMs: world.clock.nowMs(), lock: false });
  const optedOut = new Map(rows.map((row) => [row.attempt_id, row.opted_out_ms]));
  expect(optedOut.get(wished.attemptId)).toBe(world.clock.nowMs() - 2 * 86_400_000 - 3_600_000);
  expect(optedOut.get(slip.attemptId)).toBeNull();
});
