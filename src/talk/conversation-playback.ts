import type { Language } from "../domain/definition.ts";
import { wordsOf } from "./clauses.ts";
import { cancelTimers, change, type ConversationState, type EventOf, freshId, setTimer, type Step, type Unheard, type Utterance, type UtterancePurpose } from "./conversation-state.ts";
import type { CannedName } from "./ports.ts";
import { spokenText } from "./spoken-text.ts";

/*
 * What the agent says and what of it was heard. The voice's sound goes to the phone line with a mark behind the last
 * sample of each word; only marks that come back while the utterance still plays count as heard. A `clear` makes the
 * carrier return the marks of discarded sound too, so the marks of an utterance that was cut say nothing.
 */

export function utteranceOf(step: Step, id: string): Utterance | undefined {
  return step.state.utterances.find((utterance) => utterance.id === id);
}

export function changeUtterance(step: Step, id: string, part: Partial<Utterance>): void {
  change(step, { utterances: step.state.utterances.map((utterance) => (utterance.id === id ? { ...utterance, ...part } : utterance)) });
}

/** Whether the callee hears the agent, or is about to. */
export function isSpeaking(step: Step): boolean {
  return step.state.utterances.some((utterance) => utterance.state === "queued");
}

/** Begins an utterance without text yet; a held one is not heard before `release`. */
export function openUtterance(step: Step, options: { purpose: UtterancePurpose; held?: boolean; replyId?: string; language?: Language }): string {
  const id = freshId(step, "u");
  const utterance: Utterance = {
    id,
    purpose: options.purpose,
    language: options.language ?? step.state.language.current,
    state: "held",
    words: [],
    complete: false,
    soundWords: 0,
    heardWords: 0,
    replyId: options.replyId ?? null,
    provider: step.state.voice,
    firstSoundAtMs: null,
    startedAtMs: null,
    endedAtMs: null,
    overdueAtMs: null,
    latency: null,
  };
  change(step, { utterances: [...step.state.utterances, utterance] });
  if (options.held !== true) release(step, id);
  return id;
}

/** Lets a held utterance be heard, behind those released before it. */
export function release(step: Step, id: string): void {
  const utterance = utteranceOf(step, id);
  if (utterance?.state !== "held") return;
  changeUtterance(step, id, { state: "queued" });
  change(step, { history: [...step.state.history, { kind: "agent", utteranceId: id }] });
  step.effects.push({ do: "play", utteranceId: id, ahead: utterance.purpose === "filler" });
}

/** Gives more text to an utterance; numbers, dates and amounts become words on the way, unless the model speaks itself. */
export function giveText(step: Step, id: string, text: string, last: boolean): void {
  const utterance = utteranceOf(step, id);
  if (!utterance) return;
  const speaksItself = step.state.plan.providers.speechModel === true && utterance.provider === 0 && utterance.replyId !== null;
  giveWords(step, utterance, speaksItself ? text : spokenText(text, utterance.language), last);
}

function giveWords(step: Step, utterance: Utterance, spoken: string, last: boolean): void {
  if (utterance.complete || utterance.state === "cut" || utterance.state === "played") return;
  const words = [...utterance.words, ...wordsOf(spoken)];
  changeUtterance(step, utterance.id, { words, complete: last });
  const usage = step.state.usage;
  change(step, { usage: { ...usage, voiceCharacters: usage.voiceCharacters + [...spoken].length } });
  step.effects.push({ do: "speak", utteranceId: utterance.id, text: spoken, language: utterance.language, last, provider: utterance.provider, replyId: utterance.replyId });
  if (utterance.firstSoundAtMs === null && words.length > 0) setTimer(step, "first_sound", step.state.plan.timings.firstSoundMs);
}

/** Says a whole text. */
export function say(step: Step, purpose: UtterancePurpose, text: string): string {
  const id = openUtterance(step, { purpose });
  giveText(step, id, text, true);
  return id;
}

/** Plays a sound that needs no vendor; its words come with the `canned_sound` event. */
export function sayCanned(step: Step, purpose: UtterancePurpose, name: CannedName): string {
  const id = openUtterance(step, { purpose });
  step.effects.push({ do: "play_canned", utteranceId: id, name, language: step.state.language.current });
  return id;
}

/** Says words that were made for speaking before. */
export function sayWords(step: Step, options: { purpose: UtterancePurpose; words: readonly string[]; last: boolean; held?: boolean; language?: Language }): string {
  const id = openUtterance(step, options);
  giveText(step, id, options.words.join(" "), options.last);
  return id;
}

/**
 * Stops everything that is heard or about to be, for good. `clear` goes out even when the sound was handed over long
 * ago: it may still lie in the carrier's buffer. Only the words that marks have proved until now were heard.
 */
export function stopSpeech(step: Step): void {
  const stopped = cutQueued(step);
  if (stopped.length > 0) step.effects.push({ do: "clear", utteranceIds: stopped.map((utterance) => utterance.id), heardWords: stopped.map((utterance) => utterance.heardWords) });
  forgetPaused(step);
}

/** The same, but the sound is kept: it may go on. Answers what was stopped. */
export function pauseSpeech(step: Step): readonly Utterance[] {
  const stopped = cutQueued(step);
  if (stopped.length > 0) step.effects.push({ do: "pause", utteranceIds: stopped.map((utterance) => utterance.id) });
  return stopped;
}

/** What was paused will not go on. */
export function forgetPaused(step: Step): void {
  const paused = step.state.interruption?.paused ?? [];
  if (paused.length === 0 || !step.state.interruption) return;
  const heardWords = paused.map((id) => utteranceOf(step, id)?.heardWords ?? 0);
  change(step, { interruption: { ...step.state.interruption, paused: [] } });
  step.effects.push({ do: "forget", utteranceIds: paused, heardWords });
}

/** Lets a paused utterance go on, under a new name because it was cut under its own. */
export function replay(step: Step, part: Unheard, isComplete: boolean): string {
  const old = utteranceOf(step, part.utteranceId);
  const id = openUtterance(step, { purpose: part.purpose, held: true });
  const soundWords = Math.max(0, (old?.soundWords ?? 0) - part.fromWord);
  changeUtterance(step, id, {
    words: part.words,
    complete: isComplete,
    soundWords,
    firstSoundAtMs: soundWords > 0 ? step.atMs : null,
    ...(old ? { provider: old.provider, replyId: old.replyId, language: old.language } : {}),
  });
  step.effects.push({ do: "replay", utteranceId: id, of: part.utteranceId, fromWord: part.fromWord });
  release(step, id);
  if (awaitsSound(step)) setTimer(step, "first_sound", step.state.plan.timings.firstSoundMs);
  return id;
}

function cutQueued(step: Step): readonly Utterance[] {
  const stopped = step.state.utterances.filter((utterance) => utterance.state === "queued");
  for (const utterance of stopped) changeUtterance(step, utterance.id, { state: "cut", endedAtMs: step.atMs });
  if (stopped.length > 0) cancelTimers(step, "first_sound", "playback");
  return stopped;
}

/** Forgets a held utterance: nobody has heard any of it. */
export function discard(step: Step, id: string): void {
  if (utteranceOf(step, id)?.state !== "held") return;
  changeUtterance(step, id, { state: "cut", complete: true, endedAtMs: step.atMs });
  step.effects.push({ do: "discard", utteranceId: id });
}

export function onSound(step: Step, event: EventOf<"sound">): void {
  const utterance = utteranceOf(step, event.utteranceId);
  if (!utterance || utterance.state === "played") return;
  const soundWords = Math.max(utterance.soundWords, Math.min(event.words, utterance.words.length));
  changeUtterance(step, utterance.id, { soundWords, firstSoundAtMs: utterance.firstSoundAtMs ?? step.atMs });
  change(step, { speechMovedAtMs: step.atMs });
  if (awaitsSound(step) === undefined) cancelTimers(step, "first_sound");
  else if (utterance.firstSoundAtMs === null) setTimer(step, "first_sound", step.state.plan.timings.firstSoundMs);
}

/** The first utterance that has text and no sound. */
export function awaitsSound(step: Step): Utterance | undefined {
  return step.state.utterances.find(
    (utterance) => (utterance.state === "held" || utterance.state === "queued") && utterance.words.length > 0 && utterance.firstSoundAtMs === null,
  );
}

/** Canned sound takes the place of text: its words are known once it is chosen. */
export function onCannedSound(step: Step, event: EventOf<"canned_sound">): void {
  const utterance = utteranceOf(step, event.utteranceId);
  if (utterance?.state !== "queued" || utterance.words.length > 0) return;
  const words = wordsOf(event.text);
  changeUtterance(step, utterance.id, { words, soundWords: words.length, complete: true, firstSoundAtMs: step.atMs });
}

/** All sound is on its way; should its marks never come back, the conversation goes on without them. */
export function onSoundDone(step: Step, event: EventOf<"sound_done">): void {
  const utterance = utteranceOf(step, event.utteranceId);
  if (utterance?.state !== "queued") return;
  changeUtterance(step, utterance.id, { overdueAtMs: step.atMs + Math.max(0, event.playedInMs) + step.state.plan.timings.markGraceMs });
  watchPlayback(step);
}

/** The marks of an utterance should have come back by now: it counts as over, with the words that were proved. */
export function onPlaybackOverdue(step: Step): void {
  for (const utterance of step.state.utterances) {
    if (utterance.state === "queued" && utterance.overdueAtMs !== null && utterance.overdueAtMs <= step.atMs) changeUtterance(step, utterance.id, { state: "cut", endedAtMs: utterance.overdueAtMs - step.state.plan.timings.markGraceMs });
  }
  watchPlayback(step);
}

function watchPlayback(step: Step): void {
  const overdue = step.state.utterances.flatMap((utterance) => (utterance.state === "queued" && utterance.overdueAtMs !== null ? [utterance.overdueAtMs] : []));
  if (overdue.length > 0) setTimer(step, "playback", Math.max(0, Math.min(...overdue) - step.atMs));
}

/** A mark came back: the words before it were heard, unless the utterance has been cut in the meantime. */
export function onMark(step: Step, event: EventOf<"mark">): void {
  const colon = event.name.lastIndexOf(":");
  const utterance = utteranceOf(step, event.name.slice(0, colon));
  if (utterance?.state !== "queued") return;
  change(step, { speechMovedAtMs: step.atMs });
  const count = event.name.slice(colon + 1);
  if (count === "end") {
    changeUtterance(step, utterance.id, { state: "played", heardWords: utterance.words.length, complete: true, endedAtMs: step.atMs });
    if (utterance.purpose !== "filler" && utterance.words.length > 0) change(step, { voiceFailures: 0 });
    return;
  }
  const heard = Number(count);
  if (!Number.isSafeInteger(heard) || heard <= utterance.heardWords) return;
  changeUtterance(step, utterance.id, { heardWords: Math.min(heard, utterance.words.length) });
}

/** The words of an utterance that were heard. */
export function heardText(utterance: Utterance): string {
  return utterance.words.slice(0, utterance.heardWords).join(" ");
}

/** A greeting of which fewer words were heard counts as not heard, and is said again from its start. */
const fewestGreetingWords = 3;

/** Whether enough of a greeting was heard to go on from there. */
export function greetingReached(greeting: Utterance): boolean {
  return greeting.heardWords >= Math.min(fewestGreetingWords, greeting.words.length);
}

/** The greeting, when it was spoken and (almost) nothing of it was heard; undefined otherwise. */
export function greetingNobodyHeard(state: ConversationState): Utterance | undefined {
  const greetings = state.utterances.filter((utterance) => utterance.purpose === "greeting");
  const reached = greetings.some((utterance) => utterance.state === "queued" || utterance.state === "held" || greetingReached(utterance));
  return reached ? undefined : greetings[0];
}
