import { istDay, istInstantMs, istWeekday } from "./ist-calendar.ts";

/**
 * Hours of the day, in minutes after midnight IST: [from, to). When `to` is not after `from` the window runs over
 * midnight into the next day. `days` are the ISO week days on which it begins; null: every day.
 */
export interface DailyWindow {
  fromMinute: number;
  toMinute: number;
  days: readonly number[] | null;
}

/** When a window opens next: null inside it, "never" when it has no day. */
export type Opening = number | null | "never";

/** The next instant at or after `nowMs` inside the window. */
export function opensAt(window: DailyWindow, nowMs: number): Opening {
  const today = istDay(nowMs);
  for (let day = today - 1; day <= today + 7; day += 1) {
    if (!beginsOn(window, day)) continue;
    if (nowMs >= endMs(window, day)) continue;
    const startMs = istInstantMs(day, window.fromMinute);
    return nowMs >= startMs ? null : startMs;
  }
  return "never";
}

/** The next instant at or after `nowMs` outside the window: null outside it, "never" when it covers the whole week. */
export function closesAt(window: DailyWindow, nowMs: number): Opening {
  let atMs = nowMs;
  for (let step = 0; step <= 8; step += 1) {
    const coveredUntil = coveredUntilMs(window, atMs);
    if (coveredUntil === null) return atMs === nowMs ? null : atMs;
    atMs = coveredUntil;
  }
  return "never";
}

function coveredUntilMs(window: DailyWindow, atMs: number): number | null {
  const today = istDay(atMs);
  for (const day of [today - 1, today]) {
    if (!beginsOn(window, day)) continue;
    if (atMs >= istInstantMs(day, window.fromMinute) && atMs < endMs(window, day)) return endMs(window, day);
  }
  return null;
}

function beginsOn(window: DailyWindow, day: number): boolean {
  return window.days === null || window.days.includes(istWeekday(day));
}

function endMs(window: DailyWindow, day: number): number {
  return istInstantMs(window.toMinute > window.fromMinute ? day : day + 1, window.toMinute);
}
