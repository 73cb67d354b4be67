import type { CallFact } from "../domain/call-fact.ts";

/**
 * Names a fact so that the same one is stored once however often it is delivered: the call, the kind, the carrier's
 * sequence number and what it says; never the instant, which a reading of the same state changes each time.
 */
export function factKey(token: string, fact: CallFact): string {
  return [token, fact.callSid, fact.kind, fact.sequence, fact.authority, ...content(fact)].join(":");
}

function content(fact: CallFact): (string | number | null)[] {
  switch (fact.kind) {
    case "initiated":
    case "ringing":
    case "answered":
      return [];
    case "ended":
      return [fact.ending, fact.durationSeconds, fact.carrierCode, fact.pricePaise];
    case "answered_by":
      return [fact.answeredBy];
    case "recording":
      return [fact.recordingSid, fact.state, fact.durationSeconds];
  }
}
