import type { LedgerCall, Span } from "./truth.ts";

/**
 * How long after something became known a call may still leave: an opt-out, a suppression or a pause acts on every call
 * within a second. Everything else is asked at the gate, and a call that passed it may wait its turn for as long as a claim lasts.
 */
export const atOnceMs = 1_000;
export const nextGateMs = 35_000;

/** Whether a fact that forbids stood when the call left, having been known for `knownForMs`. */
export function forbade(span: Span, call: LedgerCall, knownForMs: number): boolean {
  return span.fromMs + knownForMs <= call.leftAtMs && (span.toMs === null || call.leftAtMs < span.toMs);
}
