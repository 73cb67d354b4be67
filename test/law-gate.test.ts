import { Kysely, PostgresDialect } from "kysely";
import { expect, test } from "vitest";
import type { Tables } from "../src/db/tables.ts";
import { placeAttempt } from "../src/dial/place-attempt.ts";
import { receiveFact } from "../src/dial/receive-fact.ts";
import { dialWorld, endedAs, fact } from "./dial/dial-world.ts";

/** Tables that hold what the rules ask about a person, a list or a sender. */
const lawTables = ["suppressions", "preferences", "scrub_runs", "scrub_results", "consents", "contact_holds", "sender_papers"];

test("the gate loads every fact of the law in one database round trip, also for a long-known person", async () => {
  const world = await dialWorld();
  const statements: string[] = [];
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: world.database.pool }), log: (event) => void statements.push(event.query.sql) });
  for (let tail = 1; tail <= 20; tail += 1) await world.planned(tail);
  const attempt = await world.planned(0);
  let untilAsked: readonly string[] = [];
  world.carrier.beforeAnswer = async () => {
    untilAsked = [...statements];
  };
  expect(await placeAttempt({ ...world.deps, db }, attempt)).toMatchObject({ kind: "placed" });

  const asking = untilAsked.filter((statement) => /^\s*(?:\/\*[^*]*\*\/\s*)?(?:select|with)\b/i.test(statement) && lawTables.some((table) => new RegExp(`\\b${table}\\b`).test(statement)));
  expect(asking).toHaveLength(1);
  for (const table of lawTables) expect(asking[0], table).toMatch(new RegExp(`\\b${table}\\b`));
});

test("a campaign that asks for room between calls waits after another campaign's call to the same person, and then calls", async () => {
  const world = await dialWorld();
  const spaced = await world.campaign({ name: "with room", limits: { cps: 100, concurrency: 1_000, minutes_between_calls: 60 } });
  const first = await world.planned(1);
  await placeAttempt(world.deps, first);
  const { token } = await world.attempt(first.attemptId);
  await receiveFact(world.deps, { token, fact: fact(world, world.carrier.callTo(first.number).callSid, 3, endedAs("completed", 40)) });
  world.clock.advance(4 * 60_000);
  const second = await world.planned(1, spaced);
  expect(await placeAttempt(world.deps, second)).toMatchObject({ kind: "refused", code: "call_spacing" });
  expect(await world.contact(second.contactId)).toMatchObject({ state: "waiting", waiting_because: "call_spacing", next_attempt_at: new Date("2026-12-01T12:00:00+05:30") });
  const third = await world.planned(1, await world.campaign({ name: "without" }));
  expect(await placeAttempt(world.deps, third)).toMatchObject({ kind: "placed" });
});
