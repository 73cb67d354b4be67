import { lockSlots, readPace, takePace } from "./capacity.queries.ts";
import { type Claim, leaseMs } from "./claim.ts";
import { afterLoss, afterSend, type FlowPace, nextSendMs, toleranceOf } from "./pace.ts";
import type { DialDeps } from "./ports.ts";
import { keepSending } from "./send.queries.ts";

/** A call that is ready to leave and missed its place. */
export interface PlaceLost {
  claim: Claim;
  /** How many it has missed before this one: each further place is kept free for twice as long. */
  missedBefore: number;
  /** A place after this instant is of no use: the judgement of the call would be too old by then. */
  latestMs: number;
}

export interface OtherPlace {
  sendAtMs: number;
  /** How long the pace is kept free after it. */
  spareMs: number;
}

/** What a process that misses place after place allows for, so that it gets its calls out all the same. */
const leastAfterSecondMs = 40;

/**
 * Gives calls that missed their places the next free ones of their flows, and their flows back the time that was lost. In one
 * transaction, under the slot lock like every other place. Answers the new places in their order; undefined: no place is
 * free in time, or the call may not be sent any more.
 */
export function takeOtherPlaces(deps: DialDeps, lost: readonly PlaceLost[]): Promise<(OtherPlace | undefined)[]> {
  return deps.db.transaction().execute(async (tx) => {
    await lockSlots(tx);
    const nowMs = deps.clock.nowMs();
    let pace = await readPace(tx, [...new Set(lost.flatMap(({ claim }) => claim.flows.map((flow) => flow.key)))]);
    const changed = new Map<string, FlowPace>();
    const places: (OtherPlace | undefined)[] = [];
    for (const { claim, missedBefore, latestMs } of lost) {
      const { attemptId, leaseOwner, flows } = claim;
      pace = afterLoss(flows, pace);
      for (const { key } of flows) {
        const made = pace.get(key);
        if (made) changed.set(key, made);
      }
      const sendAtMs = nextSendMs(flows, pace, nowMs);
      const spareMs = Math.max(0, lateOn(deps, sendAtMs - nowMs, missedBefore) - toleranceOf(flows));
      const lease = { attemptId, leaseOwner, leaseUntil: new Date(sendAtMs + leaseMs), sendAfter: new Date(sendAtMs) };
      if (sendAtMs > latestMs || !(await keepSending(tx, lease, new Date(nowMs)))) {
        places.push(undefined);
        continue;
      }
      for (const { key, ...taken } of afterSend(flows, pace, sendAtMs, spareMs)) changed.set(key, taken);
      pace = new Map([...pace, ...changed]);
      places.push({ sendAtMs, spareMs });
    }
    await takePace(
      tx,
      [...changed].map(([key, each]) => ({ key, ...each })),
    );
    return places;
  });
}

function lateOn(deps: DialDeps, aheadMs: number, missedBefore: number): number {
  const lateMs = deps.spacing.punctuality.lateMs(aheadMs);
  return missedBefore === 0 ? lateMs : Math.max(lateMs, leastAfterSecondMs) * 2 ** missedBefore;
}
