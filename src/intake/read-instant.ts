import { DateTime } from "luxon";
import { IST } from "../domain/clock.ts";
import { type CalendarDay, readDate } from "./read-date.ts";
import type { RejectReason } from "./reject-reasons.ts";

export type InstantReading = { ok: true; instant: DateTime<true>; unsure: boolean; hasTime: boolean } | { ok: false; reason: RejectReason };

const withTime = /^(.{6,20}?)(?:T|,? +)(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d{1,9})?)? ?([ap]\.?m\.?)?$/i;
const isoWithOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/**
 * Reads a date with a time: any date `readDate` knows followed by "18:30", "6:30 pm", or ISO 8601 with an offset. Without
 * an offset it is Indian time. A date alone is midnight with `hasTime` false; the caller decides what that means.
 */
export function readInstant(text: string, now: DateTime<true>): InstantReading {
  if (isoWithOffset.test(text)) {
    const instant = DateTime.fromISO(text, { zone: IST });
    if (!instant.isValid) return { ok: false, reason: "impossible_date" };
    return instant.year < 1900 || instant.year > 2100 ? { ok: false, reason: "implausible_year" } : { ok: true, instant, unsure: false, hasTime: true };
  }
  const parts = withTime.exec(text);
  const reading = readDate(parts?.[1] ?? text, now);
  if (!reading.ok) return reading.reason === "not_a_date" ? { ok: false, reason: "not_a_datetime" } : reading;
  if (!parts) return instantAt(reading, { hour: 0, minute: 0, second: 0 }, false);
  const hour = hourOf(Number(parts[2]), parts[5]);
  const minute = Number(parts[3]);
  const second = Number(parts[4] ?? 0);
  if (hour === undefined || minute > 59 || second > 59) return { ok: false, reason: "not_a_datetime" };
  return instantAt(reading, { hour, minute, second }, true);
}

function instantAt(day: { date: CalendarDay; unsure: boolean }, time: { hour: number; minute: number; second: number }, hasTime: boolean): InstantReading {
  const instant = DateTime.fromObject({ ...day.date, ...time }, { zone: IST });
  return instant.isValid ? { ok: true, instant, unsure: day.unsure, hasTime } : { ok: false, reason: "impossible_date" };
}

function hourOf(written: number, half: string | undefined): number | undefined {
  if (half === undefined) return written <= 23 ? written : undefined;
  if (written < 1 || written > 12) return undefined;
  const morning = half.toLowerCase().startsWith("a");
  return (written % 12) + (morning ? 0 : 12);
}
