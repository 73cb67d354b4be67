import { Kysely, PostgresDialect } from "kysely";
import { expect, test } from "vitest";
import type { Tables } from "../src/db/tables.ts";
import { placeAttempt } from "../src/dial/place-attempt.ts";
import { dialWorld } from "./dial/dial-world.ts";

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
