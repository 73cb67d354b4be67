import type { VariableType } from "../domain/definition.ts";
import { bareWords } from "./backchannel.ts";
import { monthNumber } from "./spoken-date.ts";
import { asciiDigits, numbersIn } from "./spoken-numbers.ts";
import { readField, type VariableValue } from "./variable-values.ts";

/**
 * Whether a spoken answer gives the expected value. Numbers count in digits or words, Hindi or English; a year may be
 * given by its last two digits; a text must agree in every word, whatever the case, punctuation and order.
 */
export function answerMatches(type: VariableType, answer: string, expected: VariableValue): boolean {
  switch (type) {
    case "number":
      return numberMatches(answer, Number(expected));
    case "money": {
      const read = readField("money", answer);
      return (read.ok && read.value === expected) || numbersIn(answer).includes(Number(expected) / 100);
    }
    case "date":
      return dateMatches(answer, String(expected));
    case "datetime":
      return dateMatches(answer, String(expected).slice(0, 10));
    case "text":
      return textMatches(answer, String(expected));
    case "boolean": {
      const read = readField("boolean", answer);
      return read.ok && read.value === expected;
    }
  }
}

/** Whether a text holds anything that could be a value of the type: "yes, go on" is no year, right or wrong. */
export function couldBeAnswer(type: VariableType, answer: string): boolean {
  switch (type) {
    case "number":
    case "money":
    case "date":
    case "datetime":
      return numbersIn(answer).length > 0;
    case "boolean":
      return readField("boolean", answer).ok;
    case "text":
      return bareWords(answer).length > 0;
  }
}

function numberMatches(answer: string, expected: number): boolean {
  const given = numbersIn(answer);
  if (given.includes(expected)) return true;
  const isYear = Number.isInteger(expected) && expected >= 1900 && expected < 2100;
  return isYear && given.length === 1 && given[0] === expected % 100;
}

function dateMatches(answer: string, expectedIso: string): boolean {
  const read = readField("date", answer);
  if (read.ok) return read.value === expectedIso;
  const [year, month, day] = expectedIso.split("-").map(Number);
  const numbers = numbersIn(answer);
  const named = bareWords(asciiDigits(answer)).map(monthNumber).find((found) => found !== undefined);
  const saysMonth = named === month || (named === undefined && month !== undefined && numbers.includes(month));
  const saysYear = year !== undefined && (numbers.includes(year) || !numbers.some((value) => value > 31));
  return day !== undefined && numbers.includes(day) && saysMonth && saysYear;
}

function textMatches(answer: string, expected: string): boolean {
  const wanted = bareWords(expected);
  const given = new Set(bareWords(answer));
  const joined = bareWords(answer).join("");
  return wanted.length > 0 && (wanted.every((word) => given.has(word)) || joined === wanted.join(""));
}
