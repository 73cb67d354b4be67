import { consentLastsMs } from "./data/consent-clocks.ts";
import type { ConsentFacts } from "./facts.ts";

/** Whether a consent carries a call at this instant: given, not revoked, inside its own end and inside its basis's clock. */
export function consentLives(consent: ConsentFacts, nowMs: number): boolean {
  if (consent.revokedAtMs !== null || nowMs < consent.givenAtMs) return false;
  if (consent.endsAtMs !== null && nowMs >= consent.endsAtMs) return false;
  const lastsMs = consentLastsMs[consent.basis];
  return lastsMs === null || nowMs < consent.givenAtMs + lastsMs;
}

/**
 * Whether a consent registered on the operators' DLT platform lives: only such a one lets a call through a subscriber's
 * block. Sources disagree whether a consent opens blocked promotional traffic at all; a consent known to us alone never does.
 */
export function dltConsentLives(consents: readonly ConsentFacts[], nowMs: number): boolean {
  return consents.some(
    (consent) => consent.registeredOnDlt && consent.reference !== null && consent.basis !== "inferred" && consentLives(consent, nowMs),
  );
}
