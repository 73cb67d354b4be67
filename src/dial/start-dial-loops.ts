import { withPatience } from "../db/patience.ts";
import { cancelStaleCalls } from "./cancel-queued-calls.ts";
import { deleteRecordings } from "./delete-recordings.ts";
import { dropFoldedFacts } from "./inbox.queries.ts";
import type { LoopTraits } from "../domain/liveness.ts";
import type { DialDeps } from "./ports.ts";
import { foldInbox } from "./receive-fact.ts";
import { reconcileAmbiguous } from "./reconcile-ambiguous.ts";
import { repeat } from "./repeat.ts";
import { rescueLeases } from "./rescue-leases.ts";
import { dropOldStreamTokens } from "./stream-tokens.queries.ts";
import { sweepAttempts } from "./sweep-attempts.ts";
import { tendBreakers } from "./tend-breakers.ts";

export interface DialLoops {
  /** Resolves when every run under way is over; leases and looks that were taken run out by themselves. */
  stop(): Promise<void>;
}

const vital: LoopTraits = { vital: true };
/** A carrier that is slow makes a full run last minutes. */
const asksCarrier: LoopTraits = { deadlineMs: 900_000 };
const housekeeping: LoopTraits = { deadlineMs: 3_600_000 };
const dayMs = 86_400_000;
/** What a callback said is in the attempt once it is folded; a copy that comes after this long changes nothing there. */
const keepFoldedFactsMs = 30 * dayMs;

/**
 * Everything that must happen without being asked. Any number of processes may run these loops against one database:
 * each claims the rows it works on, and what one leaves behind the others take up.
 */
export function startDialLoops(deps: DialDeps): DialLoops {
  const loops = [
    repeat(deps, "rescue leases", 5_000, () => rescueLeases(deps), vital),
    repeat(deps, "fold the inbox", 2_000, () => foldInbox(deps), vital),
    repeat(deps, "reconcile ambiguous attempts", 2_000, () => reconcileAmbiguous(deps), asksCarrier),
    repeat(deps, "sweep open calls", 3_000, () => sweepAttempts(deps), asksCarrier),
    repeat(deps, "cancel stale calls", 2_000, () => cancelStaleCalls(deps), asksCarrier),
    repeat(deps, "delete recordings of erased persons", 10_000, () => deleteRecordings(deps), asksCarrier),
    repeat(deps, "tend breakers", 10_000, () => tendBreakers(deps)),
    repeat(deps, "forget old stream tokens", 3_600_000, () => withPatience("housekeeping", () => dropOldStreamTokens(deps.db, new Date(deps.clock.nowMs() - dayMs))), housekeeping),
    repeat(deps, "forget folded callbacks", 3_600_000, () => withPatience("housekeeping", () => dropFoldedFacts(deps.db, new Date(deps.clock.nowMs() - keepFoldedFactsMs))), housekeeping),
  ];
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}
