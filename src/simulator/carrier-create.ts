import type { Request, Response } from "express";
import { pause } from "../domain/clock.ts";
import { type SimCall, isOver } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { enqueueCall } from "./carrier-dialer.ts";
import { type CallOrder, type Form, readCallOrder } from "./carrier-parameters.ts";
import { bad, queueFull, type RestRefusal, tooManyRequests } from "./carrier-refusal.ts";
import { callResource } from "./carrier-resource.ts";
import type { CallFaults } from "./faults.ts";

/** What became of a create request. `hang` leaves the connection open, `reset` breaks it. */
export type CreateAnswer = { kind: "json"; status: number; body: object } | { kind: "refuse"; refusal: RestRefusal } | { kind: "reset" } | { kind: "hang" };

const longestQueueMs = 24 * 3_600_000;
/** How long the answer is held back for a callback that is to come first. */
const callbackFirstMs = 10_000;

/** `POST Calls.json`: checks the order, takes the call into the queue, and goes wrong in the ways the call's faults say. */
export async function createCall(context: CarrierContext, form: Form): Promise<CreateAnswer> {
  const { world } = context;
  const to = typeof form["To"] === "string" ? form["To"] : "";
  const nth = (context.createdTo.get(to) ?? 0) + 1;
  context.createdTo.set(to, nth);
  const random = world.randomFor(`call ${to} ${nth}`);
  const faults = world.faults.drawFor(to, random);
  const before = refusedBefore(faults);
  if (before) {
    world.ledger.record({ kind: "fault", fault: `create ${to}: ${faults.create ?? ""}` });
    return before;
  }
  const reading = readCallOrder(form);
  if (!reading.ok) {
    world.ledger.error("bad_parameter", `create call: ${reading.refusal.code} ${reading.refusal.message}`);
    return { kind: "refuse", refusal: reading.refusal };
  }
  const order = reading.value;
  const { fromNumbers } = context.options;
  if (fromNumbers && !fromNumbers.includes(order.from)) {
    world.ledger.error("bad_parameter", `create call: ${order.from} is not a number of the account`);
    return { kind: "refuse", refusal: bad(21210, `The source phone number provided, ${order.from}, is not yet verified for your account.`) };
  }
  if (context.nextDequeueAtMs - world.clock.nowMs() > longestQueueMs) return { kind: "refuse", refusal: queueFull };
  const call = acceptCall(context, order, form, faults, random);
  for (const warning of reading.warnings) world.ledger.error(warning.startsWith("unknown parameter") ? "bad_parameter" : "unknown_twiml", warning, call.sid);
  return answerFor(context, call);
}

function acceptCall(context: CarrierContext, order: CallOrder, form: Form, faults: CallFaults, random: SimCall["random"]): SimCall {
  const { world } = context;
  const nowMs = world.clock.nowMs();
  const call: SimCall = {
    sid: world.newSid("CA", random),
    order,
    persona: world.personaOf(order.to),
    random,
    faults,
    createdAtMs: nowMs,
    status: "queued",
    updatedAtMs: nowMs,
    queueTimeMs: 0,
    startedAtMs: null,
    answeredAtMs: null,
    endedAtMs: null,
    answeredBy: null,
    priceUsd: null,
    nextSequence: 0,
    over: new AbortController(),
    program: new AbortController(),
    line: undefined,
    streamsOpened: 0,
    recordings: [],
    webhooks: [],
    audio: context.options.keepAudio ? { said: [], heard: [] } : undefined,
    heldCallbacks: [],
    firstCallback: Promise.withResolvers<void>(),
  };
  const sameNumber = context.callsByNumber.get(order.to) ?? [];
  const live = sameNumber.filter((other) => !isOver(other));
  context.callsByNumber.set(order.to, [...live, call]);
  context.calls.set(call.sid, call);
  world.ledger.record({ kind: "created", to: order.to, from: order.from, persona: call.persona.name, form }, call.sid);
  for (const other of live) world.ledger.error("second_live_call", `${order.to} is called while ${other.sid} is ${other.status}`, call.sid);
  enqueueCall(context, call);
  return call;
}

/** The faults that keep a call from ever existing. */
function refusedBefore({ create, refuseCode = 21211 }: CallFaults): CreateAnswer | undefined {
  if (create === "rate_limited") return { kind: "refuse", refusal: tooManyRequests };
  if (create === "error_before") return { kind: "json", status: 503, body: { message: "Service Unavailable" } };
  if (create === "reset_before") return { kind: "reset" };
  if (create === "refused") return { kind: "refuse", refusal: bad(refuseCode, `The call was refused (${refuseCode}).`) };
  return undefined;
}

async function answerFor(context: CarrierContext, call: SimCall): Promise<CreateAnswer> {
  const { create, callbackBefore201 } = call.faults;
  if (create !== undefined) context.world.ledger.record({ kind: "fault", fault: create }, call.sid);
  const body = callResource(context, call);
  if (callbackBefore201) await Promise.race([call.firstCallback.promise, pause(context.world.clock, callbackFirstMs, context.closing)]);
  if (create === "lost_response") return { kind: "reset" };
  if (create === "no_answer") return { kind: "hang" };
  if (create === "error_after") return { kind: "json", status: 500, body: { message: "Internal Server Error" } };
  return { kind: "json", status: 201, body };
}

/** Writes an answer to the wire. */
export function send(request: Request, response: Response, answer: CreateAnswer, bodyOf: (refusal: RestRefusal) => object): void {
  switch (answer.kind) {
    case "json":
      response.status(answer.status).json(answer.body);
      return;
    case "refuse":
      response.status(answer.refusal.status).json(bodyOf(answer.refusal));
      return;
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "hang":
      return;
  }
}
