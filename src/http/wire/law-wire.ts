import { z } from "zod";
import { instantInput, instantOrNull, instantText } from "./common-wire.ts";

const number = z.string().min(1).max(40);

const paperKind = z.enum(["registration", "a2p_declaration", "brake_release", "holiday_list"]);

export const newPaperWire = z.strictObject({
  kind: paperKind,
  reference: z.string().min(1).max(1_000).meta({ description: "The operator's reference; for a brake_release, what was found about the complaints and who answers for the release" }),
  provider: z.string().min(1).max(120).optional(),
  dates: z.array(z.string().max(10)).max(400).optional().meta({ description: "For a holiday_list: its days, such as 2028-03-11; a year counts as covered when its three national holidays are among them" }),
  caller_numbers: z.array(number).max(1_000).optional().meta({ description: "For a declaration: the numbers it names, each in E.164" }),
  valid_from: instantInput.optional(),
  valid_until: instantInput.nullable().optional(),
});

export const paperWire = z
  .object({
    id: z.string(),
    kind: paperKind,
    reference: z.string(),
    provider: z.string().nullable(),
    caller_numbers: z.array(z.string()),
    dates: z.array(z.string()),
    valid_from: instantText,
    valid_until: instantOrNull,
  })
  .meta({ id: "SenderPaper" });

const basis = z.enum(["inferred", "explicit", "enquiry", "dca"]);

export const newConsentsWire = z.strictObject({
  consents: z
    .array(
      z.strictObject({
        number,
        basis,
        purpose: z.string().max(120).optional(),
        reference: z.string().max(200).optional(),
        registered_on_dlt: z.boolean().optional(),
        given_at: instantInput,
        ends_at: instantInput.nullable().optional(),
      }),
    )
    .min(1)
    .max(1_000),
});

export const consentRevocationWire = z.strictObject({ number, basis: basis.optional() });

export const consentWire = z
  .object({
    id: z.string(),
    basis,
    purpose: z.string().nullable(),
    reference: z.string().nullable(),
    registered_on_dlt: z.boolean(),
    given_at: instantText,
    ends_at: instantOrNull,
    revoked_at: instantOrNull,
  })
  .meta({ id: "Consent" });

const holdKind = z.enum(["complaint", "dispute", "hardship", "bereavement", "not_party", "hours"]);

export const newHoldWire = z.strictObject({
  number,
  kind: holdKind,
  hours: z
    .strictObject({ mode: z.enum(["only", "not"]).optional(), from: z.string().max(5), to: z.string().max(5), days: z.array(z.int()).nullable().optional() })
    .optional()
    .meta({ description: "For kind hours: when the person wants, or does not want, to be called" }),
  about: z.enum(["calls", "service"]).optional(),
  note: z.string().max(500).optional(),
  starts_at: instantInput.optional(),
  ends_at: instantInput.nullable().optional(),
});

export const holdWire = z.object({ id: z.string(), kind: holdKind, detail: z.unknown(), starts_at: instantText, ends_at: instantOrNull }).meta({ id: "Hold" });

export const erasureWire = z
  .object({
    number_key: z.string(),
    contacts: z.number(),
    conversations: z.number(),
    rejected_rows: z.number(),
    recordings_at_carrier: z.number().meta({ description: "To be deleted with the carrier" }),
  })
  .meta({ id: "Erasure" });

export const madeWire = z.object({ id: z.string() });
