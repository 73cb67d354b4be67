import type { HangupBy } from "../domain/attempt.ts";
import type { AttemptId } from "../domain/ids.ts";
import { callToEnd, noteHangupBy } from "./hang-up.queries.ts";
import type { DialDeps } from "./ports.ts";

/**
 * Ends the call of an attempt, whoever asks. The end itself arrives as a fact of the carrier. Ending a call that is over,
 * or that was never placed, does nothing. Throws the carrier's `VendorError`.
 */
export async function hangUp(deps: DialDeps, input: { attemptId: AttemptId; by: HangupBy }): Promise<void> {
  const attempt = await callToEnd(deps.db, input.attemptId);
  if (!attempt || attempt.call_sid === null || attempt.state === "ended") return;
  await noteHangupBy(deps.db, input);
  await deps.carrier.hangUp(attempt.call_sid);
}
