/**
 * The Indian civil calendar in whole arithmetic: India keeps UTC+05:30 all year, so no zone tables are needed and a
 * rule costs nanoseconds. Tested against luxon's Asia/Kolkata; the server's own zone never enters.
 */
const offsetMs = 19_800_000;
export const dayMs = 86_400_000;
const minuteMs = 60_000;

/** Days since 1970-01-01, in IST. */
export function istDay(epochMs: number): number {
  return Math.floor((epochMs + offsetMs) / dayMs);
}

/** The first instant of an IST day. */
export function istDayStartMs(day: number): number {
  return day * dayMs - offsetMs;
}

/** The instant `minute` minutes after midnight of an IST day. */
export function istInstantMs(day: number, minute: number): number {
  return istDayStartMs(day) + minute * minuteMs;
}

/** ISO week day of an IST day: 1 is Monday. */
export function istWeekday(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** "2026-12-31" of an IST day. */
export function istDateText(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** The first instant of an IST date written "2026-12-31". */
export function istDateStartMs(date: string): number {
  return istDayStartMs(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** Minutes after midnight of "18:30"; "24:00" is 1,440. Undefined when it is no time of day. */
export function minuteOfDay(text: string): number | undefined {
  const match = /^(\d{2}):(\d{2})$/.exec(text);
  if (!match) return undefined;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= 1_440 ? minute : undefined;
}

/** "10:00" of 600. */
export function timeText(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
