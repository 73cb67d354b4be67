import { z } from "zod";
import { counts, instantInput, instantText } from "./common-wire.ts";

const rejects = z.array(z.object({ line: z.number(), column: z.string().nullable(), reason: z.string(), message: z.string() }));
const number = z.string().min(1).max(40);

export const newSuppressionsWire = z
  .strictObject({ number: number.optional(), numbers: z.array(number).min(1).max(1_000).optional(), reason: z.string().min(1).max(200).default("operator") })
  .refine((body) => (body.number === undefined) !== (body.numbers === undefined), "expected either number or numbers");

export const addedSuppressionsWire = z.object({ added: z.number(), already: z.number(), contacts_blocked: z.number() }).meta({ id: "AddedSuppressions" });

export const suppressionImportWire = z
  .object({ rows: z.number(), added: z.number(), already: z.number(), rejected: z.number(), contacts_blocked: z.number(), rejects_by_reason: counts, rejects })
  .meta({ id: "SuppressionImport" });

export const suppressionWire = z
  .object({ id: z.string(), number: z.string().nullable(), reason: z.string(), source: z.string(), created_at: instantText })
  .meta({ id: "Suppression" });

export const preferenceImportWire = z
  .object({
    import_id: z.string(),
    list_hash: z.string(),
    rows: z.number(),
    accepted: z.number(),
    rejected: z.number(),
    numbers: z.number(),
    closed_in_doubt: z.number(),
    rejects_by_reason: counts,
    rejects,
  })
  .meta({ id: "PreferenceImport" });

/** What identifies a scrub run; beside a CSV it comes in the query. */
export const scrubRunHead = {
  provider: z.string().min(1).max(120),
  reference: z.string().min(1).max(120),
  scrubbed_at: instantInput,
};
