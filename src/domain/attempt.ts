/**
 * An attempt is one try to reach a contact, one row, used once. Its states and only moves:
 *
 * ```
 * planned → claimed → sending → dialed → ringing → in_progress → ended
 *    │         │         ├→ planned     (429, or the socket never connected: nothing was sent)
 *    │         │         ├→ rejected    (definite 4xx, with the carrier's code)
 *    │         │         └→ ambiguous → dialed (a callback, the TwiML fetch, the stream or the call list proves it)
 *    │         │                 └→ held → closed_unknown (no proof after 20 minutes; counts as an attempt)
 *    │         └→ planned     (the lease ran out before anything was sent)
 *    └→ refused               (the gate said no; evidence written)
 * ```
 *
 * Facts may arrive in any order, so a carrier fact may jump forward over states it implies
 * (`sending → ended` when the final callback wins every race). Nothing ever moves backward but the two
 * moves to `planned`, before which nothing was sent.
 */
export const attemptStates = [
  "planned",
  "claimed",
  "sending",
  "ambiguous",
  "held",
  "dialed",
  "ringing",
  "in_progress",
  "ended",
  "rejected",
  "refused",
  "closed_unknown",
] as const;
export type AttemptState = (typeof attemptStates)[number];

const proven: readonly AttemptState[] = ["dialed", "ringing", "in_progress", "ended"];

/** Every move the state machine has; `db/attempt-state` refuses all others. */
export const attemptMoves: Readonly<Record<AttemptState, readonly AttemptState[]>> = {
  planned: ["claimed", "refused"],
  claimed: ["sending", "planned", "refused"],
  sending: ["planned", "rejected", "ambiguous", ...proven],
  ambiguous: ["held", ...proven],
  held: ["closed_unknown", ...proven],
  dialed: ["ringing", "in_progress", "ended"],
  ringing: ["in_progress", "ended"],
  in_progress: ["ended"],
  ended: [],
  rejected: [],
  refused: [],
  closed_unknown: [...proven],
};

/** States in which a phone may be ringing or a person talking: they hold a slot and the number. */
export const openStates = ["claimed", "sending", "ambiguous", "held", "dialed", "ringing", "in_progress"] as const satisfies readonly AttemptState[];

/** States after which nothing more is expected of the carrier. */
export const finalStates = ["ended", "rejected", "refused", "closed_unknown"] as const satisfies readonly AttemptState[];

/** Who is to blame when a call did not become a conversation. */
export const failureClasses = ["callee", "carrier", "platform"] as const;
export type FailureClass = (typeof failureClasses)[number];

/** Who or what picked up. */
export const answeredByValues = ["person", "voicemail", "carrier_announcement", "fax", "unknown"] as const;
export type AnsweredBy = (typeof answeredByValues)[number];

export const hangupByValues = ["callee", "agent", "carrier", "operator", "platform"] as const;
export type HangupBy = (typeof hangupByValues)[number];
