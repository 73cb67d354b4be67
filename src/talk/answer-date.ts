import { numberRuns, runOf, type Atom } from "./spoken-numbers.ts";
import { type SpokenToken, spokenTokens } from "./spoken-tokens.ts";

/** A calendar day as somebody says it: the year may be left out, or given by its last two digits (`isShort`). */
export interface SaidDate {
  readonly kind: "date";
  readonly day: number;
  readonly month: number;
  readonly year: number | null;
  readonly isShort: boolean;
}

export interface SaidYear {
  readonly kind: "year";
  readonly year: number;
  readonly isShort: boolean;
}

/** Words that may stand between the parts of one date: "14th of March, 1985", "14 tareekh, March mahina, saal 1985". */
const joining = new Set(
  "of the and in on it's its day date month year ka ki ke ko hai tha thi is tareekh tarikh din mahina mahine mahena sal saal san sann mein me का की के को है थी तारीख दिन महीना महीने साल सन सन् में".split(" "),
);

type Part = { month: number } | { atoms: readonly Atom[] };

/** Every date that an utterance says, in Indian order (day, month, year) or as ISO 8601 writes it. */
export function datesIn(text: string): readonly SaidDate[] {
  const found = clusters(spokenTokens(text.replace(/(?<!\d)\d{1,2}:\d{2}(?!\d)/g, " "))).flatMap(dateOf);
  return found.filter((date, at) => found.findIndex((other) => JSON.stringify(other) === JSON.stringify(date)) === at);
}

/** Parts that belong together: rows of numbers and months with nothing but joining words between them. */
function clusters(tokens: readonly SpokenToken[]): readonly (readonly Part[])[] {
  const all: Part[][] = [[]];
  let row: Extract<SpokenToken, { kind: "number" | "times" }>[] = [];
  for (const token of [...tokens, { kind: "stop" } as const]) {
    if (token.kind === "number" || token.kind === "times") {
      row.push(token);
      continue;
    }
    if (row.length > 0) all.at(-1)?.push({ atoms: runOf(row).atoms });
    row = [];
    if (token.kind === "month") all.at(-1)?.push({ month: token.month });
    else if (token.kind === "stop" || !joining.has(token.word)) all.push([]);
  }
  return all.filter((parts) => parts.length > 0);
}

function dateOf(parts: readonly Part[]): readonly SaidDate[] {
  const months = new Set(parts.flatMap((part) => ("month" in part ? [part.month] : [])));
  const [named] = months;
  if (months.size > 1) return [];
  const at = parts.findIndex((part) => "month" in part);
  const atomsOf = (some: readonly Part[]): readonly Atom[] => some.flatMap((part) => ("atoms" in part ? part.atoms : []));
  const all = atomsOf(parts);
  if (named === undefined) return inFigures(all);
  const before = withoutEcho(atomsOf(parts.slice(0, at)));
  const behind = atomsOf(parts.slice(at));
  const day = numeral(before);
  if (day !== undefined && behind.length === 0) return checked(day, named, null);
  const year = yearOf(behind);
  if (day !== undefined && year !== undefined) return checked(day, named, year);
  const [first, ...rest] = behind;
  if (first === undefined) return [];
  const yearFirst = yearOf(before);
  if (rest.length === 0 && yearFirst !== undefined) return checked(first.value, named, yearFirst);
  if (before.length > 0) return [];
  return rest.length === 0 ? checked(first.value, named, null) : checked(first.value, named, yearOf(rest));
}

/** "fifth, 5 December" says the day twice. */
const withoutEcho = (atoms: readonly Atom[]): readonly Atom[] => (atoms.every((atom) => atom.value === atoms[0]?.value) ? atoms.slice(0, 1) : atoms);

/** A day said as one number or digit by digit ("one four March"). */
function numeral(atoms: readonly Atom[]): number | undefined {
  const [first, second, ...more] = atoms;
  if (first === undefined || more.length > 0) return undefined;
  if (second === undefined) return first.value;
  return first.digits.length === 1 && second.digits.length === 1 ? Number(first.digits + second.digits) : undefined;
}

function inFigures(atoms: readonly Atom[]): readonly SaidDate[] {
  const digits = atoms.map((atom) => atom.digits).join("");
  const isDictated = atoms.length > 3 && atoms.every((atom) => atom.digits.length === 1);
  if (isDictated || (atoms.length === 1 && digits.length >= 6)) return inOneRow(digits);
  const [first, second, ...rest] = atoms;
  if (first === undefined || second === undefined) return [];
  const [day] = rest;
  const yearFirst = yearOf([first]);
  if (yearFirst !== undefined && !yearFirst.isShort) return day !== undefined && rest.length === 1 ? checked(day.value, second.value, yearFirst) : [];
  return checked(first.value, second.value, rest.length === 0 ? null : yearOf(rest));
}

/** 14031985, 140385 or 19850314, as keys are pressed and digits dictated. */
function inOneRow(digits: string): readonly SaidDate[] {
  const part = (from: number, to: number): number => Number(digits.slice(from, to));
  if (digits.length === 6) return checked(part(0, 2), part(2, 4), { kind: "year", year: part(4, 6), isShort: true });
  if (digits.length !== 8) return [];
  return [...checked(part(0, 2), part(2, 4), fullYear(part(4, 8))), ...checked(part(6, 8), part(4, 6), fullYear(part(0, 4)))];
}

const fullYear = (year: number): SaidYear | undefined => (Number.isInteger(year) && year >= 1900 && year < 2100 ? { kind: "year", year, isShort: false } : undefined);

/** The year that a row of numbers says: "1985", "19 85", "1 9 8 5", or its last two digits, "85" or "0 5". */
export function yearOf(atoms: readonly Atom[]): SaidYear | undefined {
  const digits = atoms.map((atom) => atom.digits).join("");
  if (!/^\d+$/.test(digits) || atoms.length > 4) return undefined;
  if (digits.length === 4) return fullYear(Number(digits));
  const isShort = digits.length === 2 && (atoms.length === 1 || atoms.every((atom) => atom.digits.length === 1));
  return isShort ? { kind: "year", year: Number(digits), isShort } : undefined;
}

/** The day if the calendar has it; `year` undefined means that what stood in its place was no year. */
function checked(day: number, month: number, year: SaidYear | null | undefined): readonly SaidDate[] {
  if (year === undefined || !Number.isInteger(day) || !Number.isInteger(month)) return [];
  const inYear = year === null || year.isShort ? 2000 : year.year;
  const date = new Date(Date.UTC(inYear, month - 1, day));
  const exists = day >= 1 && month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? [{ kind: "date", day, month, year: year?.year ?? null, isShort: year?.isShort ?? false }] : [];
}

/**
 * Every year that an utterance says. Where one is said in full, numbers of two digits beside it are something else
 * ("1985, I am 40"); a date's year counts where no other does.
 */
export function yearsIn(text: string): readonly SaidYear[] {
  const runs = numberRuns(text);
  const full = runs.flatMap((run) => yearsOfRun(run.atoms, run.joined)).filter((year) => !year.isShort);
  if (full.length > 0) return distinctYears(full);
  const ofDates = datesIn(text).flatMap((date): SaidYear[] => (date.year === null ? [] : [{ kind: "year", year: date.year, isShort: date.isShort }]));
  return distinctYears(ofDates.length > 0 ? ofDates : runs.flatMap((run) => yearsOfRun(run.atoms, run.joined)));
}

function yearsOfRun(atoms: readonly Atom[], joined: string | null): readonly SaidYear[] {
  const whole = joined === null ? undefined : yearOf(atoms);
  if (whole !== undefined) return [whole];
  return atoms.flatMap((atom) => yearOf([atom]) ?? []);
}

const distinctYears = (years: readonly SaidYear[]): readonly SaidYear[] => years.filter((year, at) => years.findIndex((other) => other.year === year.year && other.isShort === year.isShort) === at);
