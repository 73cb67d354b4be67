import type { HangupBy } from "../domain/attempt.ts";
import type { EndReason } from "../domain/conversation.ts";
import { isOptOutEntry } from "../domain/opt-out-key.ts";
import { recogniseOptOut } from "../domain/opt-out-phrases.ts";
import { forgetPaused, say, sayCanned, stopSpeech } from "./conversation-playback.ts";
import { dropReply } from "./conversation-reply.ts";
import { resultOf } from "./conversation-result.ts";
import { cancelTimers, change, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { phrasesIn } from "./phrases.ts";

/*
 * The end is decided once and never taken back: whatever the callee says over the goodbye, the goodbye is played to its
 * last word and then the call is cut. The one thing that still counts is "do not call me".
 */

/** Decides the end and says the goodbye; with `hushFirst` whatever is being said is stopped for it. */
export function closeWith(step: Step, end: { reason: EndReason; hangupBy: HangupBy; goodbye: string; hushFirst: boolean }): void {
  if (step.state.closing) return;
  if (end.hushFirst) stopSpeech(step);
  settleForClosing(step);
  change(step, { closing: { reason: end.reason, hangupBy: end.hangupBy, stage: "speaking" } });
  say(step, "goodbye", end.goodbye);
}

/** Decides the end; what is being said now is the goodbye. */
export function closeAfterSpeech(step: Step, reason: EndReason): void {
  if (step.state.closing) return;
  cancelTimers(step, "dead_air", "callee_silence", "false_interruption", "beep");
  change(step, { closing: { reason, hangupBy: "agent", stage: "speaking" }, interruption: null });
}

/** Decides the end and cuts the call without a word. */
export function closeSilently(step: Step, end: { reason: EndReason; hangupBy: HangupBy }): void {
  if (step.state.closing) return;
  stopSpeech(step);
  settleForClosing(step);
  change(step, { closing: { ...end, stage: "speaking" } });
  hangUp(step);
}

/** Nothing works any more: says so with sound that needs no vendor, and ends. */
export function closeTechnically(step: Step): void {
  if (step.state.closing) return;
  stopSpeech(step);
  settleForClosing(step);
  change(step, { closing: { reason: "technical_failure", hangupBy: "platform", stage: "speaking" } });
  sayCanned(step, "goodbye", "call_back_goodbye");
}

/** Stops whatever else was going on: the answer in the making, the questions still open, the watchdogs of a talk. */
export function settleForClosing(step: Step): void {
  forgetPaused(step);
  dropReply(step);
  cancelTimers(step, "dead_air", "callee_silence", "false_interruption", "beep");
  change(step, { interruption: null });
}

export function hangUp(step: Step): void {
  const closing = step.state.closing;
  if (!closing || closing.stage === "hanging_up") return;
  change(step, { closing: { ...closing, stage: "hanging_up" } });
  cancelTimers(step, "playback", "opt_out", "beep", "wrap_up");
  step.effects.push({ do: "hang_up" });
  setTimer(step, "hang_up", step.state.plan.timings.hangUpMs);
}

/** Whether the text asks never to be called again; decided by rule, whatever the model thinks. */
export function wantsNoCalls(text: string): boolean {
  return recogniseOptOut(text).kind === "opt_out";
}

/** The callee wants no more calls: written down first, then confirmed, then the call ends. */
export function optOut(step: Step, how: "said" | "pressed"): void {
  if (step.state.optedOut) return;
  change(step, { optedOut: true });
  closeAfterOptOut(step, how);
}

/** Has it written, also once more after a lost connection, and ends the call behind that. */
export function closeAfterOptOut(step: Step, how: "said" | "pressed"): void {
  step.effects.push({ do: "write_opt_out", how }, { do: "checkpoint" });
  if (step.state.closing) return;
  stopSpeech(step);
  settleForClosing(step);
  change(step, { closing: { reason: "opted_out", hangupBy: "agent", stage: "writing_opt_out" } });
  setTimer(step, "opt_out", step.state.plan.timings.optOutMs);
}

/**
 * The opt-out is written; or it could not be, or has taken so long that the callee must not wait for it any longer. Then
 * nothing is promised that does not hold yet: it is written later, at the latest with the outcome of the call.
 */
export function confirmOptOut(step: Step, isWritten: boolean): void {
  const closing = step.state.closing;
  if (closing?.stage !== "writing_opt_out") return;
  cancelTimers(step, "opt_out");
  change(step, { closing: { ...closing, stage: "speaking" } });
  const { optedOutGoodbye, goodbye } = phrasesIn(step.state.language.current);
  say(step, "goodbye", isWritten ? optedOutGoodbye : goodbye);
}

/** The line is gone. What the callee was saying when it went is kept; an opt-out in it, or a key just pressed, still counts. */
export function onLineClosed(step: Step, event: EventOf<"line_closed">): void {
  const { callee, closing } = step.state;
  stopSpeech(step);
  if (callee.text.trim() !== "") {
    change(step, { history: [...step.state.history, { kind: "callee", text: callee.text, startedAtMs: callee.startedAtMs, endedAtMs: step.atMs }] });
    if (wantsNoCalls(callee.text)) optOut(step, "said");
  }
  heedPressedKeys(step);
  const weHungUp = closing?.stage === "hanging_up";
  const hangupBy: HangupBy = weHungUp ? closing.hangupBy : event.how === "stopped" ? "callee" : "platform";
  const reason: EndReason = closing?.reason ?? (step.state.optedOut ? "opted_out" : event.how === "stopped" ? "callee_hung_up" : "line_lost");
  finish(step, { reason, hangupBy });
}

/** The carrier did not end the call in time: the conversation is over all the same. */
export function onHangUpOverdue(step: Step): void {
  const closing = step.state.closing;
  if (closing?.stage !== "hanging_up") return;
  heedPressedKeys(step);
  finish(step, { reason: closing.reason, hangupBy: closing.hangupBy });
}

/** Nobody waits for further keys any more. */
function heedPressedKeys(step: Step): void {
  if (isOptOutEntry(step.state.digits)) optOut(step, "pressed");
}

function finish(step: Step, end: { reason: EndReason; hangupBy: HangupBy }): void {
  dropReply(step);
  change(step, { phase: "over" });
  step.effects.push({ do: "finish", result: resultOf(step.state, { ...end, atMs: step.atMs }) });
}
