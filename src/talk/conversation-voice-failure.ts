import { closeTechnically } from "./conversation-ending.ts";
import { awaitsSound, changeUtterance, discard, sayCanned, sayWords, utteranceOf } from "./conversation-playback.ts";
import { dropReply, renameReplyUtterance } from "./conversation-reply.ts";
import { change, type EventOf, type Step, type Utterance } from "./conversation-state.ts";

/*
 * A voice that fails: what it has delivered is played, and the next voice goes on with the first word that has no sound.
 * Nothing is said twice, nothing is left out. What was only prepared and no voice can speak is forgotten: whether the call
 * must end shows when it is the agent's turn.
 */

export function onSoundFailed(step: Step, event: EventOf<"sound_failed">): void {
  const utterance = utteranceOf(step, event.utteranceId);
  if (utterance) replaceVoice(step, utterance);
}

/** No sound at all came for a text in time. */
export function onFirstSoundOverdue(step: Step): void {
  const utterance = awaitsSound(step);
  if (utterance) replaceVoice(step, utterance);
}

/** It has sound and is next, and the line has played none of it: it is made again, from its first word. */
export function startAgain(step: Step, utterance: Utterance): void {
  changeUtterance(step, utterance.id, { soundWords: 0 });
  replaceVoice(step, { ...utterance, soundWords: 0 });
}

function replaceVoice(step: Step, utterance: Utterance): void {
  if (utterance.state !== "held" && utterance.state !== "queued") return;
  const failures = step.state.voiceFailures + 1;
  change(step, { voiceFailures: failures, voice: (utterance.provider + 1) % step.state.plan.providers.voices });
  const wasHeld = utterance.state === "held";
  const rest = wasHeld ? utterance.words : utterance.words.slice(utterance.soundWords);
  endSound(step, utterance);
  if (failures > mostFailures(step)) return wasHeld ? dropReply(step) : giveUp(step, utterance);
  const id = sayWords(step, { purpose: utterance.purpose, words: rest, last: utterance.complete, held: wasHeld, language: utterance.language });
  renameReplyUtterance(step, utterance.id, id);
}

/** Every voice may fail twice in a row before none is trusted any more. */
const mostFailures = (step: Step): number => step.state.plan.providers.voices * 2;

/** What has sound is played to its end; an utterance without any is forgotten. */
function endSound(step: Step, utterance: Utterance): void {
  if (utterance.state === "held") return discard(step, utterance.id);
  if (utterance.soundWords === 0) {
    changeUtterance(step, utterance.id, { state: "cut", complete: true, endedAtMs: step.atMs });
    step.effects.push({ do: "discard", utteranceId: utterance.id });
    return;
  }
  changeUtterance(step, utterance.id, { words: utterance.words.slice(0, utterance.soundWords), complete: true });
  step.effects.push({ do: "end_sound", utteranceId: utterance.id });
}

function giveUp(step: Step, utterance: Utterance): void {
  if (!step.state.closing) closeTechnically(step);
  else if (utterance.purpose === "goodbye") sayCanned(step, "goodbye", "call_back_goodbye");
}
