/**
 * Even spacing: one call per interval, never a burst (docs/reliability.md R1.6). A flow is one stream of calls that is
 * paced: the carrier account, a campaign, a caller number. Every call takes a place in each of its flows; places are given
 * out under one lock in the database, so all processes share them, and a call leaves on its place or takes another.
 *
 * Two things together keep every sliding second under one call more than the pace. Places of a flow are never closer
 * than `closestMs`, and a call that is later than `toleranceMs` after its place does not leave on it. Departures within
 * any second then have their places within `1000 + toleranceMs`, in which there is room for `callsPerSecond + 1` of them.
 * `closestMs` is a little less than the even spacing, so that a flow that lost places catches up slowly and its mean stays
 * what was asked for. Up to 50 calls a second a part of that room is left for clocks of processes that disagree; beyond, a
 * lateness of 10 ms is let pass all the same, and a second may see one or two calls more.
 */
export interface Flow {
  of: "carrier" | "campaign" | "caller";
  key: string;
  callsPerSecond: number;
}

/** Where a flow stands. Epoch milliseconds. */
export interface FlowPace {
  /** Nothing leaves before: the last place and the closest spacing, or the carrier's wish to be left alone. */
  nextMs: number;
  /** When the next call would leave if none had ever been late. Behind `nextMs`: places were lost and are being made up for. */
  evenMs: number;
}

/** Where each flow stands, as every process last agreed; a flow not in it is free. */
export type PaceState = ReadonlyMap<string, FlowPace>;

/** How much denser than even the places are while lost ones are made up for. */
const catchUpShare = 0.009;
/** The most lost time that is made up for. */
const catchUpMs = 500;
/** A flow that nobody wanted for so long lost nothing: it begins anew. */
const idleMs = 1_000;
/** Beyond this many calls a second nothing is spaced: the limiter is off. */
const fastestPaced = 1_000;
const leastToleranceMs = 10;
const mostToleranceMs = 250;
/** The part of the room for lateness that a process uses itself; the rest is for differences between clocks. */
const ownShareOfRoom = 0.75;

export function carrierFlow(callsPerSecond: number): Flow {
  return { of: "carrier", key: "carrier", callsPerSecond };
}

export function campaignFlow(campaignId: string, callsPerSecond: number): Flow {
  return { of: "campaign", key: `campaign:${campaignId}`, callsPerSecond };
}

export function callerFlow(number: string, callsPerSecond: number): Flow {
  return { of: "caller", key: `caller:${number}`, callsPerSecond };
}

/** The least time between two places of a flow: the even spacing less half a call a second, and less 0.9 % at most, so that no mean exceeds the pace by 1 %. */
export function closestMs(callsPerSecond: number): number {
  return Math.max((1_000 / callsPerSecond) * (1 - catchUpShare), 1_000 / (callsPerSecond + 0.5));
}

/** How long after its place a call of a flow may still leave on it. */
export function toleranceMs(callsPerSecond: number): number {
  if (callsPerSecond > fastestPaced) return Number.POSITIVE_INFINITY;
  const roomMs = (Math.floor(callsPerSecond) + 1) * closestMs(callsPerSecond) - 1_000;
  return Math.min(mostToleranceMs, Math.max(leastToleranceMs, roomMs * ownShareOfRoom));
}

/**
 * How long after its place a call of all these flows may still leave. A campaign's pace is the operator's own wish: its
 * places are even, and its calls leave with the carrier's and the number's.
 */
export function toleranceOf(flows: readonly Flow[]): number {
  return flows.reduce((least, flow) => (flow.of === "campaign" ? least : Math.min(least, toleranceMs(flow.callsPerSecond))), Number.POSITIVE_INFINITY);
}

/** When the next call of all these flows may leave, in epoch milliseconds; not before `fromMs`. */
export function nextSendMs(flows: readonly Flow[], state: PaceState, fromMs: number): number {
  return flows.reduce((at, { key }) => {
    const pace = state.get(key);
    return pace ? Math.max(at, pace.nextMs, pace.evenMs) : at;
  }, fromMs);
}

/**
 * Where the flows stand after a call takes its place at `sendMs`: what the next call of each will find. `spareMs` keeps
 * the time after the place free, so that the call may leave that much later still.
 */
export function afterSend(flows: readonly Flow[], state: PaceState, sendMs: number, spareMs = 0): ({ key: string } & FlowPace)[] {
  return flows.map(({ key, callsPerSecond }) => {
    const evenMs = state.get(key)?.evenMs ?? sendMs;
    const basisMs = sendMs - evenMs > idleMs ? sendMs : Math.max(evenMs, sendMs - catchUpMs);
    return { key, nextMs: sendMs + spareMs + closestMs(callsPerSecond), evenMs: basisMs + 1_000 / callsPerSecond };
  });
}

/** Where the flows stand when a place of theirs went by unused: it is made up for. */
export function afterLoss(flows: readonly Flow[], state: PaceState): PaceState {
  const changed = new Map(state);
  for (const { key, callsPerSecond } of flows) {
    const pace = state.get(key);
    if (pace) changed.set(key, { ...pace, evenMs: Math.max(pace.evenMs - 1_000 / callsPerSecond, pace.nextMs - catchUpMs) });
  }
  return changed;
}

/** How long to leave the carrier alone after its n-th "too many requests" in a row: doubling, with ±10 % jitter, at most 30 s. */
export function backOffMs(strikes: number, fraction: number): number {
  const baseMs = Math.min(30_000, 1_000 * 2 ** Math.min(strikes, 10));
  return Math.min(30_000, baseMs * (0.9 + 0.2 * fraction));
}
