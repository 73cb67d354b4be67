import type { DialWorld } from "./dial-world.ts";

/** Lets so much time pass, in small steps and only while nobody works. */
export async function untilClockIs(world: DialWorld, laterMs: number): Promise<void> {
  const untilMs = world.clock.nowMs() + laterMs;
  while (world.clock.nowMs() < untilMs) if (await databaseRests(world)) await world.clock.advanceAsync(5);
  while (!(await databaseRests(world)));
}

/** Moves the clock in small steps until the work is over: a call whose process wakes late leaves on another place. */
export async function untilOver<T>(world: DialWorld, work: Promise<T>): Promise<T> {
  let over = false;
  const done = work.finally(() => {
    over = true;
  });
  while (!over) {
    if (await databaseRests(world)) await world.clock.advanceAsync(5);
  }
  return done;
}

/** Whether no statement is under way and no transaction is open: whoever still waits then waits for the clock. */
async function databaseRests(world: DialWorld): Promise<boolean> {
  const busy = "select 1 from pg_stat_activity where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()";
  for (let look = 0; look < 3; look += 1) if ((await world.database.pool.query(busy)).rows.length > 0) return false;
  return true;
}

/** Asks the database until it says so; the clock stands still meanwhile. */
export async function untilHolds(holds: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000; turn += 1) if (await holds()) return;
  throw new Error("expected the condition to come true");
}
