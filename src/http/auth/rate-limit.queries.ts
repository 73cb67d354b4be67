import { sql } from "kysely";
import type { Db } from "../../db/database.ts";
import type { RateLimit } from "./rate-limit.ts";

/** Takes one request out of the key's allowance; answers the milliseconds to wait before it may be made, 0 when it was counted. */
export async function countRequest(db: Db, request: { key: string; limit: RateLimit; nowMs: number }): Promise<number> {
  const { key, limit, nowMs } = request;
  const stepMs = 1_000 / limit.perSecond;
  const now = new Date(nowMs);
  const horizon = new Date(nowMs + stepMs * (limit.burst - 1));
  const step = sql`make_interval(secs => ${stepMs / 1_000})`;
  const counted = await sql<{ due_at: Date }>`
    insert into rate_limits as r (key, due_at) values (${key}, ${now}::timestamptz + ${step})
    on conflict (key) do update set due_at = greatest(r.due_at, ${now}::timestamptz) + ${step} where r.due_at <= ${horizon}
    returning due_at`.execute(db);
  if (counted.rows.length > 0) return 0;
  const row = await db.selectFrom("rate_limits").select("due_at").where("key", "=", key).executeTakeFirst();
  return row ? Math.max(1, row.due_at.getTime() - horizon.getTime()) : 0;
}
