import { type RawBuilder, sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AttemptId, CallSid, CampaignId } from "../domain/ids.ts";

/** A call that the carrier has accepted and, as far as is known, not begun to dial. */
export interface QueuedCall {
  id: AttemptId;
  token: string;
  call_sid: CallSid;
  from_number: string | null;
}

/** The calls of a campaign that wait in the carrier's queue; at most 500, oldest first. */
export function queuedCallsOf(db: Db, campaignId: CampaignId): Promise<QueuedCall[]> {
  return queuedCalls(db, sql<boolean>`a.campaign_id = ${campaignId}`);
}

/** The calls of every campaign that wait in the carrier's queue since before the instant; at most 500, oldest first. */
export function callsQueuedBefore(db: Db, before: Date): Promise<QueuedCall[]> {
  return queuedCalls(db, sql<boolean>`a.dialed_at < ${before}`);
}

async function queuedCalls(db: Db, which: RawBuilder<boolean>): Promise<QueuedCall[]> {
  const { rows } = await sql<QueuedCall>`
    select a.id, a.token, a.call_sid, a.from_number from attempts a
    where a.state = 'dialed' and a.call_sid is not null and a.fold ->> 'initiatedAtMs' is null and ${which}
    order by a.id limit 500`.execute(db);
  return rows;
}
