import { cancelStaleCalls } from "../../src/dial/cancel-queued-calls.ts";
import { foldInbox } from "../../src/dial/receive-fact.ts";
import { reconcileAmbiguous } from "../../src/dial/reconcile-ambiguous.ts";
import { rescueLeases } from "../../src/dial/rescue-leases.ts";
import { sweepAttempts } from "../../src/dial/sweep-attempts.ts";
import { settleSweep } from "../../src/outcome/settle-sweep.ts";
import { planTick } from "../../src/schedule/plan-tick.ts";
import type { SimCarrier } from "../chaos/simulation/sim-carrier.ts";
import { type DueWork, nextWork, type WorkKind } from "../chaos/simulation/sim-database.ts";
import type { Process, startProcesses } from "./processes.ts";
import type { World } from "./world.ts";

const secondMs = 1_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Hours at which a window of the law or of a campaign opens (or the day turns), hours before and after, and those at which one closes. */
const openingHours = [0, 7.5, 8, 8.5, 9, 9.5, 10, 12.25, 17.5, 18.5, 19.5, 20.5, 21.5, 24];
const closingHours = [12.75, 18, 18.5, 19, 20, 20.75, 21];
/** A tick that planned so many may have left some. */
const likelyMore = 6;
/** Just after an opening, just before a closing, and an hour off: there a slip of a rule would show. */
const turns = [...openingHours.map((hour) => hour * 3_600_000 + secondMs), ...closingHours.map((hour) => hour * 3_600_000 - 2 * secondMs)].sort((a, b) => a - b);

/**
 * Does what the service's loops do, at the instants at which there is something to do: in production they look every second
 * or so, here they are woken when the database says that a look would find work, and around every instant at which hours turn.
 */
export function backgroundWork(world: World, processes: ReturnType<typeof startProcesses>, carrier: SimCarrier) {
  const { agenda, outside, database } = world;
  let planAtMs = world.startMs;
  let somethingChanged = false;
  let lookedForStaleMs = 0;
  let wakeAtMs = Number.POSITIVE_INFINITY;

  const plan = async (process: Process): Promise<void> => {
    const { planned, led } = await planTick(process.planner);
    planAtMs = !led || planned >= likelyMore ? agenda.nowMs() + 2 * secondMs : nextTurn();
  };
  const nextTurn = (): number => {
    const nowMs = agenda.nowMs();
    const dayStartMs = world.startMs + Math.floor((nowMs - world.startMs) / dayMs) * dayMs;
    return turns.map((turnMs) => dayStartMs + turnMs).find((atMs) => atMs > nowMs) ?? nowMs + hourMs;
  };
  /** When to look for calls that wait at the carrier: every two seconds around the turns, now and then otherwise. */
  const staleLookMs = (): number => {
    const oldest = carrier.calls.find(({ status }) => status === "queued");
    if (!oldest) return Number.POSITIVE_INFINITY;
    const sinceTurnMs = Math.min(...turns.map((turnMs) => Math.abs(((agenda.nowMs() - world.startMs) % dayMs) - turnMs)));
    return Math.max(oldest.createdAtMs + 2 * secondMs, lookedForStaleMs + (sinceTurnMs < 20 * secondMs ? 2 : 20) * secondMs);
  };
  const work: Record<Exclude<WorkKind, "plan" | "announce">, (process: Process) => Promise<unknown>> = {
    lease: (process) => rescueLeases(process.dial),
    inbox: (process) => foldInbox(process.dial),
    reconcile: (process) => reconcileAmbiguous(process.dial),
    // One at a time: calls swept at once would draw their fates in an order that the seed does not decide.
    sweep: (process) => sweepAttempts(process.dial, { limit: 1 }),
    settle: (process) => settleSweep(process.outcome),
  };
  const wake = async (due: DueWork): Promise<void> => {
    const nowMs = agenda.nowMs();
    wakeAtMs = Number.POSITIVE_INFINITY;
    for (const kind of ["lease", "inbox", "reconcile", "sweep", "settle"] as const) {
      if ((due[kind] ?? Number.POSITIVE_INFINITY) <= nowMs) await processes.inAny(work[kind]);
    }
    if (staleLookMs() <= nowMs) {
      lookedForStaleMs = nowMs;
      await processes.inAny(({ dial }) => cancelStaleCalls(dial));
    }
    const announceDue = (due.announce ?? Number.POSITIVE_INFINITY) <= nowMs;
    const planDue = planAtMs <= nowMs && (somethingChanged || (due.plan ?? Number.POSITIVE_INFINITY) <= nowMs);
    if (announceDue || planDue) {
      planAtMs = nowMs + 2 * secondMs;
      somethingChanged = false;
      await processes.inAny(plan);
    } else if (planAtMs <= nowMs) planAtMs = nextTurn();
  };
  return {
    /** Asks when there will be something to do, and wakes the deployment then. */
    async look(): Promise<void> {
      const nowMs = agenda.nowMs();
      if (wakeAtMs <= nowMs + 2 * secondMs) return;
      const due = await nextWork(database);
      const planDueMs = (due.plan ?? 0) > nowMs ? (due.plan ?? 0) : Number.POSITIVE_INFINITY;
      const { plan: _, ...others } = due;
      const nextMs = Math.min(...Object.values(others), staleLookMs(), planAtMs, planDueMs);
      if (planDueMs < planAtMs) planAtMs = planDueMs;
      const atMs = Math.max(nowMs + secondMs, nextMs);
      if (atMs >= wakeAtMs) return;
      wakeAtMs = atMs;
      agenda.at(atMs, outside, "wake", async () => {
        if (wakeAtMs === atMs) await wake(due);
      });
    },
    /** Whether nothing wakes the deployment yet, or something changed since. */
    due: () => wakeAtMs === Number.POSITIVE_INFINITY || somethingChanged,
    /** Something changed that may let calls begin. */
    planSoon(): void {
      planAtMs = Math.min(planAtMs, agenda.nowMs() + secondMs);
      somethingChanged = true;
    },
  };
}
