import type { DateTime } from "luxon";
import { anyPhrase } from "./phrases.ts";
import { smallNumber } from "./number-words.ts";
import { spokenDate } from "./spoken-dates.ts";

type Part = "morning" | "afternoon" | "evening" | "night";
const parts: ReadonlyArray<[Part, (words: readonly string[]) => boolean, number]> = [
  ["morning", anyPhrase("morning|subah|savere"), 10],
  ["afternoon", anyPhrase("afternoon|dopahar|dopaher|dopahr|noon"), 14],
  ["evening", anyPhrase("evening|shaam|sham"), 18],
  ["night", anyPhrase("night|tonight|raat"), 20],
];
const noon = anyPhrase("noon|dopahar|dopaher");

/** The part of the day that is named; "am" and "pm" count only after a number, because "I am" is no morning. */
function partIn(words: readonly string[]): { part: Part; hour: number } | undefined {
  const half = words.find((word, at) => (word === "am" || word === "pm") && (hourValue(words[at - 1]) !== undefined || /^\d/.test(words[at - 1] ?? "")));
  if (half !== undefined) return { part: half === "am" ? "morning" : "evening", hour: 0 };
  const named = parts.find(([, heard]) => heard(words));
  return named && { part: named[0], hour: named[2] };
}

/**
 * The instant somebody means when they say a time on `now` ("at six", "kal shaam saadhe paanch baje", "do ghante
 * baad"). An hour without a part of the day is the one in waking hours: 1 to 7 after noon, 8 to 11 before. A time
 * already past today is tomorrow's. Undefined when no time was said.
 */
export function spokenInstant(words: readonly string[], now: DateTime<true>): DateTime<true> | undefined {
  const span = laterSpan(words);
  if (span !== undefined) return now.plus({ minutes: span }).startOf("minute");
  const said = clockTime(words);
  const part = partIn(words);
  if (said === undefined && part === undefined) return undefined;
  const day = spokenDate(words, now);
  const minuteOfDay = said === undefined ? (part?.hour ?? 0) * 60 : inDaytime(said, part?.part, words);
  const instant = (day ?? now).startOf("day").plus({ minutes: minuteOfDay });
  return day === undefined && instant <= now ? instant.plus({ days: 1 }) : instant;
}

interface ClockTime {
  hour: number;
  minute: number;
}

function clockTime(words: readonly string[]): ClockTime | undefined {
  for (const [at, word] of words.entries()) {
    const written = /^(\d{1,2})[:.](\d{2})$/.exec(word);
    if (written && hourWords.has(words[at + 1] ?? "")) return { hour: Number(written[1]), minute: Number(written[2]) };
    if (written && word.includes(":") && Number(written[1]) < 24 && Number(written[2]) < 60) return { hour: Number(written[1]), minute: Number(written[2]) };
    if (isHourMark(words, at)) {
      const hour = hourValue(words[at - 1]);
      if (hour !== undefined) return shifted(hour, words[at - 2]);
    }
    if (beforeHour.has(word)) {
      const hour = hourValue(words[at + 1]);
      if (hour !== undefined && !notAnHour.has(words[at + 2] ?? "")) return word === "past" && words[at - 1] === "half" ? { hour, minute: 30 } : { hour, minute: 0 };
    }
    if (dayPart.has(word)) {
      const hour = hourValue(words[at + 1]);
      if (hour !== undefined && !notAnHour.has(words[at + 2] ?? "")) return shifted(hour, words[at]);
    }
  }
  return undefined;
}

const hourWords: ReadonlySet<string> = new Set(["baje", "bajay", "oclock", "am", "pm", "bje"]);
const beforeHour: ReadonlySet<string> = new Set(["at", "past", "by", "around", "after"]);
const dayPart: ReadonlySet<string> = new Set(["sham", "subah", "rat", "dopahar"]);
/** After one of these the number before was a count of something else. */
const notAnHour: ReadonlySet<string> = new Set([
  "ghante", "ghanta", "hour", "hours", "minut", "minute", "minutes", "mint", "day", "days", "din", "hajar", "sau", "hundred", "thousand", "lakh", "rupis", "rupye", "rupaye", "veks", "vik", "viks",
]);

function isHourMark(words: readonly string[], at: number): boolean {
  return hourWords.has(words[at] ?? "");
}

function hourValue(word: string | undefined): number | undefined {
  const value = word === undefined ? undefined : smallNumber(word);
  return value !== undefined && value >= 0 && value <= 23 ? value : undefined;
}

function shifted(hour: number, before: string | undefined): ClockTime {
  if (before === "sadhe") return { hour, minute: 30 };
  if (before === "sava") return { hour, minute: 15 };
  if (before === "paune") return { hour: (hour + 23) % 24, minute: 45 };
  return { hour, minute: 0 };
}

function inDaytime({ hour, minute }: ClockTime, part: Part | undefined, words: readonly string[]): number {
  const at = (hour24: number): number => hour24 * 60 + minute;
  if (hour > 12 || hour === 0) return at(hour);
  if (part === "morning") return at(hour % 12);
  if (part === "afternoon" || part === "evening") return at(hour === 12 || (noon(words) && hour >= 10 && !words.includes("pm")) ? hour : hour + 12);
  if (part === "night") return at(hour === 12 ? 0 : hour + 12);
  return at(hour >= 8 ? hour : hour + 12);
}

const minutesIn: Readonly<Record<string, number>> = { minute: 1, minutes: 1, minut: 1, mint: 1, mins: 1, min: 1, hour: 60, hours: 60, ghante: 60, ghanta: 60 };
const laterWords = anyPhrase("baad|in|after|mein|later");

/** Minutes from now in "do ghante baad", "in half an hour", "aadhe ghante mein", "after 15 minutes". */
function laterSpan(words: readonly string[]): number | undefined {
  if (!laterWords(words)) return undefined;
  for (const [at, word] of words.entries()) {
    const unit = minutesIn[word];
    if (unit === undefined) continue;
    const counted = words[at - 1] ?? "";
    if (counted === "adhe" || counted === "adha" || counted === "half" || (counted === "an" && words[at - 2] === "half")) return unit / 2;
    if (counted === "an" || counted === "a") return unit;
    if (counted === "dedh") return unit * 1.5;
    const value = smallNumber(counted);
    if (value === undefined) continue;
    const tens = smallNumber(words[at - 2] ?? "");
    const whole = tens !== undefined && tens >= 20 && tens % 10 === 0 && value < 10 && !/\d/.test(counted) ? tens + value : value;
    return whole * unit;
  }
  return undefined;
}
