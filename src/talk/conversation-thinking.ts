import { bareWords } from "./backchannel.ts";
import { cutClauses } from "./clauses.ts";
import { closeTechnically } from "./conversation-ending.ts";
import { besideReply, foreseenBy, guessedVerification } from "./conversation-foreseeing.ts";
import { requestFor } from "./conversation-messages.ts";
import { awaitsSound, giveText, openUtterance, release, utteranceOf } from "./conversation-playback.ts";
import { onLeftCall, onLeftDone, recordAtOnce } from "./conversation-records.ts";
import { changeReply, dropForeseen, dropReply } from "./conversation-reply.ts";
import { cancelTimers, change, type ConversationState, type EventOf, freshId, type Reply, setTimer, type Step } from "./conversation-state.ts";
import { performRehearsed, runTools, suppose } from "./conversation-speculation.ts";

/*
 * One answer of the model: asked, streamed clause by clause to the voice, its tools run when it is complete, and asked
 * again with their results. A speculative answer is prepared in silence, its tools only tried out, and adopted when the
 * turn ends as it guessed.
 */

/** After this many rounds of tools in one turn the model is asked without any. */
const mostToolRounds = 4;
const mostCallsPerReply = 4;
/** What one answer may speak, about 45 seconds: then the callee is listened to. */
const mostSpokenCharacters = 700;
/** A model that writes so much behind that is not waited for, though tools may stand at its end. */
const mostUnspokenCharacters = 1_400;

export function ask(step: Step, options: { answers: string | null; round?: number; saidBefore?: boolean; tries?: number }): void {
  askAbout(step, { state: step.state, speculative: false, rehearsed: [], ...options });
}

/** Asks as if the callee's turn had ended with this text; beside it, when the text holds the right answer, as if that were verified. */
export function askAhead(step: Step, text: string): void {
  const supposed = suppose(step, text, []);
  if (!supposed) return;
  const reply = askAbout(step, { state: supposed.state, answers: text, speculative: true, rehearsed: [] });
  const guess = guessedVerification(step, text);
  if (!guess) return;
  const beside = begin(step, { state: guess.supposed.state, answers: text, speculative: true, rehearsed: [], round: 1 });
  change(step, { foreseen: { beside: reply.id, result: guess.result, reply: beside } });
}

interface Asking {
  /** What the model is told of; a copy that runs ahead when the reply is speculative. */
  state: ConversationState;
  answers: string | null;
  speculative: boolean;
  rehearsed: Reply["rehearsed"];
  round?: number;
  saidBefore?: boolean;
  tries?: number;
}

function askAbout(step: Step, options: Asking): Reply {
  dropReply(step);
  const reply = begin(step, options);
  change(step, { reply });
  setTimer(step, "first_word", step.state.plan.timings.firstWordMs);
  return reply;
}

function begin(step: Step, options: Asking): Reply {
  const id = freshId(step, "r");
  const reply: Reply = {
    id,
    answers: options.answers,
    speculative: options.speculative,
    language: options.state.language.current,
    rehearsed: options.rehearsed,
    provider: step.state.brain,
    tries: options.tries ?? 1,
    round: options.round ?? 0,
    saidBefore: options.saidBefore ?? false,
    unfinished: "",
    waiting: [],
    clauses: 0,
    room: mostSpokenCharacters,
    utteranceId: null,
    calls: [],
    hasRecorded: false,
    done: false,
    firstWordAtMs: null,
  };
  const request = requestFor(options.state, id);
  step.effects.push({ do: "think", replyId: id, request: reply.round < mostToolRounds ? request : { ...request, tools: [] }, provider: reply.provider });
  return reply;
}

export function onBrainText(step: Step, event: EventOf<"brain_text">): void {
  if (besideReply(step, event.replyId, (aside) => onBrainText(aside, event))) return;
  const reply = currentReply(step, event.replyId);
  if (!reply || event.delta === "") return;
  useful(step, reply);
  if (reply.room === 0) return writesOn(step, reply, event.delta);
  const cut = cutClauses(reply.unfinished + event.delta, { before: reply.clauses + reply.waiting.length });
  changeReply(step, { unfinished: cut.rest });
  for (const clause of cut.clauses) speakClause(step, clause);
}

/** What does not fit is not spoken, and read only for the tools behind it. */
function writesOn(step: Step, reply: Reply, delta: string): void {
  const unfinished = reply.unfinished + delta;
  changeReply(step, { unfinished });
  if (unfinished.length > mostUnspokenCharacters) onBrainFailure(step, { replyId: reply.id, retryable: false });
}

export function onBrainCall(step: Step, event: EventOf<"brain_call">): void {
  if (besideReply(step, event.replyId, (aside) => onBrainCall(aside, event))) return;
  onLeftCall(step, event);
  const reply = currentReply(step, event.replyId);
  if (!reply) return;
  useful(step, reply);
  if (reply.calls.length < mostCallsPerReply) changeReply(step, { calls: [...reply.calls, event.call] });
}

export function onBrainDone(step: Step, event: EventOf<"brain_done">): void {
  if (besideReply(step, event.replyId, (aside) => onBrainDone(aside, event))) return;
  const { usage } = step.state;
  change(step, { usage: { ...usage, brainInputTokens: usage.brainInputTokens + event.inputTokens, brainOutputTokens: usage.brainOutputTokens + event.outputTokens } });
  onLeftDone(step, event.replyId);
  const reply = currentReply(step, event.replyId);
  if (!reply) return;
  const rest = reply.unfinished.trim();
  changeReply(step, { done: true, unfinished: "" });
  cancelTimers(step, "first_word", "word_gap");
  if (rest !== "") speakClause(step, rest);
  settleReply(step);
}

/** The model failed, said nothing useful in time, or stopped in the middle. What was spoken already is never said again. */
export function onBrainFailure(step: Step, failure: { replyId: string; retryable: boolean }): void {
  if (besideReply(step, failure.replyId, (aside) => onBrainFailure(aside, failure))) return;
  const reply = currentReply(step, failure.replyId);
  if (!reply) return;
  if (reply.clauses > 0 || reply.waiting.length > 0) {
    step.effects.push({ do: "stop_thinking", replyId: reply.id });
    changeReply(step, { done: true, unfinished: "", calls: [] });
    cancelTimers(step, "first_word", "word_gap");
    settleReply(step);
  } else if (reply.speculative) dropReply(step);
  else tryAgain(step, reply, failure.retryable);
}

function tryAgain(step: Step, reply: Reply, retryable: boolean): void {
  const { brains } = step.state.plan.providers;
  const worthwhile = brains > 1 || retryable;
  if (!worthwhile || reply.tries > brains) return closeTechnically(step);
  change(step, { brain: (reply.provider + 1) % brains });
  ask(step, { answers: reply.answers, round: reply.round, saidBefore: reply.saidBefore, tries: reply.tries + 1 });
}

/** Whether an answer is being prepared for exactly these words. */
export function isPreparedFor(step: Step, text: string): boolean {
  const reply = step.state.reply;
  return reply?.speculative === true && reply.answers !== null && bareWords(reply.answers).join(" ") === bareWords(text).join(" ");
}

/** Adopts the answer that was prepared for exactly this text; false when there is none. */
export function adoptReply(step: Step, text: string): boolean {
  const reply = step.state.reply;
  if (!reply || !isPreparedFor(step, text) || reply.language !== step.state.language.current) return false;
  changeReply(step, { speculative: false });
  noteFirstWord(step, reply.rehearsed[0]?.firstWordAtMs ?? reply.firstWordAtMs);
  const happened = performRehearsed(step, reply.rehearsed);
  if (!happened.asRehearsed) {
    dropReply(step);
    if (happened.rounds !== null) ask(step, { answers: null, round: happened.rounds, saidBefore: happened.said });
    return true;
  }
  changeReply(step, { rehearsed: [] });
  if (reply.utteranceId !== null) release(step, reply.utteranceId);
  settleReply(step);
  return true;
}

/** Speaks what waited while the callee seemed to interrupt. */
export function flushWaiting(step: Step): void {
  const waiting = step.state.reply?.waiting ?? [];
  changeReply(step, { waiting: [] });
  for (const clause of waiting) speakClause(step, clause);
  settleReply(step);
}

function currentReply(step: Step, replyId: string): Reply | undefined {
  const reply = step.state.reply;
  return reply?.id === replyId && !reply.done ? reply : undefined;
}

/** Something useful came: the clock for the first word stops, the one for gaps starts anew. */
function useful(step: Step, reply: Reply): void {
  if (reply.firstWordAtMs === null) {
    changeReply(step, { firstWordAtMs: step.atMs });
    cancelTimers(step, "first_word");
    if (!reply.speculative) noteFirstWord(step, step.atMs);
  }
  setTimer(step, "word_gap", step.state.plan.timings.wordGapMs);
}

function noteFirstWord(step: Step, atMs: number | null): void {
  const { turnClock } = step.state;
  if (turnClock && turnClock.firstWordAtMs === null) change(step, { turnClock: { ...turnClock, firstWordAtMs: atMs } });
}

function speakClause(step: Step, clause: string): void {
  const reply = step.state.reply;
  if (!reply || reply.room === 0 || !/[\p{L}\p{N}]/u.test(clause)) return;
  if (step.state.interruption) return changeReply(step, { waiting: [...reply.waiting, clause] });
  if (reply.clauses === 0) dropForeseen(step);
  else if (clause.length >= reply.room) {
    changeReply(step, { room: 0 });
    if (reply.utteranceId !== null) giveText(step, reply.utteranceId, "", true);
    return;
  }
  const utteranceId = utteranceInTheMaking(step, reply) ?? openUtterance(step, { purpose: "reply", held: reply.speculative, replyId: reply.id, language: reply.language });
  changeReply(step, { utteranceId, clauses: reply.clauses + 1, room: Math.max(0, reply.room - clause.length - 1) });
  giveText(step, utteranceId, clause.slice(0, mostSpokenCharacters), false);
}

/** A voice may end an utterance of its own accord, when the model takes its time: what follows needs a new one. */
function utteranceInTheMaking(step: Step, reply: Reply): string | undefined {
  const utterance = reply.utteranceId === null ? undefined : utteranceOf(step, reply.utteranceId);
  return utterance && !utterance.complete && (utterance.state === "held" || utterance.state === "queued") ? utterance.id : undefined;
}

/** Goes on once an answer is complete and may be acted upon: ends its utterance, runs its tools, asks again if need be. */
function settleReply(step: Step): void {
  const reply = step.state.reply;
  if (!reply?.done) return;
  if (reply.utteranceId !== null) giveText(step, reply.utteranceId, "", true);
  if (reply.speculative) return rehearseTools(step, reply);
  if (step.state.interruption) return recordAtOnce(step);
  const said = reply.clauses > 0 || reply.saidBefore;
  const usesTools = reply.calls.length > 0 || reply.hasRecorded;
  if (!said && !usesTools) return tryAgain(step, reply, true);
  change(step, { reply: null });
  const { goOn, results } = runTools(step, reply.calls, said);
  const foreseen = foreseenBy(step, reply, results);
  const goesOn = goOn || (reply.calls.length === 0 && reply.hasRecorded && !step.state.closing);
  if (!goesOn) return dropForeseen(step);
  if (foreseen) return takeUp(step, { ...foreseen, speculative: false, answers: null, saidBefore: said });
  ask(step, { answers: null, round: reply.round + 1, saidBefore: said });
}

/** Goes on with an answer that was made beside another. */
function takeUp(step: Step, reply: Reply): void {
  change(step, { reply, foreseen: null });
  const { firstWordMs, wordGapMs, firstSoundMs } = step.state.plan.timings;
  if (!reply.done) setTimer(step, reply.firstWordAtMs === null ? "first_word" : "word_gap", reply.firstWordAtMs === null ? firstWordMs : wordGapMs);
  if (reply.utteranceId !== null && !reply.speculative) release(step, reply.utteranceId);
  if (awaitsSound(step)) setTimer(step, "first_sound", firstSoundMs);
  settleReply(step);
}

/** Tries the tools of a speculative answer and asks for the next one with what they would say. */
function rehearseTools(step: Step, reply: Reply): void {
  // One made beside another waits until that one has asked for what it supposes.
  if (reply.answers === null || reply.rehearsed.length < reply.round) return;
  if (reply.calls.length === 0) return dropForeseen(step);
  const { utteranceId, clauses, calls, firstWordAtMs } = reply;
  const rounds = [...reply.rehearsed, { utteranceId, clauses, calls, firstWordAtMs }];
  const supposed = suppose(step, reply.answers, rounds);
  if (!supposed) return;
  const rehearsed = rounds.map((round, index) => ({ ...round, results: supposed.results[index] ?? [] }));
  const foreseen = foreseenBy(step, reply, supposed.results.at(-1) ?? []);
  if (foreseen) return takeUp(step, { ...foreseen, rehearsed });
  dropForeseen(step);
  change(step, { reply: null });
  askAbout(step, { state: supposed.state, answers: reply.answers, speculative: true, rehearsed, round: reply.round + 1, saidBefore: clauses > 0 || reply.saidBefore });
}
