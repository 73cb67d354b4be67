import type { AnsweredBy, HangupBy } from "../domain/attempt.ts";
import type { EndReason, Turn, TurnLatency, VendorUsage } from "../domain/conversation.ts";
import type { Language } from "../domain/definition.ts";
import type { ConversationEvent, Effect, TimerName } from "./conversation-events.ts";
import type { ConversationPlan } from "./conversation-plan.ts";
import type { LeftReply } from "./conversation-records.ts";
import type { LanguageChoice } from "./language-choice.ts";
import type { MachinePhrase } from "./machine-phrases.ts";
import type { ToolCall } from "./ports.ts";
import type { VariableValue } from "./variable-values.ts";

export type UtterancePurpose = "greeting" | "reply" | "re_prompt" | "filler" | "goodbye" | "voicemail_message";

/**
 * One stretch of the agent's speech, made by one voice. Its life:
 *
 * - `held`    its sound is being made but may not be heard yet (a speculative reply)
 * - `queued`  it is played as soon as what stands before it has been
 * - `played`  its end mark came back: every word was heard
 * - `cut`     it was stopped; only the words whose marks came back before were heard
 */
export interface Utterance {
  readonly id: string;
  readonly purpose: UtterancePurpose;
  readonly language: Language;
  readonly state: "held" | "queued" | "played" | "cut";
  /** The words given to the voice so far, as spoken. */
  readonly words: readonly string[];
  /** No more text will be given. */
  readonly complete: boolean;
  /** Words whose sound the voice has delivered. */
  readonly soundWords: number;
  /** Words that marks prove were heard. */
  readonly heardWords: number;
  /** The answer of the model whose words these are; null for what is said by rule, or said again. */
  readonly replyId: string | null;
  /** Which of the voices makes it, 0 is the first choice. */
  readonly provider: number;
  readonly firstSoundAtMs: number | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** When its end mark should have come back at the latest; null while sound is still being handed over. */
  readonly overdueAtMs: number | null;
  readonly latency: TurnLatency | null;
}

/** One answer of the model being made. */
export interface Reply {
  readonly id: string;
  /** What the callee said that it answers; null when it goes on after a tool. */
  readonly answers: string | null;
  /** Prepared before the callee's turn was over: nothing of it may be heard and no tool may take effect yet. */
  readonly speculative: boolean;
  /** What it is spoken in: for a speculative one the language as it will be when the turn has ended. */
  readonly language: Language;
  /** Rounds of the same speculation that came before this one, first to last. */
  readonly rehearsed: readonly RehearsedRound[];
  readonly provider: number;
  /** How often this answer was asked for. */
  readonly tries: number;
  /** How many replies of this turn came before it because of tools. */
  readonly round: number;
  /** One of those has said something, so this one may be silent. */
  readonly saidBefore: boolean;
  /** Text that is no whole clause yet. */
  readonly unfinished: string;
  /** Clauses that wait because the callee has interrupted. */
  readonly waiting: readonly string[];
  readonly clauses: number;
  /** So many more characters of it may be spoken; none once a clause did not fit. */
  readonly room: number;
  readonly utteranceId: string | null;
  readonly calls: readonly ToolCall[];
  /** Tools of it that only record were run while the callee seemed to interrupt. */
  readonly hasRecorded: boolean;
  readonly done: boolean;
  readonly firstWordAtMs: number | null;
}

/** One answer of a speculation that called tools: they were tried on a copy of the state and have changed nothing yet. */
export interface RehearsedRound {
  /** What it says before its tools. */
  readonly utteranceId: string | null;
  readonly clauses: number;
  readonly calls: readonly ToolCall[];
  /** What the tools answered on the copy; the reply is kept only if they answer the same once they run. */
  readonly results: readonly string[];
  readonly firstWordAtMs: number | null;
}

/**
 * An answer made beside another one, on the guess that the other will ask for a verification that then succeeds: the
 * person's own words hold the right answer. It is nothing until the other has asked.
 */
export interface Foreseen {
  /** The answer beside which it is made. */
  readonly beside: string;
  /** What the verification would say. */
  readonly result: string;
  readonly reply: Reply;
}

/** The agent was stopped and it is not yet known whether the callee meant it. */
export interface Interruption {
  readonly sinceMs: number;
  /** What was not heard of the speech that was stopped, utterance by utterance: from which word it would go on. */
  readonly unheard: readonly Unheard[];
  /** The utterances whose sound is kept. */
  readonly paused: readonly string[];
}

export interface Unheard {
  readonly utteranceId: string;
  readonly purpose: UtterancePurpose;
  readonly fromWord: number;
  readonly words: readonly string[];
  /** More of it may still come from the model. */
  readonly ofReply: boolean;
}

export type HistoryEntry =
  | { readonly kind: "callee"; readonly text: string; readonly startedAtMs: number; readonly endedAtMs: number }
  | { readonly kind: "agent"; readonly utteranceId: string }
  | { readonly kind: "tool"; readonly call: ToolCall; readonly result: string; readonly atMs: number }
  /** A turn from before this process took over. */
  | { readonly kind: "earlier"; readonly turn: Turn };

export interface Answering {
  readonly carrier: AnsweredBy;
  readonly phrases: readonly MachinePhrase[];
  /** The same sentences came twice, as announcements do. */
  readonly repeats: boolean;
  /** Our question met silence. */
  readonly silentToUs: boolean;
  /** A person has answered sensibly. */
  readonly personTurns: number;
  readonly verdict: AnsweredBy | null;
}

/**
 * The end, once decided. Nothing the callee does takes it back:
 * `writing_opt_out` → `speaking` (the goodbye) → `hanging_up`; a voicemail message waits for the beep first.
 */
export interface Closing {
  readonly reason: EndReason;
  readonly hangupBy: HangupBy;
  readonly stage: "writing_opt_out" | "waiting_for_beep" | "speaking" | "hanging_up";
}

/** Marks of the turn being answered, from which its latency is made. */
export interface TurnClock {
  readonly speechEndedAtMs: number;
  readonly endOfTurnAtMs: number;
  readonly firstWordAtMs: number | null;
}

export interface ConversationState {
  readonly plan: ConversationPlan;
  readonly phase: "waiting" | "talking" | "over";
  readonly openedAtMs: number;
  /** When the conversation began, also in the process before this one. */
  readonly startedAtMs: number;
  readonly resumed: boolean;
  readonly language: LanguageChoice;
  /** `answered`: words of the turn under way that were taken for a whole turn, because its end did not come. */
  readonly callee: { readonly speaking: boolean; readonly startedAtMs: number; readonly text: string; readonly wordsAtMs: number; readonly answered: string };
  readonly utterances: readonly Utterance[];
  readonly reply: Reply | null;
  readonly foreseen: Foreseen | null;
  readonly left: LeftReply | null;
  readonly interruption: Interruption | null;
  readonly history: readonly HistoryEntry[];
  readonly turnClock: TurnClock | null;
  readonly answering: Answering;
  readonly verification: { readonly verified: boolean; readonly attemptsLeft: number; readonly calleeTurnsAtLastTry: number };
  readonly outcome: { readonly disposition: string | null; readonly fields: Readonly<Record<string, VariableValue>>; readonly summary: string | null };
  readonly optedOut: boolean;
  readonly closing: Closing | null;
  readonly silencePrompts: number;
  /** Since when nobody has said anything, while nobody does. */
  readonly quietSinceMs: number;
  /** When sound or a mark of the agent's speech came last. */
  readonly speechMovedAtMs: number;
  readonly deadAirStage: 0 | 1 | 2;
  readonly greetingRepeats: number;
  /** Keys of an entry that is not complete yet. */
  readonly digits: string;
  /** The entry before, or what of an answer was keyed so far; `held` while a 9 after it may still be an opt-out. */
  readonly keyed: { readonly digits: string; readonly atMs: number; readonly held: boolean } | null;
  readonly toolCalls: number;
  /** Which brain and which voice are asked first: those that worked last. */
  readonly brain: number;
  readonly voice: number;
  /** Voices that failed one after the other. */
  readonly voiceFailures: number;
  readonly firstSoundMs: number | null;
  readonly usage: VendorUsage;
  readonly nextId: number;
}

/** What counts against the callee or the model, however often the line is lost: a conversation taken over goes on with it. */
export interface Progress {
  readonly verification: ConversationState["verification"];
  readonly answering: Answering;
  readonly toolCalls: number;
}

export const progressOf = ({ verification, answering, toolCalls }: ConversationState): Progress => ({ verification, answering, toolCalls });

/** What an earlier process wrote down about the conversation that this one takes over. */
export interface Earlier {
  turns: readonly Turn[];
  startedAtMs: number;
  language: Language;
  verified: boolean;
  optedOut: boolean;
  disposition: string | null;
  fields: Readonly<Record<string, VariableValue>>;
  summary: string | null;
  usage: VendorUsage;
  /** Absent when nothing had been written yet. */
  progress?: Progress;
}

export const noUsage: VendorUsage = { transcriberSeconds: 0, voiceCharacters: 0, brainInputTokens: 0, brainOutputTokens: 0 };

/** The state before the line is up. */
export function waitingState(plan: ConversationPlan, earlier?: Earlier): ConversationState {
  const language = earlier?.language ?? plan.contact.language;
  return {
    plan,
    phase: "waiting",
    openedAtMs: 0,
    startedAtMs: earlier?.startedAtMs ?? 0,
    resumed: earlier !== undefined,
    language: { current: language, leaning: null, turns: 0 },
    callee: { speaking: false, startedAtMs: 0, text: "", wordsAtMs: 0, answered: "" },
    utterances: [],
    reply: null,
    foreseen: null,
    left: null,
    interruption: null,
    history: (earlier?.turns ?? []).map((turn) => ({ kind: "earlier", turn })),
    turnClock: null,
    answering: earlier?.progress?.answering ?? { carrier: "unknown", phrases: [], repeats: false, silentToUs: false, personTurns: 0, verdict: null },
    verification: earlier?.progress?.verification ?? { verified: earlier?.verified ?? false, attemptsLeft: plan.definition.verify?.attempts ?? 2, calleeTurnsAtLastTry: 0 },
    outcome: { disposition: earlier?.disposition ?? null, fields: earlier?.fields ?? {}, summary: earlier?.summary ?? null },
    optedOut: earlier?.optedOut ?? false,
    closing: null,
    silencePrompts: 0,
    quietSinceMs: 0,
    speechMovedAtMs: 0,
    deadAirStage: 0,
    greetingRepeats: 0,
    digits: "",
    keyed: null,
    toolCalls: earlier?.progress?.toolCalls ?? 0,
    brain: 0,
    voice: 0,
    voiceFailures: 0,
    firstSoundMs: null,
    usage: earlier?.usage ?? noUsage,
    nextId: 1,
  };
}

/**
 * One step of the reducer in the making: concerns replace `state` and append to `effects`; nothing that an earlier
 * state holds is ever changed in place.
 */
export interface Step {
  state: ConversationState;
  readonly effects: Effect[];
  readonly atMs: number;
}

export type EventOf<K extends ConversationEvent["kind"]> = Extract<ConversationEvent, { kind: K }>;

export function change(step: Step, part: Partial<ConversationState>): void {
  step.state = { ...step.state, ...part };
}

export function setTimer(step: Step, timer: TimerName, delayMs: number): void {
  step.effects.push({ do: "set_timer", timer, delayMs });
}

export function cancelTimers(step: Step, ...timers: readonly TimerName[]): void {
  for (const timer of timers) step.effects.push({ do: "cancel_timer", timer });
}

/** A name used once in this conversation: "u1", "r2" …; a resumed conversation cannot collide because its line is new. */
export function freshId(step: Step, prefix: "u" | "r"): string {
  const id = `${prefix}${step.state.nextId}`;
  change(step, { nextId: step.state.nextId + 1 });
  return id;
}
