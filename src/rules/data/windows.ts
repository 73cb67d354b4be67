/** A span of hours [from, to) IST in which the law (or the product's own policy) lets a call start. */
export interface LegalWindow {
  from: string;
  to: string;
}

/**
 * Promotional calls. TCCCPR 2018 Schedule II: the bands 00–06, 06–08, 08–10 and 21–24 are off for everybody who has not
 * opened them. Some vendors still write 09:00–21:00, which is the repealed regulation of 2010; the stricter text holds.
 * A subscriber may open band 08–10; we never use it.
 */
export const promotionalWindow: LegalWindow = { from: "10:00", to: "21:00" };

/** Recovery calls of lenders. The sources let 08:00 and 19:00 themselves in; 19:00:00 is taken as outside. */
export const recoveryWindow: LegalWindow = { from: "08:00", to: "19:00" };

/** Recovery of microfinance loans, until the end of 2026 only. */
export const microfinanceWindow: LegalWindow = { from: "09:00", to: "18:00" };

/** Reminders and service calls: no law sets hours; these are the product's manners. */
export const serviceWindow: LegalWindow = { from: "09:00", to: "20:00" };

/** The day on which one recovery window begins to hold for all loans, microfinance included. */
export const oneRecoveryWindowFrom = "2027-01-01";
