import { type SimCall, isOver } from "./carrier-call.ts";
import { durationSeconds, tellStatus } from "./carrier-callbacks.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { finishRecording } from "./carrier-recordings.ts";
import type { CallStatus, HungUpBy } from "./ledger-events.ts";

export interface Ending {
  status: CallStatus;
  hungUpBy: HungUpBy;
  sipCode: number | null;
}

/** US dollars a minute to an Indian mobile, as the carrier bills it. */
const pricePerMinuteUsd = 0.0497;

/**
 * Ends a call, once: the line falls silent, the media stream is stopped, recordings are finished and the completed
 * callback leaves. A call cancelled while it was still queued is over without any callback.
 */
export function endCall(context: CarrierContext, call: SimCall, ending: Ending): void {
  if (isOver(call)) return;
  const { clock, ledger } = context.world;
  const wasDialed = call.startedAtMs !== null;
  call.endedAtMs = clock.nowMs();
  call.updatedAtMs = call.endedAtMs;
  call.status = ending.status;
  if (call.line) {
    context.ticker.remove(call.line);
    call.line.end();
  }
  const seconds = durationSeconds(call);
  if (call.answeredAtMs !== null) call.priceUsd = -Math.ceil(seconds / 60) * pricePerMinuteUsd;
  ledger.record({ kind: "ended", status: ending.status, hungUpBy: ending.hungUpBy, sipCode: ending.sipCode, durationSeconds: seconds }, call.sid);
  call.program.abort();
  call.over.abort();
  for (const recording of call.recordings) finishRecording(context, call, recording);
  if (wasDialed) tellStatus(context, call, ending.status, ending.sipCode);
}
