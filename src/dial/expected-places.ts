import { afterSend, type Flow, type FlowPace, nextSendMs, type PaceState } from "./pace.ts";

/**
 * Calls of this process that asked for a place in the pace too early, and when each should ask again. A place is taken
 * only shortly before its time: whatever dies, stops or changes its mind takes few places and slots with it, and a
 * judgement is fresh when the call leaves. Nothing here is shared or kept; a wrong guess costs one more look at the gate.
 */
export interface ExpectedPlaces {
  /** Where a call of these flows can expect its place behind all who wait already, in epoch milliseconds; it waits from now on. */
  expect(flows: readonly Flow[], pace: PaceState, nowMs: number): number;
}

/** Flows that nobody waits for are forgotten when there are more than this. */
const flowsKept = 200;

export function newExpectedPlaces(): ExpectedPlaces {
  const expected = new Map<string, FlowPace>();
  return {
    expect(flows, pace, nowMs) {
      const placesMs = flows.map((flow) => {
        const known = new Map(later(expected.get(flow.key), pace.get(flow.key)).map((each) => [flow.key, each]));
        const placeMs = nextSendMs([flow], known, nowMs);
        // In each flow it takes the next turn: one that waits long for its campaign must not hold up the carrier's others.
        for (const { key, ...taken } of afterSend([flow], known, placeMs)) expected.set(key, taken);
        return placeMs;
      });
      if (expected.size > flowsKept) for (const [key, { nextMs }] of expected) if (nextMs < nowMs) expected.delete(key);
      return Math.max(nowMs, ...placesMs);
    },
  };
}

/** The one that stands later, if there is one. */
function later(one: FlowPace | undefined, other: FlowPace | undefined): FlowPace[] {
  const [first, second] = [one, other].filter((each) => each !== undefined);
  if (!first || !second) return first ? [first] : [];
  return [first.nextMs > second.nextMs ? first : second];
}
