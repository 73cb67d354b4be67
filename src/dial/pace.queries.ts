import type { Db } from "../db/database.ts";

/** Forgets where flows stand whose next place is after the instant: their calls may leave at once. Answers how many there were. */
export async function forgetFuturePlaces(db: Db, after: Date): Promise<number> {
  const gone = await db.deleteFrom("pace").where("next_at", ">", after).executeTakeFirst();
  return Number(gone.numDeletedRows);
}
