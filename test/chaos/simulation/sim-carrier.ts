import type { CallFact } from "../../../src/domain/call-fact.ts";
import { pause, type Clock } from "../../../src/domain/clock.ts";
import { VendorError } from "../../../src/domain/errors.ts";
import { type Random, wholeBelow } from "../../../src/domain/random.ts";
import type { CallOrder, CallReading, Carrier, PlaceResult } from "../../../src/dial/ports.ts";
import type { Agenda, Owner } from "./agenda.ts";

/** A call that really exists. */
export interface SimCall {
  callSid: string;
  order: CallOrder;
  createdAtMs: number;
  /** No callback of it ever arrives. */
  silent: boolean;
  /** When the request for it left our side. */
  leftAtMs: number;
  status: "queued" | "initiated" | "ringing" | "in_progress" | "ended";
  ending: "completed" | "busy" | "no_answer" | "failed" | "canceled" | null;
  answeredAtMs: number | null;
  endedAtMs: number | null;
}

export interface SimCarrier {
  /** The witness. */
  readonly calls: SimCall[];
  /** When requests left, whether or not a call came of them. */
  readonly leftAtMs: number[];
  /** The carrier as one process sees it, over its own clock. */
  forProcess(clock: Clock): Carrier;
  /** From now on nothing goes wrong any more. */
  heal(): void;
}

export interface SimCarrierDeps {
  agenda: Agenda;
  random: Random;
  /** The world outside. */
  outside: Owner;
  /** A callback arrives at our door. */
  deliver(token: string, fact: CallFact): Promise<void>;
  /** Somebody picked up: the media stream connects. */
  pickedUp(call: SimCall): Promise<void>;
  hungUp(call: SimCall): Promise<void>;
}

type CreateFate = { creates: boolean; answers: PlaceResult["kind"]; code: string };

/** What may become of a create request while things go wrong. */
const fates: readonly CreateFate[] = [
  { creates: true, answers: "unknown", code: "ECONNRESET" },
  { creates: false, answers: "unknown", code: "ECONNRESET" },
  { creates: true, answers: "unknown", code: "http_500" },
  { creates: false, answers: "unknown", code: "http_503" },
  { creates: true, answers: "unknown", code: "ECONNABORTED" },
  { creates: false, answers: "not_taken", code: "20429" },
  { creates: false, answers: "not_taken", code: "ECONNREFUSED" },
  { creates: false, answers: "refused", code: "21211" },
];

/** A carrier that accepts, loses, delays, doubles and contradicts as real ones do, all drawn from the seed. */
export function simCarrier(deps: SimCarrierDeps): SimCarrier {
  const { agenda, random, outside } = deps;
  const calls: SimCall[] = [];
  const leftAtMs: number[] = [];
  let faulty = true;
  const happens = (rate: number): boolean => faulty && random.fraction() < rate;
  const between = (fromMs: number, toMs: number): number => fromMs + random.fraction() * (toMs - fromMs);
  const listLagMs = 30_000;

  const tell = (call: SimCall, sequence: number, body: FactBody): void => {
    const fact = { ...body, callSid: call.callSid, authority: "carrier", sequence, atMs: agenda.nowMs() } as CallFact;
    if (call.silent || happens(0.15)) return;
    const copies = happens(0.15) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const delayMs = happens(0.1) ? between(1_000, 600_000) : between(20, 900);
      agenda.at(agenda.nowMs() + delayMs, outside, `callback ${fact.kind}`, () => deps.deliver(call.order.token, fact));
    }
  };
  const soon = (call: SimCall, delayMs: number, what: string, run: () => Promise<void>): void => {
    agenda.at(agenda.nowMs() + delayMs, outside, what, async () => {
      if (call.status !== "ended") await run();
    });
  };
  const end = async (call: SimCall, ending: NonNullable<SimCall["ending"]>, silently = false): Promise<void> => {
    const nowMs = agenda.nowMs();
    Object.assign(call, { status: "ended", ending, endedAtMs: nowMs });
    const durationSeconds = call.answeredAtMs === null ? null : Math.round((nowMs - call.answeredAtMs) / 1_000);
    if (!silently) tell(call, 3, { kind: "ended", ending, durationSeconds, carrierCode: null, pricePaise: null });
    await deps.hungUp(call);
  };
  const live = (call: SimCall): void => {
    const waitsMs = happens(0.05) ? between(30_000, 600_000) : between(50, 900);
    soon(call, waitsMs, "dials", async () => {
      call.status = "initiated";
      tell(call, 0, { kind: "initiated" });
      soon(call, between(500, 3_000), "rings", async () => {
        call.status = "ringing";
        tell(call, 1, { kind: "ringing" });
        const fate = random.fraction();
        if (fate < 0.25) soon(call, call.order.ringSeconds * 1_000, "ends", () => end(call, "no_answer"));
        else if (fate < 0.4) soon(call, 2_000, "ends", () => end(call, "busy"));
        else if (fate < 0.5) soon(call, 1_000, "ends", () => end(call, "failed"));
        else soon(call, between(2_000, 20_000), "answers", () => answer(call));
      });
    });
  };
  const answer = async (call: SimCall): Promise<void> => {
    call.status = "in_progress";
    call.answeredAtMs = agenda.nowMs();
    tell(call, 2, { kind: "answered" });
    const verdictMs = happens(0.3) ? between(30_000, 1_800_000) : between(900, 6_000);
    agenda.at(agenda.nowMs() + verdictMs, outside, "machine verdict", async () => tell(call, 0, { kind: "answered_by", answeredBy: "person", detectionMs: null }));
    soon(call, between(5_000, 90_000), "hangs up", () => end(call, "completed"));
    soon(call, call.order.maxCallSeconds * 1_000, "time limit", () => end(call, "completed"));
    await deps.pickedUp(call);
  };
  const create = (order: CallOrder, left: number): SimCall => {
    const call: SimCall = {
      callSid: `CA${String(calls.length + 1).padStart(32, "0")}`,
      order,
      createdAtMs: agenda.nowMs(),
      leftAtMs: left,
      silent: happens(0.2),
      status: "queued",
      ending: null,
      answeredAtMs: null,
      endedAtMs: null,
    };
    calls.push(call);
    live(call);
    return call;
  };
  const read = (call: SimCall): CallReading => {
    const base = { callSid: call.callSid, authority: "carrier", sequence: 1_000, atMs: agenda.nowMs() } as const;
    const facts: CallFact[] = [];
    if (call.status === "ringing" || call.status === "initiated") facts.push({ ...base, kind: call.status });
    if (call.answeredAtMs !== null) facts.push({ ...base, kind: "answered", atMs: call.answeredAtMs });
    if (call.ending !== null && call.endedAtMs !== null) {
      const durationSeconds = call.answeredAtMs === null ? null : Math.round((call.endedAtMs - call.answeredAtMs) / 1_000);
      facts.push({ ...base, kind: "ended", ending: call.ending, atMs: call.endedAtMs, durationSeconds, carrierCode: null, pricePaise: 90 });
    }
    return { callSid: call.callSid, queued: call.status === "queued", live: call.status !== "ended", facts };
  };
  const down = (what: string): void => {
    if (happens(0.1)) throw new VendorError("carrier", "http_500", `could not ${what}`, true);
  };
  const bySid = (callSid: string): SimCall | undefined => calls.find((call) => call.callSid === callSid);

  const forProcess = (clock: Clock): Carrier => ({
    name: "simulated",
    canPresent: () => true,
    async place(order) {
      const left = agenda.nowMs();
      leftAtMs.push(left);
      const fate = happens(0.35) ? fates[wholeBelow(random, fates.length)] : undefined;
      // Once it has left, the request is on its way whatever becomes of the process that sent it.
      const onTheWayMs = between(5, 700);
      let call: SimCall | undefined;
      if (fate?.creates ?? true) {
        agenda.at(left + onTheWayMs, outside, "arrives", async () => {
          call = create(order, left);
        });
      }
      await pause(clock, onTheWayMs + (fate?.code === "ECONNABORTED" ? 10_000 : between(5, 900)));
      if (fate?.answers === "not_taken") return { kind: "not_taken", because: fate.code === "20429" ? "rate" : "never_connected", code: fate.code };
      if (fate?.answers === "refused") return { kind: "refused", reason: "invalid_number", code: fate.code, detail: "no", scope: "contact" };
      if (fate || !call) return { kind: "unknown", because: "connection_lost", code: fate?.code ?? "none" };
      return { kind: "accepted", callSid: call.callSid, queueTimeMs: 0 };
    },
    async cancel(callSid) {
      down("cancel");
      const call = bySid(callSid);
      if (!call) return "gone";
      if (call.status === "in_progress" || call.status === "ended") return "too_late";
      await end(call, "canceled", call.status === "queued");
      return "cancelled";
    },
    async hangUp(callSid) {
      down("hang up");
      const call = bySid(callSid);
      if (call && call.status !== "ended") await end(call, call.status === "in_progress" ? "completed" : "canceled");
    },
    async fetch(callSid) {
      down("read a call");
      const call = bySid(callSid);
      return call && read(call);
    },
    async findCalls({ to, from, sinceMs }) {
      down("list calls");
      return calls
        .filter((call) => call.order.to === to && call.order.from === from && call.createdAtMs >= sinceMs && call.createdAtMs + listLagMs <= agenda.nowMs())
        .map(({ callSid, createdAtMs }) => ({ callSid, createdAtMs }));
    },
    async attemptTokens(callSid) {
      down("read the events of a call");
      const call = bySid(callSid);
      return call ? [call.order.token] : [];
    },
    async deleteRecordings() {
      down("delete recordings");
      return 0;
    },
  });

  return {
    calls,
    leftAtMs,
    forProcess,
    heal: () => {
      faulty = false;
    },
  };
}

type FactBody = CallFact extends infer F ? (F extends CallFact ? Omit<F, "callSid" | "authority" | "sequence" | "atMs"> : never) : never;
