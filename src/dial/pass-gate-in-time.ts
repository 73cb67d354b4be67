import type { AttemptId } from "../domain/ids.ts";
import { isUniqueViolation } from "./database-errors.ts";
import { numberBusyMs } from "./gate-opinion.ts";
import { postponeAttempts } from "./give-back.queries.ts";
import { type GateAsk, type GateOutcome, passGates } from "./pass-gates.ts";
import { pauseUntil } from "./pause-until.ts";
import type { DialDeps } from "./ports.ts";

/**
 * Asks at the gate until the place in the pace is near, so that nothing is claimed for longer than it takes to send. A process
 * that takes no new calls lets the attempt go.
 */
export async function passGateInTime(deps: DialDeps, attemptId: AttemptId): Promise<Exclude<GateOutcome, { kind: "early" }>> {
  for (let cameEarly = 0; !deps.spacing.stoodDown.aborted; cameEarly += 1) {
    const fromMs = deps.clock.nowMs();
    const outcome = await passGateOrPostpone(deps, { attemptId, cameEarly });
    deps.spacing.punctuality.noteGate(deps.clock.nowMs() - fromMs);
    if (outcome.kind !== "early") return outcome;
    await pauseUntil(deps.clock, outcome.untilMs, deps.spacing.stoodDown);
  }
  return letGo(deps, attemptId);
}

/** Another process may have it at once. */
async function letGo(deps: DialDeps, attemptId: AttemptId): Promise<Extract<GateOutcome, { kind: "postponed" }>> {
  const untilMs = deps.clock.nowMs();
  await deps.db.transaction().execute((tx) => postponeAttempts(tx, [{ attemptId, untilMs, code: "stopping" }], new Date(untilMs)));
  return { kind: "postponed", code: "stopping", untilMs };
}

/** The index over open numbers has the last word: when another attempt took the number in the same moment, this one waits. */
async function passGateOrPostpone(deps: DialDeps, ask: GateAsk): Promise<GateOutcome> {
  try {
    return await deps.spacing.gate(ask, (asks) => passGates(deps, asks));
  } catch (error) {
    if (!isUniqueViolation(error, "attempts_number_open")) throw error;
    const nowMs = deps.clock.nowMs();
    const untilMs = nowMs + numberBusyMs;
    await deps.db.transaction().execute((tx) => postponeAttempts(tx, [{ attemptId: ask.attemptId, untilMs, code: "number_busy" }], new Date(nowMs)));
    return { kind: "postponed", code: "number_busy", untilMs };
  }
}
