import type { RawBuilder, Updateable } from "kysely";
import { attemptMoves, type AttemptState } from "../domain/attempt.ts";
import type { AttemptId, CampaignId, ContactId } from "../domain/ids.ts";
import type { Db } from "./database.ts";
import type { AttemptsTable } from "./tables.ts";

/** Columns that may change together with a move. */
export type AttemptFacts = Omit<Updateable<AttemptsTable>, "id" | "account_id" | "contact_id" | "state" | "updated_at">;

export interface AttemptMove {
  id: AttemptId;
  /** The states it may be in now; the first one that holds decides. */
  from: readonly AttemptState[];
  to: AttemptState;
  now: Date;
  facts?: AttemptFacts;
  /** A further condition on the row of `attempts`, checked by the same statement. */
  provided?: RawBuilder<boolean> | undefined;
}

/**
 * The only writer of `attempts.state`: a compare-and-set. Answers whether the row moved; false means somebody else
 * moved it first and the caller must do nothing more. A move that the state machine does not have is a bug and throws.
 */
export async function moveAttempt(db: Db, move: AttemptMove): Promise<boolean> {
  for (const from of move.from) {
    if (!attemptMoves[from].includes(move.to)) {
      throw new Error(`expected a move of the attempt state machine, got ${from} → ${move.to}`);
    }
  }
  const update = db
    .updateTable("attempts")
    .set({ ...move.facts, state: move.to, updated_at: move.now })
    .where("id", "=", move.id)
    .where("state", "in", [...move.from]);
  const result = await (move.provided ? update.where(move.provided) : update).executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/**
 * The same move for many rows, `planned → refused`: takes back what a campaign has planned and nobody has claimed.
 * Answers what was taken back; an attempt that is claimed at the same moment is left to its claimer.
 */
export function withdrawPlannedAttempts(
  db: Db,
  input: { campaignId: CampaignId; refusalCode: string; now: Date },
): Promise<{ id: AttemptId; contact_id: ContactId }[]> {
  return db
    .updateTable("attempts")
    .set({ state: "refused", refusal_code: input.refusalCode, updated_at: input.now })
    .where("campaign_id", "=", input.campaignId)
    .where("state", "=", "planned")
    .returning(["id", "contact_id"])
    .execute();
}

/**
 * Takes back what the gate has put off beyond `dueAfter`: `planned → refused`, with the code that it was put off with. What
 * somebody holds at this moment is left out.
 */
export async function withdrawPutOffAttempts(
  db: Db,
  input: { dueAfter: Date; limit: number; now: Date },
): Promise<{ contact_id: ContactId; due_at: Date; refusal_code: string | null }[]> {
  return db
    .updateTable("attempts")
    .set({ state: "refused", updated_at: input.now })
    .where("id", "in", (query) =>
      query.selectFrom("attempts").where("state", "=", "planned").where("due_at", ">", input.dueAfter).select("id").limit(input.limit).forUpdate().skipLocked(),
    )
    .returning(["contact_id", "due_at", "refusal_code"])
    .execute();
}

/**
 * Takes back the attempt of one contact, if nobody has claimed it nor is about to: `planned → refused`. It never waits for
 * whoever holds the row, so the caller may hold the contact's row.
 */
export async function withdrawPlannedAttempt(db: Db, input: { contactId: ContactId; refusalCode: string; now: Date }): Promise<boolean> {
  const result = await db
    .updateTable("attempts")
    .set({ state: "refused", refusal_code: input.refusalCode, updated_at: input.now })
    .where("id", "in", (query) =>
      query.selectFrom("attempts").where("contact_id", "=", input.contactId).where("state", "=", "planned").select("id").forUpdate().skipLocked(),
    )
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}
