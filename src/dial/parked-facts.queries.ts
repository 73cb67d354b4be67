import { sql } from "kysely";
import type { Db } from "../db/database.ts";

/** How often facts of one token have failed to fold, and whether they are tried again. */
export interface FoldFailure {
  failures: number;
  /** Null: set aside, tried no more. */
  retry_at: Date | null;
}

/** After a failure the next try comes after this, then each time four times as much later, an hour at most. */
const firstRetrySeconds = 5;
const longestRetrySeconds = 3_600;
/** Failures after which a fact that breaks a constraint is set aside: about half an hour. */
const mostFailures = 6;

/**
 * Notes that the waiting facts of a token could not be folded, and answers each one's standing, the most tried first.
 * `constraint` null: nothing says that the facts themselves are to blame, so they are never set aside.
 */
export async function noteFoldFailure(db: Db, input: { token: string; constraint: string | null; now: Date }): Promise<FoldFailure[]> {
  const parks = sql`${input.constraint}::text is not null and failures + 1 >= ${mostFailures}`;
  const { rows } = await sql<FoldFailure>`
    update webhook_inbox set failures = failures + 1,
      retry_at = case when ${parks} then null
        else ${input.now}::timestamptz + make_interval(secs => least(${longestRetrySeconds}, ${firstRetrySeconds} * 4 ^ least(failures, 10))) end,
      parked_at = case when ${parks} then ${input.now}::timestamptz end,
      parked_because = case when ${parks} then ${input.constraint} end
    where token = ${input.token} and folded_at is null and parked_at is null
    returning failures, retry_at`.execute(db);
  return rows.toSorted((a, b) => b.failures - a.failures);
}

/** How many facts are set aside. */
export async function countParkedFacts(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from webhook_inbox where parked_at is not null`.execute(db);
  return rows[0]?.n ?? 0;
}
