import type { AttemptId } from "../domain/ids.ts";
import { reviseOutcome } from "./revise-outcome.ts";
import { type OutcomeDeps, settleAttempt } from "./settle-attempt.ts";
import { revisedAttempts, unsettledAttempts } from "./settle.queries.ts";

const batch = 200;

/**
 * Settles what a crash left unsettled and takes in late facts. Safe in many processes: each attempt is locked. One
 * attempt that cannot be settled is logged and asked again by the next sweep; it does not keep the others back.
 */
export async function settleSweep(deps: OutcomeDeps): Promise<{ settled: number; revised: number }> {
  const each = async (attemptIds: readonly AttemptId[], work: typeof settleAttempt): Promise<number> => {
    let done = 0;
    for (const attemptId of attemptIds) {
      try {
        if (await work(deps, { attemptId })) done += 1;
      } catch (error) {
        deps.log.error("an attempt could not be settled", { attemptId, error });
      }
    }
    return done;
  };
  const settled = await each(await unsettledAttempts(deps.db, new Date(deps.clock.nowMs()), batch), settleAttempt);
  const revised = await each(await revisedAttempts(deps.db, batch), reviseOutcome);
  return { settled, revised };
}
