import type { Database } from "../../../src/db/database.ts";

/** Tables a run writes, so that the next seed finds an empty database. */
const written = [
  "webhook_events",
  "outcomes",
  "conversations",
  "stream_tokens",
  "webhook_inbox",
  "evidence",
  "spend",
  "breakers",
  "pace",
  "caller_numbers",
  "suppressions",
  "campaign_notes",
];

/** Empties the database in one round trip, past the triggers that keep evidence; deleting beats truncating for a handful of rows. */
export async function emptyDatabase(database: Database): Promise<void> {
  const deletes = [...written, "attempts", "contact_tallies", "contacts", "campaigns", "accounts"].map((table) => `delete from ${table};`);
  await database.pool.query(`begin; set local session_replication_role = 'replica'; ${deletes.join(" ")} commit;`);
}

/** The next instant at which somebody has something to do, by kind of work; what nobody has to do is absent. */
export type DueWork = Partial<Record<WorkKind, number>>;
export type WorkKind = "plan" | "announce" | "lease" | "inbox" | "reconcile" | "sweep" | "settle";

/** Reads it in one round trip. */
export async function nextWork(database: Database): Promise<DueWork> {
  const { rows } = await database.pool.query<{ kind: WorkKind; at_ms: number | null }>(`/* prepared: next_work */
    select kind, (extract(epoch from at) * 1000)::float8 as at_ms from (
      select 'plan' as kind, min(c.next_attempt_at) as at from contacts c join campaigns p on p.id = c.campaign_id
        where c.state = 'waiting' and p.state = 'running'
      union all select 'announce', min(greatest(a.due_at, coalesce(a.announced_at + interval '10 seconds', a.due_at)))
        from attempts a join campaigns p on p.id = a.campaign_id
        where a.state = 'planned' and p.state = 'running' and a.refusal_code is distinct from 'campaign_budget'
      union all select 'lease', min(lease_until) + interval '5 seconds' from attempts where state in ('claimed', 'sending')
      union all select 'inbox', min(received_at) + interval '2 seconds' from webhook_inbox where folded_at is null
      union all select 'reconcile', min(check_after) from attempts where state in ('ambiguous', 'held') and check_after is not null
      union all select 'sweep', min(check_after) from attempts where state not in ('ambiguous', 'held') and check_after is not null
      union all select 'settle', min(coalesce(a.ended_at, a.updated_at)) + interval '5 seconds' from attempts a left join conversations v on v.attempt_id = a.id
        where a.settled_at is null and a.state in ('ended', 'rejected', 'closed_unknown') and (v.attempt_id is null or v.ended_at is not null)
    ) work where at is not null`, []);
  return Object.fromEntries(rows.map((row) => [row.kind, row.at_ms ?? 0]));
}
