import type { Updateable } from "kysely";
import { attemptMoves, type AttemptState } from "../domain/attempt.ts";
import type { AttemptId } from "../domain/ids.ts";
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
  const result = await db
    .updateTable("attempts")
    .set({ ...move.facts, state: move.to, updated_at: move.now })
    .where("id", "=", move.id)
    .where("state", "in", [...move.from])
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
