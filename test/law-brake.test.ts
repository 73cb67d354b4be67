import { expect, test } from "vitest";
import { systemRandom } from "../src/adapters/system/random.ts";
import { placeAttempt } from "../src/dial/place-attempt.ts";
import { legalStandings } from "../src/schedule/legal-standing.queries.ts";
import { recordOptOut } from "../src/scrub/record-opt-out.ts";
import { addPaper } from "../src/scrub/sender-papers.ts";
import { dialWorld, type DialWorld } from "./dial/dial-world.ts";

const scrubOf = ({ database, vault, deps }: DialWorld) => ({ db: database.db, pool: database.pool, vault, clock: deps.clock, random: systemRandom, log: deps.log });

/** Rings people of the campaign who say, or press, that they want no more calls. */
async function optOuts(world: DialWorld, tails: readonly number[], campaignId = world.campaignId): Promise<void> {
  for (const tail of tails) {
    const person = await world.planned(tail, campaignId);
    await placeAttempt(world.deps, person);
    await recordOptOut(scrubOf(world), { accountId: world.accountId, attemptId: person.attemptId, how: tail % 2 === 0 ? "said" : "pressed" });
    world.clock.advance(60_000);
  }
}

test("three opt-outs in whatever campaign pause those of the sender that count them, and no others", async () => {
  const world = await dialWorld({ definition: { purpose: "reminder" } });
  const counting = await world.campaign({ purpose: "reminder", limits: { cps: 100, concurrency: 1_000, opt_outs_in_ten_days: 3 } });
  await optOuts(world, [1, 2]);
  const third = await world.planned(3, counting);
  expect(await placeAttempt(world.deps, third)).toMatchObject({ kind: "placed" });
  world.clock.advance(1_000);
  await optOuts(world, [4]);

  const [stopped, others] = [await world.planned(5, counting), await world.planned(6)];
  expect(await placeAttempt(world.deps, stopped)).toMatchObject({ kind: "refused", code: "sender_brake" });
  expect(await placeAttempt(world.deps, others)).toMatchObject({ kind: "placed" });
  expect(world.carrier.calls.map(({ order }) => order.to)).not.toContain(stopped.number);

  const standings = await legalStandings(world.database.db, [counting, world.campaignId], new Date(world.clock.nowMs()));
  expect(standings.get(counting)?.brake.optOutsAtMs).toHaveLength(3);
  expect(standings.get(world.campaignId)?.brake.optOutsAtMs).toBe("unknown");
});

test("a release in writing lets a campaign go on that paused at its own count", async () => {
  const world = await dialWorld({ definition: { purpose: "reminder", limits: { cps: 100, concurrency: 1_000, opt_outs_in_ten_days: 2 } } });
  await optOuts(world, [1, 2]);
  expect(await placeAttempt(world.deps, await world.planned(3))).toMatchObject({ kind: "refused", code: "sender_brake" });
  const reference = "Both were asked: the list had named the guarantor as the borrower. Corrected by the head of collections.";
  await addPaper(scrubOf(world), { accountId: world.accountId, kind: "brake_release", reference });
  world.clock.advance(1_000);
  expect(await placeAttempt(world.deps, await world.planned(4))).toMatchObject({ kind: "placed" });
});
