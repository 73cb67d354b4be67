import type { CampaignId } from "../domain/ids.ts";
import { readCallerNumber } from "../domain/phone-number.ts";
import { judge } from "../rules/judge.ts";
import { loadGateRows } from "./gate-facts.queries.ts";
import { noteHangupBy } from "./hang-up.queries.ts";
import type { DialDeps } from "./ports.ts";
import { callsQueuedBefore, type QueuedCall, queuedCallsOf } from "./queued-calls.queries.ts";
import { readDefinition } from "./read-definition.ts";
import { readGateFacts } from "./read-gate-facts.ts";
import { receiveFacts } from "./receive-fact.ts";

/**
 * Takes back, at the carrier, every call of a campaign that it has accepted and not begun to dial. Phones that ring and
 * people who talk are left alone. Answers how many were cancelled. One that cannot be cancelled keeps no other from it; at
 * the end their errors are thrown as one `AggregateError`, and the loop that watches the windows tries again.
 */
export async function cancelQueuedCalls(deps: DialDeps, input: { campaignId: CampaignId }): Promise<number> {
  const queued = await queuedCallsOf(deps.db, input.campaignId);
  return cancelEach(deps, queued, "operator");
}

/** How long an accepted call may go unheard of before it counts as waiting in the carrier's queue. */
const queueGraceMs = 1_500;

/**
 * Cancels calls still queued at the carrier whose campaign was stopped or whose window has closed since they were
 * placed: a call accepted at the last minute must not ring after it. One whose facts cannot be read is cancelled: nobody can
 * say that it may ring.
 */
export async function cancelStaleCalls(deps: DialDeps): Promise<number> {
  const before = new Date(deps.clock.nowMs() - queueGraceMs);
  const queued = await callsQueuedBefore(deps.db, before);
  const stale: QueuedCall[] = [];
  for (const call of queued) if (!(await stillAllowed(deps, call))) stale.push(call);
  return cancelEach(deps, stale, "platform");
}

async function stillAllowed(deps: DialDeps, call: QueuedCall): Promise<boolean> {
  const [row] = await loadGateRows(deps.db, { attemptIds: [call.id], nowMs: deps.clock.nowMs(), lock: false });
  if (!row) return true;
  const vault = await deps.vault.forAccount(row.account_id);
  try {
    const facts = readGateFacts({
      row,
      definition: readDefinition(row.definition),
      callerNumber: call.from_number === null ? null : (readCallerNumber(call.from_number) ?? null),
      acknowledged: deps.settings.acknowledged,
      vault,
    });
    return judge(facts, deps.clock.now()).verdict.kind === "call";
  } catch (error) {
    deps.log.error("what speaks for a call queued at the carrier cannot be read; it is cancelled", { attemptId: call.id, error });
    return false;
  }
}

async function cancelEach(deps: DialDeps, queued: readonly QueuedCall[], by: "operator" | "platform"): Promise<number> {
  let cancelled = 0;
  const failures: unknown[] = [];
  for (const call of queued) {
    try {
      if (await cancelOne(deps, call, by)) cancelled += 1;
    } catch (error) {
      deps.log.error("a call queued at the carrier could not be cancelled", { attemptId: call.id, error });
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} of ${queued.length} calls queued at the carrier could not be cancelled`);
  return cancelled;
}

/** A call cancelled while queued fires no callback at all: its end is read at once. */
async function cancelOne(deps: DialDeps, call: QueuedCall, by: "operator" | "platform"): Promise<boolean> {
  const answer = await deps.carrier.cancel(call.call_sid);
  if (answer !== "cancelled") return false;
  await noteHangupBy(deps.db, { attemptId: call.id, by });
  const reading = await deps.carrier.fetch(call.call_sid);
  if (reading) await receiveFacts(deps, { token: call.token, facts: reading.facts });
  deps.log.info("cancelled a call that waited at the carrier", { attemptId: call.id, by });
  return true;
}
