import type { VariableType } from "../domain/definition.ts";
import { datesIn, type SaidDate, type SaidYear, yearsIn } from "./answer-date.ts";
import { answerWords, offersChoice, textMatches } from "./answer-text.ts";
import { numberRuns, numbersIn } from "./spoken-numbers.ts";
import { readField, type VariableValue } from "./variable-values.ts";

/** What is asked, with the value on file. Of the value itself only whether it is a year decides how an answer is read. */
export interface Question {
  readonly type: VariableType;
  readonly expected: VariableValue | undefined;
}

/** One value that an utterance may give. `unclear` stands for more than one: a choice was offered. */
export type Said =
  | SaidDate
  | SaidYear
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unclear" };

/** More than this is talk and no answer; it is not read. */
const longestAnswerChars = 1_000;

/**
 * The values of the asked kind that an utterance holds. None: it is no answer. Exactly one: that is the answer. More:
 * it is a list, from which nobody may choose. Numbers count in digits or words, Hindi or English.
 */
export function valuesSaid(question: Question, text: string): readonly Said[] {
  if (text.length > longestAnswerChars) return [];
  const found = readValues(question, text);
  const isChoice = question.type !== "text" && question.type !== "boolean" && offersChoice(text) && numberRuns(text).length > 1;
  return found.length > 0 && isChoice ? [...found, { kind: "unclear" }] : found;
}

function readValues({ type, expected }: Question, text: string): readonly Said[] {
  switch (type) {
    case "number":
      return isYear(expected) ? yearsIn(text) : numbersIn(text).map((value) => ({ kind: "number", value }));
    case "money":
      return numbersIn(text).map((value) => ({ kind: "number", value: Math.round(value * 100) }));
    case "date":
    case "datetime":
      return datesIn(text);
    case "boolean": {
      const read = readField("boolean", text);
      return read.ok && typeof read.value === "boolean" ? [{ kind: "boolean", value: read.value }] : [];
    }
    case "text":
      return answerWords(text).length > 0 ? [{ kind: "text", text }] : [];
  }
}

const isYear = (expected: VariableValue | undefined): boolean => typeof expected === "number" && Number.isInteger(expected) && expected >= 1900 && expected < 2100;

/** Whether two values are the same as far as they say: "85" is 1985, "14 March" is any 14 March. */
export function isSameValue(one: Said, other: Said): boolean {
  if (one.kind === "year" && other.kind === "year") return isSameYear(one, other);
  if (one.kind === "date" && other.kind === "date") return one.day === other.day && one.month === other.month && isSameYear(one, other);
  if (one.kind === "number" && other.kind === "number") return one.value === other.value;
  return one.kind === "boolean" && other.kind === "boolean" && one.value === other.value;
}

function isSameYear(one: { year: number | null; isShort: boolean }, other: { year: number | null; isShort: boolean }): boolean {
  if (one.year === null || other.year === null) return true;
  return one.isShort || other.isShort ? one.year % 100 === other.year % 100 : one.year === other.year;
}

/** Whether a value that somebody gave is the one on file. */
export function isExpected({ type, expected }: Question, said: Said): boolean {
  if (expected === undefined || expected === "") return false;
  if (said.kind === "text") return type === "text" && textMatches(said.text, String(expected));
  const onFile = valueOnFile(type, expected);
  return onFile !== undefined && isSameValue(said, onFile);
}

function valueOnFile(type: VariableType, expected: VariableValue): Said | undefined {
  switch (type) {
    case "number":
      return isYear(expected) ? { kind: "year", year: Number(expected), isShort: false } : { kind: "number", value: Number(expected) };
    case "money":
      return { kind: "number", value: Number(expected) };
    case "date":
    case "datetime":
      return datesIn(String(expected).slice(0, 10))[0];
    case "boolean":
      return { kind: "boolean", value: expected === true || expected === "true" };
    case "text":
      return undefined;
  }
}

/** Whether an utterance gives the value on file and no other beside it. */
export function answerMatches(type: VariableType, answer: string, expected: VariableValue): boolean {
  const question: Question = { type, expected };
  const [said, ...others] = valuesSaid(question, answer);
  return said !== undefined && others.length === 0 && isExpected(question, said);
}
