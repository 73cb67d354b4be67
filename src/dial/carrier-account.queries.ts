import { sql } from "kysely";
import type { Db } from "../db/database.ts";

/** The account as it is kept: what kind of carrier, a keyed hash of the account, and since when. */
export interface KeptAccount {
  carrier: string;
  account_key: string;
  since: Date;
}

/** Keeps the account unless one is kept already; answers the one that counts. */
export async function keepFirstAccount(db: Db, account: KeptAccount): Promise<KeptAccount> {
  await db.insertInto("carrier_account").values(account).onConflict((conflict) => conflict.doNothing()).execute();
  return db.selectFrom("carrier_account").select(["carrier", "account_key", "since"]).executeTakeFirstOrThrow();
}

/** How many attempts may have a live call. */
export async function countCallsUnderWay(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from attempts where state in ('claimed', 'sending', 'ambiguous', 'held', 'dialed', 'ringing', 'in_progress')`.execute(db);
  return rows[0]?.n ?? 0;
}

export async function dropKeptAccount(db: Db): Promise<void> {
  await db.deleteFrom("carrier_account").execute();
}
