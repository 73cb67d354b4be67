/**
 * Even spacing: one call per interval, never a burst (reliability.md R1.6). A flow is one stream of calls that is
 * paced: the carrier account, a campaign, a caller number. A call leaves at the first instant that all its flows allow.
 */
export interface Flow {
  key: string;
  callsPerSecond: number;
}

/** The instant each flow is free again, as every process last agreed; a flow not in it is free. */
export type PaceState = ReadonlyMap<string, number>;

export function carrierFlow(callsPerSecond: number): Flow {
  return { key: "carrier", callsPerSecond };
}

export function campaignFlow(campaignId: string, callsPerSecond: number): Flow {
  return { key: `campaign:${campaignId}`, callsPerSecond };
}

export function callerFlow(number: string, callsPerSecond: number): Flow {
  return { key: `caller:${number}`, callsPerSecond };
}

/** When the next call of all these flows may leave, in epoch milliseconds. */
export function nextSendMs(flows: readonly Flow[], state: PaceState, nowMs: number): number {
  return flows.reduce((at, flow) => Math.max(at, state.get(flow.key) ?? nowMs), nowMs);
}

/** The state after a call of these flows leaves at `sendMs`: what the next caller of each flow will find. */
export function afterSend(flows: readonly Flow[], sendMs: number): { key: string; nextMs: number }[] {
  return flows.map((flow) => ({ key: flow.key, nextMs: sendMs + 1_000 / flow.callsPerSecond }));
}

/** How long to leave the carrier alone after its n-th "too many requests" in a row: doubling, with ±10 % jitter, at most 30 s. */
export function backOffMs(strikes: number, fraction: number): number {
  const baseMs = Math.min(30_000, 1_000 * 2 ** Math.min(strikes, 10));
  return Math.min(30_000, baseMs * (0.9 + 0.2 * fraction));
}
