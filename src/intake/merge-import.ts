import type { Db } from "../db/database.ts";
import { withPatience } from "../db/patience.ts";
import { Refusal } from "../domain/errors.ts";
import {
  countImport,
  countStaged,
  finishImport,
  insertContacts,
  insertRejects,
  lockCampaignLists,
  type MergeInput,
  refuseDuplicatesInCampaign,
  refuseDuplicatesInFile,
  refuseUnsureDates,
  replaceContacts,
} from "./merge-import.queries.ts";
import { refuseErased } from "./refuse-erased.queries.ts";

/**
 * Turns the staged rows of an import into contacts and rejects, set-based and in one transaction: afterwards either every
 * good row of the list is a contact, or none is. Throws `Refusal` 409 `import_ended` when the import was ended meanwhile, and
 * 503 `staged_rows_lost` when not all of its rows are there any more: `import_rows` does not survive a crash of Postgres.
 */
export async function mergeImport(db: Db, input: MergeInput): Promise<void> {
  await withPatience("list", () => merge(db, input));
}

async function merge(db: Db, input: MergeInput): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockCampaignLists(tx, input.campaignId);
    if (!(await finishImport(tx, input.importId, input.now))) throw new Refusal(409, "import_ended", "the import was ended before its rows could be kept; send the list again");
    const rows = await countStaged(tx, input.importId);
    if (rows !== input.stagedRows) {
      throw new Refusal(503, "staged_rows_lost", `expected the ${input.stagedRows} rows that were read, but the database kept ${rows} of them over a crash; send the list again`);
    }
    await refuseErased(tx, input);
    await refuseUnsureDates(tx, input);
    await refuseDuplicatesInFile(tx, input);
    const replaced = input.onDuplicate === "replace" ? await replaceContacts(tx, input) : 0;
    await refuseDuplicatesInCampaign(tx, input);
    await insertContacts(tx, input);
    await insertRejects(tx, input);
    await countImport(tx, input, replaced);
  });
}
