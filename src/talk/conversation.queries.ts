import { sql } from "kysely";
import type { AnsweredBy } from "../domain/attempt.ts";
import type { Db } from "../db/database.ts";
import type { ConversationsTable } from "../db/tables.ts";
import type { AccountId, AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { Language } from "../domain/definition.ts";
import type { Updateable } from "kysely";

/** One attempt with its contact, its campaign's definition and what an earlier process wrote of the conversation. */
export function findCall(db: Db, input: { attemptId: AttemptId; accountId: AccountId }) {
  return db
    .selectFrom("attempts as a")
    .innerJoin("contacts as c", "c.id", "a.contact_id")
    .innerJoin("campaigns as p", "p.id", "a.campaign_id")
    .leftJoin("conversations as v", "v.attempt_id", "a.id")
    .where("a.id", "=", input.attemptId)
    .where("a.account_id", "=", input.accountId)
    .select([
      "a.id as attempt_id",
      "a.account_id",
      "a.campaign_id",
      "a.contact_id",
      "a.answered_by",
      "c.name_sealed",
      "c.variables_sealed",
      "c.language",
      "p.definition",
      "v.started_at",
      "v.language as spoken_language",
      "v.verified",
      "v.opted_out",
      "v.disposition",
      "v.fields_sealed",
      "v.summary_sealed",
      "v.turns_sealed",
      "v.usage",
      "v.progress",
    ])
    .executeTakeFirst();
}

export type FoundCall = NonNullable<Awaited<ReturnType<typeof findCall>>>;

/** Takes the conversation over, new or resumed; whoever had it before can no longer write to it. */
export async function beginConversation(
  db: Db,
  input: { attemptId: AttemptId; accountId: AccountId; campaignId: CampaignId; contactId: ContactId; owner: string; language: Language; at: Date },
): Promise<void> {
  await db
    .insertInto("conversations")
    .values({
      attempt_id: input.attemptId,
      account_id: input.accountId,
      campaign_id: input.campaignId,
      contact_id: input.contactId,
      owner: input.owner,
      started_at: input.at,
      last_alive_at: input.at,
      language: input.language,
    })
    .onConflict((conflict) =>
      conflict.column("attempt_id").doUpdateSet({
        owner: input.owner,
        last_alive_at: input.at,
        ended_at: null,
        end_reason: null,
        hangup_by: null,
        resumes: sql<number>`conversations.resumes + 1`,
      }),
    )
    .execute();
}

/** Writes part of the row while it is still ours; false when another process has taken the conversation over. */
export async function writeConversation(db: Db, input: { attemptId: AttemptId; owner: string; set: Updateable<ConversationsTable> }): Promise<boolean> {
  const result = await db
    .updateTable("conversations")
    .set(input.set)
    .where("attempt_id", "=", input.attemptId)
    .where("owner", "=", input.owner)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Says that the conversation lives, and reads what the carrier has found out about who picked up. */
export async function markAlive(db: Db, input: { attemptId: AttemptId; owner: string; at: Date }): Promise<AnsweredBy | undefined> {
  const row = await db
    .updateTable("conversations as v")
    .from("attempts as a")
    .set({ last_alive_at: input.at })
    .where("v.attempt_id", "=", input.attemptId)
    .whereRef("a.id", "=", "v.attempt_id")
    .where("v.owner", "=", input.owner)
    .where("v.ended_at", "is", null)
    .returning("a.answered_by")
    .executeTakeFirst();
  return row?.answered_by;
}

/** Conversations whose process has not been heard of since, though their call is over: oldest first. */
export async function findAbandoned(db: Db, input: { aliveBefore: Date; limit: number }): Promise<readonly AttemptId[]> {
  const rows = await db
    .selectFrom("conversations as v")
    .innerJoin("attempts as a", "a.id", "v.attempt_id")
    .where("v.ended_at", "is", null)
    .where("v.last_alive_at", "<", input.aliveBefore)
    .where("a.state", "in", ["ended", "rejected", "closed_unknown"])
    .orderBy("v.last_alive_at")
    .limit(input.limit)
    .select("v.attempt_id")
    .execute();
  return rows.map((row) => row.attempt_id);
}

/** Ends an abandoned conversation with what was written of it; false when its process came back in the meantime. */
export async function endAbandoned(db: Db, input: { attemptId: AttemptId; aliveBefore: Date; at: Date }): Promise<boolean> {
  const result = await db
    .updateTable("conversations")
    .set({ ended_at: input.at, end_reason: "line_lost", hangup_by: "platform" })
    .where("attempt_id", "=", input.attemptId)
    .where("ended_at", "is", null)
    .where("last_alive_at", "<", input.aliveBefore)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
