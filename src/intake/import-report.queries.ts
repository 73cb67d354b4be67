import type { Selectable } from "kysely";
import type { Db } from "../db/database.ts";
import type { ImportRejectsTable, ImportsTable } from "../db/tables.ts";
import type { AccountId, ImportId } from "../domain/ids.ts";

export type ImportRow = Selectable<ImportsTable>;
export type RejectRow = Pick<Selectable<ImportRejectsTable>, "line" | "reason" | "column_name" | "same_as_line" | "original_sealed">;

export async function importById(db: Db, wanted: { accountId: AccountId; importId: ImportId }): Promise<ImportRow | undefined> {
  return db.selectFrom("imports").selectAll().where("id", "=", wanted.importId).where("account_id", "=", wanted.accountId).executeTakeFirst();
}

/** The refused rows of an import in the file's order, page by page. */
export async function rejectsAfter(db: Db, page: { importId: ImportId; accountId: AccountId; afterLine: number; limit: number }): Promise<RejectRow[]> {
  return db
    .selectFrom("import_rejects")
    .select(["line", "reason", "column_name", "same_as_line", "original_sealed"])
    .where("import_id", "=", page.importId)
    .where("account_id", "=", page.accountId)
    .where("line", ">", page.afterLine)
    .orderBy("line")
    .limit(page.limit)
    .execute();
}
