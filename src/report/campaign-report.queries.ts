import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { CampaignId } from "../domain/ids.ts";

/** Attempts that left for the carrier, by IST hour of the day. */
export async function attemptsByHour(db: Db, campaignId: CampaignId) {
  const hour = sql<number>`extract(hour from sent_at at time zone 'Asia/Kolkata')::int`;
  return db
    .selectFrom("attempts")
    .where("campaign_id", "=", campaignId)
    .where("sent_at", "is not", null)
    .select([
      hour.as("hour"),
      (e) => e.fn.countAll<number>().as("attempts"),
      sql<number>`count(*) filter (where answered_at is not null)::int`.as("answered"),
      sql<number>`coalesce(sum(cost_paise), 0)::bigint`.as("cost_paise"),
      sql<number>`coalesce(sum(duration_seconds), 0)::bigint`.as("talk_seconds"),
    ])
    .groupBy(hour)
    .orderBy(hour)
    .execute();
}

/** Contacts by disposition of their outcome. */
export function dispositions(db: Db, campaignId: CampaignId) {
  return db
    .selectFrom("outcomes")
    .where("campaign_id", "=", campaignId)
    .select(["disposition", (e) => e.fn.countAll<number>().as("contacts"), sql<number>`count(*) filter (where failure_class is null)::int`.as("reached")])
    .groupBy("disposition")
    .orderBy("contacts", "desc")
    .execute();
}

/**
 * Reply latency over every turn of every conversation, and the time from our hearing of the pickup to the agent's first
 * sound; a recording notice and its answer fall into it. Conversations that were taken over tell nothing of their beginning.
 */
export function latencies(db: Db, campaignId: CampaignId) {
  return sql<{ turns: number; p50: number | null; p95: number | null; greeting_p50: number | null; greeting_p95: number | null }>`
    with talked as (
      select v.turn_latencies,
        case when v.resumes = 0 then greatest(0, v.first_sound_ms + extract(epoch from v.started_at - a.answer_heard_at) * 1000) end as greeting_ms
      from attempts a join conversations v on v.attempt_id = a.id where a.campaign_id = ${campaignId})
    select
      (select count(*)::int from talked v, jsonb_array_elements(v.turn_latencies) l) as turns,
      t.p50, t.p95, g.greeting_p50, g.greeting_p95
    from
      (select percentile_disc(0.5) within group (order by (l->>'replyMs')::numeric)::int as p50,
              percentile_disc(0.95) within group (order by (l->>'replyMs')::numeric)::int as p95
       from talked v, jsonb_array_elements(v.turn_latencies) l) t,
      (select percentile_disc(0.5) within group (order by greeting_ms)::int as greeting_p50,
              percentile_disc(0.95) within group (order by greeting_ms)::int as greeting_p95
       from talked where greeting_ms is not null) g
  `.execute(db).then((result) => result.rows[0]);
}
