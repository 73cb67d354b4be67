import { systemRandom } from "../../src/adapters/system/random.ts";
import type { ScrubDeps } from "../../src/scrub/ports.ts";
import { manualClock } from "../support/clock.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { rowWriter } from "../support/rows.ts";
import { testVault } from "../support/vault.ts";

/** A database of its own, the stage's dependencies on a clock that stands at noon IST of 23 November 2026, and a row writer. */
export async function scrubWorld(start = "2026-11-23T12:00:00+05:30") {
  const database = await testDatabase();
  const clock = manualClock(start);
  const vault = testVault(database.db);
  const deps: ScrubDeps = { db: database.db, pool: database.pool, vault, clock, random: systemRandom, log: silentLog };
  const rows = rowWriter(database.db, clock, vault);
  return { ...database, deps, clock, vault, rows };
}

/** The bytes of a file, in small pieces. */
export async function* file(text: string, pieceBytes = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
