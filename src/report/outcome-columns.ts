/** The columns of every outcome export, in order: one set of names for API, CSV and database. */
export const outcomeColumns = [
  "campaign_id",
  "contact_id",
  "external_id",
  "phone",
  "name",
  "state",
  "disposition",
  "disposition_fields",
  "attempts",
  "first_attempt_at",
  "last_attempt_at",
  "answered_at",
  "duration_seconds",
  "answered_by",
  "hangup_by",
  "failure_class",
  "carrier_code",
  "language",
  "recording_consent",
  "summary",
  "latency_p50_ms",
  "latency_p95_ms",
  "cost_inr",
  "blocked_reason",
  "next_attempt_at",
  "revision",
] as const;

export type OutcomeColumn = (typeof outcomeColumns)[number];

/** One contact with what came of it. Instants are ISO 8601 with +05:30, money is rupees, nothing is in the clear that was erased. */
export type OutcomeRow = { [C in Exclude<OutcomeColumn, "disposition_fields">]: string | number | null } & {
  disposition_fields: Record<string, string | number | boolean>;
};
