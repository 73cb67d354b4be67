import { createHash } from "node:crypto";
import type { Db } from "../db/database.ts";
import type { AccountId, ApiKeyId } from "../domain/ids.ts";
import { entriesAfter, insertEntry, lastHash, lockChain } from "./audit-log.queries.ts";

/** One change made through the API: who, when, what; never a number or a name. */
export interface AuditEntry {
  accountId: AccountId;
  apiKeyId: ApiKeyId | null;
  at: Date;
  /** A word such as "campaign.started". */
  action: string;
  subjectId: string | null;
  detail: Readonly<Record<string, string | number | boolean | null>>;
}

const chainStart = "0".repeat(64);

/** Appends an entry to the account's chain: each hash covers the entry and the hash before it (ASVS 16.4.2). */
export async function writeAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockChain(tx, entry.accountId);
    const previous = (await lastHash(tx, entry.accountId)) ?? chainStart;
    await insertEntry(tx, { ...entry, previous, hash: hashOf(previous, entry) });
  });
}

export type AuditVerdict = { intact: true; entries: number } | { intact: false; entries: number; firstBrokenId: number };

const pageRows = 1_000;

/** Walks the account's chain; a changed, removed or inserted entry breaks it at its place. */
export async function verifyAudit(db: Db, accountId: AccountId): Promise<AuditVerdict> {
  let previous = chainStart;
  let afterId = 0;
  let entries = 0;
  for (;;) {
    const rows = await entriesAfter(db, { accountId, afterId, limit: pageRows });
    if (rows.length === 0) return { intact: true, entries };
    for (const row of rows) {
      const detail = row.detail as AuditEntry["detail"];
      const hash = hashOf(previous, { accountId, apiKeyId: row.api_key_id, at: row.at, action: row.action, subjectId: row.subject_id, detail });
      if (row.previous !== previous || row.hash !== hash) return { intact: false, entries, firstBrokenId: row.id };
      previous = row.hash;
      afterId = row.id;
      entries += 1;
    }
  }
}

function hashOf(previous: string, entry: AuditEntry): string {
  const detail = Object.entries(entry.detail).sort(([one], [other]) => (one < other ? -1 : 1));
  const text = JSON.stringify([previous, entry.accountId, entry.apiKeyId, entry.at.toISOString(), entry.action, entry.subjectId, detail]);
  return createHash("sha256").update(text).digest("hex");
}
