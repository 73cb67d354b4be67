import { type Definition, definitionSchema } from "../domain/definition.ts";
import { Refusal } from "../domain/errors.ts";
import type { AccountId, CampaignId } from "../domain/ids.ts";
import { type ColumnMapping, planColumns } from "./column-plan.ts";
import type { ImportReport } from "./import-report.ts";
import { importLimits } from "./import-limits.ts";
import { campaignForImport } from "./imports.queries.ts";
import { openCsv } from "./open-csv.ts";
import type { DuplicatePolicy, IntakeDeps } from "./ports.ts";
import { runImport } from "./run-import.ts";

/**
 * Takes a contact list as CSV into a campaign: streaming, in flat memory, good rows kept and bad rows reported. All good
 * rows become contacts together, at the end, or none does.
 * Refusals: 404 `campaign_not_found`, 409 `campaign_closed`, and those of `openCsv`, `planColumns` and `runImport`.
 */
export async function importContacts(
  deps: IntakeDeps,
  input: { accountId: AccountId; campaignId: CampaignId; source: AsyncIterable<Uint8Array>; mapping: ColumnMapping; onDuplicate: DuplicatePolicy },
): Promise<ImportReport> {
  const definition = await definitionForImport(deps, input);
  const file = await openCsv(input.source, deps.limits ?? importLimits);
  const plan = planColumns(file.header, definition, input.mapping);
  const { accountId, campaignId, onDuplicate } = input;
  return runImport(deps, { accountId, campaignId, onDuplicate, definition, plan, records: file.records });
}

/** The definition of a campaign that may still take contacts. */
export async function definitionForImport(deps: IntakeDeps, campaign: { accountId: AccountId; campaignId: CampaignId }): Promise<Definition> {
  const found = await campaignForImport(deps.db, campaign);
  if (!found) throw new Refusal(404, "campaign_not_found", "expected the id of a campaign of this account");
  if (found.state === "cancelled") {
    throw new Refusal(409, "campaign_closed", "expected a campaign that is not cancelled; create a new one");
  }
  return definitionSchema.parse(found.definition);
}
