import { pause } from "../domain/clock.ts";
import type { SimCall } from "./carrier-call.ts";
import { finalStatuses } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { rfc2822 } from "./carrier-format.ts";
import type { CallStatus } from "./ledger-events.ts";

/** The parameters every voice webhook carries. */
export function callForm(context: CarrierContext, call: SimCall, status: CallStatus = call.status): Record<string, string> {
  return {
    CallSid: call.sid,
    AccountSid: context.world.accountSid,
    From: call.order.from,
    To: call.order.to,
    Caller: call.order.from,
    Called: call.order.to,
    Direction: "outbound-api",
    ApiVersion: "2010-04-01",
    CallStatus: status,
    ToCountry: "IN",
    CalledCountry: "IN",
    ...(call.answeredBy !== null && call.order.detection && !call.order.detection.async ? { AnsweredBy: call.answeredBy } : {}),
  };
}

const eventOf: Partial<Record<CallStatus, string>> = { initiated: "initiated", ringing: "ringing", "in-progress": "answered" };

/**
 * Tells our side a new status, if it asked for that event. Each is a request of its own and none waits for another, so
 * they may arrive in any order; the call's faults delay, double, reverse or swallow them.
 */
export function tellStatus(context: CarrierContext, call: SimCall, status: CallStatus, sipCode: number | null = null): void {
  const event = eventOf[status] ?? "completed";
  if (call.faults.callbackForged && status === "ringing" && call.order.status) void forgeCallback(context, call, "completed");
  if (!call.order.status || !call.order.statusEvents.has(event)) return;
  const form = statusForm(context, call, status, sipCode);
  const { callbacksDropped, callbacksReversed } = call.faults;
  if (callbacksDropped === "all" || callbacksDropped?.includes(status)) {
    context.world.ledger.record({ kind: "fault", fault: `${status} callback dropped` }, call.sid);
    return;
  }
  if (!callbacksReversed) return void deliver(context, call, form);
  call.heldCallbacks.push(form);
  if (finalStatuses.has(status)) void deliverReversed(context, call);
}

/** Sends a completed callback with a wrong signature; answers the status, and writes down a success. */
export async function forgeCallback(context: CarrierContext, call: SimCall, status: string): Promise<number | null> {
  const callback = call.order.status;
  if (!callback) throw new RangeError(`expected a call with a status callback, got ${call.sid}`);
  const form = { ...callForm(context, call), CallStatus: status, SequenceNumber: "9", Timestamp: rfc2822(context.world.clock.nowMs()) };
  const answer = await context.webhooks.send({ purpose: "forged", callSid: call.sid, callback, form, forged: true });
  if (answer.ok) context.world.ledger.error("unsigned_request_accepted", `${callback.url} answered ${answer.status} to a wrong signature`, call.sid);
  return answer.status;
}

function statusForm(context: CarrierContext, call: SimCall, status: CallStatus, sipCode: number | null): Record<string, string> {
  const form = callForm(context, call, status);
  form["SequenceNumber"] = String(call.nextSequence);
  call.nextSequence += 1;
  form["Timestamp"] = rfc2822(context.world.clock.nowMs());
  form["CallbackSource"] = "call-progress-events";
  if (status === "ringing" || status === "in-progress") form["StirStatus"] = "B";
  if (!finalStatuses.has(status)) return form;
  const seconds = durationSeconds(call);
  form["CallDuration"] = String(seconds);
  form["Duration"] = String(Math.ceil(seconds / 60));
  if (sipCode !== null) form["SipResponseCode"] = String(sipCode);
  return form;
}

/** Whole seconds from answer to end; 0 when it was never answered. */
export function durationSeconds(call: SimCall): number {
  return call.answeredAtMs === null || call.endedAtMs === null ? 0 : Math.max(1, Math.round((call.endedAtMs - call.answeredAtMs) / 1_000));
}

async function deliver(context: CarrierContext, call: SimCall, form: Record<string, string>): Promise<void> {
  const callback = call.order.status;
  if (!callback) return;
  const { callbackDelayMs, callbackCopies = 1 } = call.faults;
  if (callbackDelayMs !== undefined) await pause(context.world.clock, call.random.fraction() * callbackDelayMs, context.closing);
  const repeated = callbackCopies > 1 ? { idempotencyToken: `${call.sid}-${form["SequenceNumber"] ?? ""}` } : {};
  const copies = Array.from({ length: callbackCopies }, () => context.webhooks.send({ purpose: "status", callSid: call.sid, callback, form, ...repeated }));
  await Promise.all(copies);
  call.firstCallback.resolve();
}

async function deliverReversed(context: CarrierContext, call: SimCall): Promise<void> {
  for (const form of call.heldCallbacks.splice(0).reverse()) await deliver(context, call, form);
}
