import { assertNever } from "../domain/exhaustive.ts";
import { endIfMachine, onCarrierVerdict } from "./conversation-answering.ts";
import { closeAfterOptOut, closeTechnically, closeWith, confirmOptOut, hangUp, onLineClosed } from "./conversation-ending.ts";
import type { ConversationEvent, Effect } from "./conversation-events.ts";
import { onDigit, onKeypadOpened } from "./conversation-keypad.ts";
import { greetingOf } from "./conversation-plan.ts";
import { changeUtterance, isSpeaking, onCannedSound, onMark, onSound, onSoundDone, say, utteranceOf } from "./conversation-playback.ts";
import { change, type ConversationState, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { ask, onBrainCall, onBrainDone, onBrainFailure, onBrainText } from "./conversation-thinking.ts";
import { onHearing } from "./conversation-turn-taking.ts";
import { onSoundFailed } from "./conversation-voice-failure.ts";
import { watchWaiting } from "./conversation-waiting.ts";
import { onTimer } from "./conversation-watchdogs.ts";
import { phrasesIn } from "./phrases.ts";

/*
 * A conversation, as a pure function of what happens. Three phases:
 *
 *   waiting  the phone rings; nothing is heard
 *   talking  from `opened` on. Whose turn it is follows from the parts of the state: the callee speaks, the agent has
 *            utterances queued, a reply is in the making, or nobody says anything. `closing` says that the end is decided
 *   over     the result was handed out, once; whatever still comes is ignored
 *
 * No part reads a clock or waits: every event carries its time, and effects are carried out by the shell in order.
 */

/** The next state and what is to be done, for one event. */
export function reduce(state: ConversationState, event: ConversationEvent): { state: ConversationState; effects: readonly Effect[] } {
  if (state.phase === "over") return { state, effects: [] };
  const step: Step = { state, effects: [], atMs: event.atMs };
  handle(step, event);
  if (step.state.phase === "talking") {
    endAfterGoodbye(step);
    watchWaiting(step, state);
  }
  return { state: step.state, effects: step.effects };
}

function handle(step: Step, event: ConversationEvent): void {
  if (event.kind === "line_closed") return onLineClosed(step, event);
  if (event.kind === "opened") return onOpened(step);
  if (event.kind === "digit") return onDigit(step, event);
  if (step.state.phase === "waiting") return;
  switch (event.kind) {
    case "hearing":
      return onHearing(step, event);
    case "deaf":
      return closeTechnically(step);
    case "brain_text":
      return onBrainText(step, event);
    case "brain_call":
      return onBrainCall(step, event);
    case "brain_done":
      return onBrainDone(step, event);
    case "brain_failed":
      return onBrainFailure(step, event);
    case "sound":
      return onSound(step, event);
    case "canned_sound":
      return onCannedSound(step, event);
    case "sound_done":
      return onSoundDone(step, event);
    case "sound_failed":
      return onSoundFailed(step, event);
    case "first_frame":
      return onFirstFrame(step, event);
    case "mark":
      return onMark(step, event);
    case "carrier_verdict":
      return onCarrierVerdict(step, event);
    case "timer":
      return onTimer(step, event);
    case "opt_out_written":
      return confirmOptOut(step, event.ok);
    case "operator_end":
      return closeWith(step, { reason: "operator", hangupBy: "operator", goodbye: phrasesIn(step.state.language.current).timeUpGoodbye, hushFirst: true });
    default:
      return assertNever(event, "conversation event");
  }
}

/** The callee hears us: greet at once; after a lost connection go on instead. */
function onOpened(step: Step): void {
  if (step.state.phase !== "waiting") return;
  const { plan, resumed } = step.state;
  const startedAtMs = resumed ? step.state.startedAtMs : step.atMs;
  change(step, { phase: "talking", openedAtMs: step.atMs, startedAtMs });
  const leftMs = Math.max(plan.timings.wrapUpMs, startedAtMs + plan.definition.limits.max_call_seconds * 1_000 - step.atMs);
  setTimer(step, "max_duration", leftMs);
  setTimer(step, "wrap_up", Math.max(0, leftMs - plan.timings.wrapUpMs));
  onKeypadOpened(step);
  if (!resumed) say(step, "greeting", greetingOf(plan));
  else if (step.state.optedOut) closeAfterOptOut(step, "said");
  else {
    endIfMachine(step);
    if (!step.state.closing) ask(step, { answers: null });
  }
}

/** Sound has reached the phone line: the wait is over, and what it was is written down. */
function onFirstFrame(step: Step, event: EventOf<"first_frame">): void {
  const utterance = utteranceOf(step, event.utteranceId);
  if (utterance?.state !== "queued" || utterance.startedAtMs !== null) return;
  changeUtterance(step, utterance.id, { startedAtMs: step.atMs });
  change(step, { speechMovedAtMs: step.atMs });
  if (utterance.purpose === "filler") return;
  const { turnClock, firstSoundMs, openedAtMs } = step.state;
  change(step, { deadAirStage: 0, firstSoundMs: firstSoundMs ?? step.atMs - openedAtMs, turnClock: null });
  if (!turnClock) return;
  const since = (atMs: number | null): number | null => (atMs === null ? null : Math.round(atMs - turnClock.speechEndedAtMs));
  changeUtterance(step, utterance.id, {
    latency: {
      endOfTurnMs: since(turnClock.endOfTurnAtMs),
      firstWordMs: since(turnClock.firstWordAtMs),
      firstSoundMs: since(utterance.firstSoundAtMs),
      replyMs: Math.round(step.atMs - turnClock.speechEndedAtMs),
    },
  });
}

/** The goodbye has been played to its last word: now the call may be cut. */
function endAfterGoodbye(step: Step): void {
  const { closing, reply } = step.state;
  if (closing?.stage !== "speaking" || isSpeaking(step) || (reply && !reply.done)) return;
  hangUp(step);
}
