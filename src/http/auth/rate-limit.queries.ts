import { sql } from "kysely";
import type { Db } from "../../db/database.ts";
import type { RateLimit } from "./rate-limit.ts";

/** The clocks of one deployment's processes are never this far apart. */
const clocksApartMs = 5_000;

/**
 * Takes one request out of the key's allowance; answers the milliseconds to wait before it may be made, 0 when it was counted.
 * A row that lies further ahead than any burst can put it was written under another clock (a trial of another day) and
 * counts for nothing.
 */
export async function countRequest(db: Db, request: { key: string; limit: RateLimit; nowMs: number }): Promise<number> {
  const { key, limit, nowMs } = request;
  const stepMs = 1_000 / limit.perSecond;
  const now = new Date(nowMs);
  const horizon = new Date(nowMs + stepMs * (limit.burst - 1));
  const beyond = new Date(nowMs + stepMs * limit.burst + clocksApartMs);
  const step = sql`make_interval(secs => ${stepMs / 1_000})`;
  const counted = await sql<{ due_at: Date }>`
    insert into rate_limits as r (key, due_at) values (${key}, ${now}::timestamptz + ${step})
    on conflict (key) do update 
      set due_at = case when r.due_at > ${beyond} then ${now}::timestamptz else greatest(r.due_at, ${now}::timestamptz) end + ${step}
      where r.due_at <= ${horizon} or r.due_at > ${beyond}
    returning due_at`.execute(db);
  if (counted.rows.length > 0) return 0;
  const row = await db.selectFrom("rate_limits").select("due_at").where("key", "=", key).executeTakeFirst();
  return row ? Math.max(1, row.due_at.getTime() - horizon.getTime()) : 0;
}
