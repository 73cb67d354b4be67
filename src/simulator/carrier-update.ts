import { type SimCall, isOver } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { endCall } from "./carrier-ending.ts";
import { callback, type Form, one } from "./carrier-parameters.ts";
import { replaceProgram } from "./carrier-program.ts";
import { bad, type RestRefusal } from "./carrier-refusal.ts";
import { parseTwiml } from "./twiml-document.ts";

const wrongState: RestRefusal = bad(21220, "Unable to update record. Call is not in the right state.");

/** `POST Calls/{sid}.json`: cancel, hang up, or go on with other TwiML; undefined when done. */
export function updateCall(context: CarrierContext, call: SimCall, form: Form): RestRefusal | undefined {
  const status = one(form, "Status");
  if (status === "canceled") return cancel(context, call);
  if (status === "completed") return complete(context, call);
  if (status !== undefined) return bad(21231, `Invalid Status ${status}`);
  return redirect(context, call, form);
}

function cancel(context: CarrierContext, call: SimCall): RestRefusal | undefined {
  if (isOver(call) || call.status === "in-progress") return wrongState;
  endCall(context, call, { status: "canceled", hungUpBy: "rest", sipCode: 487 });
  return undefined;
}

function complete(context: CarrierContext, call: SimCall): RestRefusal | undefined {
  if (isOver(call)) return wrongState;
  const answered = call.status === "in-progress";
  endCall(context, call, { status: answered ? "completed" : "canceled", hungUpBy: "rest", sipCode: answered ? 200 : 487 });
  return undefined;
}

function redirect(context: CarrierContext, call: SimCall, form: Form): RestRefusal | undefined {
  const twiml = one(form, "Twiml");
  const fetched = callback(form, "Url", "Method");
  if (twiml === undefined && !fetched) return bad(20001, "Nothing to update: expected Status, Url or Twiml");
  if (call.status !== "in-progress") return wrongState;
  if (twiml === undefined) {
    if (fetched) replaceProgram(context, call, { kind: "fetch", callback: fetched });
    return undefined;
  }
  const reading = parseTwiml(twiml);
  for (const fault of reading.faults) context.world.ledger.error(reading.document ? "unknown_twiml" : "bad_twiml", `update: ${fault}`, call.sid);
  if (!reading.document) return bad(12100, "Twiml is not a valid document");
  replaceProgram(context, call, { kind: "inline", document: reading.document });
  return undefined;
}
