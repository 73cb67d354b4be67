import { sql } from "kysely";
import { moveAttempt } from "../db/attempt-state.ts";
import type { AttemptId } from "../domain/ids.ts";
import type { DialDeps } from "./ports.ts";
import { firstReconcileMs } from "./record-result.ts";

interface Expired {
  id: AttemptId;
  state: "claimed" | "sending";
  lease_owner: string | null;
  sent_ms: number | null;
}

/**
 * Takes over what a dead process left behind, once its lease is over: a claim from which nothing was sent goes back to
 * `planned`; a request that may have left becomes `ambiguous`. Each move names the lease it ends, so a process that is
 * only slow loses its compare-and-set instead of sending twice.
 */
export async function rescueLeases(deps: DialDeps, input: { limit?: number } = {}): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  const { rows } = await sql<Expired>`
    select id, state, lease_owner, (extract(epoch from sent_at) * 1000)::float8 as sent_ms
    from attempts where state in ('claimed', 'sending') and lease_until < ${now}
    order by lease_until limit ${input.limit ?? 200}`.execute(deps.db);
  let rescued = 0;
  for (const row of rows) {
    const provided = sql<boolean>`lease_owner is not distinct from ${row.lease_owner} and lease_until < ${now}`;
    const cleared = { lease_owner: null, lease_until: null };
    const moved =
      row.state === "claimed"
        ? await moveAttempt(deps.db, {
            id: row.id,
            from: ["claimed"],
            to: "planned",
            now,
            facts: { ...cleared, due_at: now, announced_at: null, claimed_at: null, send_after: null, from_number: null, reserved_paise: 0, refusal_code: "lease_ran_out" },
            provided,
          })
        : await moveAttempt(deps.db, {
            id: row.id,
            from: ["sending"],
            to: "ambiguous",
            now,
            facts: { ...cleared, checks: 0, check_after: new Date(Math.max(nowMs, (row.sent_ms ?? nowMs) + firstReconcileMs)) },
            provided,
          });
    if (!moved) continue;
    rescued += 1;
    deps.log.warn("took over an attempt whose process stopped", { attemptId: row.id, was: row.state });
  }
  return rescued;
}
