import type { Db } from "../db/database.ts";
import type { AccountId } from "../domain/ids.ts";
import type { PaperKind } from "../rules/facts.ts";

export interface NewPaper {
  id: string;
  accountId: AccountId;
  kind: PaperKind;
  reference: string;
  provider: string | null;
  callerNumbers: readonly string[];
  dates: readonly string[];
  validFrom: Date;
  validUntil: Date | null;
  now: Date;
}

export async function insertPaper(db: Db, paper: NewPaper): Promise<void> {
  await db
    .insertInto("sender_papers")
    .values({
      id: paper.id,
      account_id: paper.accountId,
      kind: paper.kind,
      reference: paper.reference,
      provider: paper.provider,
      caller_numbers: [...paper.callerNumbers],
      dates: [...paper.dates],
      valid_from: paper.validFrom,
      valid_until: paper.validUntil,
      created_at: paper.now,
    })
    .execute();
}

export async function selectPapers(db: Db, accountId: AccountId) {
  return db.selectFrom("sender_papers").selectAll().where("account_id", "=", accountId).orderBy("valid_from", "desc").orderBy("id").execute();
}

/** Ends a paper that has not ended; false when there is none. */
export async function endOpenPaper(db: Db, input: { accountId: AccountId; id: string; now: Date }): Promise<boolean> {
  const result = await db
    .updateTable("sender_papers")
    .set({ valid_until: input.now })
    .where("id", "=", input.id)
    .where("account_id", "=", input.accountId)
    .where((e) => e.or([e("valid_until", "is", null), e("valid_until", ">", input.now)]))
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
