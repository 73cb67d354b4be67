import { z } from "zod";
import type { AnsweredBy, AttemptState } from "../domain/attempt.ts";
import { answeredByValues } from "../domain/attempt.ts";
import { type CallEnding, callEndings, type CallFact } from "../domain/call-fact.ts";
import { assertNever } from "../domain/exhaustive.ts";

/**
 * What is known of a call, as a point in a lattice. Facts are joined into it by `joinFolds`, which is commutative,
 * associative and idempotent, so that the order, the number and the delay of callbacks cannot matter.
 * Each field has its own join: sets unite, first instants take the earliest, everything else
 * the greatest under a fixed order. Nothing in it is ever taken back.
 */
export interface CallFold {
  /** Names of every call that claimed this attempt; more than one means that somebody was rung twice. Sorted. */
  callSids: readonly string[];
  initiatedAtMs: number | null;
  ringingAtMs: number | null;
  answeredAtMs: number | null;
  /** How the carrier says it ended, and how we inferred it did; the carrier's word counts first. */
  carrierEnd: EndFold | null;
  inferredEnd: EndFold | null;
  answeredBy: AnsweredBy;
  recordingSid: string | null;
  recordingState: RecordingState | null;
  /** Cost the carrier reported. */
  pricePaise: number | null;
}

/** The end of a call as one authority tells it. */
export interface EndFold {
  ending: CallEnding;
  atMs: number;
  durationSeconds: number | null;
  carrierCode: string | null;
}

const recordingStates = ["in_progress", "absent", "completed"] as const;
type RecordingState = (typeof recordingStates)[number];

const endFold = z.strictObject({
  ending: z.enum(callEndings),
  atMs: z.number(),
  durationSeconds: z.number().nullable(),
  carrierCode: z.string().nullable(),
});
const callFold = z.strictObject({
  callSids: z.array(z.string()),
  initiatedAtMs: z.number().nullable(),
  ringingAtMs: z.number().nullable(),
  answeredAtMs: z.number().nullable(),
  carrierEnd: endFold.nullable(),
  inferredEnd: endFold.nullable(),
  answeredBy: z.enum(answeredByValues),
  recordingSid: z.string().nullable(),
  recordingState: z.enum(recordingStates).nullable(),
  pricePaise: z.number().nullable(),
});

/** Nothing is known: the least element. */
export const emptyFold: CallFold = {
  callSids: [],
  initiatedAtMs: null,
  ringingAtMs: null,
  answeredAtMs: null,
  carrierEnd: null,
  inferredEnd: null,
  answeredBy: "unknown",
  recordingSid: null,
  recordingState: null,
  pricePaise: null,
};

/** Reads `attempts.fold`; an attempt that heard nothing holds `{}`. */
export function readFold(stored: unknown): CallFold {
  const isNew = typeof stored === "object" && stored !== null && Object.keys(stored).length === 0;
  return isNew ? emptyFold : callFold.parse(stored);
}

/** What one fact alone says. */
export function foldOf(fact: CallFact): CallFold {
  const base: CallFold = { ...emptyFold, callSids: [fact.callSid] };
  switch (fact.kind) {
    case "initiated":
      return { ...base, initiatedAtMs: fact.atMs };
    case "ringing":
      return { ...base, ringingAtMs: fact.atMs };
    case "answered":
      return { ...base, answeredAtMs: fact.atMs };
    case "ended": {
      const end: EndFold = { ending: fact.ending, atMs: fact.atMs, durationSeconds: fact.durationSeconds, carrierCode: fact.carrierCode };
      return { ...base, pricePaise: fact.pricePaise, [fact.authority === "carrier" ? "carrierEnd" : "inferredEnd"]: end };
    }
    case "answered_by":
      return { ...base, answeredBy: fact.answeredBy };
    case "recording":
      return { ...base, recordingSid: fact.recordingSid, recordingState: fact.state };
    default:
      return assertNever(fact, "call fact");
  }
}

/** The least fold that knows what both know. */
export function joinFolds(a: CallFold, b: CallFold): CallFold {
  return {
    callSids: [...new Set([...a.callSids, ...b.callSids])].sort(),
    initiatedAtMs: earliest(a.initiatedAtMs, b.initiatedAtMs),
    ringingAtMs: earliest(a.ringingAtMs, b.ringingAtMs),
    answeredAtMs: earliest(a.answeredAtMs, b.answeredAtMs),
    carrierEnd: joinEnds(a.carrierEnd, b.carrierEnd),
    inferredEnd: joinEnds(a.inferredEnd, b.inferredEnd),
    answeredBy: higher(informativeness, a.answeredBy, b.answeredBy),
    recordingSid: greatest(a.recordingSid, b.recordingSid),
    recordingState: a.recordingState === null || b.recordingState === null ? (a.recordingState ?? b.recordingState) : higher(recordingStates, a.recordingState, b.recordingState),
    pricePaise: greatest(a.pricePaise, b.pricePaise),
  };
}

/** Which word of the carrier about the end says most: later in the list explains more of what happened. */
const endingRank: readonly CallEnding[] = ["canceled", "no_answer", "busy", "failed", "completed"];
/** When signals disagree about who picked up, the one that protects a person wins. */
const informativeness: readonly AnsweredBy[] = ["unknown", "fax", "carrier_announcement", "voicemail", "person"];

function joinEnds(a: EndFold | null, b: EndFold | null): EndFold | null {
  if (a === null || b === null) return a ?? b;
  return {
    ending: higher(endingRank, a.ending, b.ending),
    atMs: Math.min(a.atMs, b.atMs),
    durationSeconds: greatest(a.durationSeconds, b.durationSeconds),
    carrierCode: greatest(a.carrierCode, b.carrierCode),
  };
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function greatest<T extends number | string>(a: T | null, b: T | null): T | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function higher<T>(order: readonly T[], a: T, b: T): T {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/** The state of the spine that the fold proves. */
export function provenState(fold: CallFold): Extract<AttemptState, "dialed" | "ringing" | "in_progress" | "ended"> {
  if (fold.carrierEnd !== null || fold.inferredEnd !== null) return "ended";
  if (fold.answeredAtMs !== null) return "in_progress";
  return fold.ringingAtMs !== null ? "ringing" : "dialed";
}
