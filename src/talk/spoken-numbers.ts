import type { NumberToken, SpokenToken } from "./spoken-tokens.ts";
import { spokenTokens } from "./spoken-tokens.ts";

/** One number within a row of number words: "unnees sau pachasi", "eighty five", "1985", "05". */
export interface Atom {
  readonly value: number;
  readonly digits: string;
}

/** Numbers that follow each other without another word. */
export interface NumberRun {
  readonly atoms: readonly Atom[];
  /** All of them written one after the other ("nineteen eighty five" → "1985", "560 001" → "560001"); null where no speaker could mean that. */
  readonly joined: string | null;
}

type RunToken = Extract<SpokenToken, { kind: "number" | "times" }>;

/** Longer rows are no answer; nobody dictates more than this at a stretch. */
const mostTokensOfANumber = 24;

/** The rows of numbers of an utterance. */
export function numberRuns(text: string): readonly NumberRun[] {
  const runs: NumberRun[] = [];
  let row: RunToken[] = [];
  for (const token of [...spokenTokens(text), { kind: "stop" } as const]) {
    if (token.kind === "number" || token.kind === "times") row.push(token);
    else if (row.length > 0) {
      runs.push(runOf(row));
      row = [];
    }
  }
  return runs;
}

/** What a row of number words says. */
export function runOf(row: readonly RunToken[]): NumberRun {
  const atoms: Atom[] = [];
  for (let at = 0; at < row.length; ) {
    const length = longestNumber(row, at);
    const part = row.slice(at, at + length);
    const [only] = part;
    const value = valueOf(part) ?? 0;
    atoms.push({ value, digits: length === 1 && only?.kind === "number" ? only.digits : String(value) });
    at += length;
  }
  const plain = row.every((token) => token.kind === "number");
  const joinable = plain && atoms.every((atom) => /^\d+$/.test(atom.digits)) && (row.every((token) => token.kind === "number" && token.written) || atoms.every((atom) => atom.value < 100));
  return { atoms, joined: joinable ? atoms.map((atom) => atom.digits).join("") : null };
}

function longestNumber(row: readonly RunToken[], from: number): number {
  for (let length = Math.min(mostTokensOfANumber, row.length - from); length > 1; length -= 1) {
    if (valueOf(row.slice(from, from + length)) !== undefined) return length;
  }
  return 1;
}

/** How much may stand before each multiplier: "nineteen hundred", "one hundred fifty thousand", "nine lakh crore". */
const mostBefore: Readonly<Record<number, number>> = { 100: 99, 1_000: 999, 100_000: 9_999, 10_000_000: 9_999_999 };

/** The one number that the tokens make in Hindi or English grammar; undefined when they make none, or several ("1984 one"). */
function valueOf(tokens: readonly RunToken[]): number | undefined {
  const top = Math.max(0, ...tokens.map((token) => (token.kind === "times" ? token.value : 0)));
  if (top === 0) return belowHundredOf(tokens.filter((token): token is NumberToken => token.kind === "number"));
  const at = tokens.findLastIndex((token) => token.kind === "times" && token.value === top);
  const before = at === 0 ? 1 : valueOf(tokens.slice(0, at));
  const behind = at === tokens.length - 1 ? 0 : valueOf(tokens.slice(at + 1));
  if (before === undefined || behind === undefined || before <= 0 || before > (mostBefore[top] ?? 0) || behind >= top) return undefined;
  return Math.round((before * top + behind) * 100) / 100;
}

function belowHundredOf(tokens: readonly NumberToken[]): number | undefined {
  const [tens, unit, ...more] = tokens;
  if (tens === undefined || more.length > 0) return undefined;
  if (unit === undefined) return tens.value;
  const isTens = !tens.written && tens.value >= 20 && tens.value < 100 && tens.value % 10 === 0;
  return isTens && !unit.written && unit.value > 0 && unit.value < 10 ? tens.value + unit.value : undefined;
}

/** Every number of an utterance, one for each row that makes one: "4,500", "chaar hazaar paanch sau", "43 21" → 4321. */
export function numbersIn(text: string): readonly number[] {
  const found = numberRuns(text).flatMap(({ atoms, joined }) => {
    if (atoms.length > 1 && joined !== null && joined.length <= 15) return [Number(joined)];
    return atoms.map((atom) => atom.value);
  });
  return [...new Set(found)];
}
