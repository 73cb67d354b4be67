import { sql } from "kysely";
import { moveAttempt } from "../db/attempt-state.ts";
import type { Db } from "../db/database.ts";
import type { AttemptId } from "../domain/ids.ts";

/** An attempt whose lease is over. `sent_ms` is epoch milliseconds, null when nothing was sent. */
export interface ExpiredLease {
  id: AttemptId;
  state: "claimed" | "sending";
  lease_owner: string | null;
  sent_ms: number | null;
}

/** Attempts whose lease ended before `now`, longest over first. */
export async function expiredLeases(db: Db, input: { now: Date; limit: number }): Promise<ExpiredLease[]> {
  const { rows } = await sql<ExpiredLease>`
    select id, state, lease_owner, (extract(epoch from sent_at) * 1000)::float8 as sent_ms
    from attempts where state in ('claimed', 'sending') and lease_until < ${input.now}
    order by lease_until, id limit ${input.limit}`.execute(db);
  return rows;
}

const cleared = { lease_owner: null, lease_until: null };

/** `claimed → planned`: nothing was sent, so the attempt is due again at once. False when this lease no longer stands or was renewed. */
export function planAgain(db: Db, lease: ExpiredLease, now: Date): Promise<boolean> {
  return moveAttempt(db, {
    id: lease.id,
    from: ["claimed"],
    to: "planned",
    now,
    facts: { ...cleared, due_at: now, announced_at: null, claimed_at: null, send_after: null, from_number: null, reserved_paise: 0, refusal_code: "lease_ran_out" },
    provided: stillOver(lease, now),
  });
}

/** `sending → ambiguous`: the request may have left; its fate is looked up from `checkAfter` on. False as for `planAgain`. */
export function doubtSending(db: Db, lease: ExpiredLease, input: { now: Date; checkAfter: Date }): Promise<boolean> {
  return moveAttempt(db, {
    id: lease.id,
    from: ["sending"],
    to: "ambiguous",
    now: input.now,
    facts: { ...cleared, checks: 0, check_after: input.checkAfter },
    provided: stillOver(lease, input.now),
  });
}

function stillOver(lease: ExpiredLease, now: Date) {
  return sql<boolean>`lease_owner is not distinct from ${lease.lease_owner} and lease_until < ${now}`;
}
