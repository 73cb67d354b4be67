import { closeTechnically, hangUp } from "./conversation-ending.ts";
import { changeUtterance, sayCanned, utteranceOf } from "./conversation-playback.ts";
import { changeReply } from "./conversation-reply.ts";
import { cancelTimers, change, type ConversationState, setTimer, type Step, type Utterance } from "./conversation-state.ts";
import { startAgain } from "./conversation-voice-failure.ts";

/*
 * Who waits for whom. Either the callee waits for us and hears nothing (dead air), or we wait for the callee (silence), or
 * somebody is heard. Both waits follow from the state after each event, whatever the event was, so that no order of
 * events leaves a wait unwatched. A sound of the callee without words is nobody's turn: it ends no wait.
 */

/** In ten seconds something is to be heard; what was silent before counts, but no filler comes sooner than a voice usually does. */
const longestSilenceMs = 9_500;
const soonestFillerMs = 1_000;
/** No question comes sooner than this after the last thing that happened. */
const soonestQuestionMs = 500;

/** What the callee waits for while nothing is heard: an answer to the turn that ended then, or the goodbye; null when it is not our turn. */
function awaited({ phase, closing, callee, reply, interruption, utterances, turnClock }: ConversationState): string | null {
  if (phase !== "talking") return null;
  const ours = utterances.filter((utterance) => utterance.state === "queued" && (closing !== null || utterance.purpose !== "filler"));
  if (ours.some((utterance) => utterance.startedAtMs !== null && !isDrained(utterance))) return null;
  if (closing) return closing.stage === "speaking" && ours.length > 0 ? "goodbye" : null;
  if (interruption || (callee.speaking && callee.text !== "")) return null;
  return ours.length > 0 || (reply !== null && !reply.speculative) ? `answer ${turnClock?.endOfTurnAtMs ?? 0}` : null;
}

/** Every word it has was heard, and more is to come. */
const isDrained = (utterance: Utterance): boolean => !utterance.complete && utterance.heardWords >= utterance.words.length;

/** Nobody says anything and nothing is on its way: we wait for the callee. */
export function isQuiet({ phase, closing, callee, reply, interruption, utterances }: ConversationState): boolean {
  const hasWords = callee.speaking && callee.text !== "";
  return phase === "talking" && !closing && !hasWords && !reply && !interruption && !utterances.some((utterance) => utterance.state === "queued");
}

/** When anybody was heard last: an answer may end without a word, a mark may be waited for in vain. */
function lastHeardMs({ openedAtMs, callee, utterances }: ConversationState): number {
  return Math.max(openedAtMs, callee.wordsAtMs, ...utterances.map((utterance) => (utterance.startedAtMs === null ? 0 : (utterance.endedAtMs ?? 0))));
}

/** Sets the watches that an event has made necessary; `before` is the state before it. */
export function watchWaiting(step: Step, before: ConversationState): void {
  const { timings } = step.state.plan;
  if (!isQuiet(before) && isQuiet(step.state)) {
    const quietSinceMs = lastHeardMs(step.state);
    change(step, { quietSinceMs });
    setTimer(step, "callee_silence", Math.max(soonestQuestionMs, quietSinceMs + timings.calleeSilenceMs - step.atMs));
  }
  const speaks = (state: ConversationState): boolean => state.utterances.some((utterance) => utterance.state === "queued");
  if (!speaks(before) && speaks(step.state)) {
    change(step, { speechMovedAtMs: step.atMs });
    setTimer(step, "stalled_speech", timings.stalledSpeechMs);
  }
  const owed = awaited(step.state);
  if (owed === awaited(before)) return;
  if (owed === null) return cancelTimers(step, "dead_air");
  if (owed === "goodbye") change(step, { deadAirStage: 0 });
  const silentForMs = isQuiet(before) ? step.atMs - before.quietSinceMs : 0;
  setTimer(step, "dead_air", Math.min(deadAirDelay(step), Math.max(soonestFillerMs, longestSilenceMs - silentForMs)));
}

function deadAirDelay(step: Step): number {
  const { deadAirFillerMs, deadAirApologyMs, deadAirGoodbyeMs } = step.state.plan.timings;
  return [deadAirFillerMs, deadAirApologyMs - deadAirFillerMs, deadAirGoodbyeMs - deadAirApologyMs][step.state.deadAirStage] ?? 0;
}

/** It is our turn and the callee hears nothing: a filler, an apology, and at last a goodbye; a goodbye that nobody hears is given up. */
export function onDeadAir(step: Step): void {
  const owed = awaited(step.state);
  const stage = step.state.deadAirStage;
  if (owed === null) return;
  if (stage === 2) return owed === "goodbye" ? hangUp(step) : closeTechnically(step);
  const head = nextToBeHeard(step);
  if (head && head.startedAtMs !== null) endDrained(step, head);
  else if (head && head.soundWords > 0) startAgain(step, head);
  if (!step.state.closing) sayCanned(step, "filler", stage === 0 ? "one_moment" : "sorry_trouble");
  change(step, { deadAirStage: stage === 0 ? 1 : 2 });
  setTimer(step, "dead_air", deadAirDelay(step));
}

/** The first of what was released to be heard and is not over. */
function nextToBeHeard(step: Step): Utterance | undefined {
  for (const entry of step.state.history) {
    const utterance = entry.kind === "agent" ? utteranceOf(step, entry.utteranceId) : undefined;
    if (utterance?.state === "queued" && utterance.purpose !== "filler") return utterance;
  }
  return undefined;
}

/** What more the model writes becomes an utterance of its own, so that something else may be heard before it. */
function endDrained(step: Step, utterance: Utterance): void {
  changeUtterance(step, utterance.id, { complete: true });
  step.effects.push({ do: "end_sound", utteranceId: utterance.id });
  leaveToReply(step, utterance.id);
}

/**
 * Speech that has begun has not moved for so long: its voice never ended it, or its marks were lost. It counts as over,
 * with the words that were proved. What has not begun is dead air's business.
 */
export function onStalledSpeech(step: Step): void {
  const { utterances, speechMovedAtMs, plan } = step.state;
  const queued = utterances.filter((utterance) => utterance.state === "queued");
  if (queued.length === 0) return;
  const dueMs = Math.max(speechMovedAtMs, ...queued.map((utterance) => utterance.overdueAtMs ?? 0)) + plan.timings.stalledSpeechMs;
  if (dueMs > step.atMs) return setTimer(step, "stalled_speech", dueMs - step.atMs);
  const stalled = queued.filter((utterance) => utterance.startedAtMs !== null || utterance.purpose === "filler");
  for (const { id } of stalled) {
    changeUtterance(step, id, { state: "cut", complete: true, endedAtMs: speechMovedAtMs });
    leaveToReply(step, id);
  }
  if (stalled.length > 0) step.effects.push({ do: "forget", utteranceIds: stalled.map(({ id }) => id), heardWords: stalled.map(({ heardWords }) => heardWords) });
  if (stalled.length < queued.length) {
    change(step, { speechMovedAtMs: step.atMs });
    setTimer(step, "stalled_speech", plan.timings.stalledSpeechMs);
  }
}

function leaveToReply(step: Step, utteranceId: string): void {
  if (step.state.reply?.utteranceId === utteranceId) changeReply(step, { utteranceId: null });
}
