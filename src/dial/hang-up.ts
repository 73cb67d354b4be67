import type { HangupBy } from "../domain/attempt.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { DialDeps } from "./ports.ts";

/**
 * Ends the call of an attempt, whoever asks. The end itself arrives as a fact of the carrier. Ending a call that is over,
 * or that was never placed, does nothing. Throws the carrier's `VendorError`.
 */
export async function hangUp(deps: DialDeps, input: { attemptId: AttemptId; by: HangupBy }): Promise<void> {
  const attempt = await deps.db.selectFrom("attempts").where("id", "=", input.attemptId).select(["call_sid", "state"]).executeTakeFirst();
  if (!attempt || attempt.call_sid === null || attempt.state === "ended") return;
  await deps.db.updateTable("attempts").set({ hangup_by: input.by }).where("id", "=", input.attemptId).where("hangup_by", "is", null).execute();
  await deps.carrier.hangUp(attempt.call_sid);
}
