import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import type { Db } from "../db/database.ts";
import { type Definition, definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import type { ContactId } from "../domain/ids.ts";
import { istTextOrNull } from "../domain/ist-text.ts";
import { rupeesFromPaise } from "../domain/money.ts";
import { type DispositionFields, shownFields } from "../domain/shown-fields.ts";
import type { AccountVault, Vault } from "../domain/vault.ts";
import type { OutcomeRow } from "./outcome-columns.ts";
import { type OutcomeFilter, outcomePage, type OutcomePageRow } from "./outcome-rows.queries.ts";

const pageSize = 1_000;
/** Opening sealed values takes time, and live calls may share the process: after so many rows others have their turn. */
const rowsPerTurn = 50;
const storedFields = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/**
 * Every contact of a campaign with what came of it, one row each, also those never dialed. Pages through the table by
 * key, so a million rows cost the memory of one page and hold no transaction open. Throws a 404 refusal for a campaign
 * that is not the account's.
 */
export async function* outcomeRows(deps: { db: Db; vault: Vault }, filter: OutcomeFilter): AsyncGenerator<OutcomeRow, void, void> {
  const campaign = await deps.db
    .selectFrom("campaigns")
    .where("id", "=", filter.campaignId)
    .where("account_id", "=", filter.accountId)
    .select("definition")
    .executeTakeFirst();
  if (!campaign) throw new Refusal(404, "campaign_not_found", "expected the id of one of this account's campaigns");
  const definition = definitionSchema.parse(campaign.definition);
  const vault = await deps.vault.forAccount(filter.accountId);
  let after: ContactId | null = null;
  for (;;) {
    const page: OutcomePageRow[] = await outcomePage(deps.db, filter, after, pageSize);
    for (const [index, row] of page.entries()) {
      yield shown(row, definition, vault);
      if (index % rowsPerTurn === rowsPerTurn - 1) await nextTurn();
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.contact_id;
  }
}

function shown(row: OutcomePageRow, definition: Definition, vault: AccountVault): OutcomeRow {
  const id = row.contact_id;
  const disposition = row.disposition ?? row.contact_disposition;
  return {
    campaign_id: row.campaign_id,
    contact_id: id,
    external_id: row.external_id,
    phone: row.number_sealed && vault.open("contacts.number", id, row.number_sealed),
    name: row.name_sealed && vault.open("contacts.name", id, row.name_sealed),
    state: row.state,
    disposition,
    disposition_fields: row.fields_sealed ? shownFields(readFields(vault.open("outcomes.fields", id, row.fields_sealed)), definition, disposition) : {},
    attempts: row.attempts ?? row.contact_attempts,
    first_attempt_at: istTextOrNull(row.first_attempt_at),
    last_attempt_at: istTextOrNull(row.last_attempt_at),
    answered_at: istTextOrNull(row.answered_at),
    duration_seconds: row.duration_seconds,
    answered_by: row.disposition === null ? null : row.answered_by,
    hangup_by: row.hangup_by,
    failure_class: row.failure_class,
    carrier_code: row.carrier_code,
    language: row.language ?? row.contact_language,
    recording_consent: row.recording_consent,
    summary: row.summary_sealed && vault.open("outcomes.summary", id, row.summary_sealed),
    latency_p50_ms: row.latency_p50_ms,
    latency_p95_ms: row.latency_p95_ms,
    cost_inr: row.cost_paise === null ? null : Number(rupeesFromPaise(row.cost_paise)),
    blocked_reason: row.blocked_reason,
    next_attempt_at: istTextOrNull(row.next_attempt_at),
    revision: row.revision ?? row.contact_revision,
  };
}

/** The fields of a disposition as they were sealed. */
export function readFields(stored: string): DispositionFields {
  return storedFields.parse(JSON.parse(stored));
}
