/** Reasons for which a scrub run blocks a contact; the next run may free it. */
export const runReasons = ["scrub_blocked", "not_scrubbed"] as const;

/** Every reason for which `scrubCampaign` blocks a contact; it frees those for whom the reason is gone. */
export const scrubReasons = [
  "suppressed",
  "hold_not_party",
  "hold_complaint",
  "hold_dispute",
  "hold_hardship",
  "hold_bereavement",
  "preference_full_block",
  "preference_block_promo",
  "preference_legacy",
  "preference_partial",
  "preference_category",
  "preference_mode",
  ...runReasons,
  "no_consent",
  "consent_lapsed",
] as const;
export type ScrubReason = (typeof scrubReasons)[number];
