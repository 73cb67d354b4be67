import type { DateTime } from "luxon";
import type { RejectReason } from "./reject-reasons.ts";

/** A calendar day, checked. */
export interface CalendarDay {
  year: number;
  month: number;
  day: number;
}

export type DateReading = { ok: true; date: CalendarDay; unsure: boolean } | { ok: false; reason: RejectReason };

const monthNames = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/** A two-digit year may lie this many years ahead; beyond it nobody knows the century. */
const yearsAhead = 10;

/**
 * Reads a calendar day as people in India write it: dd/mm/yyyy (also with - or .), yyyy-mm-dd, dd-MMM-yyyy, dd MMM yy.
 * `unsure` is set when day and month could be swapped (05/03/2026): the whole column decides
 * whether that is believed. A month-first date, a two-digit year without a month's name and a year outside 1900–2100 are
 * refused, never guessed.
 */
export function readDate(text: string, now: DateTime<true>): DateReading {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return calendarDay(Number(iso[1]), Number(iso[2]), Number(iso[3]), false);
  const dayFirst = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{2}|\d{4})$/.exec(text);
  if (dayFirst) return dayFirstDate(Number(dayFirst[1]), Number(dayFirst[3]), dayFirst[4] ?? "");
  const named = /^(\d{1,2})(?:st|nd|rd|th)?[-/ .]{1,2}([a-z]{3,9})[-/ .,]{1,2}(\d{2}|\d{4})$/i.exec(text);
  if (!named) return { ok: false, reason: "not_a_date" };
  const month = monthNumber(named[2] ?? "");
  if (month === undefined) return { ok: false, reason: "not_a_date" };
  const year = (named[3] ?? "").length === 4 ? Number(named[3]) : 2000 + Number(named[3]);
  if (named[3]?.length === 2 && year > now.year + yearsAhead) return { ok: false, reason: "ambiguous_century" };
  return calendarDay(year, month, Number(named[1]), false);
}

function dayFirstDate(day: number, month: number, year: string): DateReading {
  if (year.length === 2) return { ok: false, reason: "ambiguous_century" };
  if (month > 12 && day <= 12) return { ok: false, reason: "month_first_date" };
  return calendarDay(Number(year), month, day, day <= 12 && day !== month);
}

function calendarDay(year: number, month: number, day: number, unsure: boolean): DateReading {
  if (year < 1900 || year > 2100) return { ok: false, reason: "implausible_year" };
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? { ok: true, date: { year, month, day }, unsure } : { ok: false, reason: "impossible_date" };
}

/** "2026-03-05". */
export function isoDay(date: CalendarDay): string {
  return `${date.year}-${String(date.month).padStart(2, "0")}-${String(date.day).padStart(2, "0")}`;
}

function monthNumber(name: string): number | undefined {
  const lower = name.toLowerCase();
  const at = monthNames.findIndex((month) => month.startsWith(lower) || (month === "september" && lower === "sept"));
  return at === -1 ? undefined : at + 1;
}
