import { spokenNumbers } from "../hearing/spoken-numbers.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Phrasebook } from "./phrasebook.ts";
import type { VerifyAnswer } from "./tool-book.ts";
import type { Heard } from "./understanding.ts";

/** The question that verifies the person. */
export function verificationQuestion({ tools, prompt }: Dialogue, say: Phrasebook): string {
  const answers = tools.verify?.answers ?? [];
  const texts = answers.filter((answer) => answer.kind === "text");
  return texts.length === 0 ? say.askIdentity(prompt.personName) : say.askAnswers(texts.map((answer) => answer.label));
}

/**
 * The person's answers for the verification tool, from everything said since it last failed; undefined while one of
 * them has not been given.
 */
export function answersGiven(dialogue: Dialogue, heard: readonly Heard[]): Record<string, unknown> | undefined {
  const given: Record<string, unknown> = {};
  for (const answer of dialogue.tools.verify?.answers ?? []) {
    const value = heard.map((one) => answerIn(answer, one, heard.indexOf(one) > 0)).findLast((found) => found !== undefined);
    if (value === undefined) return undefined;
    given[answer.key] = value;
  }
  return given;
}

/** What an utterance gives for one question; a free text counts only after the question has been asked. */
function answerIn(answer: VerifyAnswer, heard: Heard, asked: boolean): unknown {
  const wanted = `${answer.key} ${answer.label}`.toLowerCase();
  if (answer.kind === "yes") return heard.intents.has("yes") ? true : undefined;
  const digits = spokenNumbers(heard.words).map((number) => number.digits ?? String(number.value));
  if (/year/.test(wanted)) return digits.find((text) => /^(?:19|20)\d\d$/.test(text)) ?? (asked ? digits.find((text) => /^\d{2,4}$/.test(text)) : undefined);
  if (/pin ?code|postal|zip/.test(wanted)) return digits.find((text) => /^\d{6}$/.test(text)) ?? (asked ? digits[0] : undefined);
  if (/digit|number|account|code|amount/.test(wanted)) return asked ? digits[0] : undefined;
  if (/date|birth|dob/.test(wanted)) return asked && digits.length > 0 ? heard.text.trim() : undefined;
  return asked && !onlySmallTalk(heard) ? withoutLead(heard.text) : undefined;
}

function onlySmallTalk({ words, intents }: Heard): boolean {
  const questions = ["robot_question", "who_question", "repeat", "wont_tell"] as const;
  return words.length === 0 || questions.some((intent) => intents.has(intent)) || words.every((word) => smallTalk.has(word));
}

const smallTalk: ReadonlySet<string> = new Set(["yes", "han", "ji", "helo", "hello", "halo", "ok", "haan", "boliye", "bolo", "namaste", "hi"]);

function withoutLead(text: string): string {
  return text
    .trim()
    .replace(/^(?:my name is|it is|its|it's|this is|i am|mera naam|मेरा नाम)\s/i, "")
    .replace(/[.!।]$/, "")
    .replace(/\s(?:hai|है|hoon|हूँ)$/i, "")
    .trim();
}
