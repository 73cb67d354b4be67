import type { Random } from "../domain/random.ts";
import type { CallStatus } from "./ledger-events.ts";

/** What the carrier does wrong to one create request and its call. Anything absent goes well. */
export interface CallFaults {
  /**
   * - `lost_response` the call exists, the connection is reset before the answer
   * - `no_answer` the call exists, the answer never comes and the connection stays open
   * - `error_after` the call exists, the answer is 500
   * - `error_before` no call, the answer is 500 (or 503)
   * - `reset_before` no call, the connection is reset
   * - `rate_limited` no call, 429 with code 20429
   * - `refused` no call, 400 with `refuseCode`
   */
  create?: "lost_response" | "no_answer" | "error_after" | "error_before" | "reset_before" | "rate_limited" | "refused";
  /** Error code of `refused`; default 21211, invalid To. */
  refuseCode?: number;
  /** The first callbacks are delivered and answered before the create request is. */
  callbackBefore201?: boolean;
  /** Every status callback is delivered this many times (the repeats carry I-Twilio-Idempotency-Token). */
  callbackCopies?: number;
  /** Status callbacks come late, each by up to this much; they may overtake each other. */
  callbackDelayMs?: number;
  /** Status callbacks of one call are held back and delivered last first. */
  callbacksReversed?: boolean;
  /** These status callbacks never come. */
  callbacksDropped?: readonly CallStatus[] | "all";
  /** A stranger sends a completed callback with a wrong signature while the call rings; letting it in is an error in the ledger. */
  callbackForged?: boolean;
  /** The async answering-machine verdict: never, late by so much, or wrong. */
  amd?: { never?: boolean; delayMs?: number; answeredBy?: string };
  /** Share of inbound media frames that are lost, 0 to 1. */
  missingFrames?: number;
  /** The media socket is destroyed without `stop` this long after it started. */
  cutStreamAfterMs?: number;
  /** The callee hangs up at this frame (20 ms each) after answering. */
  hangUpAtFrame?: number;
}

/** How often each fault befalls a call, 0 to 1; drawn from the world's seed. */
export interface FaultRates {
  lostResponse?: number;
  noAnswer?: number;
  errorAfter?: number;
  errorBefore?: number;
  resetBefore?: number;
  rateLimited?: number;
  callbackBefore201?: number;
  duplicatedCallbacks?: number;
  delayedCallbacks?: number;
  reversedCallbacks?: number;
  droppedCallbacks?: number;
  forgedCallbacks?: number;
  amdNever?: number;
  amdLate?: number;
  missingFrames?: number;
  cutStream?: number;
  hangUpEarly?: number;
}

/** Where tests put faults; what the carrier asks. */
export interface Faults {
  /** Faults of the next create requests, one each, before anything else is drawn. */
  onNextCall(...faults: readonly CallFaults[]): void;
  /** Faults of every call to one number. */
  onNumber(number: string, faults: CallFaults): void;
  /** Faults drawn for each further call. */
  setRates(rates: FaultRates): void;
  /** The next list requests fail with this status. */
  failLists(status: number, times: number): void;
  /** Calls younger than this are missing from lists and from single fetches (404). */
  listLagMs: number;

  /** Asked once per create request. */
  drawFor(number: string, random: Random): CallFaults;
  /** Asked per list request: the status to fail with, or undefined. */
  drawList(): number | undefined;
}

export function newFaults(initialRates: FaultRates = {}): Faults {
  const nextCalls: CallFaults[] = [];
  const byNumber = new Map<string, CallFaults>();
  let rates = initialRates;
  let failingLists: { status: number; times: number } | undefined;

  return {
    onNextCall: (...faults) => void nextCalls.push(...faults),
    onNumber: (number, faults) => void byNumber.set(number, faults),
    setRates: (to) => {
      rates = to;
    },
    failLists: (status, times) => {
      failingLists = { status, times };
    },
    listLagMs: 0,
    drawFor: (number, random) => nextCalls.shift() ?? byNumber.get(number) ?? drawByRates(rates, random),
    drawList: () => {
      if (!failingLists || failingLists.times <= 0) return undefined;
      failingLists.times -= 1;
      return failingLists.status;
    },
  };
}

const createFaults = [
  ["lostResponse", "lost_response"],
  ["noAnswer", "no_answer"],
  ["errorAfter", "error_after"],
  ["errorBefore", "error_before"],
  ["resetBefore", "reset_before"],
  ["rateLimited", "rate_limited"],
] as const satisfies ReadonlyArray<[keyof FaultRates, CallFaults["create"]]>;

function drawByRates(rates: FaultRates, random: Random): CallFaults {
  const faults: CallFaults = {};
  const befalls = (rate: number | undefined): boolean => random.fraction() < (rate ?? 0);
  for (const [rate, create] of createFaults) if (befalls(rates[rate]) && faults.create === undefined) faults.create = create;
  if (befalls(rates.callbackBefore201)) faults.callbackBefore201 = true;
  if (befalls(rates.duplicatedCallbacks)) faults.callbackCopies = 2;
  if (befalls(rates.delayedCallbacks)) faults.callbackDelayMs = 500 + random.fraction() * 20_000;
  if (befalls(rates.reversedCallbacks)) faults.callbacksReversed = true;
  if (befalls(rates.droppedCallbacks)) faults.callbacksDropped = random.fraction() < 0.3 ? "all" : ["completed", "busy", "no-answer", "failed"];
  if (befalls(rates.forgedCallbacks)) faults.callbackForged = true;
  if (befalls(rates.amdNever)) faults.amd = { never: true };
  if (befalls(rates.amdLate)) faults.amd = { delayMs: 5_000 + random.fraction() * 20_000 };
  if (befalls(rates.missingFrames)) faults.missingFrames = 0.01 + random.fraction() * 0.04;
  if (befalls(rates.cutStream)) faults.cutStreamAfterMs = 1_000 + random.fraction() * 15_000;
  if (befalls(rates.hangUpEarly)) faults.hangUpAtFrame = Math.floor(random.fraction() * 500);
  return faults;
}
