import type { CallFact } from "../../domain/call-fact.ts";
import type { CallReading } from "../../dial/ports.ts";
import { answeredByFrom, statusMeaning } from "./call-status.ts";
import { type ExchangeRates, paiseFromPrice } from "./price.ts";

/** The parts of Twilio's Call resource that a reading uses, as the SDK gives them. */
export interface CallResource {
  sid: string;
  status: string;
  startTime: Date | null;
  endTime: Date | null;
  /** Seconds from the answer, as text. */
  duration: string | null;
  price: string | null;
  priceUnit: string | null;
  answeredBy: string | null;
}

/** A reading tells nothing of order; its sequence is above any callback's so that its dedupe key never meets theirs. */
const readingSequence = 1_000;

/** Everything a Call resource proves at `nowMs`, as facts. */
export function readCall(call: CallResource, nowMs: number, rates: ExchangeRates): CallReading {
  const meaning = statusMeaning(call.status);
  if (!meaning) return { callSid: call.sid, queued: false, live: true, facts: [] };
  const facts: CallFact[] = [];
  const base = { callSid: call.sid, authority: "carrier", sequence: readingSequence } as const;
  const startedMs = call.startTime?.getTime() ?? nowMs;
  const durationSeconds = call.duration === null || call.duration === "" ? null : Number(call.duration);
  switch (meaning.kind) {
    case "queued":
      break;
    case "initiated":
    case "ringing":
      facts.push({ ...base, kind: meaning.kind, atMs: startedMs });
      break;
    case "answered":
      facts.push({ ...base, kind: "answered", atMs: nowMs });
      break;
    case "ended": {
      const endedMs = call.endTime?.getTime() ?? nowMs;
      if (meaning.ending === "completed" && durationSeconds !== null && durationSeconds > 0) {
        facts.push({ ...base, kind: "answered", atMs: endedMs - durationSeconds * 1_000 });
      }
      const pricePaise = paiseFromPrice(call.price, call.priceUnit, rates);
      facts.push({ ...base, kind: "ended", ending: meaning.ending, atMs: endedMs, durationSeconds, carrierCode: null, pricePaise });
      break;
    }
  }
  const answeredBy = answeredByFrom(call.answeredBy);
  if (answeredBy !== "unknown") facts.push({ ...base, kind: "answered_by", answeredBy, detectionMs: null, atMs: nowMs });
  return { callSid: call.sid, queued: meaning.kind === "queued", live: meaning.kind !== "ended", facts };
}
