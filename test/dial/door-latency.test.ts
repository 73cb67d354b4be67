import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/db/database.ts";
import { newFactIntake } from "../../src/dial/fact-intake.ts";
import { placeAttempt } from "../../src/dial/place-attempt.ts";
import { receiveFact } from "../../src/dial/receive-fact.ts";
import { recordConsentAnswer, resumeCall } from "../../src/dial/visit-call.ts";
import { manualClock } from "../support/clock.ts";
import { faultProxy } from "../support/fault-proxy.ts";
import { testVault } from "../support/vault.ts";
import { dialWorld, endedAs, fact, morning } from "./dial-world.ts";

/** Added to every round trip to the database (docs/reliability.md R2.3). */
const latencyMs = 50;
/** Time passes in steps so small that work beside the measured one hardly lengthens it. */
const stepMs = 10;

/** A dialer whose database answers `latencyMs` late by a clock of its own, so that waits are counted and not timed. */
async function farFromItsDatabase() {
  const world = await dialWorld({ settings: { callsPerSecond: 10_000 } });
  const networkClock = manualClock(morning);
  const proxy = await faultProxy({ port: Number(new URL(world.database.url).port), clock: networkClock });
  const far = openDatabase(proxy.through(world.database.url), { maxConnections: 4 });
  await Promise.all(Array.from({ length: 4 }, () => far.pool.query("select pg_sleep(0.05)")));
  const deps = world.otherProcess("far", { db: far.db, vault: testVault(far.db) });
  proxy.set({ latencyMs }, "to_server");
  /** Whether nothing that reached the server is still being worked on: only then does time pass on the network. */
  const serverRests = async (): Promise<boolean> => {
    const { rows } = await world.database.pool.query("select 1 from pg_stat_activity where datname = current_database() and state = 'active' and wait_event_type is distinct from 'Lock' and pid <> pg_backend_pid()");
    return rows.length === 0;
  };
  /** How long the work takes for the network's sake alone, however slow this machine is. */
  const waitOf = async (work: Promise<unknown>): Promise<number> => {
    const beganMs = networkClock.nowMs();
    let done = false;
    void work.then(() => (done = true));
    while (!done) {
      const seen = networkClock.pending;
      for (let turn = 0; turn < 100 && !done; turn += 1) await nextTurn();
      if (!(await serverRests())) continue;
      for (let turn = 0; turn < 100 && !done; turn += 1) await nextTurn();
      if (!done && networkClock.pending > 0 && networkClock.pending === seen) networkClock.advance(stepMs);
    }
    return networkClock.nowMs() - beganMs;
  };
  const close = async (): Promise<void> => {
    proxy.heal();
    await far.close();
    await proxy.close();
  };
  return { world, deps, waitOf, close };
}

test("R2.3 with fifty milliseconds more to the database, two hundred callbacks at once are stored and acknowledged within two hundred", async () => {
  const { world, deps, waitOf, close } = await farFromItsDatabase();
  const calls = [];
  for (let n = 0; n < 10; n += 1) {
    const planned = await world.planned(n);
    await placeAttempt(world.deps, { attemptId: planned.attemptId });
    calls.push(world.carrier.callTo(planned.number));
    world.clock.advance(10);
  }
  const intake = newFactIntake(deps);
  const callbacks = calls.flatMap((call) => Array.from({ length: 20 }, (_, copy) => ({ token: call.order.token, fact: fact(world, call.callSid, 3 + copy, endedAs("busy")) })));
  const waitMs = await waitOf(Promise.all(callbacks.map((callback) => intake.receive(callback))));
  await waitOf(intake.idle());
  await close();
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(200);
}, 60_000);

test("R2.3 with fifty milliseconds more to the database, whoever waits on the line hears what comes next within three hundred", async () => {
  const { world, deps, waitOf, close } = await farFromItsDatabase();
  const planned = await world.planned(1);
  await placeAttempt(world.deps, { attemptId: planned.attemptId });
  const call = world.carrier.callTo(planned.number);
  await receiveFact(world.deps, { token: call.order.token, fact: fact(world, call.callSid, 2, { kind: "answered" }) });
  const facts = newFactIntake(deps);
  const visit = { token: call.order.token, callSid: call.callSid };
  const resumeMs = await waitOf(resumeCall({ ...deps, facts }, visit));
  await waitOf(facts.idle());
  const consentMs = await waitOf(recordConsentAnswer({ ...deps, facts, optOut: () => Promise.resolve() }, { ...visit, speech: "haan", digits: null }));
  await waitOf(facts.idle());
  await close();
  expect(resumeMs).toBeGreaterThan(0);
  expect(resumeMs).toBeLessThanOrEqual(300);
  expect(consentMs).toBeLessThanOrEqual(300);
}, 60_000);
