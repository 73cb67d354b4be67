/**
 * The life of a campaign: `draft` → `running` ⇄ `paused` → `finished`; `cancelled` from any of the first three.
 * `finished` is reached when no contact is waiting and no attempt is open; redialing the unreached starts it again.
 */
export const campaignStates = ["draft", "running", "paused", "finished", "cancelled"] as const;
export type CampaignState = (typeof campaignStates)[number];

/** Papers and warnings an operator may vouch for at start; nothing that protects the called person is among them. */
export const acknowledgeableCodes = [
  "foreign_caller_number",
  "no_sender_registration",
  "no_a2p_declaration",
  "no_series_for_sector",
  "consent_basis_not_recorded",
] as const;
export type AcknowledgeableCode = (typeof acknowledgeableCodes)[number];
