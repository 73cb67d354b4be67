import { istDateText } from "../ist-calendar.ts";

/** How sure a date is: fixed by law, reckoned by an almanac, or by the sighting of the moon (then the day after is listed too). */
export type HolidaySource = "fixed" | "almanac" | "moon";

/** Years for which the list is complete; a sender's own list on file (`holiday_list`) adds days and covers its years. */
export const holidayYears = { from: 2026, to: 2027 } as const;

/**
 * Gazetted holidays of the central government. The three national ones are certain; the others follow the published list of
 * 2026 from general knowledge and, for 2027, the almanac: where almanacs differ by a day both days stand here, because the
 * list only ever takes days away, and only from subscribers who blocked holidays. Holidays of single states are not in it; the
 * sender puts those of the states it calls on file (`holiday_list`).
 */
const holidays: Readonly<Record<string, { name: string; source: HolidaySource }>> = {
  "2026-01-26": { name: "Republic Day", source: "fixed" },
  "2026-03-03": { name: "Holi", source: "almanac" },
  "2026-03-04": { name: "Holi", source: "almanac" },
  "2026-03-20": { name: "Id-ul-Fitr", source: "moon" },
  "2026-03-21": { name: "Id-ul-Fitr", source: "moon" },
  "2026-03-22": { name: "Id-ul-Fitr", source: "moon" },
  "2026-03-26": { name: "Ram Navami", source: "almanac" },
  "2026-03-27": { name: "Ram Navami", source: "almanac" },
  "2026-03-31": { name: "Mahavir Jayanti", source: "almanac" },
  "2026-04-03": { name: "Good Friday", source: "almanac" },
  "2026-05-01": { name: "Buddha Purnima", source: "almanac" },
  "2026-05-27": { name: "Id-ul-Zuha", source: "moon" },
  "2026-05-28": { name: "Id-ul-Zuha", source: "moon" },
  "2026-06-26": { name: "Muharram", source: "moon" },
  "2026-06-27": { name: "Muharram", source: "moon" },
  "2026-08-15": { name: "Independence Day", source: "fixed" },
  "2026-08-26": { name: "Milad-un-Nabi", source: "moon" },
  "2026-08-27": { name: "Milad-un-Nabi", source: "moon" },
  "2026-09-04": { name: "Janmashtami", source: "almanac" },
  "2026-10-02": { name: "Mahatma Gandhi's birthday", source: "fixed" },
  "2026-10-20": { name: "Dussehra", source: "almanac" },
  "2026-11-08": { name: "Diwali", source: "almanac" },
  "2026-11-24": { name: "Guru Nanak's birthday", source: "almanac" },
  "2026-12-25": { name: "Christmas Day", source: "fixed" },
  "2027-01-26": { name: "Republic Day", source: "fixed" },
  "2027-03-10": { name: "Id-ul-Fitr", source: "moon" },
  "2027-03-11": { name: "Id-ul-Fitr", source: "moon" },
  "2027-03-22": { name: "Holi", source: "almanac" },
  "2027-03-23": { name: "Holi", source: "almanac" },
  "2027-03-26": { name: "Good Friday", source: "almanac" },
  "2027-04-15": { name: "Ram Navami", source: "almanac" },
  "2027-04-18": { name: "Mahavir Jayanti", source: "almanac" },
  "2027-04-19": { name: "Mahavir Jayanti", source: "almanac" },
  "2027-05-17": { name: "Id-ul-Zuha", source: "moon" },
  "2027-05-18": { name: "Id-ul-Zuha", source: "moon" },
  "2027-05-20": { name: "Buddha Purnima", source: "almanac" },
  "2027-06-16": { name: "Muharram", source: "moon" },
  "2027-06-17": { name: "Muharram", source: "moon" },
  "2027-08-15": { name: "Independence Day", source: "fixed" },
  "2027-08-16": { name: "Milad-un-Nabi", source: "moon" },
  "2027-08-24": { name: "Janmashtami", source: "almanac" },
  "2027-08-25": { name: "Janmashtami", source: "almanac" },
  "2027-10-02": { name: "Mahatma Gandhi's birthday", source: "fixed" },
  "2027-10-09": { name: "Dussehra", source: "almanac" },
  "2027-10-10": { name: "Dussehra", source: "almanac" },
  "2027-10-29": { name: "Diwali", source: "almanac" },
  "2027-11-14": { name: "Guru Nanak's birthday", source: "almanac" },
  "2027-12-25": { name: "Christmas Day", source: "fixed" },
};

/** The same day of every year, by law. */
const nationalHolidays: Readonly<Record<string, string>> = { "01-26": "Republic Day", "08-15": "Independence Day", "10-02": "Mahatma Gandhi's birthday" };

/**
 * The public holiday on an IST day (days since 1970-01-01): its name, null, or "list_ends" after the years covered by this
 * list and by `listed`, the sender's own dates. Days before them count as holidays, so that nothing is open by ignorance. The
 * sender's dates cover a year when the three national holidays are among them: a single day added is no list of its year.
 */
export function holidayOn(day: number, listed: readonly string[] = []): string | null | "list_ends" {
  const date = istDateText(day);
  const year = date.slice(0, 4);
  const name = nationalHolidays[date.slice(5)] ?? holidays[date]?.name ?? (listed.includes(date) ? "holiday on the sender's list" : null);
  if (name !== null) return name;
  if (Number(year) < holidayYears.from) return "before the list";
  const covered = Number(year) <= holidayYears.to || Object.keys(nationalHolidays).every((monthDay) => listed.includes(`${year}-${monthDay}`));
  return covered ? null : "list_ends";
}
