import { barCount, brakeCount, brakeSpanMs } from "../data/limits.ts";
import { cannotDecide, type CampaignRule, mayCall, waitUntil } from "../rule.ts";
import { brakeReleasedAtMs } from "../sender-papers.ts";

/**
 * Three unique complaints in ten days can bar a sender from every line. The brake stops before the bar does: all calls on
 * three people's complaints about being called, because the bar hits all; promotional calls also on opt-outs said in
 * promotional calls. An opt-out in a reminder is a wish about one number and no complaint: among thousands of borrowers
 * three such wishes are a normal morning, and each is obeyed at once by its own rule. A sender that wants to stop on them
 * too says at how many: the definition's `limits.opt_outs_in_ten_days` counts opt-outs of all its calls, beside the complaints.
 *
 * The pause at three, and the definition's own, are the sender's, so the sender may end them, in writing and on file
 * (`brake_release`): what came before counts no more, as many further ones brake anew. At five the operators bar the sender;
 * against that no release stands, and it lapses only as the ten days roll on. Those who complained or opted out stay protected
 * by their own rules throughout.
 */
export const senderBrake: CampaignRule = {
  id: "sender-brake",
  title: "Three complaints, or opt-outs from promotional calls, in ten days stop the sender; a written release ends it below five",
  citations: [
    "TCCCPR Third Amendment, 18 September 2026: three unique complaints in ten days",
    "TCCCPR Second Amendment 2025: five in ten days",
    "the campaign definition: limits.opt_outs_in_ten_days",
  ],
  certainty: "sources_disagree",
  inForce: { from: "2025-03-14", to: null },
  about: "campaign",
  decide({ brake, purpose, papers, optOutsInTenDays }, nowMs) {
    if (brake === "unknown" || (optOutsInTenDays !== null && brake.optOutsAtMs === "unknown")) return cannotDecide("brake");
    const againstLaw = purpose === "promotional" ? [...brake.complaintsAtMs, ...brake.promotionalOptOutsAtMs] : brake.complaintsAtMs;
    const releasedAtMs = papers === "unknown" ? -Infinity : brakeReleasedAtMs(papers, nowMs);
    const pauses = [pauseAt(brakeCount, againstLaw, nowMs, releasedAtMs), pauseAt(barCount, againstLaw, nowMs, -Infinity)];
    if (optOutsInTenDays !== null && brake.optOutsAtMs !== "unknown") {
      pauses.push(pauseAt(optOutsInTenDays, [...brake.complaintsAtMs, ...brake.optOutsAtMs], nowMs, releasedAtMs));
    }
    const latest = pauses.reduce((a, b) => (b.untilMs > a.untilMs ? b : a));
    if (latest.untilMs === -Infinity) return mayCall();
    return waitUntil(latest.untilMs, "sender_brake", `${latest.people} people complained or opted out within ten days; the sender pauses`);
  },
};

/** Until when `count` of these instants lie within ten days and after `afterMs`, and how many do now; minus infinity when too few. */
function pauseAt(count: number, instantsMs: readonly number[], nowMs: number, afterMs: number): { untilMs: number; people: number } {
  const counted = instantsMs.filter((ms) => ms > nowMs - brakeSpanMs && ms > afterMs).sort((a, b) => b - a);
  return { untilMs: (counted[count - 1] ?? -Infinity) + brakeSpanMs, people: counted.length };
}
