import { decisionOf } from "../domain/verdict.ts";
import type { Judgement } from "../rules/judge.ts";
import type { Claim } from "./claim.ts";
import { writeEvidence } from "./evidence.queries.ts";
import { campaignRestMs, type ContactFate, fateOf, refuseAttempt } from "./give-back.ts";
import type { DialDeps } from "./ports.ts";
import { standingOf } from "./send.queries.ts";

export type Refused = { kind: "refused"; code: string } | { kind: "gone" };

type Why = { judgement: Judgement } | { code: string; fate: ContactFate };

/** Takes back a claim of ours before anything was sent, with the evidence of why. */
export async function refuseClaim(deps: DialDeps, claim: Claim, why: Why): Promise<Refused> {
  const at = deps.clock.now();
  const judgement = "judgement" in why ? why.judgement : undefined;
  const { code, fate } = "judgement" in why ? fateOf(why.judgement, knownState(claim), at.toMillis()) : why;
  const refused = await deps.db.transaction().execute(async (tx) => {
    const moved = await refuseAttempt(tx, { attemptId: claim.attemptId, contactId: claim.contactId, from: "claimed", leaseOwner: claim.leaseOwner, code, fate, now: at.toJSDate() });
    if (!moved) return false;
    await writeEvidence(tx, [
      {
        accountId: claim.accountId,
        campaignId: claim.campaignId,
        contactId: claim.contactId,
        attemptId: claim.attemptId,
        numberKey: claim.numberKey,
        at,
        decision: judgement ? decisionOf(judgement.verdict) : fate.kind === "waits" ? "wait" : "never",
        code,
        callerNumber: claim.from,
        carrier: deps.carrier.name,
        findings: judgement?.findings ?? [],
        facts: judgement ? claim.facts : null,
      },
    ]);
    return true;
  });
  return refused ? { kind: "refused", code } : { kind: "gone" };
}

/**
 * Says why `claimed → sending` was lost and closes the attempt accordingly: the campaign was stopped, the contact taken
 * back, or the number suppressed in the moments since the gate. When the claim itself is gone nothing is done.
 */
export async function whyLost(deps: DialDeps, claim: Claim): Promise<Refused> {
  const standing = await standingOf(deps.db, claim.attemptId);
  if (standing?.state !== "claimed" || standing.lease_owner !== claim.leaseOwner) return { kind: "gone" };
  if (standing.suppressed) return refuseClaim(deps, claim, { code: "suppressed", fate: { kind: "blocked", because: "suppressed" } });
  if (standing.contact_state !== "planned") return refuseClaim(deps, claim, { code: `contact_${standing.contact_state}`, fate: { kind: "left_alone" } });
  if (standing.campaign_state === "cancelled") return refuseClaim(deps, claim, { code: "campaign_cancelled", fate: { kind: "cancelled" } });
  const untilMs = deps.clock.nowMs() + campaignRestMs;
  return refuseClaim(deps, claim, { code: "campaign_not_running", fate: { kind: "waits", untilMs, because: "campaign_not_running" } });
}

function knownState(claim: Claim) {
  return claim.facts.campaignState === "unknown" ? "running" : claim.facts.campaignState;
}
