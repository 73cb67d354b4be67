import { DateTime } from "luxon";
import { anyPhrase } from "./phrases.ts";
import { foldedWords } from "./fold.ts";
import { ordinalNumber, smallNumber } from "./number-words.ts";

const months = [
  "january|jan|janvari|janavari", "february|feb|farvari|pharvari|faravari", "march|maarch", "april|aprail", "may|mai", "june|joon",
  "july|julai", "august|agast|aug", "september|sitambar|sept|sep", "october|aktubar|aktoobar|oct", "november|navambar|nov", "december|disambar|dec",
].map(foldedSet);
const weekdays = [
  "monday|somvaar|somwar", "tuesday|mangalvaar|mangal", "wednesday|budhvaar|budh", "thursday|guruvaar|brihaspativaar|veervaar",
  "friday|shukravaar|shukrvaar|shukra", "saturday|shanivaar|shaniwar|shani", "sunday|ravivaar|itvaar|raviwar",
].map(foldedSet);

const today = anyPhrase("today|aaj|tonight");
const yesterday = anyPhrase("yesterday");
const tomorrow = anyPhrase("tomorrow|kal");
const dayAfter = anyPhrase("day after tomorrow", "day before yesterday", "parson|parso|parsoon");
const monthEnd = anyPhrase("end of the|this month", "month end", "mahine|mahina ke|ki|kee aakhir|aakhri|ant|end", "last day of the|this month");
const nextMonth = anyPhrase("next month", "agle|agley mahine");
const nextWeek = anyPhrase("next|last week", "agle|agley|pichle|pichhle hafte|hafta|saptah");

/**
 * Which way a day without a year lies: "kal" and "parson" are both ways in Hindi, and the tense decides
 * ("kal de dunga", "kal de diya").
 */
export type Direction = "coming" | "gone";

/**
 * The day somebody means when they say it on `now`. Days without a year or month are the nearest such day in the
 * direction, today included; a weekday, with or without "next" or "agle", is its first day strictly after (or before)
 * today. Undefined when no day was said.
 */
export function spokenDate(words: readonly string[], now: DateTime<true>, direction: Direction = "coming"): DateTime<true> | undefined {
  const day = now.startOf("day");
  const away = (days: number): DateTime<true> => day.plus({ days: direction === "coming" ? days : -days });
  return (
    writtenDate(words, day, direction) ??
    dayOfMonth(words, day, direction) ??
    inSomeDays(words, away) ??
    (dayAfter(words) ? away(2) : undefined) ??
    weekday(words, day, direction) ??
    (monthEnd(words) ? day.endOf("month").startOf("day") : undefined) ??
    (nextMonth(words) ? day.plus({ months: 1 }).startOf("month") : undefined) ??
    (nextWeek(words) ? away(7) : undefined) ??
    (yesterday(words) ? day.minus({ days: 1 }) : undefined) ??
    (tomorrow(words) ? away(1) : undefined) ??
    (today(words) ? day : undefined)
  );
}

function writtenDate(words: readonly string[], day: DateTime<true>, direction: Direction): DateTime<true> | undefined {
  for (const word of words) {
    const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(word);
    if (iso) return sensible(DateTime.fromObject({ year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }, { zone: day.zone }));
    const indian = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$/.exec(word);
    if (!indian) continue;
    const [dayNumber, month, year] = [Number(indian[1]), Number(indian[2]), indian[3]];
    if (year !== undefined) return sensible(DateTime.fromObject({ year: Number(year) + (year.length === 2 ? 2000 : 0), month, day: dayNumber }, { zone: day.zone }));
    return nearestSuchDay(day, direction, dayNumber, month);
  }
  return undefined;
}

/** "28 November", "November 28", "28 tarikh", "pehli ko", "on the fifth". */
function dayOfMonth(words: readonly string[], day: DateTime<true>, direction: Direction): DateTime<true> | undefined {
  for (const [at, word] of words.entries()) {
    const month = months.findIndex((names) => names.has(word)) + 1;
    if (month > 0) {
      const before = dayNumberEndingAt(words, words[at - 1] === "of" ? at - 2 : at - 1);
      const said = before ?? dayNumberStartingAt(words, at + 1);
      const year = [words[at + 1], words[at + 2], words[at + 3]].find((candidate) => /^20\d\d$/.test(candidate ?? ""));
      if (said === undefined) continue;
      if (year !== undefined) return sensible(DateTime.fromObject({ year: Number(year), month, day: said }, { zone: day.zone }));
      return nearestSuchDay(day, direction, said, month);
    }
    if (isDateWord(word)) {
      const said = dayNumberEndingAt(words, at - 1);
      if (said !== undefined) return nearestSuchDay(day, direction, said);
    }
    const ordinal = ordinalNumber(word);
    const pointsAtDay = words[at - 1] === "the" || words[at + 1] === "ko" || words[at + 1] === "tak";
    if (ordinal !== undefined && pointsAtDay) return nearestSuchDay(day, direction, ordinal);
  }
  return undefined;
}

const dateWords = foldedSet("tarikh|taarikh|tareekh|date");
const isDateWord = (word: string): boolean => dateWords.has(word);

function dayNumberEndingAt(words: readonly string[], at: number): number | undefined {
  const last = dayNumber(words[at]);
  const tens = dayNumber(words[at - 1]);
  if (last !== undefined && last < 10 && tens !== undefined && (tens === 20 || tens === 30) && !/\d/.test(words[at] ?? "")) return tens + last;
  return last;
}

function dayNumberStartingAt(words: readonly string[], at: number): number | undefined {
  const from = words[at] === "the" || words[at] === "ki" ? at + 1 : at;
  return dayNumber(words[from + 1]) !== undefined && (dayNumber(words[from]) ?? 0) >= 20 ? dayNumberEndingAt(words, from + 1) : dayNumber(words[from]);
}

function dayNumber(word: string | undefined): number | undefined {
  if (word === undefined) return undefined;
  const value = smallNumber(word) ?? ordinalNumber(word);
  return value !== undefined && value >= 1 && value <= 31 ? value : undefined;
}

const daysWord = foldedSet("din|dinon|day|days");
const weeksWord = foldedSet("hafte|hafta|week|weeks");
const later = anyPhrase("baad|mein|me|after|in|within|andar|pehle|pahle|ago|before");

function inSomeDays(words: readonly string[], away: (days: number) => DateTime<true>): DateTime<true> | undefined {
  if (!later(words)) return undefined;
  for (const [at, word] of words.entries()) {
    const count = words[at - 1] === "a" ? 1 : smallNumber(words[at - 1] ?? "");
    if (count === undefined || count === 0) continue;
    if (daysWord.has(word)) return away(count);
    if (weeksWord.has(word)) return away(7 * count);
  }
  return undefined;
}

function weekday(words: readonly string[], day: DateTime<true>, direction: Direction): DateTime<true> | undefined {
  for (const word of words) {
    const wanted = weekdays.findIndex((names) => names.has(word)) + 1;
    if (wanted > 0 && direction === "coming") return day.plus({ days: ((wanted - day.weekday + 6) % 7) + 1 });
    if (wanted > 0) return day.minus({ days: ((day.weekday - wanted + 6) % 7) + 1 });
  }
  return undefined;
}

/** The nearest day, today included, that has this number, in this month if one was said. */
function nearestSuchDay(day: DateTime<true>, direction: Direction, dayOfMonthNumber: number, month?: number): DateTime<true> | undefined {
  for (let away = 0; away < 24; away += 1) {
    const monthStart = day.startOf("month").plus({ months: direction === "coming" ? away : -away });
    if (month !== undefined && monthStart.month !== month) continue;
    const candidate = monthStart.set({ day: dayOfMonthNumber });
    const onTheWay = direction === "coming" ? candidate >= day : candidate <= day;
    if (candidate.month === monthStart.month && onTheWay) return candidate;
  }
  return undefined;
}

function sensible(date: DateTime): DateTime<true> | undefined {
  return date.isValid ? (date as DateTime<true>) : undefined;
}

function foldedSet(spellings: string): ReadonlySet<string> {
  return new Set(spellings.split("|").map((spelling) => foldedWords(spelling).join("")));
}
