import { afterSend, type Flow, type FlowPace, nextSendMs, type PaceState } from "./pace.ts";

/**
 * Calls of this process that asked for a place in the pace too early, and when each should ask again. A place is taken
 * only shortly before its time: whatever dies, stops or changes its mind takes few places and slots with it, and a
 * judgement is fresh when the call leaves. Nothing here is shared or kept: other processes have waiters of their own, and a
 * wrong guess costs further looks at the gate, or a few seconds of waiting.
 */
export interface ExpectedPlaces {
  /**
   * Where a call that may be made with any of these flows can expect its place behind all who wait already, in epoch
   * milliseconds. When that is not later than `latestMs` the call is noted as waiting; otherwise nothing is noted.
   */
  expect(alternatives: readonly (readonly Flow[])[], pace: PaceState, at: { nowMs: number; latestMs: number }): number;
}

/** Flows that nobody waits for are forgotten when there are more than this. */
const flowsKept = 200;
/** Caller numbers looked at; of a larger pool the first are those free soonest. */
const alternativesSeen = 20;

export function newExpectedPlaces(): ExpectedPlaces {
  const expected = new Map<string, FlowPace>();
  const known = (flow: Flow, pace: PaceState): PaceState => new Map(later(expected.get(flow.key), pace.get(flow.key)).map((each) => [flow.key, each]));
  return {
    expect(alternatives, pace, { nowMs, latestMs }) {
      const placeOf = (flows: readonly Flow[]): number => flows.reduce((at, flow) => Math.max(at, nextSendMs([flow], known(flow, pace), nowMs)), nowMs);
      const [soonest] = alternatives
        .slice(0, alternativesSeen)
        .map((flows) => ({ flows, placeMs: placeOf(flows) }))
        .sort((one, other) => one.placeMs - other.placeMs);
      if (!soonest) return nowMs;
      if (soonest.placeMs > latestMs) return soonest.placeMs;
      for (const flow of soonest.flows) {
        // In each flow it takes the next turn: one that waits long for its campaign must not hold up the carrier's others.
        const state = known(flow, pace);
        for (const { key, ...taken } of afterSend([flow], state, nextSendMs([flow], state, nowMs))) expected.set(key, taken);
      }
      if (expected.size > flowsKept) for (const [key, { nextMs }] of expected) if (nextMs < nowMs) expected.delete(key);
      return soonest.placeMs;
    },
  };
}

/** The one that stands later, if there is one. */
function later(one: FlowPace | undefined, other: FlowPace | undefined): FlowPace[] {
  const [first, second] = [one, other].filter((each) => each !== undefined);
  if (!first || !second) return first ? [first] : [];
  return [first.nextMs > second.nextMs ? first : second];
}
