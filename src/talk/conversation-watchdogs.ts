import { assertNever } from "../domain/exhaustive.ts";
import { noteSilence, onBeepOver } from "./conversation-answering.ts";
import { closeSilently, closeTechnically, closeWith, confirmOptOut, hangUp, onHangUpOverdue } from "./conversation-ending.ts";
import { goodbyeOf } from "./conversation-plan.ts";
import { isSpeaking, onPlaybackOverdue, say, sayCanned } from "./conversation-playback.ts";
import { change, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { onBrainFailure } from "./conversation-thinking.ts";
import { resumeSpeech } from "./conversation-turn-taking.ts";
import { onFirstSoundOverdue } from "./conversation-voice-failure.ts";
import { onDigitsOver } from "./conversation-keypad.ts";
import { phrasesIn } from "./phrases.ts";

/** A timer has run out. Each looks at the state first: one that fires late, or twice, does nothing. */
export function onTimer(step: Step, event: EventOf<"timer">): void {
  switch (event.timer) {
    case "dead_air":
      return onDeadAir(step);
    case "callee_silence":
      return onCalleeSilence(step);
    case "false_interruption":
      return onFalseInterruption(step);
    case "first_word":
      return void (step.state.reply?.firstWordAtMs === null && failReply(step));
    case "word_gap":
      return failReply(step);
    case "first_sound":
      return onFirstSoundOverdue(step);
    case "digits":
      return onDigitsOver(step);
    case "beep":
      return onBeepOver(step);
    case "opt_out":
      return confirmOptOut(step);
    case "playback":
      return onPlaybackOverdue(step);
    case "hang_up":
      return onHangUpOverdue(step);
    case "wrap_up":
      return closeWith(step, { reason: "max_duration", hangupBy: "agent", goodbye: phrasesIn(step.state.language.current).timeUpGoodbye, hushFirst: true });
    case "max_duration":
      return step.state.closing ? hangUp(step) : closeSilently(step, { reason: "max_duration", hangupBy: "agent" });
    default:
      return assertNever(event.timer, "timer");
  }
}

function failReply(step: Step): void {
  const reply = step.state.reply;
  if (reply && !reply.done) onBrainFailure(step, { replyId: reply.id, retryable: true });
}

/** It is our turn and the callee hears nothing: a filler, an apology, and at last a goodbye. */
function onDeadAir(step: Step): void {
  const { closing, callee, deadAirStage, plan } = step.state;
  const owed = step.state.reply !== null || step.state.utterances.some((utterance) => utterance.state === "queued" && utterance.startedAtMs === null);
  if (closing || callee.speaking || !owed) return;
  const { deadAirFillerMs, deadAirApologyMs, deadAirGoodbyeMs } = plan.timings;
  if (deadAirStage === 2) return closeTechnically(step);
  sayCanned(step, "filler", deadAirStage === 0 ? "one_moment" : "sorry_trouble");
  setTimer(step, "dead_air", deadAirStage === 0 ? deadAirApologyMs - deadAirFillerMs : deadAirGoodbyeMs - deadAirApologyMs);
  change(step, { deadAirStage: deadAirStage === 0 ? 1 : 2 });
}

/** Nobody says anything: ask, ask again, and then end. A machine that stays silent has given its second signal. */
function onCalleeSilence(step: Step): void {
  const { closing, callee, reply, silencePrompts, plan, language } = step.state;
  if (closing || callee.speaking || reply || isSpeaking(step)) return;
  noteSilence(step);
  if (step.state.closing) return;
  if (silencePrompts >= plan.timings.rePrompts) {
    return closeWith(step, { reason: "callee_silent", hangupBy: "agent", goodbye: goodbyeOf(plan, language.current), hushFirst: false });
  }
  change(step, { silencePrompts: silencePrompts + 1 });
  say(step, "re_prompt", phrasesIn(language.current).stillThere);
}

/** The sound that stopped the agent brought no words, or only a "hmm": it goes on. */
function onFalseInterruption(step: Step): void {
  if (!step.state.interruption || step.state.closing) return;
  resumeSpeech(step);
}
