import { bareWords, isBackchannel, isPickup } from "./backchannel.ts";
import { awaitBeep, endIfMachine } from "./conversation-answering.ts";
import { optOut, wantsNoCalls } from "./conversation-ending.ts";
import { greetingNobodyHeard, greetingReached, heardText, forgetPaused, isSpeaking, pauseSpeech, replay, sayWords, utteranceOf } from "./conversation-playback.ts";
import { leaveReply } from "./conversation-records.ts";
import { changeReply, dropReply } from "./conversation-reply.ts";
import { cancelTimers, change, type EventOf, type Interruption, setTimer, type Step, type Unheard, type Utterance } from "./conversation-state.ts";
import { adoptReply, ask, askAhead, flushWaiting, isPreparedFor } from "./conversation-thinking.ts";
import { keepTurn } from "./keep-turn.ts";
import { machinePhrasesIn } from "./machine-phrases.ts";
import type { HearingEvent } from "./ports.ts";
import { wordsAfter } from "./words-after.ts";

/*
 * Whose turn it is. As soon as the callee makes a sound the agent falls silent. Then it shows what the sound was: words
 * that ask for the floor end the agent's turn for good; a cough, or a lone "hmm, haan", does not, and the agent goes on
 * with the first word that was not heard.
 */

/** With fewer unheard words than this, unless they are a question by themselves, a short answer is an answer and not a sign of listening. */
const fewestWordsToResume = 3;
/** To a turn no longer than this the greeting itself is the answer when nobody has heard it. */
const mostWordsAnsweredByGreeting = 5;

export function onHearing(step: Step, event: EventOf<"hearing">): void {
  const { hearing } = event;
  if (hearing.kind === "started") return onStarted(step);
  if (hearing.kind === "resumed") return void (step.state.reply?.speculative && dropReply(step));
  const { answered } = step.state.callee;
  const text = wordsAfter(hearing.text, answered);
  const saysNoMore = text === "" && answered !== "" && !step.state.callee.speaking;
  if (hearing.kind === "ended") change(step, { callee: { ...step.state.callee, answered: "" } });
  if (saysNoMore) return;
  switch (hearing.kind) {
    case "words":
      return onWords(step, text);
    case "eager_end":
      return onEagerEnd(step, text);
    case "ended":
      return onEnded(step, { ...hearing, text });
  }
}

function onStarted(step: Step): void {
  hearSpeech(step, "");
  if (!step.state.closing) fallSilent(step);
}

function hearSpeech(step: Step, answered: string): void {
  const { callee, plan } = step.state;
  const goesOn = callee.speaking && callee.text === "";
  change(step, { callee: { speaking: true, startedAtMs: step.atMs, text: "", wordsAtMs: step.atMs, answered } });
  cancelTimers(step, "beep");
  if (!goesOn) setTimer(step, "unended_turn", plan.timings.unendedTurnMs);
}

/** A turn goes on and nothing new is heard of it: whatever the transcriber still waits for, the callee waits for us. */
export function onUnendedTurn(step: Step): void {
  const { callee, plan } = step.state;
  if (!callee.speaking) return;
  const answered = [callee.answered, callee.text].filter((part) => part !== "").join(" ");
  onEnded(step, { kind: "ended", text: callee.text, languages: [], silentForMs: plan.timings.unendedTurnMs });
  change(step, { callee: { ...step.state.callee, answered } });
}

/** Stops the agent, keeping what was not heard until it is known whether the callee meant to interrupt. */
function fallSilent(step: Step): void {
  if (step.state.reply?.speculative) dropReply(step);
  const unheard = unheardSpeech(step);
  const stopped = pauseSpeech(step);
  if (stopped.length === 0 && !step.state.reply) return;
  if (stopped.some((utterance) => utterance.id === step.state.reply?.utteranceId)) changeReply(step, { utteranceId: null });
  const { interruption, plan } = step.state;
  const paused = [...(interruption?.paused ?? []), ...stopped.map((utterance) => utterance.id)];
  change(step, { interruption: { sinceMs: interruption?.sinceMs ?? step.atMs, unheard, paused } });
  if (!interruption) setTimer(step, "false_interruption", plan.timings.falseInterruptionMs);
}

/** What of the agent's present speech has not been heard, stopped already or not. */
function unheardSpeech(step: Step): Interruption["unheard"] {
  const replyUtteranceId = step.state.reply?.utteranceId;
  const playing = step.state.utterances.filter((utterance) => utterance.state === "queued" && utterance.purpose !== "filler");
  return [...(step.state.interruption?.unheard ?? []), ...playing.map((utterance) => unheardOf(utterance, utterance.id === replyUtteranceId))];
}

function unheardOf(utterance: Utterance, ofReply: boolean): Unheard {
  const fromStart = utterance.purpose === "greeting" && !greetingReached(utterance);
  const fromWord = fromStart ? 0 : utterance.heardWords;
  return { utteranceId: utterance.id, purpose: utterance.purpose, fromWord, words: utterance.words.slice(fromWord), ofReply };
}

function onWords(step: Step, text: string): void {
  if (!step.state.callee.speaking) hearSpeech(step, step.state.callee.answered);
  if (text !== step.state.callee.text) setTimer(step, "unended_turn", step.state.plan.timings.unendedTurnMs);
  change(step, { callee: { ...step.state.callee, text, wordsAtMs: step.atMs } });
  if (step.state.closing || isPreparedFor(step, text)) return;
  if (step.state.reply?.speculative) dropReply(step);
  if (onlyListens(step, text)) {
    if (step.state.interruption && text.trim() !== "") setTimer(step, "false_interruption", step.state.plan.timings.listeningPauseMs);
    return;
  }
  fallSilent(step);
  yieldFloor(step);
}

/** The callee has the floor: what was not said stays unsaid. */
function yieldFloor(step: Step): void {
  forgetPaused(step);
  change(step, { interruption: null });
  cancelTimers(step, "false_interruption");
  if (step.state.reply && !step.state.reply.speculative) leaveReply(step);
}

function onEagerEnd(step: Step, text: string): void {
  onWords(step, text);
  const { closing, interruption, reply } = step.state;
  if (closing || interruption || reply || isSpeaking(step) || text.trim() === "") return;
  if (wantsNoCalls(text) || machinePhrasesIn(text).length > 0 || greetingThatAnswers(step, text)) return;
  askAhead(step, text.trim());
}

function onEnded(step: Step, turn: Extract<HearingEvent, { kind: "ended" }>): void {
  const { callee } = step.state;
  const text = turn.text.trim();
  change(step, { callee: { ...step.state.callee, speaking: false, text: "" } });
  cancelTimers(step, "unended_turn");
  awaitBeep(step);
  if (text === "") {
    if (step.state.reply?.speculative) dropReply(step);
    return resumeSpeech(step, "noise");
  }
  const endedAtMs = keepTurn(step, text, { callee, silentForMs: turn.silentForMs });
  if (wantsNoCalls(text)) return optOut(step, "said");
  endIfMachine(step);
  if (step.state.closing) return;
  const { interruption, reply } = step.state;
  const busy = interruption !== null || isSpeaking(step) || (reply !== null && !reply.speculative);
  if (busy && onlyListens(step, text)) return resumeSpeech(step, "listening");
  if (busy) fallSilent(step);
  answer(step, text, endedAtMs);
}

/** It is the agent's turn. */
function answer(step: Step, text: string, speechEndedAtMs: number): void {
  yieldFloor(step);
  change(step, { turnClock: { speechEndedAtMs, endOfTurnAtMs: step.atMs, firstWordAtMs: null }, deadAirStage: 0 });
  step.effects.push({ do: "checkpoint" });
  const greeting = greetingThatAnswers(step, text);
  if (greeting) {
    dropReply(step);
    change(step, { greetingRepeats: 1 });
    sayWords(step, { purpose: "greeting", words: greeting.words, last: true });
  } else if (!adoptReply(step, text)) ask(step, { answers: text });
}

/** To a few words of somebody who has not heard the greeting, the greeting is the answer, once. */
function greetingThatAnswers(step: Step, text: string): Utterance | undefined {
  const answers = step.state.greetingRepeats === 0 && bareWords(text).length <= mostWordsAnsweredByGreeting;
  return answers ? greetingNobodyHeard(step.state) : undefined;
}

/** Whether what the callee says over the agent only shows that somebody listens. */
function onlyListens(step: Step, text: string): boolean {
  const unheard = unheardSpeech(step).filter((part) => part.purpose !== "re_prompt");
  if (unheard.some((part) => part.purpose === "greeting")) return isPickup(text);
  if (!isBackchannel(text)) return false;
  if (unheard.length === 0) return step.state.reply !== null;
  const words = unheard.flatMap((part) => part.words);
  const worthHearing = words.length >= fewestWordsToResume || (words.some((word) => word.includes("?")) && !isMidSentence(step, unheard));
  return worthHearing && !questionWasHeard(step);
}

/** Whether the agent was stopped within a sentence: its last words can be guessed, and an answer answers the whole of it. */
function isMidSentence(step: Step, unheard: readonly Unheard[]): boolean {
  const first = unheard.find((part) => part.words.length > 0);
  const lastHeard = first && utteranceOf(step, first.utteranceId)?.words[first.fromWord - 1];
  return lastHeard !== undefined && !/[.?!।…]$/u.test(lastHeard);
}

/** A "haan" after a question is an answer, however much the agent meant to add. */
function questionWasHeard(step: Step): boolean {
  const last = step.state.history.findLast((entry) => entry.kind === "agent");
  const utterance = last?.kind === "agent" ? utteranceOf(step, last.utteranceId) : undefined;
  return utterance !== undefined && heardText(utterance).includes("?");
}

/**
 * Goes on with the first word that was not heard; whatever the model added in the meantime follows. A question whether
 * somebody is there has its answer when a listener's word was heard, and not when it was noise.
 */
export function resumeSpeech(step: Step, after: "noise" | "listening"): void {
  const { interruption } = step.state;
  if (!interruption) return;
  const unheard = interruption.unheard.filter((part) => part.words.length > 0 && (after === "noise" || part.purpose !== "re_prompt"));
  change(step, { interruption: null });
  cancelTimers(step, "false_interruption");
  forgetUnresumed(step, interruption.paused, unheard);
  for (const part of unheard) {
    const reply = part.ofReply ? step.state.reply : null;
    const id = replay(step, part, reply === null);
    if (reply) changeReply(step, { utteranceId: id, clauses: Math.max(1, reply.clauses) });
  }
  flushWaiting(step);
}

/** Fillers, and what was heard to its end, do not go on. */
function forgetUnresumed(step: Step, allPaused: readonly string[], unheard: readonly Unheard[]): void {
  const resumed = new Set(unheard.map((part) => part.utteranceId));
  const paused = allPaused.filter((id) => !resumed.has(id));
  if (paused.length > 0) step.effects.push({ do: "forget", utteranceIds: paused, heardWords: paused.map((id) => utteranceOf(step, id)?.heardWords ?? 0) });
}
