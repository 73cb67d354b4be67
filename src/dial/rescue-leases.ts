import { doubtSending, expiredLeases, planAgain } from "./leases.queries.ts";
import type { DialDeps } from "./ports.ts";
import { firstReconcileMs } from "./record-result.ts";

/**
 * Takes over what a dead process left behind, once its lease is over: a claim from which nothing was sent goes back to
 * `planned`; a request that may have left becomes `ambiguous`. Each move names the lease it ends, so a process that is
 * only slow loses its compare-and-set instead of sending twice.
 */
export async function rescueLeases(deps: DialDeps, input: { limit?: number } = {}): Promise<number> {
  const nowMs = deps.clock.nowMs();
  const now = new Date(nowMs);
  let rescued = 0;
  for (const lease of await expiredLeases(deps.db, { now, limit: input.limit ?? 200 })) {
    const checkAfter = new Date(Math.max(nowMs, (lease.sent_ms ?? nowMs) + firstReconcileMs));
    const moved = lease.state === "claimed" ? await planAgain(deps.db, lease, now) : await doubtSending(deps.db, lease, { now, checkAfter });
    if (!moved) continue;
    rescued += 1;
    deps.log.warn("took over an attempt whose process stopped", { attemptId: lease.id, was: lease.state });
  }
  return rescued;
}
