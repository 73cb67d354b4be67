/** What an API key may do; every route asks for exactly one of these. */
export const scopes = [
  /** See campaigns, progress, reports and forecasts: nothing personal. */
  "campaigns:read",
  /** Create and change campaigns. */
  "campaigns:write",
  /** Bring in lists: contacts, suppressions, scrub results, preferences, consents. */
  "contacts:write",
  /** Set calls going and stop them. */
  "calls:control",
  /** Read personal data: numbers, names, transcripts, outcomes, evidence. */
  "exports:read",
  /** Keys, webhook endpoints, papers, lifting suppressions, erasing persons, the audit log. */
  "admin",
] as const;
export type Scope = (typeof scopes)[number];
