import { type Definition, type Language, wordingIn } from "../domain/definition.ts";
import { phrasesIn } from "./phrases.ts";
import { shownValue, type VariableValue } from "./variable-values.ts";

/** Everything fixed before the first word of one conversation: the campaign's definition and the contact. */
export interface ConversationPlan {
  readonly definition: Definition;
  readonly contact: {
    readonly name: string | null;
    readonly language: Language;
    /** The contact's columns, sensitive ones too; these leave the plan only through `publicFacts` and the verification. */
    readonly variables: Readonly<Record<string, VariableValue>>;
  };
  readonly timings: Timings;
  /**
   * How many brains and voices there are to turn to, the first choice included; set when the call's vendors are known.
   * `speechModel`: the first voice speaks the model's answers by itself, as the model wrote them.
   */
  readonly providers: { readonly brains: number; readonly voices: number; readonly speechModel?: boolean };
}

/** How long the conversation waits for whom, in milliseconds of the clock. */
export interface Timings {
  /** Our turn, nothing to be heard yet: a filler, an apology, a goodbye. */
  deadAirFillerMs: number;
  deadAirApologyMs: number;
  deadAirGoodbyeMs: number;
  /** The callee's turn, nothing to be heard: a question after this long, `rePrompts` times, then a goodbye. */
  calleeSilenceMs: number;
  rePrompts: number;
  /** A turn of the callee that goes on without a new word: after this long it counts as over. */
  unendedTurnMs: number;
  /** Sound without words interrupted the agent: after this long it goes on where it stopped. */
  falseInterruptionMs: number;
  /** After a "hmm" or "haan" over the agent it goes on this soon, unless more words come. */
  listeningPauseMs: number;
  /** The brain's first word, and the longest gap between two pieces of its text. */
  firstWordMs: number;
  wordGapMs: number;
  /** The voice's first sound for a text. */
  firstSoundMs: number;
  /** Keys pressed within this of each other are one entry. */
  digitGapMs: number;
  /** The stretch after a voicemail greeting in which the beep sounds. */
  beepMs: number;
  /** The opt-out is being written; the goodbye does not wait longer than this. */
  optOutMs: number;
  /** Marks of played audio may come back this much later than the audio ends. */
  markGraceMs: number;
  /** Speech under way of which neither sound nor mark has come for this long counts as over. */
  stalledSpeechMs: number;
  /** The carrier ends the call within this of being asked. */
  hangUpMs: number;
  /** The goodbye of a call at its maximum length begins this long before the end. */
  wrapUpMs: number;
}

export const defaultTimings = {
  deadAirFillerMs: 2_500,
  deadAirApologyMs: 6_000,
  deadAirGoodbyeMs: 10_000,
  calleeSilenceMs: 8_000,
  rePrompts: 2,
  unendedTurnMs: 5_000,
  falseInterruptionMs: 1_500,
  listeningPauseMs: 300,
  firstWordMs: 2_500,
  wordGapMs: 2_000,
  firstSoundMs: 1_500,
  digitGapMs: 1_500,
  beepMs: 1_500,
  optOutMs: 3_000,
  markGraceMs: 3_000,
  stalledSpeechMs: 5_000,
  hangUpMs: 5_000,
  wrapUpMs: 8_000,
} as const satisfies Timings;

/** The variables a model may see from the first word on: those that are not sensitive and not asked for verification. */
export function publicFacts(plan: ConversationPlan): Readonly<Record<string, string>> {
  return shownFacts(plan, (name, sensitive) => !sensitive && !(plan.definition.verify?.ask.includes(name) ?? false));
}

/** The variables that verification opens: the sensitive ones, except the secrets the person was asked for. */
export function sensitiveFacts(plan: ConversationPlan): Readonly<Record<string, string>> {
  return shownFacts(plan, (name, sensitive) => sensitive && !(plan.definition.verify?.ask.includes(name) ?? false));
}

function shownFacts(plan: ConversationPlan, wanted: (name: string, sensitive: boolean) => boolean): Readonly<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const [name, variable] of Object.entries(plan.definition.variables)) {
    const value = plan.contact.variables[name];
    if (value !== undefined && value !== "" && wanted(name, variable.sensitive)) facts[name] = shownValue(variable.type, value);
  }
  return facts;
}

/** Whether anything is hidden from the model until the right party is verified. */
export function hasSecrets(plan: ConversationPlan): boolean {
  return Object.keys(sensitiveFacts(plan)).length > 0;
}

/** The person's name as it may be said to anybody; null when it is not known, or is itself a secret of the definition. */
export function publicNameOf(plan: ConversationPlan): string | null {
  const { variables, verify } = plan.definition;
  const isSecret = variables["name"]?.sensitive === true || verify?.ask.includes("name") === true;
  return isSecret ? null : (plan.contact.name ?? publicFacts(plan)["name"] ?? null);
}

/** Words that a transcriber should hear right; never a secret. */
export function keytermsOf(plan: ConversationPlan): readonly string[] {
  const name = publicNameOf(plan);
  return name === null ? [] : [name];
}

/** A wording of the definition with its `{{variables}}` filled in from what may be said to anybody. */
export function publicWording(plan: ConversationPlan, wording: string | Partial<Record<Language, string>>, language: Language): string {
  const facts: Readonly<Record<string, string>> = { ...publicFacts(plan), name: publicNameOf(plan) ?? "" };
  const filled = wordingIn(wording, language, plan.definition.languages[0]).replace(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g, (_, name: string) => facts[name] ?? "");
  return filled.replace(/\s+([,.!?।])/g, "$1").replace(/\s{2,}/g, " ").trim();
}

/** The first words, spoken before the model is asked. */
export function greetingOf(plan: ConversationPlan): string {
  return publicWording(plan, plan.definition.agent.greeting, plan.contact.language);
}

export function goodbyeOf(plan: ConversationPlan, language: Language): string {
  const own = plan.definition.agent.goodbye;
  return own === undefined ? phrasesIn(language).goodbye : publicWording(plan, own, language);
}

/** The message for a voicemail, or null when the campaign leaves none. */
export function voicemailMessageOf(plan: ConversationPlan, language: Language): string | null {
  const { voicemail, voicemail_message: message } = plan.definition;
  return voicemail === "leave_message" && message !== undefined ? publicWording(plan, message, language) : null;
}
