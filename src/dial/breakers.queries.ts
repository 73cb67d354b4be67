import { sql } from "kysely";
import type { Db } from "../db/database.ts";
import type { AccountId } from "../domain/ids.ts";

/** Opens an arm, or keeps an open one open longer. */
export async function openBreaker(
  db: Db,
  input: { key: string; accountId: AccountId | null; cause: string; now: Date; forMs: number; detail: Record<string, unknown> },
): Promise<void> {
  const until = new Date(input.now.getTime() + input.forMs);
  await sql`
    insert into breakers (key, account_id, opened_at, until, cause, detail)
    values (${input.key}, ${input.accountId}, ${input.now}, ${until}, ${input.cause}, ${JSON.stringify(input.detail)}::jsonb)
    on conflict (key) do update
      set opened_at = excluded.opened_at, until = greatest(breakers.until, excluded.until), cause = excluded.cause, detail = excluded.detail`.execute(db);
}

export async function closeBreaker(db: Db, key: string): Promise<void> {
  await db.deleteFrom("breakers").where("key", "=", key).execute();
}
