import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AttemptId, CallSid } from "../domain/ids.ts";

/** What is to be deleted at the carrier now. `over_ms`: when the call was over, epoch milliseconds. */
export interface DueDeletion {
  attempt_id: AttemptId;
  call_sid: CallSid;
  recording_sid: string | null;
  tries: number;
  over_ms: number;
}

/**
 * Takes deletions that are due and puts each off until its next try, so that a process that dies while it asks, and a
 * deletion the carrier keeps refusing, hold nothing back. `tries` counts this one.
 */
export async function claimDeletions(db: Db, input: { now: Date; limit: number; baseMs: number; mostMs: number }): Promise<DueDeletion[]> {
  const { rows } = await sql<DueDeletion>`
    update recording_deletions d
    set tries = d.tries + 1, due_at = ${input.now}::timestamptz + make_interval(secs => least(${input.mostMs}::float8, ${input.baseMs}::float8 * power(2, least(d.tries, 20))) / 1000)
    from attempts a
    where a.id = d.attempt_id and d.attempt_id in (
      select attempt_id from recording_deletions where done_at is null and due_at <= ${input.now} order by due_at limit ${input.limit} for update skip locked)
    returning d.attempt_id, d.call_sid, coalesce(d.recording_sid, a.recording_sid) as recording_sid, d.tries,
      (extract(epoch from coalesce(a.ended_at, a.sent_at, d.asked_at)) * 1000)::float8 as over_ms`.execute(db);
  return rows;
}

/** The carrier has nothing left; `againAt` asks once more for what may still appear there. */
export async function noteDeleted(db: Db, input: { attemptId: AttemptId; now: Date; againAt: Date | null }): Promise<void> {
  await db
    .updateTable("recording_deletions")
    .set({ last_error: null, ...(input.againAt === null ? { done_at: input.now } : { due_at: input.againAt, tries: 0 }) })
    .where("attempt_id", "=", input.attemptId)
    .execute();
}

export async function noteNotDeleted(db: Db, input: { attemptId: AttemptId; code: string }): Promise<void> {
  await db.updateTable("recording_deletions").set({ last_error: input.code }).where("attempt_id", "=", input.attemptId).execute();
}
