import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AttemptId } from "../domain/ids.ts";

/** The attempt that a media stream belongs to, with its campaign's recording mode; undefined when there is none. */
export function streamedCall(db: Db, id: AttemptId) {
  return db
    .selectFrom("attempts as a")
    .innerJoin("campaigns as p", "p.id", "a.campaign_id")
    .where("a.id", "=", id)
    .select(["a.id", "a.account_id", "a.campaign_id", "a.contact_id", "a.token", "a.state", "a.call_sid", "a.recording_consent", "a.stream_opened_at"])
    .select(sql<string | null>`p.definition -> 'recording' ->> 'mode'`.as("recording_mode"))
    .executeTakeFirst();
}

/** Notes when the stream of a call closed. */
export async function noteStreamClosed(db: Db, input: { attemptId: AttemptId; at: Date }): Promise<void> {
  await db.updateTable("attempts").set({ stream_closed_at: input.at }).where("id", "=", input.attemptId).execute();
}
