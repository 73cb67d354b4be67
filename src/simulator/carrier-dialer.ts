import { pause } from "../domain/clock.ts";
import { assertNever } from "../domain/exhaustive.ts";
import { answerCall } from "./carrier-answer.ts";
import { type SimCall, isOver } from "./carrier-call.ts";
import { tellStatus } from "./carrier-callbacks.ts";
import { between, type CarrierContext } from "./carrier-context.ts";
import { endCall } from "./carrier-ending.ts";

/**
 * Takes an accepted call into the queue. Calls leave it evenly, `callsPerSecond` of them; `queueTimeMs` says how long this
 * one will wait. Dialing begins after the create request has been answered, unless the fault wants the callback first.
 */
export function enqueueCall(context: CarrierContext, call: SimCall): void {
  const nowMs = context.world.clock.nowMs();
  const dueAtMs = Math.max(nowMs, context.nextDequeueAtMs);
  context.nextDequeueAtMs = dueAtMs + 1_000 / (context.options.callsPerSecond ?? 1);
  call.queueTimeMs = Math.round(dueAtMs - nowMs);
  const takingUpMs = call.faults.callbackBefore201 ? 0 : between(call.random, 40, 200);
  void dialAfter(context, call, dueAtMs - nowMs + takingUpMs);
}

async function dialAfter(context: CarrierContext, call: SimCall, waitMs: number): Promise<void> {
  await pause(context.world.clock, waitMs, call.over.signal);
  if (isOver(call)) return;
  await dial(context, call);
}

async function dial(context: CarrierContext, call: SimCall): Promise<void> {
  const { clock, ledger } = context.world;
  call.startedAtMs = clock.nowMs();
  call.updatedAtMs = call.startedAtMs;
  ledger.record({ kind: "status", status: "initiated" }, call.sid);
  tellStatus(context, call, "initiated");
  await pause(clock, between(call.random, 400, 1_200), call.over.signal);
  if (isOver(call)) return;

  const { line } = call.persona;
  const { ringTimeoutMs } = call.order;
  switch (line.kind) {
    case "busy":
      return endCall(context, call, { status: "busy", hungUpBy: "carrier", sipCode: 486 });
    case "unreachable":
      await pause(clock, line.afterMs, call.over.signal);
      return endCall(context, call, { status: line.status, hungUpBy: "carrier", sipCode: line.sipCode });
    case "rings_out":
      await ring(context, call, ringTimeoutMs);
      return endCall(context, call, { status: "no-answer", hungUpBy: "carrier", sipCode: 487 });
    case "answers": {
      const pickupMs = line.ringMs * between(call.random, 0.8, 1.2);
      await ring(context, call, Math.min(pickupMs, ringTimeoutMs));
      if (isOver(call)) return;
      if (pickupMs > ringTimeoutMs) return endCall(context, call, { status: "no-answer", hungUpBy: "carrier", sipCode: 487 });
      return answerCall(context, call);
    }
    default:
      return assertNever(line, "line behaviour");
  }
}

async function ring(context: CarrierContext, call: SimCall, forMs: number): Promise<void> {
  const { clock, ledger } = context.world;
  call.status = "ringing";
  call.updatedAtMs = clock.nowMs();
  ledger.record({ kind: "status", status: "ringing" }, call.sid);
  const forbidden = context.options.mayRing?.(call.order.to, clock.nowMs());
  if (forbidden !== undefined) ledger.error("rang_outside_window", `${call.order.to} rang: ${forbidden}`, call.sid);
  tellStatus(context, call, "ringing");
  await pause(clock, forMs, call.over.signal);
}
