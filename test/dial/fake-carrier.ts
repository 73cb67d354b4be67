import type { CallFact } from "../../src/domain/call-fact.ts";
import type { Clock } from "../../src/domain/clock.ts";
import { VendorError } from "../../src/domain/errors.ts";
import type { CallOrder, CallReading, Carrier, PlaceResult } from "../../src/dial/ports.ts";

/** What the carrier really has, whatever it told us. */
export interface LedgerCall {
  callSid: string;
  order: CallOrder;
  createdAtMs: number;
  status: "queued" | "ringing" | "in-progress" | "ended";
  ending: "completed" | "busy" | "no_answer" | "failed" | "canceled" | null;
  endedAtMs: number | null;
  durationSeconds: number | null;
}

/** How the carrier treats one create request. */
export type PlaceFault = { creates: boolean; answers: PlaceResult | ((callSid: string) => PlaceResult) };

export interface FakeCarrier extends Carrier {
  /** The witness: every call that exists. */
  readonly calls: LedgerCall[];
  /** REST requests by kind. */
  readonly requests: { place: number; fetch: number; list: number; cancel: number; hangUp: number; events: number; deletions: string[] };
  /** Treats the next create requests so, one each. */
  onNextPlace(...faults: PlaceFault[]): void;
  /** Runs in the middle of a create request, after the call exists and before it is answered. */
  beforeAnswer: ((call: LedgerCall) => Promise<void>) | undefined;
  /** Calls younger than this are missing from lists. */
  listLagMs: number;
  failing: { list: boolean; fetch: boolean; deletions: boolean };
  callTo(number: string): LedgerCall;
  set(call: LedgerCall, status: "ringing" | "in-progress"): void;
  end(call: LedgerCall, ending: NonNullable<LedgerCall["ending"]>, durationSeconds?: number): void;
}

export const unknownAnswer: PlaceResult = { kind: "unknown", because: "connection_lost", code: "ECONNRESET" };

/** A carrier in memory that does what the test says and remembers the truth. */
export function fakeCarrier(clock: Clock): FakeCarrier {
  const calls: LedgerCall[] = [];
  const faults: PlaceFault[] = [];
  const requests = { place: 0, fetch: 0, list: 0, cancel: 0, hangUp: 0, events: 0, deletions: [] as string[] };
  const bySid = (callSid: string): LedgerCall | undefined => calls.find((call) => call.callSid === callSid);
  const carrier: FakeCarrier = {
    name: "fake",
    calls,
    requests,
    listLagMs: 0,
    failing: { list: false, fetch: false, deletions: false },
    beforeAnswer: undefined,
    onNextPlace: (...more) => void faults.push(...more),
    canPresent: () => true,
    async place(order) {
      requests.place += 1;
      const fault = faults.shift();
      if (fault && !fault.creates) return typeof fault.answers === "function" ? fault.answers("") : fault.answers;
      const callSid = `CA${String(calls.length + 1).padStart(32, "0")}`;
      const call: LedgerCall = { callSid, order, createdAtMs: clock.nowMs(), status: "queued", ending: null, endedAtMs: null, durationSeconds: null };
      calls.push(call);
      await carrier.beforeAnswer?.(call);
      if (fault) return typeof fault.answers === "function" ? fault.answers(callSid) : fault.answers;
      return { kind: "accepted", callSid, queueTimeMs: 0 };
    },
    async cancel(callSid) {
      requests.cancel += 1;
      const call = bySid(callSid);
      if (!call) return "gone";
      if (call.status !== "queued" && call.status !== "ringing") return "too_late";
      carrier.end(call, "canceled");
      return "cancelled";
    },
    async hangUp(callSid) {
      requests.hangUp += 1;
      const call = bySid(callSid);
      if (call && call.status !== "ended") carrier.end(call, call.status === "in-progress" ? "completed" : "canceled", 1);
    },
    async fetch(callSid) {
      requests.fetch += 1;
      if (carrier.failing.fetch) throw new VendorError("carrier", "http_503", "could not read a call", true);
      const call = bySid(callSid);
      return call && reading(call, clock.nowMs());
    },
    async findCalls({ to, from, sinceMs }) {
      requests.list += 1;
      if (carrier.failing.list) throw new VendorError("carrier", "http_500", "could not list calls", true);
      return calls
        .filter((call) => call.order.to === to && call.order.from === from && call.createdAtMs >= sinceMs)
        .filter((call) => call.createdAtMs + carrier.listLagMs <= clock.nowMs())
        .map(({ callSid, createdAtMs }) => ({ callSid, createdAtMs }));
    },
    async attemptTokens(callSid) {
      requests.events += 1;
      const call = bySid(callSid);
      return call ? [call.order.token] : [];
    },
    async deleteRecordings({ callSid }) {
      requests.deletions.push(callSid);
      if (carrier.failing.deletions) throw new VendorError("carrier", "http_503", "could not delete a recording", true);
      return 1;
    },
    callTo(number) {
      const call = calls.find((each) => each.order.to === number);
      if (!call) throw new Error(`expected a call to ${number}`);
      return call;
    },
    set(call, status) {
      call.status = status;
    },
    end(call, ending, durationSeconds) {
      Object.assign(call, { status: "ended", ending, endedAtMs: clock.nowMs(), durationSeconds: durationSeconds ?? null });
    },
  };
  return carrier;
}

function reading(call: LedgerCall, nowMs: number): CallReading {
  const base = { callSid: call.callSid, authority: "carrier", sequence: 1_000 } as const;
  const facts: CallFact[] = [];
  if (call.status === "ringing") facts.push({ ...base, kind: "ringing", atMs: call.createdAtMs });
  if (call.status === "in-progress") facts.push({ ...base, kind: "answered", atMs: nowMs });
  if (call.status === "ended" && call.ending !== null) {
    const endedMs = call.endedAtMs ?? nowMs;
    if (call.ending === "completed" && call.durationSeconds !== null) facts.push({ ...base, kind: "answered", atMs: endedMs - call.durationSeconds * 1_000 });
    facts.push({ ...base, kind: "ended", ending: call.ending, atMs: call.endedAtMs ?? nowMs, durationSeconds: call.durationSeconds, carrierCode: null, pricePaise: 120 });
  }
  return { callSid: call.callSid, queued: call.status === "queued", live: call.status !== "ended", facts };
}
