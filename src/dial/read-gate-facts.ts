import { z } from "zod";
import type { AcknowledgeableCode } from "../domain/campaign.ts";
import { acknowledgeableCodes } from "../domain/campaign.ts";
import type { Definition } from "../domain/definition.ts";
import { readsParty } from "../domain/party.ts";
import type { E164 } from "../domain/phone-number.ts";
import type { AccountVault } from "../domain/vault.ts";
import { definitionFacts } from "../rules/definition-facts.ts";
import type { GateFacts, HoldFacts, HoursWish, Known } from "../rules/facts.ts";
import type { GateRow } from "./gate-facts.queries.ts";

const instantMs = z.number();
const maybeMs = z.number().nullable();

const preference = z.strictObject({
  scheme: z.enum(["full_block", "block_promo", "partial", "legacy", "none"]),
  categories: z.array(z.number()),
  modes: z.array(z.number()),
  bands: z.array(z.number()),
  days: z.array(z.number()),
  importId: z.string().nullable(),
});
const scrubRun = z.strictObject({
  provider: z.string(),
  reference: z.string(),
  listHash: z.string(),
  category: z.number().nullable(),
  scrubbedAtMs: instantMs,
  expiresAtMs: instantMs,
});
const consents = z.array(
  z.strictObject({
    basis: z.enum(["inferred", "explicit", "enquiry", "dca"]),
    reference: z.string().nullable(),
    registeredOnDlt: z.boolean(),
    givenAtMs: instantMs,
    endsAtMs: maybeMs,
    revokedAtMs: maybeMs,
  }),
);
const papers = z.array(
  z.strictObject({
    kind: z.enum(["registration", "a2p_declaration", "brake_release", "holiday_list"]),
    reference: z.string(),
    callerNumbers: z.array(z.string()),
    dates: z.array(z.string()).default([]),
    validFromMs: instantMs,
    validUntilMs: maybeMs,
  }),
);
const holds = z.array(
  z.strictObject({
    kind: z.enum(["complaint", "dispute", "hardship", "bereavement", "not_party", "hours"]),
    startsAtMs: instantMs,
    endsAtMs: maybeMs,
    detail: z.unknown(),
  }),
);
const hours = z.looseObject({
  mode: z.enum(["only", "not"]),
  from: z.string(),
  to: z.string(),
  days: z.array(z.number()).nullish(),
});
const partyWord = z.enum(["borrower", "guarantor", "other"]);

export interface GateFactsInput {
  row: GateRow;
  definition: Definition;
  /** The number that will be presented; null: none is free. */
  callerNumber: E164 | null;
  /** Codes the environment vouches for. */
  acknowledged: readonly AcknowledgeableCode[];
  vault: AccountVault;
}

/** What the database said about one attempt, in the words of the rules. A value that cannot be read becomes "unknown", so that the rules refuse. */
export function readGateFacts({ row, definition, callerNumber, acknowledged, vault }: GateFactsInput): GateFacts {
  return {
    ...definitionFacts(definition),
    accountState: row.account_state,
    campaignState: row.campaign_state,
    acknowledged: acknowledgeableCodes.filter((code) => acknowledged.includes(code) || row.campaign_acknowledged.includes(code)),
    callerNumber,
    papers: known(papers, row.papers),
    scrubRun: row.scrub_run === null ? null : known(scrubRun, row.scrub_run),
    brake: { complaintsAtMs: row.complaints_ms, promotionalOptOutsAtMs: row.promotional_opt_outs_ms, optOutsAtMs: row.opt_outs_ms ?? "unknown" },
    notBeforeMs: row.not_before_ms,
    notAfterMs: row.not_after_ms,
    addedAtMs: row.added_ms,
    party: readParty(row, definition, vault),
    suppression: row.suppression && { scope: row.suppression.scope, reason: row.suppression.reason, sinceMs: row.suppression.since_ms },
    preference: row.preference === null ? null : known(preference, row.preference),
    scrubResult: row.scrub_result ?? "not_covered",
    consents: known(consents, row.consents),
    optedOutAtMs: row.opted_out_ms,
    holds: readHolds(row.holds),
    sentAtMs: row.sent_ms,
    unknownSentAtMs: row.unknown_sent_ms,
  };
}

function known<T>(schema: z.ZodType<T>, value: unknown): Known<T> {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : "unknown";
}

function readHolds(value: unknown): Known<readonly HoldFacts[]> {
  const parsed = holds.safeParse(value);
  if (!parsed.success) return "unknown";
  return parsed.data.map(({ kind, startsAtMs, endsAtMs, detail }) => ({ kind, startsAtMs, endsAtMs, hours: kind === "hours" ? readHours(detail) : null }));
}

function readHours(detail: unknown): Known<HoursWish> {
  const parsed = hours.safeParse(detail);
  if (!parsed.success) return "unknown";
  return { mode: parsed.data.mode, from: parsed.data.from, to: parsed.data.to, days: parsed.data.days ?? null };
}

/** Who the list says this is. A word it does not have is somebody else, never the borrower. */
function readParty(row: GateRow, definition: Definition, vault: AccountVault): GateFacts["party"] {
  if (!readsParty(definition) || row.variables_sealed === null) return null;
  const variables = z.looseObject({ party: z.string().optional() }).parse(JSON.parse(vault.open("contacts.variables", row.contact_id, row.variables_sealed)));
  if (variables.party === undefined) return null;
  const word = partyWord.safeParse(variables.party.trim().toLowerCase());
  return word.success ? word.data : "other";
}
