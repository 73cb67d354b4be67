import { sql } from "kysely";
import { moveAttempt } from "../db/attempt-state.ts";
import type { Tx } from "../db/database.ts";
import type { AttemptId } from "../domain/ids.ts";

/** Moves an attempt to `refused` and frees what it reserved. With `leaseOwner` only while that claim still holds it. */
export function closeAsRefused(
  tx: Tx,
  input: { attemptId: AttemptId; from: "planned" | "claimed"; leaseOwner?: string | undefined; code: string; now: Date },
): Promise<boolean> {
  return moveAttempt(tx, {
    id: input.attemptId,
    from: [input.from],
    to: "refused",
    now: input.now,
    facts: { refusal_code: input.code, reserved_paise: 0, lease_owner: null, lease_until: null },
    provided: input.leaseOwner === undefined ? undefined : sql<boolean>`lease_owner = ${input.leaseOwner}`,
  });
}

/** A planned attempt that is put off: nothing about the person or the law, only that there is no room now. */
export interface Postponement {
  attemptId: AttemptId;
  untilMs: number;
  /** Why, for the operator. */
  code: string;
}

/** Leaves planned attempts where they are and puts them off. */
export async function postponeAttempts(tx: Tx, postponements: readonly Postponement[], now: Date): Promise<void> {
  if (postponements.length === 0) return;
  const rows = postponements.map((each) => ({ id: each.attemptId, due_at: new Date(each.untilMs), refusal_code: each.code }));
  await sql`
    update attempts set due_at = later.due_at, refusal_code = later.refusal_code, announced_at = null, updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as later (id uuid, due_at timestamptz, refusal_code text)
    where attempts.id = later.id and attempts.state = 'planned'`.execute(tx);
}
