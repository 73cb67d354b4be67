import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { istFromMs } from "../../src/domain/clock.ts";
import { closesAt, type DailyWindow, opensAt } from "../../src/rules/daily-window.ts";
import { istDateStartMs, istDateText, istDay, istDayStartMs, istInstantMs, istWeekday, minuteOfDay, timeText } from "../../src/rules/ist-calendar.ts";
import { instants } from "./facts-fixture.ts";

describe("the Indian calendar in whole arithmetic", () => {
  it("agrees with luxon's Asia/Kolkata at every instant", () => {
    fc.assert(
      fc.property(instants(), (ms) => {
        const day = istDay(ms);
        const ist = istFromMs(ms);
        expect(istDateText(day)).toBe(ist.toISODate());
        expect(istWeekday(day)).toBe(ist.weekday);
        expect(istDayStartMs(day)).toBe(ist.startOf("day").toMillis());
        expect(istInstantMs(day, 1_139)).toBe(ist.set({ hour: 18, minute: 59, second: 0, millisecond: 0 }).toMillis());
        expect(istDateStartMs(istDateText(day))).toBe(ist.startOf("day").toMillis());
      }),
    );
  });

  it("knows the leap day and week days before 1970", () => {
    expect(istDateText(istDay(DateTime.fromISO("2028-02-29T00:00:00+05:30").toMillis()))).toBe("2028-02-29");
    expect(istWeekday(istDay(DateTime.fromISO("1969-12-28T12:00:00+05:30").toMillis()))).toBe(7);
  });

  it("reads times of day, and nothing else", () => {
    expect(["00:00", "09:05", "23:59", "24:00"].map(minuteOfDay)).toEqual([0, 545, 1_439, 1_440]);
    expect(["24:01", "9:00", "10:60", "10.00", "", "25:00"].map(minuteOfDay)).toEqual(Array(6).fill(undefined));
    expect(timeText(545)).toBe("09:05");
  });
});

describe("hours of the day", () => {
  const windows = fc.record({
    fromMinute: fc.integer({ min: 0, max: 1_439 }),
    toMinute: fc.integer({ min: 0, max: 1_440 }),
    days: fc.option(fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { maxLength: 7 }), { nil: null }),
  });

  /** The slow definition: some day begins a span that contains the instant. */
  const inside = (window: DailyWindow, ms: number): boolean =>
    [0, -1].some((back) => {
      const day = istFromMs(ms).startOf("day").plus({ days: back });
      const lengthMinutes = window.toMinute > window.fromMinute ? window.toMinute - window.fromMinute : window.toMinute + 1_440 - window.fromMinute;
      const start = day.plus({ minutes: window.fromMinute }).toMillis();
      return (window.days === null || window.days.includes(day.weekday)) && ms >= start && ms < start + lengthMinutes * 60_000;
    });

  it("open at the first minute that is inside, and close at the first that is outside", () => {
    fc.assert(
      fc.property(windows, instants(), fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 8, maxLength: 8 }), (window, ms, probes) => {
        const opening = opensAt(window, ms);
        if (opening === "never") expect(window.days).toEqual([]);
        else {
          expect(opening === null).toBe(inside(window, ms));
          if (opening !== null) {
            expect(inside(window, opening)).toBe(true);
            for (const part of probes) expect(inside(window, ms + Math.floor((opening - ms) * part))).toBe(false);
          }
        }
        const closing = closesAt(window, ms);
        if (closing === "never") return;
        expect(closing === null).toBe(!inside(window, ms));
        if (closing !== null) {
          expect(inside(window, closing)).toBe(false);
          for (const part of probes) expect(inside(window, ms + Math.floor((closing - ms) * part))).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
