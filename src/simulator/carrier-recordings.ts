import { mentionsRecording } from "./callee-understanding.ts";
import type { SimCall } from "./carrier-call.ts";
import type { CarrierContext } from "./carrier-context.ts";
import { rfc2822 } from "./carrier-format.ts";
import type { RecordingOrder } from "./carrier-parameters.ts";
import { recordedSeconds, type SimRecording } from "./carrier-recording.ts";
import type { RecordingConsent } from "./ledger-events.ts";
import type { Ledger } from "./ledger.ts";

/** Starts recording an answered call; a recording the callee did not hear about, or refused, is an error in the ledger. */
export function startRecording(context: CarrierContext, call: SimCall, order: RecordingOrder, source: SimRecording["source"]): SimRecording {
  const { ledger, clock, newSid } = context.world;
  const recording: SimRecording = { sid: newSid("RE", call.random), callSid: call.sid, order, source, startedAtMs: clock.nowMs(), status: "in-progress", heard: [], said: [] };
  call.recordings.push(recording);
  call.line?.tap((said, played) => {
    if (recording.status !== "in-progress") return;
    recording.said.push(said);
    recording.heard.push(played);
  });
  const consent = consentOf(ledger, call.sid);
  ledger.record({ kind: "recording", recordingSid: recording.sid, change: "started", consent }, call.sid);
  if (consent === "refused" || consent === "none") ledger.error("recording_without_consent", `recording ${recording.sid} started, the callee's consent is: ${consent}`, call.sid);
  tell(context, call, recording, "in-progress");
  return recording;
}

/** Pauses, resumes or stops for good. */
export function changeRecording(context: CarrierContext, call: SimCall, recording: SimRecording, status: "paused" | "in-progress" | "stopped"): void {
  recording.status = status;
  const change = status === "paused" ? "paused" : status === "stopped" ? "stopped" : "resumed";
  context.world.ledger.record({ kind: "recording", recordingSid: recording.sid, change, consent: consentOf(context.world.ledger, call.sid) }, call.sid);
  if (status === "stopped") finishRecording(context, call, recording);
}

/** Removes a recording for good. */
export function deleteRecording(context: CarrierContext, call: SimCall, recording: SimRecording): void {
  call.recordings.splice(call.recordings.indexOf(recording), 1);
  context.world.ledger.record({ kind: "recording", recordingSid: recording.sid, change: "deleted", consent: consentOf(context.world.ledger, call.sid) }, call.sid);
}

/** The call is over, or the recording was stopped: it becomes available, or is found to be empty. */
export function finishRecording(context: CarrierContext, call: SimCall, recording: SimRecording): void {
  if (recording.status === "completed" || recording.status === "absent") return;
  recording.status = recording.said.length === 0 ? "absent" : "completed";
  tell(context, call, recording, recording.status);
}

function consentOf(ledger: Ledger, callSid: string): RecordingConsent {
  const answer = ledger.eventsOf("recording_answer", callSid).at(-1)?.answer;
  if (answer !== undefined) return answer === "yes" ? "given" : "refused";
  return mentionsRecording(ledger.heardText(callSid)) ? "notice_heard" : "none";
}

function tell(context: CarrierContext, call: SimCall, recording: SimRecording, status: "in-progress" | "completed" | "absent"): void {
  if (!recording.order.callback || !recording.order.events.has(status)) return;
  const { accountSid } = context.world;
  void context.webhooks.send({
    purpose: "recording",
    callSid: call.sid,
    callback: recording.order.callback,
    form: {
      AccountSid: accountSid,
      CallSid: call.sid,
      RecordingSid: recording.sid,
      RecordingUrl: `${context.world.origin()}/2010-04-01/Accounts/${accountSid}/Recordings/${recording.sid}`,
      RecordingStatus: status,
      RecordingDuration: String(status === "completed" ? recordedSeconds(recording) : 0),
      RecordingChannels: String(recording.order.channels),
      RecordingStartTime: rfc2822(recording.startedAtMs),
      RecordingSource: recording.source,
      RecordingTrack: "both",
    },
  });
}
