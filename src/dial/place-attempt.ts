import type { AttemptId } from "../domain/ids.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import { type Claim, leaseMs } from "./claim.ts";
import { judgeThrough } from "./judge-callers.ts";
import { passGateInTime } from "./pass-gate-in-time.ts";
import { pauseUntil } from "./pause-until.ts";
import type { CallOrder, DialDeps } from "./ports.ts";
import { recordResult } from "./record-result.ts";
import { type Refused, refuseClaim, whyLost } from "./refuse-claim.ts";
import { beginSending, standingOf, takeBackUnsent } from "./send.queries.ts";
import { type OtherPlace, type PlaceLost, takeOtherPlaces } from "./take-other-places.ts";

/** What came of one try to place an attempt. */
export type Placing =
  | { kind: "placed"; callSid: string }
  | { kind: "postponed"; code: string; untilMs: number }
  | { kind: "refused"; code: string }
  /** The carrier said no for good. */
  | { kind: "rejected"; code: string }
  /** Nobody knows whether a phone rings; the reconciler finds out. */
  | { kind: "ambiguous"; code: string }
  /** Somebody else has it, or it is over: nothing was done. */
  | { kind: "gone" };

/** The request to the carrier is made ready this much before its place in the pace, and leaves on it; a slow commit costs no place. */
const readyMs = 150;
/**
 * A process that slept between judging and sending sends nothing: its judgement may be past the window it was made for
 * (`ringLeadMs`), and others may have taken its slot by now.
 */
const staleAfterMs = 2_500;

/**
 * Places the call of one planned attempt: gate, pace, `claimed → sending` committed, then the request. May be called any
 * number of times for one attempt, by any number of processes at once; at most one request leaves. Calls placed at once by
 * one process share the transactions of each step (`spacing`); no step of one waits for a later step of another.
 */
export async function placeAttempt(deps: DialDeps, input: { attemptId: AttemptId }): Promise<Placing> {
  await deps.crashPoint?.("before_claim", {});
  const outcome = await passGateInTime(deps, input.attemptId);
  if (outcome.kind !== "claimed") return outcome;
  await deps.crashPoint?.("after_claim", outcome.claim);
  const { claim } = outcome;
  await pauseUntil(deps.clock, claim.sendAtMs - readyMs, deps.spacing.stoodDown);
  if (deps.spacing.stoodDown.aborted) return giveBackUnsent(deps, claim, "stopping");
  const judgedMs = deps.clock.nowMs();
  const refused = await stillAllowed(deps, claim);
  if (refused) return refused;
  const order = await orderOf(deps, claim);
  if (!order) return refuseClaim(deps, claim, { code: "number_unreadable", fate: { kind: "blocked", because: "number_unreadable" } });
  if (!(await commitSending(deps, claim))) return whyLost(deps, claim);
  await deps.crashPoint?.("after_sending_committed", claim);
  // A machine that slept did not see the time pass: only the clock can say so, and it is asked last.
  if (!(await leaveOnTime(deps, claim, judgedMs)) || deps.clockAgrees?.() === false) {
    if (deps.spacing.stoodDown.aborted) return giveBackUnsent(deps, claim, "stopping");
    deps.log.warn("this process was held up between judging and sending; nothing was sent", { attemptId: claim.attemptId });
    return giveBackUnsent(deps, claim, "held_up");
  }
  const result = await deps.carrier.place(order);
  await deps.crashPoint?.("response_parsed", claim);
  deps.metrics?.placed(result.kind);
  return recordResult(deps, claim, result);
}

/** The wait for the pace may have crossed the end of a window: the same facts are judged again at the moment of sending. */
async function stillAllowed(deps: DialDeps, claim: Claim): Promise<Refused | undefined> {
  const judgement = judgeThrough(claim.facts, deps.clock.now());
  return judgement.verdict.kind === "call" ? undefined : refuseClaim(deps, claim, { judgement });
}

async function orderOf(deps: DialDeps, claim: Claim): Promise<CallOrder | undefined> {
  const vault = await deps.vault.forAccount(claim.accountId);
  const to = readCallerNumber(vault.open("contacts.number", claim.contactId, claim.numberSealed));
  if (to === undefined) return undefined;
  const { from, token, ringSeconds, maxCallSeconds, answer, detectMachine } = claim;
  return { to, from, token, ringSeconds, maxCallSeconds, answer, detectMachine };
}

/**
 * Commits `claimed → sending`. When the connection broke before the answer came, the row is read again instead of
 * guessing: only this claim can have moved it, so `sending` under our own lease means that it did.
 */
async function commitSending(deps: DialDeps, claim: Claim): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  const { attemptId, leaseOwner } = claim;
  const leaseUntil = new Date(Math.max(nowMs, claim.sendAtMs) + leaseMs);
  try {
    return await deps.spacing.sending({ attemptId, leaseOwner, leaseUntil }, (calls) => beginSending(deps.db, calls, new Date(deps.clock.nowMs())));
  } catch (error) {
    deps.log.warn("the answer to beginning to send was lost; reading the attempt again", { attemptId, error });
    const standing = await standingOf(deps.db, attemptId);
    return standing?.state === "sending" && standing.lease_owner === leaseOwner;
  }
}

/**
 * Waits for the place in the pace; a call that misses it takes another, so that no lateness brings calls closer together
 * than their places are. False: the call must not leave, because the judgement it has would be too old by then.
 */
async function leaveOnTime(deps: DialDeps, claim: Claim, judgedMs: number): Promise<boolean> {
  const latestMs = judgedMs + staleAfterMs;
  let place: OtherPlace | undefined = claim;
  for (let missed = 0; place !== undefined; missed += 1) {
    const kept = await deps.spacing.place({ sendAtMs: place.sendAtMs, spareMs: place.spareMs, flows: claim.flows });
    const nowMs = deps.clock.nowMs();
    if (nowMs > latestMs || (!kept && deps.spacing.stoodDown.aborted)) return false;
    if (kept) {
      deps.metrics?.sendLatenessMs(nowMs - claim.sendAtMs);
      return true;
    }
    place = await otherPlace(deps, { claim, missedBefore: missed, latestMs });
  }
  return false;
}

async function otherPlace(deps: DialDeps, lost: PlaceLost): Promise<OtherPlace | undefined> {
  try {
    return await deps.spacing.places(lost, (all) => takeOtherPlaces(deps, all));
  } catch (error) {
    deps.log.warn("no other place in the pace could be taken", { attemptId: lost.claim.attemptId, error });
    return undefined;
  }
}

/** Only this process knows that nothing was sent; once its lease is taken the attempt is in doubt for everybody and stays so. */
async function giveBackUnsent(deps: DialDeps, claim: Claim, code: "held_up" | "stopping"): Promise<Placing> {
  const nowMs = deps.clock.nowMs();
  const back = await takeBackUnsent(deps.db, claim, { now: new Date(nowMs), code });
  return back ? { kind: "postponed", code, untilMs: nowMs } : { kind: "gone" };
}
