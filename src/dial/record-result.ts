import { moveAttempt } from "../db/attempt-state.ts";
import { pause } from "../domain/clock.ts";
import { assertNever } from "../domain/exhaustive.ts";
import type { CallSid } from "../domain/ids.ts";
import { openBreaker } from "./breakers.queries.ts";
import type { Claim } from "./claim.ts";
import { foldAttempt } from "./fold-attempt.ts";
import { nextCheckMs } from "./next-check.ts";
import { backOffMs } from "./pace.ts";
import type { Placing } from "./place-attempt.ts";
import type { DialDeps, PlaceResult } from "./ports.ts";
import { type Answered, backOffCarrier, bindAnswered, forgetStrikes, unclaimed } from "./send.queries.ts";

/** The carrier's list is first asked this long after a request whose answer was lost. */
export const firstReconcileMs = 5_000;
/** Above this the carrier queues our calls: it is paced slower than we think. */
const carrierQueueAlarmMs = 2_000;

/**
 * Writes what the carrier answered. Only `not_taken` gives the attempt back to be tried again: in every other case a
 * phone may be ringing. A write that fails is repeated; if it never succeeds the lease runs out and the reconciler finds
 * the call by its token or in the carrier's list.
 */
export async function recordResult(deps: DialDeps, claim: Claim, result: PlaceResult): Promise<Placing> {
  await deps.crashPoint?.("result_write_sent", claim);
  const placing = await untilWritten(deps, claim, () => writeResult(deps, claim, result));
  await deps.crashPoint?.("result_write_committed", claim);
  return placing;
}

async function writeResult(deps: DialDeps, claim: Claim, result: PlaceResult): Promise<Placing> {
  switch (result.kind) {
    case "accepted":
      return accepted(deps, claim, result);
    case "refused":
      return rejected(deps, claim, result);
    case "not_taken":
      return notTaken(deps, claim, result);
    case "unknown":
      return unknown(deps, claim, result);
    default:
      return assertNever(result, "answer of the carrier");
  }
}

async function accepted(deps: DialDeps, claim: Claim, result: Extract<PlaceResult, { kind: "accepted" }>): Promise<Placing> {
  const queueTimeMs = result.queueTimeMs === null ? null : Math.round(result.queueTimeMs);
  if (!(await bound(deps, claim, result.callSid, queueTimeMs))) {
    await foldAttempt(deps, { token: claim.token, known: { callSids: [result.callSid] }, boundBy: "answer", set: { queue_time_ms: queueTimeMs } });
  }
  if (queueTimeMs !== null) {
    deps.metrics?.carrierQueueMs(queueTimeMs);
    if (queueTimeMs > carrierQueueAlarmMs) deps.log.warn("the carrier queues our calls; its pace is below CALLS_PER_SECOND", { attemptId: claim.attemptId, queueTimeMs });
  }
  if (claim.strikes > 0) await forgetStrikes(deps.db);
  return { kind: "placed", callSid: result.callSid };
}

/** Whether the answer was the first word about the call, and is written. */
async function bound(deps: DialDeps, claim: Claim, callSid: string, queueTimeMs: number | null): Promise<boolean> {
  const dueMs = nextCheckMs({ state: "dialed", nowMs: deps.clock.nowMs(), ringSeconds: claim.ringSeconds, priced: false });
  if (dueMs === null) return false;
  const answered: Answered = { attemptId: claim.attemptId, callSid: callSid as CallSid, queueTimeMs, checkAfter: new Date(dueMs) };
  return deps.spacing.answers(answered, (calls) => bindAnswered(deps.db, calls, new Date(deps.clock.nowMs())));
}

async function rejected(deps: DialDeps, claim: Claim, result: Extract<PlaceResult, { kind: "refused" }>): Promise<Placing> {
  const now = new Date(deps.clock.nowMs());
  const moved = await moveAttempt(deps.db, {
    id: claim.attemptId,
    from: ["sending"],
    to: "rejected",
    now,
    facts: {
      ended_at: now,
      carrier_code: result.code,
      refusal_code: result.reason === "invalid_number" ? "invalid_number" : result.code,
      failure_class: result.scope === "contact" ? "callee" : "platform",
      lease_owner: null,
      lease_until: null,
    },
  });
  if (!moved) return { kind: "gone" };
  deps.log.warn("the carrier refused a call", { attemptId: claim.attemptId, code: result.code, scope: result.scope, detail: result.detail });
  if (result.scope === "carrier") await openBreaker(deps.db, { key: "carrier", accountId: null, cause: "our_side", nowMs: now.getTime(), forMs: 60_000, detail: { code: result.code } });
  if (result.scope === "campaign") await deps.stopDialing?.pauseCampaign({ campaignId: claim.campaignId, because: `carrier_${result.code}` });
  await deps.onEnded({ attemptId: claim.attemptId, accountId: claim.accountId });
  return { kind: "rejected", code: result.code };
}

async function notTaken(deps: DialDeps, claim: Claim, result: Extract<PlaceResult, { kind: "not_taken" }>): Promise<Placing> {
  const nowMs = deps.clock.nowMs();
  const untilMs = nowMs + backOffMs(claim.strikes, deps.random.fraction());
  const moved = await moveAttempt(deps.db, {
    id: claim.attemptId,
    from: ["sending"],
    to: "planned",
    now: new Date(nowMs),
    facts: { ...unclaimed, due_at: new Date(untilMs), refusal_code: result.because === "rate" ? "carrier_rate" : "carrier_unreachable" },
  });
  if (!moved) return { kind: "gone" };
  await backOffCarrier(deps.db, new Date(untilMs));
  deps.log.warn("the carrier did not take a call; trying again later", { attemptId: claim.attemptId, because: result.because, code: result.code });
  return { kind: "postponed", code: result.because === "rate" ? "carrier_rate" : "carrier_unreachable", untilMs };
}

async function unknown(deps: DialDeps, claim: Claim, result: Extract<PlaceResult, { kind: "unknown" }>): Promise<Placing> {
  const nowMs = deps.clock.nowMs();
  const moved = await moveAttempt(deps.db, {
    id: claim.attemptId,
    from: ["sending"],
    to: "ambiguous",
    now: new Date(nowMs),
    facts: { check_after: new Date(nowMs + firstReconcileMs), checks: 0, lease_owner: null, lease_until: null, carrier_code: result.code },
  });
  deps.log.warn("it is not known whether the carrier placed a call", { attemptId: claim.attemptId, because: result.because, code: result.code });
  return moved ? { kind: "ambiguous", code: result.code } : { kind: "gone" };
}

/** Repeats a write for as long as the lease allows; every write above may be repeated. */
async function untilWritten(deps: DialDeps, claim: Claim, write: () => Promise<Placing>): Promise<Placing> {
  const delaysMs = [50, 200, 1_000, 3_000];
  for (const delayMs of delaysMs) {
    try {
      return await write();
    } catch (error) {
      deps.log.error("could not write what the carrier answered; trying again", { attemptId: claim.attemptId, error });
      await pause(deps.clock, delayMs);
    }
  }
  return write();
}
