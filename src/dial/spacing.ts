import type { Clock } from "../domain/clock.ts";
import { type ExpectedPlaces, newExpectedPlaces } from "./expected-places.ts";
import type { FoldInput, Folded } from "./fold-attempt.ts";
import { type Flow, toleranceOf } from "./pace.ts";
import type { GateAsk, GateOutcome } from "./pass-gates.ts";
import { pauseUntil } from "./pause-until.ts";
import type { OtherPlace, PlaceLost } from "./take-other-places.ts";
import type { Answered, Sending } from "./send.queries.ts";
import { newPunctuality, type Punctuality } from "./punctuality.ts";
import { newTogether, type Together } from "./together.ts";

/** What the placings of one process share: their commits, and the discipline of leaving on time. */
export interface Spacing {
  /** `planned → claimed`: the gate of all who ask at once. */
  gate: Together<GateAsk, GateOutcome>;
  /** `claimed → sending`: one commit for all whose place has come. */
  sending: Together<Sending, boolean>;
  /** New places for calls that missed theirs; undefined: none in time, or the claim no longer stands. */
  places: Together<PlaceLost, OtherPlace | undefined>;
  /** `sending → dialed`: the names of calls that the carrier has just taken. */
  answers: Together<Answered, boolean>;
  /** What the carrier told, folded into the rows. */
  folds: Together<FoldInput, Folded | undefined>;
  /** How late this process has been of late. */
  punctuality: Punctuality;
  /** Those who came too early for a place. */
  expected: ExpectedPlaces;
  /** From now on the process takes no new calls: those who wait for their place are let go. */
  standDown(): void;
  /** Aborted once it stood down. */
  readonly stoodDown: AbortSignal;
  /**
   * Waits for a place and says whether the call may leave on it: false when this process woke too late, because a call
   * that leaves late comes too close to the next one of its flows, whichever process has that.
   */
  place(call: { sendAtMs: number; spareMs: number; flows: readonly Flow[] }): Promise<boolean>;
}

/** Attempts of one transaction of the gate: enough to share its costs, few enough to leave the processor to others meanwhile. */
const mostAtGate = 16;
/** While one waits for the slot lock or its commit, the next is judged. */
const gatesAtOnce = 2;
const mostOfOthers = 50;

export function newSpacing(clock: Clock): Spacing {
  const punctuality = newPunctuality();
  const standingDown = new AbortController();
  return {
    gate: newTogether({ most: mostAtGate, runs: gatesAtOnce, aloneAfterFailure: true }),
    // Never repeated: whether a commit without an answer was made is read from the row.
    sending: newTogether({ most: mostOfOthers }),
    places: newTogether({ most: mostOfOthers }),
    answers: newTogether({ most: mostOfOthers, aloneAfterFailure: true }),
    folds: newTogether({ most: mostOfOthers, runs: 2, aloneAfterFailure: true }),
    punctuality,
    expected: newExpectedPlaces(),
    standDown: () => standingDown.abort(),
    stoodDown: standingDown.signal,
    async place({ sendAtMs, spareMs, flows }) {
      const waits = sendAtMs > clock.nowMs();
      await pauseUntil(clock, sendAtMs);
      const lateMs = clock.nowMs() - sendAtMs;
      punctuality.note(waits, lateMs);
      return lateMs - spareMs <= toleranceOf(flows);
    },
  };
}
