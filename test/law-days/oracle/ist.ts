import { DateTime } from "luxon";

/** An instant as a clock on a wall in India shows it. */
export interface WallClock {
  /** "2026-12-31" */
  date: string;
  hour: number;
  minute: number;
  /** 1 is Monday. */
  weekday: number;
}

export function wallClock(epochMs: number): WallClock {
  const at = DateTime.fromMillis(epochMs, { zone: "Asia/Kolkata" });
  return { date: at.toFormat("yyyy-MM-dd"), hour: at.hour, minute: at.hour * 60 + at.minute, weekday: at.weekday };
}

/** "18:30" in minutes after midnight. */
export function minutesOf(time: string): number {
  const [hours = "", minutes = ""] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

/** The first instant of an IST date. */
export function startOf(date: string): number {
  return DateTime.fromISO(date, { zone: "Asia/Kolkata" }).toMillis();
}

/** Whether a daily span of hours, which may run over midnight, covers the instant; `days` are those on which it begins. */
export function within(hours: { from: string; to: string; days: readonly number[] | null }, epochMs: number): boolean {
  const { minute, weekday } = wallClock(epochMs);
  const from = minutesOf(hours.from);
  const to = minutesOf(hours.to);
  const begins = (day: number): boolean => hours.days === null || hours.days.includes(day);
  if (from < to) return begins(weekday) && minute >= from && minute < to;
  const yesterday = weekday === 1 ? 7 : weekday - 1;
  return (begins(weekday) && minute >= from) || (begins(yesterday) && minute < to);
}
