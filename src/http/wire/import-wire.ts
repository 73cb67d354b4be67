import { z } from "zod";
import { counts, instantOrNull, instantText } from "./common-wire.ts";

export const duplicatePolicyWire = z.enum(["keep_first", "replace", "reject"]);

export const importQuery = z.strictObject({
  on_duplicate: duplicatePolicyWire.default("keep_first"),
  map: z
    .record(z.string().max(80), z.string().max(200))
    .default({})
    .meta({ description: "map[phone]=Mobile No. names the column of the file", param: { style: "deepObject", explode: true } }),
});

export const contactListWire = z.strictObject({
  contacts: z
    .array(z.unknown().meta({ override: { type: "object", additionalProperties: true } }))
    .max(10_000)
    .meta({ description: "{phone, name?, language?, external_id?, not_before?, not_after?, variables?}; each is checked like a row of a list" }),
});

export const importWire = z
  .object({
    import_id: z.string(),
    campaign_id: z.string(),
    state: z.enum(["running", "done", "failed"]),
    on_duplicate: duplicatePolicyWire,
    rows: z.number().meta({ description: "accepted + rejected" }),
    accepted: z.number(),
    rejected: z.number(),
    duplicates: z.number(),
    rejects_by_reason: counts,
    rejects_url: z.string(),
    failure: z.string().nullable(),
    created_at: instantText,
    finished_at: instantOrNull,
    rejects: z
      .array(z.object({ line: z.number(), column: z.string().nullable(), value: z.string().nullable(), reason: z.string(), message: z.string() }))
      .meta({ description: "The first wrong cells; rejects_url has all" }),
  })
  .meta({ id: "Import" });
