import type { AttemptState, HangupBy } from "../domain/attempt.ts";
import type { Db } from "../db/database.ts";
import type { AttemptId, CallSid } from "../domain/ids.ts";

/** The call of an attempt, as far as hanging up needs it; undefined when there is no such attempt. */
export function callToEnd(db: Db, attemptId: AttemptId): Promise<{ call_sid: CallSid | null; state: AttemptState } | undefined> {
  return db.selectFrom("attempts").where("id", "=", attemptId).select(["call_sid", "state"]).executeTakeFirst();
}

/** Notes who ended a call, unless that is known already. */
export async function noteHangupBy(db: Db, input: { attemptId: AttemptId; by: HangupBy }): Promise<void> {
  await db.updateTable("attempts").set({ hangup_by: input.by }).where("id", "=", input.attemptId).where("hangup_by", "is", null).execute();
}
