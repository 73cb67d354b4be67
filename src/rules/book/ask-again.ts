import { isScrubbed } from "../call-class.ts";
import { dltConsentLives } from "../consent-life.ts";
import { askAgainAfterMs } from "../data/consent-clocks.ts";
import { cannotDecide, type ContactRule, mayCall, waitUntil } from "../rule.ts";

/**
 * Whoever said no, by an opt-out that was since lifted or by withdrawing a consent, is not asked again for 90 days. A
 * consent that the person registered with an operator after saying no ends the wait: then nobody asks.
 */
export const askAgain: ContactRule = {
  id: "ask-again",
  title: "After a refusal or opt-out nobody is asked again for 90 days",
  citations: ["TCCCPR 2018 with the Second Amendment 2025: no new consent request for 90 days"],
  certainty: "several_sources",
  inForce: { from: "2025-03-14", to: null },
  about: "contact",
  decide(facts, nowMs) {
    if (!isScrubbed(facts)) return mayCall();
    const { consents, optedOutAtMs } = facts;
    if (consents === "unknown") return cannotDecide("consents");
    if (optedOutAtMs === "unknown") return cannotDecide("optedOutAtMs");
    const refusals = consents.flatMap(({ revokedAtMs }) => (revokedAtMs === null ? [] : [revokedAtMs]));
    const refusedAtMs = Math.max(optedOutAtMs ?? -Infinity, ...refusals);
    const againMs = refusedAtMs + askAgainAfterMs;
    if (nowMs >= againMs) return mayCall();
    if (dltConsentLives(consents.filter((consent) => consent.givenAtMs >= refusedAtMs), nowMs)) return mayCall();
    return waitUntil(againMs, "asked_too_soon", "the person refused or opted out less than 90 days ago");
  },
};
