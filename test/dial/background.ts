import { cancelStaleCalls } from "../../src/dial/cancel-queued-calls.ts";
import type { DialDeps } from "../../src/dial/ports.ts";
import { foldInbox } from "../../src/dial/receive-fact.ts";
import { reconcileAmbiguous } from "../../src/dial/reconcile-ambiguous.ts";
import { rescueLeases } from "../../src/dial/rescue-leases.ts";
import { sweepAttempts } from "../../src/dial/sweep-attempts.ts";
import type { ManualClock } from "../support/clock.ts";

/** One run of every loop that looks after attempts, in the order in which they hand over to each other. */
export async function runBackground(deps: DialDeps): Promise<void> {
  await rescueLeases(deps);
  await foldInbox(deps, { olderThanMs: -1 });
  await reconcileAmbiguous(deps);
  await sweepAttempts(deps);
  await cancelStaleCalls(deps);
}

/** Moves the clock in steps and runs the loops after each. */
export async function runFor(world: { clock: ManualClock; deps: DialDeps }, ms: number, stepMs: number, after?: () => Promise<void>): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    world.clock.advance(Math.min(stepMs, ms - passedMs));
    await runBackground(world.deps);
    await after?.();
  }
}
