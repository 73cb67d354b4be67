import { dltConsentLives } from "../consent-life.ts";
import { allModes, artificialVoiceModes, transferMode } from "../data/preference-codes.ts";
import type { GateFacts } from "../facts.ts";
import { cannotDecide, type ContactRule, mayCall, never } from "../rule.ts";

/**
 * A call held by a machine counts as a voice call (11), a pre-recorded announcement (13) and a robo-call (15), and as an
 * auto-dialer call with a live agent (14) when it may be handed to a person: a block of any of them blocks it.
 */
export const preferenceMode: ContactRule = {
  id: "preference-mode",
  title: "A promotional call in a mode that the subscriber blocked is not made",
  citations: ["TCCCPR 2018, Schedule II (modes)", "TCCCPR Third Amendment 2026 (A2P calls)"],
  certainty: "general_knowledge",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide(facts, nowMs) {
    if (facts.purpose !== "promotional") return mayCall();
    const { preference, consents } = facts;
    if (preference === "unknown") return cannotDecide("preference");
    if (preference === null || preference.scheme !== "partial") return mayCall();
    const ours = modesOf(facts);
    const blocked = preference.modes.filter((mode) => ours.includes(mode));
    if (blocked.length === 0) return mayCall();
    if (consents === "unknown") return cannotDecide("consents");
    if (dltConsentLives(consents, nowMs)) return mayCall();
    return never("preference_mode", `the subscriber blocked mode ${blocked.join(", ")}`);
  },
};

/** The mode codes under which a machine's call falls. */
export function modesOf({ mayTransfer }: Pick<GateFacts, "mayTransfer">): readonly number[] {
  return mayTransfer ? [allModes, ...artificialVoiceModes, transferMode] : [allModes, ...artificialVoiceModes];
}
