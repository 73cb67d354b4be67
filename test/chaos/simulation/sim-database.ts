import type pg from "pg";
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

/**
 * Empties the database in one round trip, past the triggers that keep evidence; deleting beats truncating for a handful of rows.
 * Over a connection of its own: to be a replica for a moment throws away every plan that a connection has kept.
 */
export async function emptyDatabase(connection: pg.Client, further: readonly string[]): Promise<void> {
  const deletes = [...further, ...written, "attempts", "contact_tallies", "contacts", "campaigns", "accounts"].map((table) => `delete from ${table};`);
  await connection.query(`begin; set local session_replication_role = 'replica'; ${deletes.join(" ")} commit;`);
}

/** The next instant at which somebody has something to do, by kind of work; what nobody has to do is absent. */
export type DueWork = Partial<Record<WorkKind, number>>;
export type WorkKind = "plan" | "announce" | "lease" | "inbox" | "reconcile" | "sweep" | "settle";

/** Reads it in one round trip. */
export async function nextWork(database: Database): Promise<DueWork> {
  const ms = (instant: string): string => `(extract(epoch from ${instant}) * 1000)::float8`;
  const { rows } = await database.pool.query<Record<WorkKind, number | null>>(
    `select
      (select ${ms("min(c.next_attempt_at)")} from contacts c join campaigns p on p.id = c.campaign_id where c.state = 'waiting' and p.state = 'running') as plan,
      ${ms(`min(greatest(a.due_at, coalesce(a.announced_at + interval '10 seconds', a.due_at)))
        filter (where a.state = 'planned' and p.state = 'running' and a.refusal_code is distinct from 'campaign_budget')`)} as announce,
      ${ms("min(a.lease_until) filter (where a.state in ('claimed', 'sending'))")} as lease,
      (select ${ms("min(greatest(received_at + interval '1 second', retry_at))")} from webhook_inbox where folded_at is null and parked_at is null) as inbox,
      ${ms("min(a.check_after) filter (where a.state in ('ambiguous', 'held'))")} as reconcile,
      ${ms("min(a.check_after) filter (where a.state not in ('ambiguous', 'held'))")} as sweep,
      ${ms(`min(coalesce(a.ended_at, a.updated_at)) filter (where a.settled_at is null and a.state in ('ended', 'rejected', 'closed_unknown')
        and (v.attempt_id is null or v.ended_at is not null))`)} as settle
    from attempts a join campaigns p on p.id = a.campaign_id left join conversations v on v.attempt_id = a.id`,
    [],
  );
  return Object.fromEntries(Object.entries(rows[0] ?? {}).filter(([, atMs]) => atMs !== null));
}
