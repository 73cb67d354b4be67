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

/**
 * Leaves a planned attempt where it is and puts it off: nothing about the person or the law, only that there is no room
 * now. `code` says why, for the operator.
 */
export async function postponeAttempt(tx: Tx, input: { attemptId: AttemptId; untilMs: number; code: string; now: Date }): Promise<void> {
  await tx
    .updateTable("attempts")
    .set({ due_at: new Date(input.untilMs), refusal_code: input.code, announced_at: null, updated_at: input.now })
    .where("id", "=", input.attemptId)
    .where("state", "=", "planned")
    .execute();
}
