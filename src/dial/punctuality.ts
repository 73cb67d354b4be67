/** How late one process has been of late: what it must allow for when it takes a place in the pace. All in milliseconds of the clock. */
export interface Punctuality {
  /** A call was ready `lateMs` after its place: it waited for the place, or became ready only after it. */
  note(waited: boolean, lateMs: number): void;
  /**
   * How late a call may be on a place that lies `aheadMs` ahead. One that is awaited is left nearly on time; one that is
   * taken for now, from a flow that was free, is left when the commits are made.
   */
  lateMs(aheadMs: number): number;
  /** The gate took so long over an attempt. */
  noteGate(tookMs: number): void;
  /** How long before its time a place is taken: enough for the gate to be passed and the request to be made ready, however slow the database is. */
  aheadMs(): number;
}

const newShare = 0.25;
/** More is not allowed for: the judgement of a call does not live longer. */
const mostMs = 2_500;
const leastAheadMs = 500;

export function newPunctuality(): Punctuality {
  let wakesLateMs = 0;
  let readyLateMs = 0;
  let gateMs = 0;
  const blend = (before: number, lateMs: number): number => (before === 0 ? lateMs : before + (lateMs - before) * newShare);
  const readyMs = (): number => Math.min(mostMs, 1.5 * readyLateMs);
  return {
    note(waited, lateMs) {
      if (waited) wakesLateMs = blend(wakesLateMs, lateMs);
      else readyLateMs = blend(readyLateMs, lateMs);
    },
    noteGate(tookMs) {
      gateMs = blend(gateMs, tookMs);
    },
    aheadMs: () => Math.min(mostMs, leastAheadMs + 3 * gateMs),
    lateMs: (aheadMs) => Math.max(Math.min(mostMs, wakesLateMs), readyMs() - Math.max(0, aheadMs)),
  };
}
