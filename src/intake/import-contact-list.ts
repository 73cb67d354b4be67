import type { AccountId, CampaignId } from "../domain/ids.ts";
import { planOfObjects, recordOfObject } from "./contact-keys.ts";
import type { CsvRecord } from "./csv-records.ts";
import { definitionForImport } from "./import-contacts.ts";
import type { ImportReport } from "./import-report.ts";
import type { DuplicatePolicy, IntakeDeps } from "./ports.ts";
import { runImport } from "./run-import.ts";

const batchRows = 128;

/** Takes contacts as JSON objects into a campaign, through the same checks, report and transaction as a CSV; `line` counts from 1. */
export async function importContactList(
  deps: IntakeDeps,
  input: { accountId: AccountId; campaignId: CampaignId; contacts: readonly unknown[]; onDuplicate: DuplicatePolicy },
): Promise<ImportReport> {
  const definition = await definitionForImport(deps, input);
  const plan = planOfObjects(definition);
  const records = async function* (): AsyncGenerator<readonly CsvRecord[]> {
    for (let from = 0; from < input.contacts.length; from += batchRows) {
      yield input.contacts.slice(from, from + batchRows).map((contact, at) => recordOfObject(contact, from + at + 1, plan));
    }
  };
  const { accountId, campaignId, onDuplicate } = input;
  return runImport(deps, { accountId, campaignId, onDuplicate, definition, plan, records: records() });
}
