import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId } from "../domain/ids.ts";
import type { NumberKey } from "../domain/vault.ts";

/** One call that was sent to the number, by the account. */
export interface SentCall {
  attempt_id: string;
  campaign: string;
  purpose: string;
  sent_at: Date;
  state: string;
  ending: string | null;
  disposition: string | null;
  from_number: string | null;
}

/** Every call that was sent to a number, the oldest first. */
export async function callsTo(db: Db, input: { accountId: AccountId; numberKey: NumberKey }): Promise<SentCall[]> {
  const { rows } = await sql<SentCall>`
    select a.id as attempt_id, p.name as campaign, p.definition ->> 'purpose' as purpose, a.sent_at, a.state, a.ending, a.disposition, a.from_number
    from attempts a join campaigns p on p.id = a.campaign_id
    where a.account_id = ${input.accountId} and a.number_key = ${input.numberKey} and a.sent_at is not null
    order by a.sent_at, a.id`.execute(db);
  return rows;
}

export interface ListedPreference {
  scheme: string;
  categories: number[];
  modes: number[];
  bands: number[];
  days: number[];
  updated_at: Date;
}

/** What the account's register says of a number. */
export async function preferenceOf(db: Db, input: { accountId: AccountId; numberKey: NumberKey }): Promise<ListedPreference | undefined> {
  return db
    .selectFrom("preferences")
    .select(["scheme", "categories", "modes", "bands", "days", "updated_at"])
    .where("account_id", "=", input.accountId)
    .where("number_key", "=", input.numberKey)
    .executeTakeFirst();
}

export interface ListedSuppression {
  scope: "account" | "platform";
  reason: string;
  source: string;
  created_at: Date;
  lifted_at: Date | null;
}

/** Every suppression of a number that binds the account, lifted ones too, the oldest first. */
export async function suppressionsOf(db: Db, input: { accountId: AccountId; numberKey: NumberKey }): Promise<ListedSuppression[]> {
  const { rows } = await sql<ListedSuppression>`
    select case when account_id is null then 'platform' else 'account' end as scope, reason, source, created_at, lifted_at
    from suppressions
    where number_key = ${input.numberKey} and (account_id is null or account_id = ${input.accountId})
    order by created_at, id`.execute(db);
  return rows;
}
