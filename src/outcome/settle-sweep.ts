import type { AttemptId } from "../domain/ids.ts";
import { reviseOutcome } from "./revise-outcome.ts";
import { type OutcomeDeps, settleAttempt } from "./settle-attempt.ts";
import { revisedAttempts, unsettledAttempts } from "./settle.queries.ts";

/**
 * Settles what a crash left unsettled and takes in late facts. Safe in many processes: each attempt is locked. Attempts
 * that cannot be settled, however many, are logged and asked again by the next sweep; they do not keep the others back.
 */
export async function settleSweep(deps: OutcomeDeps, input: { batch?: number } = {}): Promise<{ settled: number; revised: number }> {
  const limit = input.batch ?? 200;
  const now = new Date(deps.clock.nowMs());
  return {
    settled: await eachOnce(deps, limit, (after) => unsettledAttempts(deps.db, { now, after, limit }), settleAttempt),
    revised: await eachOnce(deps, limit, (after) => revisedAttempts(deps.db, { after, limit }), reviseOutcome),
  };
}

/** Goes through all pages, in the order of ids, so that none is asked twice in one sweep; answers how many were done. */
async function eachOnce(deps: OutcomeDeps, limit: number, page: (after: AttemptId | null) => Promise<AttemptId[]>, work: typeof settleAttempt): Promise<number> {
  let done = 0;
  for (let after: AttemptId | null = null; ; ) {
    const attemptIds: AttemptId[] = await page(after);
    for (const attemptId of attemptIds) {
      try {
        if (await work(deps, { attemptId })) done += 1;
      } catch (error) {
        deps.log.error("an attempt could not be settled", { attemptId, error });
      }
    }
    after = attemptIds.at(-1) ?? null;
    if (after === null || attemptIds.length < limit) return done;
  }
}
