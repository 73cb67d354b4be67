import { z } from "zod";
import { counts, instantInput, instantQuery, instantText } from "./common-wire.ts";

const rejects = z.array(z.object({ line: z.number(), column: z.string().nullable(), reason: z.string(), message: z.string() }));
const warnings = z.array(z.string());
const number = z.string().min(1).max(40);

export const newSuppressionsWire = z
  .strictObject({ number: number.optional(), numbers: z.array(number).min(1).max(1_000).optional(), reason: z.string().min(1).max(200).default("operator") })
  .refine((body) => (body.number === undefined) !== (body.numbers === undefined), "expected either number or numbers");

export const addedSuppressionsWire = z.object({ added: z.number(), already: z.number(), contacts_blocked: z.number() }).meta({ id: "AddedSuppressions" });

export const suppressionImportWire = z
  .object({ rows: z.number(), added: z.number(), already: z.number(), rejected: z.number(), contacts_blocked: z.number(), rejects_by_reason: counts, rejects })
  .meta({ id: "SuppressionImport" });

export const consentImportWire = z
  .object({ rows: z.number(), recorded: z.number(), already: z.number(), withdrawn: z.number(), rejected: z.number(), rejects_by_reason: counts, rejects, warnings })
  .meta({ id: "ConsentImport" });

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
    warnings,
  })
  .meta({ id: "PreferenceImport" });

/** What identifies a scrub run; beside a CSV it comes in the query. */
const scrubRunHead = {
  provider: z.string().min(1).max(120).meta({ description: "The telecom operator whose facility scrubbed the list" }),
  reference: z.string().min(1).max(120),
  scrubbed_at: instantInput,
};

export const scrubRunQuery = z.strictObject({
  provider: scrubRunHead.provider.optional(),
  reference: scrubRunHead.reference.optional(),
  scrubbed_at: instantQuery.optional(),
  category: z.coerce.number().int().min(1).max(8).optional(),
  lists: z
    .enum(["blocked", "clear"])
    .optional()
    .meta({ description: "Beside a file without a status column: whether it names those who are blocked, so that everybody else on the list is clear, or those who passed, so that nobody else is covered. Without it the titles decide; what can be read both ways is refused" }),
});

export const newScrubRunWire = z.strictObject({
  ...scrubRunHead,
  category: z.int().min(1).max(8).optional(),
  blocked: z.array(number).max(100_000).meta({ description: "The blocked numbers; everybody else on the list is clear" }),
});

export const scrubRunWire = z
  .object({
    id: z.string(),
    provider: z.string(),
    reference: z.string(),
    category: z.number().nullable(),
    scrubbed_at: instantText,
    expires_at: instantText,
    submitted_count: z.number(),
    blocked_count: z.number(),
    list_hash: z.string(),
    not_on_list: z.number(),
    contacts_blocked: z.number(),
    contacts_freed: z.number(),
    rejected: z.number(),
    rejects,
    warnings,
  })
  .meta({ id: "ScrubRun" });
