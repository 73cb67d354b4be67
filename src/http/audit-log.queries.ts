import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "../db/database.ts";
import type { AuditLogTable } from "../db/tables-account.ts";
import type { AccountId } from "../domain/ids.ts";
import type { AuditEntry } from "./audit-log.ts";

/** One entry after the other: the chain has one end. */
export async function lockChain(tx: Tx, accountId: AccountId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('audit ' || ${accountId}::text, 0))`.execute(tx);
}

export async function lastHash(tx: Tx, accountId: AccountId): Promise<string | undefined> {
  const row = await tx.selectFrom("audit_log").select("hash").where("account_id", "=", accountId).orderBy("id", "desc").limit(1).executeTakeFirst();
  return row?.hash;
}

export async function insertEntry(tx: Tx, entry: AuditEntry & { previous: string; hash: string }): Promise<void> {
  await tx
    .insertInto("audit_log")
    .values({
      account_id: entry.accountId,
      api_key_id: entry.apiKeyId,
      at: entry.at,
      action: entry.action,
      subject_id: entry.subjectId,
      detail: JSON.stringify(entry.detail),
      previous: entry.previous,
      hash: entry.hash,
    })
    .execute();
}

/** The account's entries in their order, page by page. */
export async function entriesAfter(db: Db, page: { accountId: AccountId; afterId: number; limit: number }): Promise<Selectable<AuditLogTable>[]> {
  return db
    .selectFrom("audit_log")
    .selectAll()
    .where("account_id", "=", page.accountId)
    .where("id", ">", page.afterId)
    .orderBy("id")
    .limit(page.limit)
    .execute();
}
