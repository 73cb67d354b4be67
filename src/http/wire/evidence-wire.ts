import { z } from "zod";
import type { CampaignId } from "../../domain/ids.ts";
import { idOf, instantQuery, instantText } from "./common-wire.ts";

/** What evidence is wanted; several narrow it together. */
export const evidenceQuestion = {
  number: z.string().min(1).max(40).optional(),
  campaign_id: idOf<CampaignId>("a campaign").optional(),
  from: instantQuery.optional(),
  to: instantQuery.optional(),
};

export const evidenceWire = z
  .object({
    id: z.string(),
    at: instantText,
    decision: z.string(),
    code: z.string(),
    campaign_id: z.string().nullable(),
    contact_id: z.string().nullable(),
    attempt_id: z.string().nullable(),
    number_key: z.string().meta({ description: "Stands for the number; the same number has the same key" }),
    caller_number: z.string().nullable(),
    body: z.unknown(),
    row_hash: z.string(),
    seal: z.number().nullable(),
  })
  .meta({ id: "Evidence" });

export const evidenceVerdictWire = z
  .object({
    ok: z.boolean(),
    seals: z.number(),
    rows: z.number(),
    unsealed_rows: z.number(),
    problems_found: z.number(),
    head: z.string().meta({ description: "Kept elsewhere, it proves later that nothing was cut off" }),
    problems: z.array(z.object({ kind: z.string(), seal: z.number().nullable(), row: z.string().nullable() })),
  })
  .meta({ id: "EvidenceVerdict" });
