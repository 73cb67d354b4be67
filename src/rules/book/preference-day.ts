import { allDays, publicHolidayCode, weekdayCodes } from "../data/preference-codes.ts";
import { holidayOn } from "../data/public-holidays.ts";
import { istDay, istDayStartMs, istWeekday } from "../ist-calendar.ts";
import { cannotDecide, type ContactRule, mayCall, never, waitUntil } from "../rule.ts";
import { listedHolidays } from "../sender-papers.ts";

/**
 * Days that the subscriber closed: week days, and public holidays (38), which are a subscriber's choice and no general
 * ban. The sender's own lists of holidays (papers) add days and years; past the last year covered the rule cannot tell a holiday
 * and refuses.
 */
export const preferenceDay: ContactRule = {
  id: "preference-day",
  title: "A promotional call is not made on a day that the subscriber blocked",
  citations: ["TCCCPR 2018, Schedule II (day types)", "trai.gov.in/preference-registration"],
  certainty: "general_knowledge",
  inForce: { from: "2018-07-19", to: null },
  about: "contact",
  decide({ purpose, preference, papers }, nowMs) {
    if (purpose !== "promotional") return mayCall();
    if (preference === "unknown") return cannotDecide("preference");
    if (preference === null || preference.scheme !== "partial" || preference.days.length === 0) return mayCall();
    const closed = preference.days;
    if (closed.includes(allDays) || weekdayCodes.every((code) => closed.includes(code))) {
      return never("preference_day", "the subscriber blocked every day");
    }
    const asksHolidays = closed.includes(publicHolidayCode);
    if (asksHolidays && papers === "unknown") return cannotDecide("papers");
    const listed = papers === "unknown" ? [] : listedHolidays(papers, nowMs);
    const today = istDay(nowMs);
    for (let day = today; ; day += 1) {
      const state = dayState(closed, listed, day);
      if (state === "open") {
        return day === today ? mayCall() : waitUntil(istDayStartMs(day), "preference_day", "the subscriber blocked this day");
      }
      if (state === "unknown") return never("holiday_list_ends", "the subscriber blocked public holidays and the list of them ends before this day");
    }
  },
};

function dayState(closed: readonly number[], listed: readonly string[], day: number): "open" | "closed" | "unknown" {
  if (closed.includes(30 + istWeekday(day))) return "closed";
  if (!closed.includes(publicHolidayCode)) return "open";
  const holiday = holidayOn(day, listed);
  return holiday === "list_ends" ? "unknown" : holiday === null ? "open" : "closed";
}
