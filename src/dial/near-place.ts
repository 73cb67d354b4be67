import { type Flow, nextSendMs, type PaceState } from "./pace.ts";
import { paceHorizonMs } from "./room.ts";
import type { Spacing } from "./spacing.ts";

/** Whether a call takes its place in the pace now. */
export type Nearness =
  | { kind: "near" }
  /** It asks again then, and waits in its process meanwhile. */
  | { kind: "early"; untilMs: number }
  /** It would keep a worker too long: it is put off until then. */
  | { kind: "far"; untilMs: number };

export interface NearnessQuestion {
  /** The flows of the call from the number whose turn it is. */
  flows: readonly Flow[];
  /** The same from each number it may be made from; asked for only when the call is early. */
  alternatives(): readonly (readonly Flow[])[];
  pace: PaceState;
  nowMs: number;
  /** How often it asked too early. */
  cameEarly: number;
}

/**
 * So much further ahead of its time a call may take a place each time it came early, where others use the same flow: it must not
 * be overtaken for ever. Its campaign's own flow nobody else hurries along; a place far ahead there would only keep the
 * carrier from using the time before it.
 */
const patienceMs = 500;
const ownPatienceMs = 100;

/** Notes the call as waiting when it is early. */
export function nearnessOf({ punctuality, expected }: Pick<Spacing, "punctuality" | "expected">, question: NearnessQuestion): Nearness {
  const { flows, pace, nowMs, cameEarly } = question;
  const aheadMs = punctuality.aheadMs();
  const isNear = (of: readonly Flow[], moreMs: number): boolean => nextSendMs(of, pace, nowMs) <= nowMs + aheadMs + moreMs;
  const own = flows.filter((flow) => flow.of === "campaign");
  const shared = flows.filter((flow) => flow.of !== "campaign");
  if (isNear(shared, cameEarly * patienceMs) && isNear(own, cameEarly > 0 ? ownPatienceMs : 0)) return { kind: "near" };
  const placeMs = expected.expect(question.alternatives(), pace, { nowMs, latestMs: nowMs + paceHorizonMs });
  if (placeMs > nowMs + paceHorizonMs) return { kind: "far", untilMs: placeMs - paceHorizonMs / 2 };
  return { kind: "early", untilMs: placeMs - aheadMs };
}
