import { expect, test } from "vitest";
import { runningClock } from "../../src/adapters/system/clock.ts";
import { openDatabase } from "../../src/db/database.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { faultProxy } from "../support/fault-proxy.ts";
import { testVault } from "../support/vault.ts";
import { dialWorld, morning } from "./dial-world.ts";

test("connections to the database that fall silent cost the calls under way, not the process: the next ones are placed", async () => {
  const world = await dialWorld({ clock: runningClock({ startMs: Date.parse(`${morning}+05:30`) }) });
  const proxy = await faultProxy({ port: Number(new URL(world.database.url).port) });
  const behind = openDatabase(proxy.through(world.database.url), { maxConnections: 1, answerWithinMs: 300 });
  const deps = world.otherProcess("behind", { db: behind.db, vault: testVault(behind.db) });
  const plannedIds = await Promise.all(Array.from({ length: 13 }, (_, n) => world.planned(n)));
  const [first, ...others] = plannedIds.map(({ attemptId }) => attemptId);
  const place = (attemptIds: typeof others) => Promise.allSettled(attemptIds.map((attemptId) => placeAttempt(deps, { attemptId })));
  if (first === undefined) throw new Error("expected an attempt");
  await place([first]);

  proxy.halfOpen();
  const hit = await place(others.slice(0, 6));
  expect(hit.map((each) => each.status)).toContain("rejected");
  for (const attemptId of others.slice(6)) expect(await placeAttempt(deps, { attemptId })).toMatchObject({ kind: "placed" });

  expect(new Set(world.carrier.calls.map((call) => call.order.to)).size).toBe(world.carrier.calls.length);
  await behind.close();
  await proxy.close();
});
