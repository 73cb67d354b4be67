import { reviseOutcome } from "./revise-outcome.ts";
import { type OutcomeDeps, settleAttempt } from "./settle-attempt.ts";
import { revisedAttempts, unsettledAttempts } from "./settle.queries.ts";

const batch = 200;

/** Settles what a crash left unsettled and takes in late facts. Safe in many processes: each attempt is locked. */
export async function settleSweep(deps: OutcomeDeps): Promise<{ settled: number; revised: number }> {
  let settled = 0;
  for (const attemptId of await unsettledAttempts(deps.db, new Date(deps.clock.nowMs()), batch)) {
    if (await settleAttempt(deps, { attemptId })) settled += 1;
  }
  let revised = 0;
  for (const attemptId of await revisedAttempts(deps.db, batch)) {
    if (await reviseOutcome(deps, { attemptId })) revised += 1;
  }
  return { settled, revised };
}
