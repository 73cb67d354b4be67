import { type DailyWindow, opensAt } from "./daily-window.ts";
import type { LegalWindow } from "./data/windows.ts";
import { minuteOfDay, timeText } from "./ist-calendar.ts";
import { mayCall, never, type RuleVerdict, waitUntil } from "./rule.ts";

/** A window as written in data; throws on a time that is none, which is a bug in the data. */
export function dailyWindow(window: LegalWindow, days: readonly number[] | null = null): DailyWindow {
  const fromMinute = minuteOfDay(window.from);
  const toMinute = minuteOfDay(window.to);
  if (fromMinute === undefined || toMinute === undefined) {
    throw new Error(`expected times such as 10:00, got ${window.from} and ${window.to}`);
  }
  return { fromMinute, toMinute, days };
}

/** Inside the window: call. Outside: wait for its next opening. */
export function windowVerdict(window: DailyWindow, nowMs: number, code: string, what: string): RuleVerdict {
  const opening = opensAt(window, nowMs);
  if (opening === null) return mayCall();
  const hours = `${timeText(window.fromMinute)}–${timeText(window.toMinute)} IST`;
  if (opening === "never") return never(code, `${what} has no day on which it opens`);
  return waitUntil(opening, code, `${what} is ${hours}`);
}
