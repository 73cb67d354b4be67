import { cannotDecide, type CampaignRule, mayCall, never, waitUntil } from "../rule.ts";
import { paperHolds, registrations } from "../sender-papers.ts";

/** Commercial traffic of a sender who is not registered is itself unsolicited, whatever it says. */
export const senderRegistration: CampaignRule = {
  id: "sender-registration",
  title: "The sender is registered as principal entity",
  citations: ["TCCCPR 2018, regulations 3 and 22"],
  certainty: "several_sources",
  inForce: { from: "2018-07-19", to: null },
  about: "campaign",
  decide({ papers, acknowledged }, nowMs) {
    if (acknowledged.includes("no_sender_registration")) return mayCall();
    if (papers === "unknown") return cannotDecide("papers");
    const state = paperHolds(registrations(papers), nowMs);
    if (state.holds) return mayCall();
    if (state.fromMs === null) return never("no_sender_registration", "no registration of the sender that is valid now is on file");
    return waitUntil(state.fromMs, "registration_not_yet_valid", "the sender's registration is not valid yet");
  },
};
