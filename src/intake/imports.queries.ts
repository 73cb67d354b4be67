import type { Db } from "../db/database.ts";
import { withPatience } from "../db/patience.ts";
import type { CampaignState } from "../domain/campaign.ts";
import type { DefinitionSource } from "../domain/definition.ts";
import type { AccountId, CampaignId, ContactId, ImportId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";
import type { DuplicatePolicy } from "./ports.ts";

/** The campaign a list goes into; undefined when the account has none of that id. */
export async function campaignForImport(
  db: Db,
  campaign: { accountId: AccountId; campaignId: CampaignId },
): Promise<{ state: CampaignState; definition: DefinitionSource } | undefined> {
  return db
    .selectFrom("campaigns")
    .select(["state", "definition"])
    .where("id", "=", campaign.campaignId)
    .where("account_id", "=", campaign.accountId)
    .executeTakeFirst();
}

export async function insertImport(
  db: Db,
  row: { id: ImportId; accountId: AccountId; campaignId: CampaignId; onDuplicate: DuplicatePolicy; header: readonly string[]; now: Date },
): Promise<void> {
  await db
    .insertInto("imports")
    .values({
      id: row.id,
      account_id: row.accountId,
      campaign_id: row.campaignId,
      state: "running",
      on_duplicate: row.onDuplicate,
      header: [...row.header],
      created_at: row.now,
      failure: null,
    })
    .execute();
}

/** Marks an import that came to nothing and drops what it had staged; a finished import stays as it is. */
export async function failImport(db: Db, failed: { importId: ImportId; failure: string; now: Date }): Promise<void> {
  const { importId, failure, now } = failed;
  await withPatience("list", () =>
    db.transaction().execute(async (tx) => {
      await tx.updateTable("imports").set({ state: "failed", failure, finished_at: now }).where("id", "=", importId).where("state", "=", "running").execute();
      await tx.deleteFrom("import_rows").where("import_id", "=", importId).execute();
    }),
  );
}

/** Imports that began before the given instant and never ended: their process died. */
export async function abandonedImports(db: Db, startedBefore: Date): Promise<ImportId[]> {
  const rows = await db.selectFrom("imports").select("id").where("state", "=", "running").where("created_at", "<", startedBefore).execute();
  return rows.map((row) => row.id);
}

/** Ids of the campaign's contacts by number, for a list that may replace them. */
export async function contactIdsByNumber(
  db: Db,
  wanted: { campaignId: CampaignId; numberKeys: readonly NumberKey[] },
): Promise<Map<NumberKey, ContactId>> {
  if (wanted.numberKeys.length === 0) return new Map();
  const rows = await db
    .selectFrom("contacts")
    .select(["id", "number_key"])
    .where("campaign_id", "=", wanted.campaignId)
    .where("single_call", "=", false)
    .where("number_key", "in", [...wanted.numberKeys])
    .execute();
  return new Map(rows.map((row) => [row.number_key, row.id]));
}
