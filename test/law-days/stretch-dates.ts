import { DateTime } from "luxon";
import { type Random, wholeBelow } from "../../src/domain/random.ts";

/** Days of one stretch of virtual time; consents, caps and scrubs live across them. */
export const daysPerStretch = 5;

/**
 * First days of stretches over which something of the law changes: rules of recovery, series that become a duty, turns of years and
 * months, the leap day, national holidays, the end of the holiday list.
 */
const notable: readonly string[] = [
  "2026-12-29",
  "2028-02-26",
  "2026-02-12",
  "2026-11-06",
  "2027-01-24",
  "2026-08-13",
  "2027-12-29",
  "2026-09-30",
  "2028-01-24",
  "2026-04-28",
  "2027-02-26",
  "2028-08-12",
  "2027-08-13",
  "2028-12-29",
];

const firstDay = DateTime.fromISO("2026-02-01", { zone: "Asia/Kolkata" });
const days = Math.floor(DateTime.fromISO("2028-12-27", { zone: "Asia/Kolkata" }).diff(firstDay, "days").days);

/** The IST date on which a stretch begins: every second one is notable, the others are any day from February 2026 to the end of 2028. */
export function firstDayOf(stretch: number, random: Random): string {
  const drawn = firstDay.plus({ days: wholeBelow(random, days) }).toFormat("yyyy-MM-dd");
  const named = notable[Math.floor(stretch / 2) % notable.length];
  return stretch % 2 === 0 && named !== undefined ? named : drawn;
}
