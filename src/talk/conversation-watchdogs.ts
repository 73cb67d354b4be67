import { assertNever } from "../domain/exhaustive.ts";
import { noteSilence, onBeepOver } from "./conversation-answering.ts";
import { closeSilently, closeWith, confirmOptOut, hangUp, onHangUpOverdue } from "./conversation-ending.ts";
import { goodbyeOf } from "./conversation-plan.ts";
import { onPlaybackOverdue, say } from "./conversation-playback.ts";
import { change, type EventOf, setTimer, type Step } from "./conversation-state.ts";
import { onBrainFailure } from "./conversation-thinking.ts";
import { onUnendedTurn, resumeSpeech } from "./conversation-turn-taking.ts";
import { onFirstSoundOverdue } from "./conversation-voice-failure.ts";
import { isQuiet, onDeadAir, onStalledSpeech } from "./conversation-waiting.ts";
import { onDigitsOver } from "./conversation-keypad.ts";
import { phrasesIn } from "./phrases.ts";

/** Words of somebody who begins to speak come within this time; noise brings none. */
const soundToWordsMs = 2_500;
/** However often there is noise, the callee is asked after this long. */
const longestSilenceMs = 10_000;

/** A timer has run out. Each looks at the state first: one that fires late, or twice, does nothing. */
export function onTimer(step: Step, event: EventOf<"timer">): void {
  switch (event.timer) {
    case "dead_air":
      return onDeadAir(step);
    case "callee_silence":
      return onCalleeSilence(step);
    case "unended_turn":
      return onUnendedTurn(step);
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
      return confirmOptOut(step, false);
    case "playback":
      return onPlaybackOverdue(step);
    case "stalled_speech":
      return onStalledSpeech(step);
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

/** Nobody says anything: ask, ask again, and then end. A machine that stays silent has given its second signal. */
function onCalleeSilence(step: Step): void {
  const { callee, silencePrompts, quietSinceMs, plan, language } = step.state;
  if (!isQuiet(step.state)) return;
  const patienceMs = Math.min(callee.startedAtMs + soundToWordsMs, quietSinceMs + longestSilenceMs) - step.atMs;
  if (callee.speaking && patienceMs > 0) return setTimer(step, "callee_silence", patienceMs);
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
  resumeSpeech(step, step.state.callee.text === "" ? "noise" : "listening");
}
