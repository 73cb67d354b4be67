import { dayMs } from "../ist-calendar.ts";
import type { ConsentBasis } from "../facts.ts";

/**
 * How long a consent lasts from the moment it was given; null: as long as its row says. TCCCPR Third Amendment 2026:
 * explicit consent to complete something 7 days, an enquiry 7 days (2018: three months), a consent of the DCA
 * platform one year (one source; taken as 365 days). Inferred consent lasts while the contract lasts.
 */
export const consentLastsMs: Readonly<Record<ConsentBasis, number | null>> = {
  explicit: 7 * dayMs,
  enquiry: 7 * dayMs,
  dca: 365 * dayMs,
  inferred: null,
};

/** After a refusal or an opt-out nobody is asked again for 90 days. */
export const askAgainAfterMs = 90 * dayMs;
