import { brakeCount, brakeSpanMs } from "../data/limits.ts";
import { cannotDecide, type CampaignRule, mayCall, waitUntil } from "../rule.ts";

/**
 * Three unique complaints in ten days can bar a sender from every line. The brake stops before the bar does: all calls on
 * three people's complaints about being called, because the bar hits all; promotional calls also on opt-outs said in
 * promotional calls. An opt-out in a reminder is a wish about one number and no complaint: among thousands of borrowers
 * three such wishes are a normal morning, and each is obeyed at once by its own rule.
 */
export const senderBrake: CampaignRule = {
  id: "sender-brake",
  title: "Three complaints, or opt-outs from promotional calls, in ten days stop the sender",
  citations: ["TCCCPR Third Amendment, 18 September 2026: three unique complaints in ten days", "TCCCPR Second Amendment 2025: five in ten days"],
  certainty: "sources_disagree",
  inForce: { from: "2025-03-14", to: null },
  about: "campaign",
  decide({ brake, purpose }, nowMs) {
    if (brake === "unknown") return cannotDecide("brake");
    const counted = purpose === "promotional" ? [...brake.complaintsAtMs, ...brake.promotionalOptOutsAtMs] : brake.complaintsAtMs;
    const recent = counted.filter((ms) => ms > nowMs - brakeSpanMs).sort((a, b) => b - a);
    const decisive = recent[brakeCount - 1];
    if (decisive === undefined) return mayCall();
    return waitUntil(decisive + brakeSpanMs, "sender_brake", `${recent.length} people complained or opted out within ten days; the sender pauses`);
  },
};
