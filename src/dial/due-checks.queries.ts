import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AttemptState } from "../domain/attempt.ts";
import type { AccountId, AttemptId, CallSid, CampaignId, ContactId } from "../domain/ids.ts";

/** An attempt whose turn it is to be looked at. Instants are epoch milliseconds of our own clock, never the carrier's. */
export interface DueCheck {
  id: AttemptId;
  account_id: AccountId;
  campaign_id: CampaignId;
  contact_id: ContactId;
  token: string;
  state: AttemptState;
  call_sid: CallSid | null;
  from_number: string | null;
  number_sealed: Buffer | null;
  checks: number;
  sent_ms: number;
  /** When we first heard that somebody picked up; null: not yet. */
  answer_heard_ms: number | null;
  stream_opened_ms: number | null;
  stream_closed_ms: number | null;
  conversation_alive_ms: number | null;
  conversation_ended: boolean;
  max_call_seconds: number;
}

/**
 * Takes the attempts in these states whose check is due, and hides them from every other process for `holdMs`. Whoever
 * took one and died is replaced when that time is over.
 */
export async function takeDueChecks(db: Db, input: { states: readonly AttemptState[]; nowMs: number; holdMs: number; limit: number }): Promise<DueCheck[]> {
  const ms = (column: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8`);
  const { rows } = await sql<DueCheck>`
    /* prepared: due_checks */
    with due as (
      update attempts set check_after = ${new Date(input.nowMs + input.holdMs)}
      where id in (select id from attempts
                   where check_after <= ${new Date(input.nowMs)} and state = any(${[...input.states]}::text[])
                   order by check_after, id limit ${input.limit} for update skip locked)
      returning id)
    select a.id, a.account_id, a.campaign_id, a.contact_id, a.token, a.state, a.call_sid, a.from_number, c.number_sealed, a.checks,
      coalesce(${ms("a.sent_at")}, ${ms("a.updated_at")}) as sent_ms, ${ms("a.answer_heard_at")} as answer_heard_ms,
      ${ms("a.stream_opened_at")} as stream_opened_ms, ${ms("a.stream_closed_at")} as stream_closed_ms,
      ${ms("v.last_alive_at")} as conversation_alive_ms, coalesce(v.ended_at is not null, false) as conversation_ended,
      coalesce((p.definition -> 'limits' ->> 'max_call_seconds')::int, 300) as max_call_seconds
    from due join attempts a on a.id = due.id
    join contacts c on c.id = a.contact_id
    join campaigns p on p.id = a.campaign_id
    left join conversations v on v.attempt_id = a.id
    order by a.check_after, a.id`.execute(db);
  return rows;
}

/** How many attempts there are of which nobody knows whether a phone rings. */
export async function countUnresolved(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from attempts where state in ('ambiguous', 'held')`.execute(db);
  return rows[0]?.n ?? 0;
}

/** Sets when the attempt is looked at next and how many readings it has had, if it is still in the state it was read in. */
export async function setNextCheck(db: Db, attempt: Pick<DueCheck, "id" | "state">, next: { atMs: number; checks: number }): Promise<void> {
  await db
    .updateTable("attempts")
    .set({ check_after: new Date(next.atMs), checks: next.checks })
    .where("id", "=", attempt.id)
    .where("state", "=", attempt.state)
    .execute();
}

/** Which of these calls of the carrier belong to an attempt already. */
export async function boundCallSids(db: Db, callSids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ call_sid: string }>`
    select call_sid from attempts where call_sid = any(${[...callSids]}::text[])`.execute(db);
  return new Set(rows.map((row) => row.call_sid));
}
