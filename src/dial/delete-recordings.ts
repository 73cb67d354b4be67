import { VendorError } from "../domain/errors.ts";
import type { DialDeps } from "./ports.ts";
import { claimDeletions, noteDeleted, noteNotDeleted } from "./recording-deletions.queries.ts";

const batch = 20;
const firstRetryMs = 60_000;
const longestRetryMs = 6 * 3_600_000;
/** A recording may appear at the carrier for this long after its call: then it is looked for once more. */
const appearsWithinMs = 3_600_000;

/**
 * Deletes, at the carrier, the recordings of persons who were erased. A deletion is asked for again, after pauses that grow
 * to six hours, until the carrier has answered that nothing is left; it is never given up, because the person's right does
 * not end with the carrier's trouble. Answers how many calls have nothing left.
 */
export async function deleteRecordings(deps: Pick<DialDeps, "db" | "clock" | "log" | "carrier">): Promise<number> {
  const claimedMs = deps.clock.nowMs();
  const due = await claimDeletions(deps.db, { now: new Date(claimedMs), limit: batch, baseMs: firstRetryMs, mostMs: longestRetryMs });
  let cleared = 0;
  for (const { attempt_id: attemptId, call_sid: callSid, recording_sid: recordingSid, tries, over_ms: overMs } of due) {
    try {
      const recordings = await deps.carrier.deleteRecordings({ callSid, recordingSid });
      const nowMs = deps.clock.nowMs();
      const lastMs = overMs + appearsWithinMs;
      await noteDeleted(deps.db, { attemptId, now: new Date(nowMs), againAt: nowMs < lastMs ? new Date(lastMs) : null });
      cleared += 1;
      deps.log.info("deleted the recordings of an erased person at the carrier", { attemptId, recordings });
    } catch (error) {
      await noteNotDeleted(deps.db, { attemptId, code: error instanceof VendorError ? error.code : "failed" });
      deps.log.error("recordings of an erased person could not be deleted at the carrier; it is asked again", { attemptId, tries, error });
    }
  }
  return cleared;
}
