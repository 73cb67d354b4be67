import { barCount, brakeCount, brakeSpanMs } from "../data/limits.ts";
import { cannotDecide, type CampaignRule, mayCall, waitUntil } from "../rule.ts";
import { brakeReleasedAtMs } from "../sender-papers.ts";

/**
 * Three unique complaints in ten days can bar a sender from every line. The brake stops before the bar does: all calls on
 * three people's complaints about being called, because the bar hits all; promotional calls also on opt-outs said in
 * promotional calls. An opt-out in a reminder is a wish about one number and no complaint: among thousands of borrowers
 * three such wishes are a normal morning, and each is obeyed at once by its own rule.
 *
 * The pause at three is the sender's own, so the sender may end it, in writing and on file (`brake_release`): what came before
 * counts no more, three further ones brake anew. At five the operators bar the sender; against that no release stands, and it
 * lapses only as the ten days roll on. Those who complained or opted out stay protected by their own rules throughout.
 */
export const senderBrake: CampaignRule = {
  id: "sender-brake",
  title: "Three complaints, or opt-outs from promotional calls, in ten days stop the sender; a written release ends it below five",
  citations: ["TCCCPR Third Amendment, 18 September 2026: three unique complaints in ten days", "TCCCPR Second Amendment 2025: five in ten days"],
  certainty: "sources_disagree",
  inForce: { from: "2025-03-14", to: null },
  about: "campaign",
  decide({ brake, purpose, papers }, nowMs) {
    if (brake === "unknown") return cannotDecide("brake");
    const counted = purpose === "promotional" ? [...brake.complaintsAtMs, ...brake.promotionalOptOutsAtMs] : brake.complaintsAtMs;
    const recent = counted.filter((ms) => ms > nowMs - brakeSpanMs).sort((a, b) => b - a);
    const releasedAtMs = papers === "unknown" ? -Infinity : brakeReleasedAtMs(papers, nowMs);
    const unanswered = recent.filter((ms) => ms > releasedAtMs);
    const decisive = Math.max(unanswered[brakeCount - 1] ?? -Infinity, recent[barCount - 1] ?? -Infinity);
    if (decisive === -Infinity) return mayCall();
    return waitUntil(decisive + brakeSpanMs, "sender_brake", `${recent.length} people complained or opted out within ten days; the sender pauses`);
  },
};
